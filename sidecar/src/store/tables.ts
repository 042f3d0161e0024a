import { columnsOf, type ColumnType } from './columns.ts'
import { identifier, literal } from './params.ts'
import { ON_EVERY_NODE } from './store.ts'

export const COLUMN_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'Nullable(String)',
  word: 'LowCardinality(Nullable(String))',
  number: 'Nullable(Float64)',
  flag: 'Nullable(UInt8)',
  instant: "Nullable(DateTime64(3, 'UTC'))",
}

interface TableShape {
  readonly name: string
  readonly columns: readonly string[]
  readonly orderBy: string
  /** All rows of one sorting key must meet on one shard. */
  readonly shardBy: string
}
/** Kept for good. */
interface LastingTable extends TableShape {
  /** Of rows with the same sorting key the one with the greatest value of this column stays. */
  readonly newestBy: string
}
/** Holds what can be worked out again at any time. */
interface PassingTable extends TableShape {
  /** All rows with one value of this column come and go together. */
  readonly passing: string
}
export type Table = LastingTable | PassingTable

/** All versions of the records of one kind. Two rows collapse only when they are the very same version. */
export const versions = (kind: Parameters<typeof columnsOf>[0], name: string): LastingTable => ({
  name,
  columns: [
    'connection LowCardinality(String)',
    'id String',
    'version UInt64',
    "known_at DateTime64(3, 'UTC')",
    'deleted UInt8',
    'merged_into Nullable(String)',
    "received_at DateTime64(3, 'UTC')",
    ...columnsOf(kind).map((column) => `${column.name} ${COLUMN_TYPES[column.type]}`),
    'attributes Map(LowCardinality(String), Nullable(String))',
  ],
  orderBy: 'connection, id, version',
  newestBy: 'received_at',
  shardBy: 'cityHash64(connection, id)',
})

/** The name under which the rows themselves lie: where there is a cluster, `name` is the `Distributed` table over these. */
export const localName = (table: string, cluster: string | null): string => (cluster === null ? table : `${table}_local`)

/** Parts of a lasting table reach the disk before an insert is acknowledged: a power failure loses nothing that `append` returned from. */
const engineOf = (table: Table): string =>
  'passing' in table
    ? `MergeTree PARTITION BY ${table.passing} ORDER BY (${table.orderBy})`
    : `ReplacingMergeTree(${table.newestBy}) ORDER BY (${table.orderBy})
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`

/** Statements that make a table in either layout; harmless where it exists already. */
export function tableStatements(table: Table, database: string, cluster: string | null): readonly string[] {
  const columns = table.columns.map((column) => `  ${column}`).join(',\n')
  const local = localName(table.name, cluster)
  const rows = `CREATE TABLE IF NOT EXISTS ${identifier(local)} ${ON_EVERY_NODE} (
${columns}
) ENGINE = ${engineOf(table)}`
  if (cluster === null) return [rows]
  const parts = [cluster, database, local].map(literal).join(', ')
  return [
    rows,
    `CREATE TABLE IF NOT EXISTS ${identifier(table.name)} ${ON_EVERY_NODE} AS ${identifier(local)} ENGINE = Distributed(${parts}, ${table.shardBy})`,
  ]
}
