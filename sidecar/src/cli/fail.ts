import { AssayError } from '@assay/shared'
import { CommanderError } from 'commander'

/** Tells what went wrong and what to do, and gives the exit code: 1 failed, 2 wrong usage. A bug shows its stack. */
export function failed(error: unknown, write: (text: string) => void = (text) => process.stderr.write(text)): number {
  // Commander has already printed its own message, also for --help (exit code 0).
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof AssayError) {
    write(`${error.message}\n`)
    if (error.hint) write(`${error.hint}\n`)
    return error.kind === 'config' ? 2 : 1
  }
  if (error instanceof Error && error.name === 'AbortError') {
    write('Stopped. What was done is kept; run it again to go on.\n')
    return 1
  }
  write(`This is a bug in Assay:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 1
}
