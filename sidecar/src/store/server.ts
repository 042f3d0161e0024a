import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { AssayError } from '@assay/shared'
import { blocksOf } from './answer.ts'
import { storeError, withoutCredentials } from './errors.ts'
import { boundParams, identifier } from './params.ts'
import { rowsOf } from './rows.ts'
import { ON_EVERY_NODE } from './store.ts'
import type { Block, Driver, Params } from './store.ts'

/** An insert is acknowledged when the shard that keeps the rows has them; no buffering on the way. */
const SETTINGS = {
  output_format_arrow_compression_method: 'none',
  output_format_arrow_string_as_string: 1,
  session_timezone: 'UTC',
  mutations_sync: '2',
  input_format_null_as_default: 0,
  async_insert: 0,
  distributed_foreground_insert: 1,
  distributed_product_mode: 'global',
  // Handed to the shards, an INSERT … SELECT from a view loses the view's parameters.
  parallel_distributed_insert_select: '0',
  distributed_ddl_task_timeout: '120',
} as const

/**
 * ClickHouse by URL. Several URLs, separated by commas, are the nodes of the cluster: queries go to the first, and
 * statements for every node go to each. With one URL they go through `ON CLUSTER`, which needs a Keeper.
 */
export function openServer(urls: string, database: string, cluster: string | null): Driver {
  const nodes = urls.split(',').map((url) => connect(url.trim(), database))
  const [first] = nodes
  if (first === undefined) throw new AssayError('config', 'CLICKHOUSE_URL is empty')

  async function run(node: Node, sql: string, params: Params): Promise<void> {
    const inDatabase = !/^\s*(CREATE|DROP) DATABASE/i.test(sql)
    const client = inDatabase ? node.client : node.outside
    try {
      await client.command({ query: sql, query_params: boundParams(sql, params) })
    } catch (cause) {
      throw storeError(cause, node.where)
    }
  }

  async function everywhere(sql: string, params: Params = {}): Promise<void> {
    if (cluster === null || nodes.length > 1) {
      for (const node of nodes) await run(node, sql.replaceAll(ON_EVERY_NODE, ''), params)
      return
    }
    await run(first!, sql.replaceAll(ON_EVERY_NODE, `ON CLUSTER ${identifier(cluster)}`), params)
  }

  async function* blocks(sql: string, params: Params = {}): AsyncGenerator<Block> {
    const node = first!
    const abort = new AbortController()
    let read = false
    try {
      const { stream } = await node.client.exec({
        query: `${sql}\nFORMAT ArrowStream`,
        query_params: boundParams(sql, params),
        abort_signal: abort.signal,
      })
      yield* blocksOf(stream as AsyncIterable<Uint8Array>)
      read = true
    } catch (cause) {
      throw storeError(cause, node.where)
    } finally {
      // An answer that nobody reads on must not hold a connection.
      if (!read) abort.abort()
    }
  }

  async function insert(table: string, batches: AsyncIterable<readonly object[]> | Iterable<readonly object[]>): Promise<number> {
    const node = first!
    let inserted = 0
    for await (const rows of batches) {
      if (rows.length === 0) continue
      try {
        await node.client.insert({ table, values: rows, format: 'JSONEachRow' })
      } catch (cause) {
        throw storeError(cause, node.where)
      }
      inserted += rows.length
    }
    return inserted
  }

  return {
    kind: 'server',
    database,
    cluster,
    command: (sql, params = {}) => run(first, sql, params),
    everywhere,
    insert,
    blocks,
    rows: (sql, params) => rowsOf(blocks(sql, params)),
    async close() {
      for (const node of nodes) await Promise.all([node.client.close(), node.outside.close()])
    },
  }
}

interface Node {
  readonly client: ClickHouseClient
  /** For the statements that make or drop the database itself. */
  readonly outside: ClickHouseClient
  readonly where: string
}

function connect(text: string, database: string): Node {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new AssayError('config', 'CLICKHOUSE_URL is no http(s) URL', { hint: 'It looks like http://user:password@host:8123.' })
  }
  const options = {
    url: url.origin,
    username: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
    request_timeout: 600_000,
    // Failures are thrown; the client's own log would print them twice, query and all.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: SETTINGS,
  }
  return {
    client: createClient({ ...options, database }),
    outside: createClient({ ...options, database: 'default' }),
    where: `ClickHouse at ${withoutCredentials(url.origin)}`,
  }
}
