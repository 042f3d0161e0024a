import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { AssayError } from '@assay/shared'
// Loaded here too, though only the threads use it: a library that only a thread knows is unloaded with that thread, under the engine's feet.
import 'chdb'
import type { Call, Request, Response, ThreadData } from './embedded-thread.ts'
import { rowsOf } from './rows.ts'
import { ON_EVERY_NODE } from './store.ts'
import type { Block, Driver, Params } from './store.ts'

/**
 * The engine plans and starts a stream synchronously, which takes from a tenth of a second to several: on the main thread that
 * would stop the service. Two threads also let two features be computed side by side. All threads share the one engine of the process.
 */
const THREADS = 2

/** ClickHouse in this process, asked from threads. */
export function openEmbedded(dataDirectory: string, database: string): Driver {
  const threads = Array.from({ length: THREADS }, () => openThread({ dataDirectory, database }))
  /** The one with the least to do. */
  const free = (): Thread => threads.reduce((best, thread) => (thread.waiting() < best.waiting() ? thread : best))

  const command = async (sql: string, params: Params = {}): Promise<void> => void (await free().ask({ call: 'command', sql, params }))

  async function* blocks(sql: string, params: Params = {}): AsyncGenerator<Block> {
    const thread = free()
    const stream = thread.nextId()
    await thread.ask({ call: 'open', sql, params })
    let open = true
    try {
      for (;;) {
        const block = await thread.ask({ call: 'next', stream })
        if (block === null) {
          open = false
          return
        }
        yield block
      }
    } catch (error) {
      open = false
      throw error
    } finally {
      if (open) await thread.ask({ call: 'leave', stream })
    }
  }

  async function insert(table: string, batches: AsyncIterable<readonly object[]> | Iterable<readonly object[]>): Promise<number> {
    let inserted = 0
    for await (const rows of batches) {
      if (rows.length === 0) continue
      await free().ask({ call: 'insert', table, lines: await jsonLines(rows) })
      inserted += rows.length
    }
    return inserted
  }

  return {
    kind: 'embedded',
    database,
    cluster: null,
    command,
    everywhere: (sql, params) => command(sql.replaceAll(ON_EVERY_NODE, ''), params),
    insert,
    blocks,
    rows: (sql, params) => rowsOf(blocks(sql, params)),
    async close() {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}

/** Rows written as JSON at a stretch: the event loop is free in between. */
const STRETCH = 2_000

async function jsonLines(rows: readonly object[]): Promise<Uint8Array> {
  const parts: Buffer[] = []
  for (let start = 0; start < rows.length; start += STRETCH) {
    if (start > 0) await setImmediate()
    const stretch = rows.slice(start, start + STRETCH).map((row) => JSON.stringify(row))
    parts.push(Buffer.from(`${stretch.join('\n')}\n`))
  }
  return Buffer.concat(parts)
}

interface Thread {
  ask(call: Call): Promise<Block | null>
  /** The id that the next request will have: a stream is called by the id of the request that opened it. */
  nextId(): number
  waiting(): number
  close(): Promise<void>
}

function openThread(workerData: ThreadData): Thread {
  const worker = new Worker(new URL('./embedded-thread.ts', import.meta.url), { workerData })
  const waiting = new Map<number, { resolve(block: Block | null): void; reject(error: unknown): void }>()
  let last = 0
  let ended: Error | null = null
  // The thread keeps the process alive only while somebody waits for it.
  worker.unref()
  const settle = (id: number): { resolve(block: Block | null): void; reject(error: unknown): void } | undefined => {
    const call = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) worker.unref()
    return call
  }
  worker.on('message', (response: Response) => {
    const call = settle(response.id)
    if ('value' in response) call?.resolve(response.value)
    else call?.reject(errorOf(response.failure))
  })
  const end = (error: Error): void => {
    ended ??= error
    for (const id of waiting.keys()) settle(id)?.reject(ended)
  }
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => end(new Error('the store is closed')))
  const ask = (call: Call): Promise<Block | null> =>
    new Promise((resolve, reject) => {
      if (ended !== null) {
        reject(ended)
        return
      }
      const id = ++last
      waiting.set(id, { resolve, reject })
      worker.ref()
      worker.postMessage({ ...call, id } satisfies Request)
    })
  return {
    ask,
    nextId: () => last + 1,
    waiting: () => waiting.size,
    async close() {
      if (ended !== null) return
      const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      await ask({ call: 'close' })
      worker.ref()
      await gone
    },
  }
}

function errorOf(failure: Extract<Response, { failure: unknown }>['failure']): Error {
  if (failure.kind !== null) return new AssayError(failure.kind, failure.message, { hint: failure.hint })
  const error = new Error(failure.message)
  if (failure.stack !== undefined) error.stack = failure.stack
  return error
}
