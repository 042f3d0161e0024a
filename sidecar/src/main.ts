import { CommanderError } from 'commander'
import { failed, failureOf } from './cli/fail.ts'
import { program } from './cli/program.ts'
import { openTerminal } from './cli/terminal.ts'

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
  // Words that were not understood reach no command, which would have answered itself.
  if (error instanceof CommanderError && process.exitCode !== 0)
    openTerminal({ json: process.argv.includes('--json'), level: 'info' }).failure(failureOf(error))
}
