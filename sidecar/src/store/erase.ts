import { KINDS, type Kind, type ScoreObject } from '@assay/shared'
import { versionTable } from './columns.ts'
import { ON_EVERY_NODE } from './store.ts'
import type { Driver, Params } from './store.ts'
import { localName } from './tables.ts'
import { identifier } from './params.ts'

/** What hangs on a record by id and has no meaning, or no right to stay, without it. */
const DEPENDENTS: Readonly<Partial<Record<Kind, readonly { kind: Kind; by: string; unless?: string }[]>>> = {
  account: [
    { kind: 'deal', by: 'account_id' },
    { kind: 'activity', by: 'account_id' },
    { kind: 'case', by: 'account_id' },
    { kind: 'subscription', by: 'account_id' },
  ],
  // What belongs to a company stays with the company; what a person bought as a person goes with the person.
  contact: [
    { kind: 'deal', by: 'contact_id', unless: 'account_id IS NOT NULL' },
    { kind: 'case', by: 'contact_id' },
    { kind: 'subscription', by: 'contact_id', unless: 'account_id IS NOT NULL' },
    { kind: 'activity', by: 'contact_id' },
    { kind: 'campaignMember', by: 'contact_id' },
  ],
  lead: [{ kind: 'campaignMember', by: 'lead_id' }],
  campaign: [{ kind: 'campaignMember', by: 'campaign_id' }],
  deal: [
    { kind: 'dealHistory', by: 'deal_id' },
    { kind: 'lineItem', by: 'deal_id' },
  ],
}
const SCORED: readonly Kind[] = ['account', 'contact', 'deal'] satisfies readonly ScoreObject[]
/** Ids of one round: a list that fits into a statement. */
const ROUND = 1000

/**
 * Forgets one record, the records merged into it and what hangs on them, in every version. Returns rows removed by table.
 * Dependents go first and the record last, so that a call that was killed can be made again and finds the rest.
 */
export async function erase(driver: Driver, connection: string, kind: Kind, id: string): Promise<Record<string, number>> {
  const removed: Record<string, number> = {}
  await eraseAll(driver, connection, kind, await withMerged(driver, connection, kind, [id]), removed)
  return removed
}

async function eraseAll(driver: Driver, connection: string, kind: Kind, ids: readonly string[], removed: Record<string, number>) {
  for (let start = 0; start < ids.length; start += ROUND) {
    const round = ids.slice(start, start + ROUND)
    const params = { connection, ids: round, object: kind }
    for (const { kind: dependent, by, unless } of DEPENDENTS[kind] ?? []) {
      const found = await driver.rows<{ id: string }>(
        `SELECT DISTINCT id FROM ${versionTable(dependent)} WHERE connection = {connection:String} AND ${by} IN ({ids:Array(String)})${unless === undefined ? '' : ` AND NOT (${unless})`} ORDER BY id`,
        params,
      )
      await eraseAll(
        driver,
        connection,
        dependent,
        found.map((row) => row.id),
        removed,
      )
    }
    for (const table of SCORED.includes(kind) ? ['score_log', 'published_log'] : []) {
      await remove(
        driver,
        table,
        'connection = {connection:String} AND object = {object:String} AND id IN ({ids:Array(String)})',
        params,
        removed,
      )
    }
    await remove(driver, versionTable(kind), 'connection = {connection:String} AND id IN ({ids:Array(String)})', params, removed)
  }
}

/** The same record under the ids that it had before merges. */
async function withMerged(driver: Driver, connection: string, kind: Kind, ids: readonly string[]): Promise<readonly string[]> {
  const all = new Set(ids)
  for (let fresh = [...ids]; fresh.length > 0;) {
    const found = await driver.rows<{ id: string }>(
      `SELECT DISTINCT id FROM ${versionTable(kind)} WHERE connection = {connection:String} AND merged_into IN ({ids:Array(String)}) ORDER BY id`,
      { connection, ids: fresh },
    )
    fresh = found.map((row) => row.id).filter((id) => !all.has(id))
    for (const id of fresh) all.add(id)
  }
  return [...all]
}

/** Forgets all rows of a connection. */
export async function eraseConnection(driver: Driver, connection: string): Promise<void> {
  for (const table of [...KINDS.map(versionTable), 'score_log', 'published_log']) {
    await remove(driver, table, 'connection = {connection:String}', { connection }, {})
  }
}

/** Forgets what was ever written to the CRM of a connection: its fields are gone, so nothing stands there. */
export const erasePublished = (driver: Driver, connection: string): Promise<void> =>
  remove(driver, 'published_log', 'connection = {connection:String}', { connection }, {})

/** Rewrites the parts without those rows, on every shard, before it returns; rows that are merely marked would still lie on the disk. */
async function remove(driver: Driver, table: string, where: string, params: Params, removed: Record<string, number>): Promise<void> {
  const [count] = await driver.rows<{ rows: number }>(`SELECT count() AS rows FROM ${table} WHERE ${where}`, params)
  if (count === undefined || count.rows === 0) return
  await driver.everywhere(`ALTER TABLE ${identifier(localName(table, driver.cluster))} ${ON_EVERY_NODE} DELETE WHERE ${where}`, params)
  removed[table] = (removed[table] ?? 0) + count.rows
}
