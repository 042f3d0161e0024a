import type { CrmRecord, Kind, ScoreObject } from '@assay/shared'

/** Values bound as `{name:Type}` in the SQL text. Instants are passed as ClickHouse DateTime64(3) text or epoch ms numbers. */
export type Params = Readonly<Record<string, string | number | boolean | readonly string[]>>

/**
 * Some rows of an answer, as columns. Every numeric, boolean or date-time column arrives as a Float64Array (NaN is NULL; instants
 * as epoch ms; 64-bit integers as numbers), every other as strings (null is NULL). Never row objects.
 */
export interface Block {
  readonly size: number
  readonly columns: Readonly<Record<string, Float64Array | readonly (string | null)[]>>
}

/** Stands in a statement where a cluster wants to read `ON CLUSTER …`; see `Driver.everywhere`. */
export const ON_EVERY_NODE = '/*ON EVERY NODE*/'

/**
 * One ClickHouse, in process or by URL, on one node or on shards. Two implementations; the same SQL. `database` is the
 * organisation's own: unqualified table names mean that one.
 */
export interface Driver {
  readonly kind: 'embedded' | 'server'
  readonly database: string
  /** The cluster's name, or null. With one, the migrations make a local table on every shard and a `Distributed` one over them. */
  readonly cluster: string | null
  command(sql: string, params?: Params): Promise<void>
  /** Runs a statement on every node of the cluster: through `ON CLUSTER` (at ON_EVERY_NODE), or node by node where their URLs are known. */
  everywhere(sql: string, params?: Params): Promise<void>
  /** Streams rows in, batch by batch, each acknowledged before the next is drawn. Resolves when all are durable. */
  insert(table: string, batches: AsyncIterable<readonly object[]> | Iterable<readonly object[]>): Promise<number>
  /** Streams an answer out with back-pressure; memory does not grow with the number of rows. */
  blocks(sql: string, params?: Params): AsyncIterable<Block>
  /** A small answer, whole. */
  rows<T>(sql: string, params?: Params): Promise<T[]>
  close(): Promise<void>
}

/** One score as it was computed: the log of everything Assay ever said, so that it can be held against what happened. */
export interface ScoreEntry {
  readonly object: ScoreObject
  readonly id: string
  readonly miner: string
  readonly model: string
  readonly run: string
  /** What was known when it was made (epoch ms). */
  readonly asOf: number
  readonly scoredAt: number
  /** Field name to text ('' never stands for null: a missing key does). */
  readonly fields: Readonly<Record<string, string>>
  /** Calibrated probability where that miner gives one. */
  readonly probability: number | null
  /** JSON of the signs, or of the facts where there is no score. */
  readonly signs: string
  /** Why there is no score; null where there is. */
  readonly unscored: string | null
}

/** What the CRM acknowledged for one record: all fields that Assay believes to stand there now. */
export interface PublishedEntry {
  readonly object: ScoreObject
  readonly id: string
  readonly run: string
  readonly writtenAt: number
  readonly fields: Readonly<Record<string, string>>
}

/** The mining store of one organisation: every version of every record it was shown, and the scores. */
export interface Store {
  readonly driver: Driver
  /** Brings the database to the newest numbered migration; safe to call always, refuses a database from the future. */
  migrate(): Promise<void>
  /** Keeps these versions. Idempotent: the same (connection, kind, id, version) again replaces itself. Durable on return. */
  append(connection: string, records: readonly CrmRecord[]): Promise<void>
  /** How much there is, per kind, as known today. */
  counts(connection: string): Promise<readonly { kind: Kind; records: number; versions: number; deleted: number; newest: number | null }[]>
  /** Ids of the records of a kind that live, as far as is known, in blocks. */
  living(connection: string, kind: Kind): AsyncIterable<readonly string[]>
  logScores(connection: string, entries: readonly ScoreEntry[]): Promise<void>
  logPublished(connection: string, entries: readonly PublishedEntry[]): Promise<void>
  /** Forgets one record everywhere in this store: versions, scores, what was published; and what hangs on it by id. Returns rows removed by table. */
  erase(connection: string, kind: Kind, id: string): Promise<Readonly<Record<string, number>>>
  /** Forgets a whole connection. */
  eraseConnection(connection: string): Promise<void>
  /** Drops the organisation's database. */
  drop(): Promise<void>
  close(): Promise<void>
}
