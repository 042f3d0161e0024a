import { drainPending, Session } from 'chdb'
import { RecordBatchReader } from 'apache-arrow'
import { blockOf } from './arrow.ts'
import { storeError } from './errors.ts'
import { boundParams, identifier, setParams } from './params.ts'
import type { Block, Params } from './store.ts'

/** Compressed Arrow cannot be read in JavaScript; times are UTC whatever the machine says. */
const SETTINGS = [
  "output_format_arrow_compression_method = 'none'",
  'output_format_arrow_string_as_string = 1',
  "session_timezone = 'UTC'",
  'mutations_sync = 2',
  'input_format_null_as_default = 0',
  // What would not fit beside everything else goes through the disk.
  'max_bytes_before_external_group_by = 200000000',
  'max_bytes_before_external_sort = 200000000',
].join(', ')

/** A query that took longer than this (ms) had much in memory. */
const LARGE_MS = 1_000

/** What one thread does for the driver. Inserts come as JSON lines, ready for the engine. */
export interface Engine {
  command(sql: string, params: Params): Promise<void>
  insert(table: string, lines: Uint8Array): Promise<void>
  blocks(sql: string, params: Params): AsyncGenerator<Block>
  close(): Promise<void>
}

/**
 * ClickHouse in this process. Every call has a native session of its own (half a millisecond): a session holds one
 * stream at a time and the parameters of one query, so a consumer that abandons a stream stops nobody, and two queries
 * never see each other's parameters. All sessions share the one engine of the process, which takes one data directory.
 */
export function openEngine(dataDirectory: string, database: string): Engine {
  const where = 'the embedded ClickHouse'
  const keep = started(() => new Session(dataDirectory), where)
  const busy = new Set<Session>()

  /** `use` is off only for the statements that make or drop the database itself. */
  async function session(sql: string, params: Params): Promise<Session> {
    if (!keep.open) throw new Error('the store is closed')
    const own = new Session(dataDirectory)
    busy.add(own)
    try {
      const set = setParams(boundParams(sql, params))
      await own.queryAsync(`SET ${SETTINGS}`)
      if (set !== null) await own.queryAsync(set)
      if (!/^\s*(CREATE|DROP) DATABASE/i.test(sql)) await own.queryAsync(`USE ${identifier(database)}`)
      return own
    } catch (cause) {
      done(own)
      throw storeError(cause, where)
    }
  }
  function done(own: Session): void {
    busy.delete(own)
    own.close()
  }

  async function command(sql: string, params: Params): Promise<void> {
    const own = await session(sql, params)
    const from = performance.now()
    try {
      await own.queryAsync(sql)
    } catch (cause) {
      throw storeError(cause, where)
    } finally {
      done(own)
      await giveBackAfter(from)
    }
  }

  async function* blocks(sql: string, params: Params): AsyncGenerator<Block> {
    const own = await session(sql, params)
    const from = performance.now()
    try {
      for await (const chunk of own.queryStream(sql, { format: 'ArrowStream' })) {
        for (const batch of RecordBatchReader.from(chunk.raw())) if (batch.numRows > 0) yield blockOf(batch)
      }
    } catch (cause) {
      throw storeError(cause, where)
    } finally {
      done(own)
      await giveBackAfter(from)
    }
  }

  /** The engine keeps what a query used, half a gigabyte after a large one, and the next one comes on top. Where it cannot, it keeps it. */
  async function giveBackAfter(from: number): Promise<void> {
    if (performance.now() - from > LARGE_MS && keep.open) await keep.queryAsync('SYSTEM JEMALLOC PURGE').catch(() => null)
  }

  async function insert(table: string, lines: Uint8Array): Promise<void> {
    const own = await session('', {})
    try {
      await own.insert({ table, values: Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength), format: 'JSONEachRow' })
    } catch (cause) {
      throw storeError(cause, where)
    } finally {
      done(own)
    }
  }

  return {
    command,
    insert,
    blocks,
    async close() {
      for (const own of busy) done(own)
      keep.close()
      await drainPending()
    },
  }
}

function started<T>(open: () => T, where: string): T {
  try {
    return open()
  } catch (cause) {
    throw storeError(cause, where)
  }
}
