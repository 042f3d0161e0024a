import type { Kind } from '@assay/shared'
import { versionTable } from './columns.ts'
import type { Driver } from './store.ts'

/** Those of these ids (at most some thousands) whose newest version is kept and is no tombstone. */
export async function livingAmong(driver: Driver, connection: string, kind: Kind, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const newest = `SELECT id, deleted FROM ${versionTable(kind)} WHERE connection = {connection:String} AND id IN {ids:Array(String)}
    ORDER BY id, version DESC, received_at DESC LIMIT 1 BY id`
  const rows = await driver.rows<{ id: string }>(`SELECT id FROM (${newest}) WHERE deleted = 0 ORDER BY id`, { connection, ids: [...ids] })
  return new Set(rows.map(({ id }) => id))
}
