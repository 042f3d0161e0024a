import type { IncomingHttpHeaders } from 'node:http'
import type { Fault } from './faults.ts'
import type { Reply } from './reply.ts'

/** A request that has passed sign-in and limits. */
export interface Exchange {
  readonly method: string
  /** What follows the version in the path, decoded. */
  readonly rest: readonly string[]
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly bytes: Buffer
  /** The body as JSON; refuses what is none. */
  json(): unknown
  /** `67.0` */
  readonly version: string
  /** `/services/data/v67.0` */
  readonly prefix: string
  readonly userId: string
  /** A planted fault that only disturbs the real answer. */
  readonly fault: Fault | null
}

export type Route = (exchange: Exchange) => Reply | Promise<Reply>
