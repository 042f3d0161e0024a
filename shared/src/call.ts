import { AssayError } from './error.ts'

/** What a CRM answered to a call. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON, or the text where the connector keeps what is none; null when there is nothing. */
  readonly body: unknown
}

/** A refusal of more than this (ms) is not waited out inside a call. */
const PATIENCE = 120_000

/** What to do about a CRM that asks to wait for so long (ms). `said`: its refusal in words. */
export const waitOrStop = (
  ms: number,
  said: string,
): { readonly next: 'wait'; readonly ms: number; readonly error: AssayError } | { readonly next: 'stop'; readonly error: AssayError } => {
  const error = new AssayError('limit', said, { retryAfterMs: ms })
  return ms > PATIENCE ? { next: 'stop', error } : { next: 'wait', ms, error }
}

/** Why a call broke: the network's own word for it stands in the cause. */
export const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message
}

/** How long (ms) to wait after so many tries: 1, 2, 4 … seconds and up to a quarter more, spread by the clock so that sessions do not come back together. */
export const pauseAfter = (tries: number, now: number): number => 1000 * 2 ** (tries - 1) * (1 + (now % 997) / 4000)

/** Watches over one call. */
export interface CallGuard {
  /** Aborts with the signal that was given, or when nothing came for too long. */
  readonly signal: AbortSignal
  /** Something is waited for, from now on. */
  waiting(): void
  /** It came. */
  came(): void
  /** The call is over; nothing is watched any more. */
  end(): void
}

/** `timeout`: how long (ms) a call may wait for one thing; it waits from the beginning. */
export const openGuard = (signal: AbortSignal, timeout: number): CallGuard => {
  const controller = new AbortController()
  const stop = () => controller.abort(signal.reason)
  const giveUp = () => controller.abort(new Error(`no answer within ${timeout / 1000} s`))
  let late: AbortSignal | null = null
  const guard: CallGuard = {
    signal: controller.signal,
    waiting() {
      late = AbortSignal.timeout(timeout)
      late.addEventListener('abort', giveUp)
    },
    came() {
      late?.removeEventListener('abort', giveUp)
      late = null
    },
    end() {
      guard.came()
      signal.removeEventListener('abort', stop)
    },
  }
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  guard.waiting()
  return guard
}
