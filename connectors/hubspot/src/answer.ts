import { AssayError, waitOrStop, type Answer } from '@assay/shared'

/** What HubSpot answered, as far as anybody asks. Every member of an error body is optional. */
export interface ErrorBody {
  readonly message?: string
  readonly category?: string
  readonly policyName?: string
  readonly errors?: readonly {
    readonly message?: string
    readonly context?: Readonly<Record<string, readonly string[] | undefined>>
  }[]
}

/** What to do after an answer that is not a good one. */
export type Verdict =
  | { readonly next: 'wait'; readonly ms: number; readonly error: AssayError }
  | { readonly next: 'again'; readonly error: AssayError }
  | { readonly next: 'stop'; readonly error: AssayError }

export const errorBody = (body: unknown): ErrorBody => (typeof body === 'object' && body !== null ? body : {})

/** Scopes that a 403 asks for. */
export const scopesOf = (body: unknown): readonly string[] =>
  (errorBody(body).errors ?? []).flatMap(({ context }) => context?.['requiredGranularScopes'] ?? context?.['requiredScopes'] ?? [])

/** Ms from `now` to the next midnight of an account that is `offset` ms ahead of UTC. */
export const untilMidnight = (now: number, offset: number): number => {
  const day = 86_400_000
  return day - ((((now + offset) % day) + day) % day)
}

const RENEW = 'Make a new token in HubSpot (Settings, Integrations) or sign in again, and give it to this connection.'

const asksToWait = (answer: Answer, interval: number): number => {
  const header = Number(answer.headers.get('retry-after') ?? Number.NaN)
  if (Number.isFinite(header)) return Math.max(1000, header * 1000)
  const { policyName = '', message = '' } = errorBody(answer.body)
  const secondly = policyName === 'SECONDLY' || /\bsecondly limit/i.test(message)
  return secondly ? 1000 : interval
}

/**
 * Reads an answer of status 400 or more. `interval` is the length of HubSpot's rate interval (ms), `untilReset` how long
 * the account's day still lasts (ms).
 */
export const judge = (answer: Answer, what: string, interval: number, untilReset: number): Verdict => {
  const { status } = answer
  const { message = '', category = '', policyName = '' } = errorBody(answer.body)
  const said = `HubSpot answered ${status}${category === '' ? '' : ` ${category}`} to ${what}${message === '' ? '' : `: ${message}`}`
  const wait = (ms: number): Verdict => waitOrStop(ms, said)
  const stop = (kind: 'auth' | 'config' | 'rejected', hint?: string): Verdict => ({
    next: 'stop',
    error: new AssayError(kind, said, { hint }),
  })
  if (status === 429) {
    if (policyName === 'DAILY' || /\bdaily limit/i.test(message)) {
      return { next: 'stop', error: new AssayError('limit', said, { retryAfterMs: untilReset }) }
    }
    return wait(asksToWait(answer, interval))
  }
  // 423: the record is locked, HubSpot asks for two seconds at least. 477: the account moves to another data centre.
  if (status === 423) return wait(Math.max(2000, asksToWait(answer, 2000)))
  if (status === 477) return wait(asksToWait(answer, 60_000))
  if (status === 401) return stop('auth', RENEW)
  if (status === 403) {
    const scopes = scopesOf(answer.body)
    const hint =
      scopes.length === 0 ? 'Give the app the right it lacks.' : `Add the scope ${scopes.join(', ')} to the app, then sign in again.`
    return stop('config', hint)
  }
  if (status >= 500) return { next: 'again', error: new AssayError('offline', said) }
  return stop('rejected')
}
