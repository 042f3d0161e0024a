import type { CrmRecord, RefusedRecord, Seen } from '@assay/shared'
import type { Asked, Instance } from './instance.ts'
import { aboutWhom, accountOf, HOME, isDeleted, modifiedOf, recordOf, type Context } from './map.ts'
import { ACCOUNTS, moduleNamed, STAMP, type ModuleType } from './modules.ts'
import { rowsByIds } from './query.ts'
import { isAssayTask } from './task-id.ts'
import type { WireRecord } from './wire.ts'

export interface Understood {
  readonly records: readonly CrmRecord[]
  readonly refused: readonly RefusedRecord[]
}

/** The accounts of the contacts and deals that these activities are about: SuiteCRM names one parent only. */
const accountsOf = async (instance: Instance, rows: readonly WireRecord[]): Promise<Map<string, string>> => {
  const accounts = new Map<string, string>()
  const about = rows.map(aboutWhom)
  for (const [name, ids] of [
    ['Contacts', about.flatMap(({ contacts }) => contacts)],
    ['Opportunities', about.flatMap(({ deals }) => deals)],
  ] as const) {
    const question = { module: moduleNamed(name), fields: ['id'], links: [ACCOUNTS], deleted: true }
    for (const row of await rowsByIds(instance.client, question, ids)) {
      const account = accountOf(row)
      if (account !== null) accounts.set(row.id, account)
    }
  }
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
    .filter((row) => modifiedOf(row) === null || row.id === '')
    .map((row): RefusedRecord => ({ kind: module.kind, where: `${module.name} ${row.id}`, why: `no date in ${STAMP}, or no id` }))
  const known = rows.filter((row) => modifiedOf(row) !== null && row.id !== '' && !(module.name === 'Tasks' && isAssayTask(row.id)))
  if (known.length === 0) return { records: [], refused }
  // Most companies have one currency: then nobody is asked for others.
  const isForeign =
    module.kind === 'deal' && known.some(({ values: { currency_id: id } }) => typeof id === 'string' && id !== '' && id !== HOME)
  const codes = isForeign ? await instance.currencies() : new Map([[HOME, instance.settings.currency]])
  const { wonStages, lostStages } = instance.settings
  const live = known.filter((row) => !isDeleted(row))
  const context: Context = {
    seen,
    currency: instance.settings.currency,
    codes,
    wonStages: new Set(wonStages),
    lostStages: new Set(lostStages),
    custom: asked.custom,
    accounts: module.kind === 'activity' ? await accountsOf(instance, live) : new Map<string, string>(),
  }
  return { records: known.map((row) => recordOf(module, row, context)), refused }
}
