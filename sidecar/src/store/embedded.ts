import { setImmediate } from 'node:timers/promises'
import { AssayError } from '@assay/shared'
// Loaded here too, though only the threads use it: a library that only a thread knows is unloaded with that thread, under the engine's feet.
import 'chdb'
import { openEngineThread, type EngineThread } from '../engine-thread.ts'
import type { Call, Failure, ThreadData } from './embedded-thread.ts'
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

type Thread = EngineThread<Call, Block | null>

const openThread = (workerData: ThreadData): Thread =>
  openEngineThread(new URL('./embedded-thread.ts', import.meta.url), workerData, {
    closed: 'the store is closed',
    errorOf: (failure) => errorOf(failure as Failure),
  })

function errorOf(failure: Failure): Error {
  if (failure.kind !== null) return new AssayError(failure.kind, failure.message, { hint: failure.hint })
  const error = new Error(failure.message)
  if (failure.stack !== undefined) error.stack = failure.stack
  return error
}
