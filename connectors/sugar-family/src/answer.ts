import { AssayError } from '@assay/shared'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON; text where a refusal came as a page; null when there is none. */
  readonly body: unknown
}

/** What to do after an answer that is not a good one. */
export type Verdict =
  | { readonly next: 'wait'; readonly ms: number; readonly error: AssayError }
  | { readonly next: 'again'; readonly error: AssayError }
  /** The token is no longer good. `by` says whether a refresh token, where there is one, may still help. */
  | { readonly next: 'renew'; readonly by: 'refresh' | 'signIn'; readonly error: AssayError }
  | { readonly next: 'stop'; readonly error: AssayError }

export const SIGN_IN_AGAIN = 'Sign in again with assay connect, under the same title.'
/** A refusal of more than this (ms) is not waited out inside a call. */
const PATIENCE = 120_000

/** Waits as long as the answer asks, ten seconds where it does not say; null where it does not ask for that. `said`: the refusal in words. */
export const waitAsked = ({ status, headers }: Answer, said: string): Verdict | null => {
  const asked = Number(headers.get('retry-after') ?? Number.NaN)
  if (status !== 429 && !(status === 503 && Number.isFinite(asked))) return null
  const ms = Number.isFinite(asked) ? Math.max(1000, asked * 1000) : 10_000
  const error = new AssayError('limit', said, { retryAfterMs: ms })
  return ms > PATIENCE ? { next: 'stop', error } : { next: 'wait', ms, error }
}
