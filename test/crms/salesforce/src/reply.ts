import { isRefusal as isAnyRefusal, type Refusal as AnyRefusal, type Reply } from '@assay/stand-in'

export { noContent, ok } from '@assay/stand-in'
export type { Reply } from '@assay/stand-in'

/** One thing that is wrong with a request or with a row of it. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly fields?: readonly string[]
}

export interface Refusal extends AnyRefusal {
  readonly problem: Problem
}

/** An error answer as a whole call gets it: a list, even of one. */
export const errorReply = (status: number, code: string, message: string, fields?: readonly string[]): Reply => ({
  status,
  body: [{ message, errorCode: code, ...(fields === undefined ? {} : { fields }) }],
})

/** Ends the handling of a request with an error answer. */
export function refuse(status: number, code: string, message: string, fields?: readonly string[]): Refusal {
  return Object.assign(new Error(message), {
    reply: errorReply(status, code, message, fields),
    problem: { code, message, ...(fields === undefined ? {} : { fields }) },
  })
}

export const isRefusal = (error: unknown): error is Refusal => isAnyRefusal(error)

export const created = (body: unknown, location?: string): Reply => ({
  status: 201,
  body,
  ...(location === undefined ? {} : { headers: { Location: location } }),
})
export const notFound = (): Refusal => refuse(404, 'NOT_FOUND', 'The requested resource does not exist')
export const methodNotAllowed = (method: string): Refusal =>
  refuse(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are HEAD,GET,POST,PATCH,DELETE`)

/** The members of a JSON body; refuses everything that is no object. */
export function members(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw refuse(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.')
  return body as Readonly<Record<string, unknown>>
}
