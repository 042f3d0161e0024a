import { AssayError, type Host, type Log, type QuotaLedger } from '@assay/shared'

/** A clock that only moves when it is told to. */
export interface TestClock {
  now(): number
  advance(ms: number): void
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn'
  readonly message: string
  readonly detail: unknown
}

/** The outside world of a test: time passes only in `sleep`, everything that is said is kept, calls are counted. */
export interface TestHost extends Host {
  /** Every wait asked for, in ms, in order. */
  readonly waits: number[]
  readonly lines: LogLine[]
  readonly ledger: { taken: number; allowance: number; readonly reports: Parameters<QuotaLedger['report']>[0][] }
  abort(): void
}

export const testClock = (start: number): TestClock => {
  let now = start
  return {
    now: () => now,
    advance: (ms) => {
      now += ms
    },
  }
}

/** A host on the given clock (shared with the stand-in) with the real `fetch` unless another one is given. */
export const testHost = (clock: TestClock, fetch: typeof globalThis.fetch = globalThis.fetch): TestHost => {
  const stop = new AbortController()
  const waits: number[] = []
  const lines: LogLine[] = []
  const ledger: TestHost['ledger'] = { taken: 0, allowance: Infinity, reports: [] }
  const note =
    (level: LogLine['level']): Log[typeof level] =>
    (message, detail) => {
      lines.push({ level, message, detail })
    }
  return {
    fetch,
    dispatcher: undefined,
    waits,
    lines,
    ledger,
    signal: stop.signal,
    log: { debug: note('debug'), info: note('info'), warn: note('warn') },
    now: () => clock.now(),
    abort: () => stop.abort(),
    quota: {
      take: (calls) => {
        if (ledger.taken + calls > ledger.allowance) {
          return Promise.reject(new AssayError('limit', 'The share of the day is used up.', { retryAfterMs: 3_600_000 }))
        }
        ledger.taken += calls
        return Promise.resolve()
      },
      report: (seen) => {
        ledger.reports.push(seen)
      },
    },
    sleep: (ms) => {
      waits.push(ms)
      // Two sleepers side by side wake at their own instants: the clock moves to each, never by the sum of both.
      const until = clock.now() + ms
      return new Promise((resolve, reject) => {
        setImmediate(() => {
          if (stop.signal.aborted) {
            reject(stop.signal.reason as Error)
            return
          }
          if (clock.now() < until) clock.advance(until - clock.now())
          resolve()
        })
      })
    },
  }
}
