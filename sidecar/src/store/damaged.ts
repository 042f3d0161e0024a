import { AssayError } from '@assay/shared'
import { identifier, literal } from './params.ts'
import type { Driver } from './store.ts'

/** Rows of one table that the engine could not read when it started: it put them aside and goes on without them. */
export interface DamagedPart {
  readonly table: string
  /** The engine's name for it; a cluster has the same one on several nodes. */
  readonly name: string
}

/** What the engine has put aside as broken, by table and name. Empty where this user of a server may not ask. */
export async function damagedParts(driver: Driver): Promise<readonly DamagedPart[]> {
  const { database, cluster } = driver
  const from = cluster === null ? 'system.detached_parts' : `clusterAllReplicas(${literal(cluster)}, system.detached_parts)`
  try {
    return await driver.rows<DamagedPart>(
      `SELECT ${cluster === null ? 'table' : "replaceRegexpOne(table, '_local$', '')"} AS table, assumeNotNull(name) AS name
       FROM ${from} WHERE database = {database:String} AND startsWith(ifNull(reason, ''), 'broken') ORDER BY table, name`,
      { database },
    )
  } catch (error) {
    // Tables of the system may be closed to the user of a server; whoever runs the server looks after its parts.
    if (driver.kind === 'server' && error instanceof AssayError && error.kind === 'config') return []
    throw error
  }
}

/** Deletes what was put aside. On a cluster it stays: which node holds which part is the business of whoever runs it. */
export async function dropDamaged(driver: Driver, parts: readonly DamagedPart[]): Promise<void> {
  if (driver.cluster !== null) return
  for (const { table, name } of parts) {
    await driver.command(`ALTER TABLE ${identifier(table)} DROP DETACHED PART ${literal(name)} SETTINGS allow_drop_detached = 1`)
  }
}
