import type { Kind } from '@assay/shared'
import { versionTable } from './columns.ts'
import type { Driver } from './store.ts'

/** Ids of the records of a kind whose newest version is no tombstone, block by block; memory does not grow with their number. */
export async function* living(driver: Driver, connection: string, kind: Kind): AsyncGenerator<readonly string[]> {
  const newest = `SELECT id, deleted FROM ${versionTable(kind)} WHERE connection = {connection:String}
    ORDER BY id, version DESC, received_at DESC LIMIT 1 BY id`
  for await (const { columns } of driver.blocks(`SELECT id FROM (${newest}) WHERE deleted = 0`, { connection }))
    yield Array.from(columns['id'] ?? [], String)
}
