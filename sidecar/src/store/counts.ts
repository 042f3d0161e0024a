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

/** How much there is of each kind; kinds without a row are zero. */
export async function counts(driver: Driver, connection: string): Promise<readonly KindCount[]> {
  const texts = KINDS.map(
    (
      kind,
    ) => `SELECT '${kind}' AS kind, countIf(gone = 0) AS records, sum(kept) AS versions, countIf(gone = 1) AS deleted, max(newest) AS newest
    FROM (SELECT id, argMax(deleted, (version, received_at)) AS gone, uniqExact(version) AS kept, toUnixTimestamp64Milli(max(known_at)) AS newest
      FROM ${versionTable(kind)} WHERE connection = {connection:String} GROUP BY id)`,
  )
  const rows = await driver.rows<KindCount & { newest: number }>(texts.join('\nUNION ALL\n'), { connection })
  const byKind = new Map(rows.map((row) => [row.kind, row.versions === 0 ? { ...row, newest: null } : row]))
  return KINDS.map((kind) => byKind.get(kind) ?? { kind, records: 0, versions: 0, deleted: 0, newest: null })
}
