import type { Log } from '@assay/shared'
import type { Progress, Tell } from '../api/operation.ts'
import type { Failure } from './fail.ts'

/** Where a command speaks: results on stdout, everything else on stderr. */
export interface Terminal {
  readonly json: boolean
  readonly tell: Tell
  readonly log: Log
  /** One JSON document, or what `say` makes of the result for people. */
  result<T>(value: T, say: (value: T) => string): void
  /** With `--json`, the one document says what went wrong, unless there was a result already; without it, nothing here: stderr does. */
  failure(failure: Failure): void
  /** Ends the progress line. */
  done(): void
}

const LEVELS = ['debug', 'info', 'warn'] as const

export function openTerminal(options: { readonly json: boolean; readonly level: (typeof LEVELS)[number] }): Terminal {
  const { stderr, stdout } = process
  const live = stderr.isTTY && !options.json
  let line = ''
  const clear = (): void => {
    if (live && line !== '') stderr.write(`\r${' '.repeat(line.length)}\r`)
    line = ''
  }
  const write = (level: (typeof LEVELS)[number], message: string, detail?: Readonly<Record<string, unknown>>): void => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(options.level)) return
    clear()
    stderr.write(`${level === 'warn' ? 'Note: ' : ''}${message}${detail ? ` ${JSON.stringify(detail)}` : ''}\n`)
  }
  let step = ''
  let answered = false
  return {
    json: options.json,
    tell(progress: Progress) {
      const text = said(progress)
      if (live) {
        clear()
        line = text.slice(0, Math.max(20, (stderr.columns ?? 80) - 1))
        stderr.write(line)
      } else if (progress.step !== step) {
        stderr.write(`${text}\n`)
      }
      step = progress.step
    },
    log: {
      debug: (message, detail) => write('debug', message, detail),
      info: (message, detail) => write('info', message, detail),
      warn: (message, detail) => write('warn', message, detail),
    },
    result(value, say) {
      clear()
      answered = true
      stdout.write(options.json ? `${JSON.stringify(value, null, 2)}\n` : `${say(value)}\n`)
    },
    failure({ kind, message, hint }) {
      if (options.json && !answered) stdout.write(`${JSON.stringify({ error: { kind, message, hint } }, null, 2)}\n`)
    },
    done: clear,
  }
}

function said({ step, detail, done, total }: Progress): string {
  if (done === undefined) return `${step}: ${detail}`
  return total
    ? `${step}: ${detail} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
    : `${step}: ${done.toLocaleString('en')} ${detail}`
}
