import { AssayError, KINDS } from '@assay/shared'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import { versionTable } from '../../store/columns.ts'
import { type DamagedPart, damagedParts, dropDamaged } from '../../store/damaged.ts'
import { SCORES_DECISION } from './scores.ts'

/** How many parts of a table the store lost. */
export interface Damage {
  readonly table: string
  readonly parts: number
}

/** Damage that the connection is being read anew for, and damage that it was read anew for. */
const RESTORING_DECISION = 'restoring'
const RESTORED_DECISION = 'restored'
const SCORES = 'score_log'
/** Tables whose rows cannot be worked out from others. */
const LASTING: ReadonlySet<string> = new Set([...KINDS.map(versionTable), SCORES, 'published_log'])

const nameOf = ({ table, name }: DamagedPart): string => `${table}/${name}`

async function standing(app: App, connection: Connection): Promise<readonly DamagedPart[]> {
  const dealtWith = new Set((await app.control.decisions.get<readonly string[]>(connection.id, RESTORED_DECISION)) ?? [])
  return (await damagedParts(app.store.driver)).filter((part) => LASTING.has(part.table) && !dealtWith.has(nameOf(part)))
}

/** What the store lost and this connection was not read anew for, by table. */
export async function damageOf(app: App, connection: Connection): Promise<readonly Damage[]> {
  const parts = new Map<string, number>()
  for (const { table } of await standing(app, connection)) parts.set(table, (parts.get(table) ?? 0) + 1)
  return [...parts].map(([table, count]) => ({ table, parts: count }))
}

/** What is missing, and what to do about it. */
export const damageWords = (damage: readonly Damage[]): { readonly what: string; readonly hint: string } => ({
  what: `Files of the store are damaged, and what they held is missing: ${damage
    .map(({ table, parts }) => `${parts} ${parts === 1 ? 'part' : 'parts'} of ${table}`)
    .join(', ')}.`,
  hint: 'Read everything anew: assay sync --full. Until then nothing is mined, published or alerted, because customers who are missing would lose their scores.',
})

/** Throws an AssayError (`config`) while the store lacks what it had: customers who are missing in it are not gone. */
export async function requireWhole(app: App, connection: Connection): Promise<void> {
  const damage = await damageOf(app, connection)
  if (damage.length === 0) return
  const { what, hint } = damageWords(damage)
  throw new AssayError('config', what, { hint })
}

/** Remembers that everything is being read anew from here on; `restored` says when that is done, also in a later sync. */
export async function restoring(app: App, connection: Connection): Promise<void> {
  const names = (await damagedParts(app.store.driver)).map(nameOf)
  if (names.length > 0) await app.control.decisions.set(connection.id, RESTORING_DECISION, names, 'sync')
}

/**
 * After a whole sync: where it finished reading anew, the damage is dealt with for this connection, and once it is for all of them,
 * what was put aside is deleted. Scores that were lost are made anew: what is left of them must not be published.
 */
export async function restored(app: App, connection: Connection): Promise<void> {
  const { decisions, connections } = app.control
  const names = (await decisions.get<readonly string[]>(connection.id, RESTORING_DECISION)) ?? []
  if (names.length === 0) return
  if ((await standing(app, connection)).some(({ table }) => table === SCORES)) {
    await decisions.set(connection.id, SCORES_DECISION, null, 'sync')
  }
  const before = (await decisions.get<readonly string[]>(connection.id, RESTORED_DECISION)) ?? []
  await decisions.set(connection.id, RESTORED_DECISION, [...new Set([...before, ...names])], 'sync')
  await decisions.set(connection.id, RESTORING_DECISION, null, 'sync')
  const all = await connections.list()
  for (const one of all) if ((await standing(app, one)).length > 0) return
  const { driver } = app.store
  await dropDamaged(driver, await damagedParts(driver))
  // A name that is free again may come back with the next damage.
  if (driver.cluster === null) for (const one of all) await decisions.set(one.id, RESTORED_DECISION, null, 'sync')
}
