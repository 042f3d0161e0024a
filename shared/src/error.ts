/**
 * Who caused an error decides what happens next:
 * `config` the admin; no retry · `auth` an expired or revoked sign-in; the connection pauses · `limit` we were too
 * fast; wait as asked · `offline` network or CRM down; a few retries with growing waits · `rejected` this row broke
 * a rule of the CRM; this row only · `data` the CRM sent what we do not understand; this record only.
 */
export type ErrorKind = 'config' | 'auth' | 'limit' | 'offline' | 'rejected' | 'data'

/** An error that teaches: what happened, where, and (in `hint`) what to do. Its text never holds a secret. */
export class AssayError extends Error {
  readonly kind: ErrorKind
  /** What the reader can do about it, one sentence. */
  readonly hint: string | undefined
  /** For `limit`: how long the CRM asks us to wait. */
  readonly retryAfterMs: number | undefined

  constructor(
    kind: ErrorKind,
    message: string,
    options: { hint?: string | undefined; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AssayError'
    this.kind = kind
    this.hint = options.hint
    this.retryAfterMs = options.retryAfterMs
  }
}
