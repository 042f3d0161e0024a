import { KINDS, type Kind } from '@assay/shared'
import { versionTable } from './columns.ts'
import type { Driver } from './store.ts'

export interface KindCount {
  readonly kind: Kind
  /** Live records as known today. */
  readonly records: number
  readonly versions: number
  /** Records whose newest version is a tombstone. */
  readonly deleted: number
  /** The newest `knownAt` (epoch ms); null where there is nothing. */
  readonly newest: number | null
}

/** How much there is of each kind; kinds without a row are zero. Reads in the order of the tables: grouped by id, millions of records would not fit into memory. */
export async function counts(driver: Driver, connection: string): Promise<readonly KindCount[]> {
  const texts = KINDS.map(
    (kind) => `SELECT '${kind}' AS kind, sum(live) AS records, sum(kept) AS versions, sum(gone) AS deleted, max(known) AS newest FROM (
    SELECT countIf(deleted = 0) AS live, countIf(deleted = 1) AS gone, 0 AS kept, 0 AS known FROM (
      SELECT deleted FROM ${versionTable(kind)} WHERE connection = {connection:String}
      ORDER BY id, version DESC, received_at DESC LIMIT 1 BY id)
    UNION ALL
    SELECT 0 AS live, 0 AS gone, count() AS kept, toUnixTimestamp64Milli(max(known_at)) AS known
    FROM ${versionTable(kind)} FINAL WHERE connection = {connection:String})`,
  )
  const rows = await driver.rows<KindCount & { newest: number }>(texts.join('\nUNION ALL\n'), { connection })
  const byKind = new Map(rows.map((row) => [row.kind, row.versions === 0 ? { ...row, newest: null } : row]))
  return KINDS.map((kind) => byKind.get(kind) ?? { kind, records: 0, versions: 0, deleted: 0, newest: null })
}
