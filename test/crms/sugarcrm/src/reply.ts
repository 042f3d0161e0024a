/** What goes back over the wire. */
export interface Reply {
  readonly status: number
  /** Encoded as JSON; undefined sends no body. */
  readonly body?: unknown
  /** Sent as it is, instead of a JSON body. */
  readonly raw?: { readonly text: string; readonly contentType: string }
  readonly headers?: Readonly<Record<string, string>>
}

export interface Refusal extends Error {
  readonly reply: Reply
}

export const errorReply = (
  status: number,
  error: string,
  message: string | Readonly<Record<string, string>>,
  more: object = {},
): Reply => ({
  status,
  body: { error, error_message: message, ...more },
})

/** Ends the handling of a request with an error answer. */
export function refuse(status: number, error: string, message: string, more: object = {}): Refusal {
  return Object.assign(new Error(message), { reply: errorReply(status, error, message, more) })
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'reply' in error
}

export const ok = (body: unknown): Reply => ({ status: 200, body })

export const noMethod = (): Refusal => refuse(404, 'no_method', 'Could not find a route.')
export const notFound = (module: string, id: string): Refusal =>
  refuse(404, 'not_found', `Could not find record: ${id} in module: ${module}`)
export const notAuthorized = (message: string): Refusal => refuse(403, 'not_authorized', message)
export const invalid = (message: string): Refusal => refuse(422, 'invalid_parameter', message)
export const missing = (message: string): Refusal => refuse(422, 'missing_parameter', message)
export const needLogin = (message = 'No valid authentication for user.'): Refusal => refuse(401, 'need_login', message)
export const badToken = (): Refusal => refuse(401, 'invalid_grant', 'The access token provided is invalid.')

/** The members of a JSON body; none where there is no body. */
export function members(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined || body === null) return {}
  if (typeof body !== 'object' || Array.isArray(body)) throw refuse(400, 'request_failure', 'The request body is no JSON object.')
  return body as Readonly<Record<string, unknown>>
}
