import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import type { Answer } from '../engine-thread.ts'
import { PARSERS } from './parsers.ts'

export interface ThreadData {
  readonly directory: string
}
export type Call =
  /** With our own type parsers. */
  | { readonly call: 'query'; readonly sql: string; readonly params: readonly unknown[] }
  /** With the engine's type parsers; without parameters several statements. */
  | { readonly call: 'execute'; readonly sql: string; readonly params: readonly unknown[] }
  | { readonly call: 'close' }
export type Request = Call & { readonly id: number }
/** What an error of the engine says beyond its text (`code`, `detail`, …). */
export interface Failure {
  readonly message: string
  readonly stack: string | undefined
  readonly members: Readonly<Record<string, string>>
}
export type Response = Answer<readonly object[], Failure>

const port = parentPort!
const { directory } = workerData as ThreadData
const opening = PGlite.create(directory)
const parsers = { ...PARSERS }

async function answer(request: Request): Promise<readonly object[]> {
  const engine = await opening
  if (request.call === 'close') {
    await engine.close()
    return []
  }
  const { call, sql, params } = request
  if (call === 'query') return (await engine.query<object>(sql, [...params], { parsers })).rows
  if (params.length > 0) return (await engine.query<object>(sql, [...params])).rows
  return (await engine.exec(sql)).flatMap((result) => result.rows as object[])
}

port.on('message', (request: Request) => {
  answer(request).then(
    (value) => {
      port.postMessage({ id: request.id, value } satisfies Response)
      // The thread then ends by itself, after the files are closed.
      if (request.call === 'close') port.close()
    },
    (error: unknown) => port.postMessage({ id: request.id, failure: failureOf(error) } satisfies Response),
  )
})

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined, members: {} }
  const members = Object.entries(error).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return { message: error.message, stack: error.stack, members: Object.fromEntries(members) }
}
