import { AssayError, type ErrorKind } from '@assay/shared'
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

/** What is known of something that went wrong. */
export interface Failure {
  /** Of an AssayError its own; `usage`: the words of the command, `stopped`: Ctrl-C, `system`: the operating system said no; null: a bug. */
  readonly kind: ErrorKind | 'usage' | 'stopped' | 'system' | null
  readonly message: string
  readonly hint: string | null
}

/** Says of anything that was thrown what it is and what to do about it; never a stack. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) {
    const said = error.code === 'commander.help' ? 'A command is missing.' : error.message.replace(/^error: /, '')
    return { kind: 'usage', message: said, hint: 'assay COMMAND --help shows an example.' }
  }
  if (error instanceof AssayError) return { kind: error.kind, message: error.message, hint: error.hint ?? null }
  if (error instanceof Error && error.name === 'AbortError')
    return { kind: 'stopped', message: 'Stopped.', hint: 'What was done is kept; run it again to go on.' }
  const message = error instanceof Error ? error.message : String(error)
  const hint = systemHint(error)
  return hint === null ? { kind: null, message, hint: null } : { kind: 'system', message: `The system refused: ${message}`, hint }
}

/** Tells what went wrong and what to do, and gives the exit code: 1 failed, 2 wrong usage. A bug shows its stack. */
export function failed(error: unknown, write: (text: string) => void = (text) => process.stderr.write(text)): number {
  // Commander has already printed its own message, also for --help (exit code 0).
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const { kind, message, hint } = failureOf(error)
  if (kind === null) write(`This is a bug in Assay:\n${error instanceof Error ? (error.stack ?? message) : message}\n`)
  else if (kind === 'stopped') write(`${message} ${hint}\n`)
  else write(`${message}\n${hint ? `${hint}\n` : ''}`)
  return kind === 'config' ? 2 : 1
}
