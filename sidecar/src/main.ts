import { program } from './cli/program.ts'
import { failed } from './cli/fail.ts'

try {
  await program().parseAsync(process.argv)
} catch (error) {
  process.exitCode = failed(error)
}
