import { parentPort, workerData } from 'node:worker_threads'
import { AssayError, type ErrorKind } from '@assay/shared'
import type { Answer } from '../engine-thread.ts'
import { openEngine } from './embedded-engine.ts'
import type { Block, Params } from './store.ts'

export interface ThreadData {
  readonly dataDirectory: string
  readonly database: string
}
export type Call =
  | { readonly call: 'command'; readonly sql: string; readonly params: Params }
  | { readonly call: 'insert'; readonly table: string; readonly lines: Uint8Array }
  /** Opens a stream under this request's id; `next` draws one block, `leave` abandons it. */
  | { readonly call: 'open'; readonly sql: string; readonly params: Params }
  | { readonly call: 'next' | 'leave'; readonly stream: number }
  | { readonly call: 'close' }
export type Request = Call & { readonly id: number }
export interface Failure {
  readonly kind: ErrorKind | null
  readonly message: string
  readonly hint: string | undefined
  readonly stack: string | undefined
}
export type Response = Answer<Block | null, Failure>

const port = parentPort!
const { dataDirectory, database } = workerData as ThreadData
const engine = openEngine(dataDirectory, database)
const streams = new Map<number, AsyncGenerator<Block>>()

async function answer(request: Request): Promise<Block | null> {
  switch (request.call) {
    case 'command':
      await engine.command(request.sql, request.params)
      return null
    case 'insert':
      await engine.insert(request.table, request.lines)
      return null
    case 'open':
      streams.set(request.id, engine.blocks(request.sql, request.params))
      return null
    case 'next': {
      const next = await streams.get(request.stream)?.next()
      if (next === undefined || next.done) streams.delete(request.stream)
      return next === undefined || next.done ? null : next.value
    }
    case 'leave':
      await streams.get(request.stream)?.return(undefined)
      streams.delete(request.stream)
      return null
    case 'close':
      await engine.close()
  }
  return null
}

/** Numbers leave without a copy; a column that is a view into a larger batch is copied by the message itself. */
const buffersOf = (block: Block | null): ArrayBuffer[] =>
  block === null
    ? []
    : Object.values(block.columns).flatMap((column) =>
        column instanceof Float64Array && column.buffer instanceof ArrayBuffer && column.byteLength === column.buffer.byteLength
          ? [column.buffer]
          : [],
      )

port.on('message', (request: Request) => {
  answer(request).then(
    (value) => {
      port.postMessage({ id: request.id, value } satisfies Response, [...new Set(buffersOf(value))])
      // The thread then ends by itself: cut off from outside, the engine would be torn down under its own threads.
      if (request.call === 'close') port.close()
    },
    (error: unknown) => {
      const known = error instanceof AssayError ? error : null
      const message = error instanceof Error ? error.message : String(error)
      const failure: Failure = {
        kind: known?.kind ?? null,
        message,
        hint: known?.hint,
        stack: error instanceof Error ? error.stack : undefined,
      }
      port.postMessage({ id: request.id, failure } satisfies Response)
    },
  )
})
