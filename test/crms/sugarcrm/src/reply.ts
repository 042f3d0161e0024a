import type { Refusal, Reply } from '@assay/stand-in'

export { isRefusal, ok } from '@assay/stand-in'
export type { Refusal, Reply } from '@assay/stand-in'

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
