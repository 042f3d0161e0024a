import { program } from './cli/program.ts'
import { failed } from './cli/fail.ts'

// Whoever reads may stop before the end (`assay report | head`): then there is nobody to tell, and that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}
try {
  await program().parseAsync(process.argv)
} catch (error) {
  process.exitCode = failed(error)
}
