import { AssayError } from '@assay/shared'
import { CommanderError } from 'commander'

const NO_RIGHTS = 'Give the user that runs Assay the rights to it, or name another place (ASSAY_HOME).'
const FULL = 'Make room on that disk and run the command again: what was done is kept.'
/** What the operating system says no to, and what to do about it. */
const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: NO_RIGHTS,
  EPERM: NO_RIGHTS,
  EROFS: NO_RIGHTS,
  ENOSPC: FULL,
  EDQUOT: FULL,
  EMFILE: 'Let this user open more files (ulimit -n) and run the command again.',
}

function systemHint(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? (SYSTEM[error.code] ?? null) : null
}

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
  const system = systemHint(error)
  if (system !== null) {
    write(`The system refused: ${(error as Error).message}\n${system}\n`)
    return 1
  }
  write(`This is a bug in Assay:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 1
}
