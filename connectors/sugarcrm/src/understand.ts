import type { CrmRecord, RefusedRecord, Seen } from '@assay/shared'
import { historiesOf } from './history.ts'
import type { Asked, Instance } from './instance.ts'
import { aboutWhom, idOf, isAssayTask, isDeleted, modifiedOf, recordOf, type Context } from './map.ts'
import { STAMP, type ModuleType } from './modules.ts'
import { rowsByIds } from './query.ts'
import type { WireRecord } from './wire.ts'

export interface Understood {
  readonly records: readonly CrmRecord[]
  readonly refused: readonly RefusedRecord[]
}

/** The tasks among these that are Assay's own. Only those that this sign-in made are looked at more closely: a text is nobody's business. */
const ownTasks = async (instance: Instance, rows: readonly WireRecord[]): Promise<Set<string>> => {
  const { id: me } = await instance.me()
  const mine = rows.filter((row) => row['created_by'] === me).map(idOf)
  const found = await rowsByIds(instance.client, { module: 'Tasks', fields: ['id', 'description'] }, mine)
  return new Set(found.filter((row) => isAssayTask(row['description'])).map(idOf))
}

/** The accounts of the contacts and deals that these activities are about: Sugar names one parent only. */
const accountsOf = async (instance: Instance, rows: readonly WireRecord[]): Promise<Map<string, string>> => {
  const accounts = new Map<string, string>()
  const about = rows.map(aboutWhom)
  for (const [module, ids] of [
    ['Contacts', about.flatMap(({ contacts }) => contacts)],
    ['Opportunities', about.flatMap(({ deals }) => deals)],
  ] as const)
    for (const row of await rowsByIds(instance.client, { module, fields: ['id', 'account_id'], deleted: true }, ids))
      if (typeof row['account_id'] === 'string' && row['account_id'] !== '') accounts.set(idOf(row), row['account_id'])
  return accounts
}

/** Rows of one module in our words, with what hangs on them. */
export const understood = async (
  instance: Instance,
  module: ModuleType,
  asked: Asked,
  rows: readonly WireRecord[],
  seen: Seen,
): Promise<Understood> => {
  const refused = rows
    .filter((row) => modifiedOf(row) === null || idOf(row) === '')
    .map((row): RefusedRecord => ({ kind: module.kind, where: `${module.name} ${idOf(row)}`, why: `no date in ${STAMP}, or no id` }))
  const dated = rows.filter((row) => modifiedOf(row) !== null && idOf(row) !== '')
  const live = dated.filter((row) => !isDeleted(row))
  const own = module.name === 'Tasks' ? await ownTasks(instance, live) : new Set<string>()
  const known = dated.filter((row) => !own.has(idOf(row)))
  if (known.length === 0) return { records: [], refused }
  const { home, codes } = await instance.currencies()
  const { wonStages, lostStages } = instance.settings
  const context: Context = {
    seen,
    currency: home,
    codes,
    wonStages: new Set(wonStages),
    lostStages: new Set(lostStages),
    custom: asked.custom,
    accounts: module.kind === 'activity' ? await accountsOf(instance, live) : new Map<string, string>(),
  }
  const records = known.map((row) => recordOf(module, row, context))
  return { records: module.kind === 'deal' ? [...records, ...(await historiesOf(instance, live, context))] : records, refused }
}
