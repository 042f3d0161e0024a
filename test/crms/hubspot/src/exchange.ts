import type { Reply } from './reply.ts'
import { refuse } from './reply.ts'

/** A request that has passed sign-in and limits. */
export interface Exchange {
  readonly method: string
  /** What follows the area and the version in the path, decoded. */
  readonly rest: readonly string[]
  readonly query: URLSearchParams
  readonly body: unknown
  /** Ids that a planted fault makes fail in this batch. */
  readonly failing: ReadonlySet<string>
  /** The address a paging link starts with. */
  readonly link: string
  /** Throws the 403 unless the sign-in has one of these scopes. */
  readonly need: (...anyOf: string[]) => void
}

export type Route = (exchange: Exchange) => Reply | Promise<Reply>

export interface Input {
  readonly id: string | number
  readonly idProperty?: string
  readonly after?: string
  readonly properties?: unknown
  readonly associations?: readonly { readonly to?: { readonly id?: unknown }; readonly types?: readonly TypeInput[] }[]
  readonly objectWriteTraceId?: string
}

export interface TypeInput {
  readonly associationCategory?: string
  readonly associationTypeId?: number
}

/** The members of a JSON body; refuses everything that is no object. */
export function members(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw refuse(400, 'VALIDATION_ERROR', 'Invalid input JSON: an object was expected')
  return body as Readonly<Record<string, unknown>>
}

/** The inputs of a batch. */
export function inputsOf(body: unknown, most: number): readonly object[] {
  const { inputs } = members(body)
  if (!Array.isArray(inputs)) throw refuse(400, 'VALIDATION_ERROR', 'Invalid input JSON: inputs must be a list')
  if (inputs.length > most) throw refuse(400, 'VALIDATION_ERROR', `The maximum number of inputs supported in a batch request is ${most}`)
  return inputs as object[]
}

/** Comma separated and repeated parameters alike. */
export function listParameter(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '')
}

export function notFound(message = 'resource not found'): Error {
  return refuse(404, 'OBJECT_NOT_FOUND', message)
}

export const methodNotAllowed = (): Reply => ({ status: 405, raw: { text: '<h1>405 Method Not Allowed</h1>', contentType: 'text/html' } })
