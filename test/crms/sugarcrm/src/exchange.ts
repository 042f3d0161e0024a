import type { IncomingHttpHeaders } from 'node:http'

/** A request: of HTTP, or one in a bulk call. */
export interface Exchange {
  readonly method: string
  /** What follows the version in the path, decoded. */
  readonly rest: readonly string[]
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  /** The body as JSON; refuses what is none. */
  json(): unknown
  readonly accessToken: string
  readonly userId: string
  /** Positions from 0 or ids of requests in a bulk call that are refused on purpose. */
  readonly partial: PartialFault | null
  /** After so many requests a bulk call stops. */
  readonly cutAfter: number | null
}

export interface PartialFault {
  readonly rows: readonly (string | number)[]
  readonly status: number
  readonly code: string
  readonly message: string
}
