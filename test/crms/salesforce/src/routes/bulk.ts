import type { Route } from '../exchange.ts'
import { notFound, refuse, type Reply } from '../reply.ts'
import type { Exchange } from '../exchange.ts'
import type { JobPace } from './job-state.ts'

export interface JobSettings extends JobPace {
  /** Rows of a result page at most, whatever is asked for. Default 50,000. */
  readonly pageRows: number
  /** Pages of random size, smaller than asked for. */
  readonly shortPages: boolean
  /** Rows of an ingest job that are written together. Default 10,000. */
  readonly batchRows: number
  /** Batches go on side by side: rows below one parent in neighbouring batches lock each other out. */
  readonly contention: boolean
}

export const DELIMITERS: Readonly<Record<string, string>> = { COMMA: ',', SEMICOLON: ';', TAB: '\t', PIPE: '|', CARET: '^', BACKQUOTE: '`' }
export const ENDINGS: Readonly<Record<string, string>> = { LF: '\n', CRLF: '\r\n' }

export const invalidJob = (id: string): Error => refuse(404, 'NOT_FOUND', `The requested resource does not exist: job ${id}`)

/** `/jobs/query` and `/jobs/ingest`. */
export function jobsRoute(query: (exchange: Exchange) => Promise<Reply>, ingest: (exchange: Exchange) => Promise<Reply>): Route {
  return (exchange) => {
    switch (exchange.rest[1]) {
      case 'query':
        return query(exchange)
      case 'ingest':
        return ingest(exchange)
      default:
        throw notFound()
    }
  }
}
