import { AssayError, type Answer } from '@assay/shared'
import { SIGN_IN_AGAIN, waitAsked, type Verdict } from '@assay/sugar-family'

/** Whether PHP broke down over a call, and did so every time: the server is there, and this question is what it cannot answer. */
export const isBreakdown = (error: unknown): error is AssayError =>
  error instanceof AssayError && error.kind === 'offline' && error.message.startsWith('SuiteCRM answered 500 ')

/** What V8 says when it refuses: `errors` is one object, and most of what goes wrong is a 400. Blank where it is a page or nothing. */
export const refusalOf = (body: unknown): string => {
  if (typeof body !== 'object' || body === null) return ''
  const { errors, message } = body as { errors?: unknown; message?: unknown }
  const { detail } = (typeof errors === 'object' && errors !== null ? errors : {}) as { detail?: unknown }
  return typeof detail === 'string' ? detail.trim() : typeof message === 'string' ? message.trim() : ''
}

/** Whether a refusal means that a right is missing: it comes as 400, never as 403. */
export const isDenied = (detail: string): boolean => /AccessDenied|NotAllowed|does not have access/i.test(detail)
/** Whether it means that there is no such record, or that it is deleted. */
export const isGone = (detail: string): boolean => /with id .* is not found/i.test(detail)
/** Whether it means that a record of that id is there already, deleted or not. */
export const isTaken = (detail: string): boolean => /is already exist/i.test(detail)
/** Whether V8 does not take the id for one: it knows numbers and UUIDs, and an import may have brought others. */
export const isForeignId = (detail: string): boolean => /option "?id"? with value .* is invalid/i.test(detail)
/** The field that the module does not have; null when it means something else. */
export const unknownField = (detail: string): string | null => /Property (\S+) in .+ is invalid/.exec(detail)?.[1] ?? null

/** Reads an answer that is not a good one. */
export const judge = (answer: Answer, what: string): Verdict => {
  const { status, headers, body } = answer
  const detail = refusalOf(body)
  const said = `SuiteCRM answered ${status} to ${what}${detail === '' ? '' : `: ${detail}`}`
  const stop = (kind: 'config' | 'rejected', hint?: string): Verdict => ({ next: 'stop', error: new AssayError(kind, said, { hint }) })
  if (status === 401) return { next: 'renew', by: 'signIn', error: new AssayError('auth', said, { hint: SIGN_IN_AGAIN }) }
  const wait = waitAsked(answer, said)
  if (wait !== null) return wait
  if (status >= 300 && status < 400)
    return stop(
      'config',
      `Give the address at which SuiteCRM answers itself in the settings: this one leads to ${headers.get('location') ?? 'nowhere'}.`,
    )
  if (status >= 500)
    return {
      next: 'again',
      error: new AssayError('offline', said, {
        hint: 'See suitecrm.log and the log of PHP: SuiteCRM answers 500 without a word to what it does not know as well.',
      }),
    }
  if (status === 403 || isDenied(detail))
    return stop('config', 'Give the integration user the right it lacks: assay check names what is missing.')
  if (status === 404)
    return stop(
      'config',
      'Check the url in the settings (SuiteCRM 8 answers below /legacy), and that the web server passes /Api on as .htaccess says.',
    )
  return stop('rejected')
}
