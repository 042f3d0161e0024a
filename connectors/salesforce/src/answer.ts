import { AssayError, waitOrStop, type Answer } from '@assay/shared'

/** One of the errors that Salesforce answers with. In collections the code is called `statusCode`. */
export interface WireError {
  readonly errorCode?: string
  readonly statusCode?: string
  readonly message?: string
  readonly fields?: readonly string[]
}

/** What to do after an answer that is not a good one. */
export type Verdict =
  | { readonly next: 'wait'; readonly ms: number; readonly error: AssayError }
  | { readonly next: 'again'; readonly error: AssayError }
  | { readonly next: 'renew'; readonly error: AssayError }
  | { readonly next: 'stop'; readonly error: AssayError }

const FAULT = /<faultcode>(?:\w+:)?(\w+)<\/faultcode>[\s\S]*?<faultstring>([\s\S]*?)<\/faultstring>/

/** The errors in the body of a refusal, whichever of Salesforce's shapes it has; none where it is a page or nothing. */
export const errorsOf = (body: unknown): readonly WireError[] => {
  if (Array.isArray(body)) return body.filter((each: unknown): each is WireError => typeof each === 'object' && each !== null)
  if (typeof body === 'string') {
    const [, errorCode, message] = FAULT.exec(body) ?? []
    return errorCode === undefined ? [] : [{ errorCode, message: message ?? '' }]
  }
  if (typeof body !== 'object' || body === null) return []
  const { error, error_description: description } = body as { error?: unknown; error_description?: unknown }
  if (typeof error === 'string') return [{ errorCode: error, message: typeof description === 'string' ? description : '' }]
  return 'errorCode' in body ? [body as WireError] : []
}

export const codeOf = (error: WireError | undefined): string => error?.errorCode ?? error?.statusCode ?? ''

/** Ms from `now` to the next midnight UTC, but an hour at least: the day's calls are counted over the last 24 hours, and come back bit by bit. */
export const untilTomorrow = (now: number): number => Math.max(3_600_000, 86_400_000 - (now % 86_400_000))

const RENEW =
  'Sign in again: renew the certificate or the consent of the integration user in Salesforce, then run assay connect under the same title.'
const AGAIN: ReadonlySet<string> = new Set(['SERVER_UNAVAILABLE', 'REQUEST_RUNNING_TOO_LONG', 'QUERY_TIMEOUT', 'UNABLE_TO_LOCK_ROW'])
const FULL: ReadonlySet<string> = new Set(['LIMIT_EXCEEDED', 'TOO_MANY_JOBS', 'TXN_SECURITY_METERING_ERROR', 'EXCEEDED_QUOTA'])
const SCHEMA: ReadonlySet<string> = new Set(['INVALID_TYPE', 'INVALID_FIELD', 'MALFORMED_QUERY', 'INVALIDENTITY'])
/** Reads an answer that is not a good one. `now` in epoch ms. */
export const judge = (answer: Answer, what: string, now: number): Verdict => {
  const { status, headers } = answer
  const [error] = errorsOf(answer.body)
  const code = codeOf(error)
  const message = error?.message?.trim() ?? ''
  const said = `Salesforce answered ${status}${code === '' ? '' : ` ${code}`} to ${what}${message === '' ? '' : `: ${message}`}`
  const wait = (ms: number): Verdict => waitOrStop(ms, said)
  const stop = (kind: 'config' | 'rejected' | 'limit', hint?: string, retryAfterMs?: number): Verdict => ({
    next: 'stop',
    error: new AssayError(kind, said, { hint, retryAfterMs }),
  })
  // A token goes nowhere but to the host that it was given for.
  if (status < 400) {
    const to = headers.get('location') ?? ''
    const where = URL.canParse(to) ? new URL(to).host : 'another address'
    return {
      next: 'stop',
      error: new AssayError('config', `Salesforce sends ${what} on to ${where}; Assay does not follow.`, {
        hint: 'The My Domain of the org may have changed: connect again under the same title, with the new one as loginUrl.',
      }),
    }
  }
  // A SOAP fault comes with 500, whatever it says.
  if (status === 401 || code === 'INVALID_SESSION_ID' || answer.body === 'Bad_OAuth_Token')
    return { next: 'renew', error: new AssayError('auth', said, { hint: RENEW }) }
  if (code === 'REQUEST_LIMIT_EXCEEDED') {
    if (/concurrent/i.test(message)) return wait(5000)
    return stop('limit', 'It goes on by itself when calls are free again.', untilTomorrow(now))
  }
  const asked = Number(headers.get('retry-after') ?? Number.NaN)
  if (Number.isFinite(asked) && status >= 400) return wait(Math.max(1000, asked * 1000))
  if (status === 429) return wait(10_000)
  if (FULL.has(code)) return stop('limit', 'An allowance of the org is used up; it goes on by itself.', 3_600_000)
  if (status === 410 || code === 'UNSUPPORTED_API_VERSION')
    return stop('config', 'Raise apiVersion in the settings: Salesforce has retired this one.')
  if (AGAIN.has(code) || status === 420) return { next: 'again', error: new AssayError('offline', said) }
  if (SCHEMA.has(code))
    return stop('config', 'The object or field is missing in this org, or the integration user may not see it: assay check names which.')
  if (status === 403) return stop('config', 'Give the integration user the right it lacks: assay check names what is missing.')
  if (status >= 500 && code === '') return { next: 'again', error: new AssayError('offline', said) }
  if (status >= 500 && status !== 500) return { next: 'again', error: new AssayError('offline', said) }
  return stop('rejected')
}
