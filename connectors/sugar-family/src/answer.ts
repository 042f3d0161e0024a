import { waitOrStop, type Answer, type AssayError } from '@assay/shared'

/** What to do after an answer that is not a good one. */
export type Verdict =
  | { readonly next: 'wait'; readonly ms: number; readonly error: AssayError }
  | { readonly next: 'again'; readonly error: AssayError }
  /** The token is no longer good. `by` says whether a refresh token, where there is one, may still help. */
  | { readonly next: 'renew'; readonly by: 'refresh' | 'signIn'; readonly error: AssayError }
  | { readonly next: 'stop'; readonly error: AssayError }

export const SIGN_IN_AGAIN = 'Sign in again with assay connect, under the same title.'

/** Waits as long as the answer asks, ten seconds where it does not say; null where it does not ask for that. `said`: the refusal in words. */
export const waitAsked = ({ status, headers }: Answer, said: string): Verdict | null => {
  const asked = Number(headers.get('retry-after') ?? Number.NaN)
  if (status !== 429 && !(status === 503 && Number.isFinite(asked))) return null
  return waitOrStop(Number.isFinite(asked) ? Math.max(1000, asked * 1000) : 10_000, said)
}
