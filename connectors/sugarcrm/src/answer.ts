import { AssayError, type Answer } from '@assay/shared'
import { SIGN_IN_AGAIN, waitAsked, type Verdict } from '@assay/sugar-family'

/** What Sugar says when it refuses: a code, and a text or, for a record, a text by field. */
export interface Refusal {
  readonly code: string
  readonly message: string
}

const worded = (message: unknown): string => {
  if (typeof message === 'string') return message.trim()
  if (typeof message !== 'object' || message === null) return ''
  return Object.entries(message)
    .map(([field, said]) => `${field}: ${Array.isArray(said) ? said.map(worded).join(', ') : worded(said)}`)
    .join('; ')
}

/** The code and words in the body of a refusal; both blank where it is a page or nothing. */
export const refusalOf = (body: unknown): Refusal => {
  if (typeof body !== 'object' || body === null) return { code: '', message: '' }
  const { error, error_message: message } = body as { error?: unknown; error_message?: unknown }
  return { code: typeof error === 'string' ? error : '', message: worded(message) }
}

/** Reads an answer that is not a good one. */
export const judge = (answer: Answer, what: string): Verdict => {
  const { status, headers, body } = answer
  const { code, message } = refusalOf(body)
  const said = `Sugar answered ${status}${code === '' ? '' : ` ${code}`} to ${what}${message === '' ? '' : `: ${message}`}`
  const stop = (kind: 'config' | 'rejected', hint?: string): Verdict => ({ next: 'stop', error: new AssayError(kind, said, { hint }) })
  const again = (): Verdict => ({ next: 'again', error: new AssayError('offline', said) })
  if (status === 401) {
    const by = code === 'need_login' ? 'signIn' : 'refresh'
    return { next: 'renew', by, error: new AssayError('auth', said, { hint: SIGN_IN_AGAIN }) }
  }
  const wait = waitAsked(answer, said)
  if (wait !== null) return wait
  if (code === 'incorrect_version') return stop('config', 'Lower apiVersion in the settings: this instance does not offer that one.')
  if (status >= 300 && status < 400)
    return stop(
      'config',
      `Give the address at which Sugar answers itself in the settings: this one leads to ${headers.get('location') ?? 'nowhere'}.`,
    )
  if (status >= 500) return again()
  // Somebody's cache of metadata; ours sends no hash, so that a second try is enough.
  if (status === 412) return again()
  if (code === 'no_method')
    return stop('config', 'The module is not in this instance, or the integration user may not see it: assay check names which.')
  if (status === 403) return stop('config', 'Give the integration user the right it lacks: assay check names what is missing.')
  if (status === 404 && code === '') return stop('config', 'Check the url in the settings: no Sugar answers there.')
  return stop('rejected')
}
