import type { LiveRecord } from '@assay/shared'
import { auditOf } from './audit.ts'
import { worldIdOf } from './ids.ts'
import { modifiedIndex } from './modified-index.ts'
import type { ModuleName } from './modules.ts'
import { USER_IDS } from './people.ts'
import type { Source } from './source.ts'
import { moduleOfRecord, surveyOf } from './survey.ts'
import * as to from './to-sugar.ts'
import type { Facts } from './to-sugar.ts'
import type { Row } from './values.ts'

/** A short list of hand-made records as an instance. Ids are decimal texts. */
export function recordsSource(records: readonly LiveRecord[], enterprise: boolean): Source {
  const facts: Facts = { currency: 'EUR', rates: { EUR: 1, USD: 0.92 }, enterprise }
  const deals = records.filter((record): record is LiveRecord<'deal'> => record.kind === 'deal')
  const changes = records.filter((record): record is LiveRecord<'dealHistory'> => record.kind === 'dealHistory')
  const families = [
    ...new Set(records.flatMap((record) => (record.kind === 'product' ? [(record as LiveRecord<'product'>).body.family] : []))),
  ].filter((family) => family !== null)
  const rows = new Map<ModuleName, Row[]>([
    ['Currencies', to.currencyRows(facts)],
    ['ProductCategories', to.categoryRows(families)],
  ])
  for (const record of records) {
    const module = moduleOfRecord(record)
    if (module === null) continue
    if (!/^[1-9]\d*$/.test(record.id)) throw new Error(`Sugar ids are made of decimal ones: ${record.kind} ${record.id}`)
    const list = rows.get(module) ?? []
    rows.set(module, list)
    list.push(rowOf(record, deals, families, facts))
  }
  for (const list of rows.values()) list.sort((left, right) => (String(left['id']) < String(right['id']) ? -1 : 1))
  const survey = surveyOf(records)
  const all = (module: ModuleName): readonly Row[] => rows.get(module) ?? []
  const index = modifiedIndex([...rows].flatMap(([module, list]) => list.map((row) => [module, row] as const)))

  return {
    facts,
    get: (module, id) => all(module).find((row) => row['id'] === id) ?? null,
    after: (module, id) => all(module).filter((row) => id === null || String(row['id']) > id),
    modified: (module, from, until, backwards) => index.between(module, from, until, backwards),
    below: (module) => all(module),
    count: (module) => all(module).length,
    audit(id) {
      const deal = deals.find((each) => each.id === worldIdOf(id))
      if (deal === undefined) return []
      const own = changes
        .filter((change) => change.body.dealId === deal.id)
        .sort((left, right) => left.body.changedAt - right.body.changedAt)
      return auditOf(own, deal.body.createdAt ?? deal.knownAt, enterprise, USER_IDS.admin)
    },
    customFields: () => survey.fields,
    picked: () => survey.picked,
  }
}

function rowOf(record: LiveRecord, deals: readonly LiveRecord<'deal'>[], families: readonly string[], facts: Facts): Row {
  switch (record.kind) {
    case 'account':
      return to.accountRow(record as LiveRecord<'account'>)
    case 'contact':
      return to.contactRow(record as LiveRecord<'contact'>)
    case 'lead':
      return to.leadRow(record as LiveRecord<'lead'>)
    case 'deal':
      return to.opportunityRow(record as LiveRecord<'deal'>, facts)
    case 'lineItem': {
      const line = record as LiveRecord<'lineItem'>
      return to.lineItemRow(line, deals.find((deal) => deal.id === line.body.dealId) ?? null, facts)
    }
    case 'product':
      return to.productRow(record as LiveRecord<'product'>, families, facts)
    case 'activity':
      return to.activityRow(record as LiveRecord<'activity'>)
    case 'case':
      return to.caseRow(record as LiveRecord<'case'>)
    case 'campaign':
      return to.campaignRow(record as LiveRecord<'campaign'>)
    case 'user':
      return to.userRow(record as LiveRecord<'user'>)
    default:
      throw new Error(`no module for ${record.kind}`)
  }
}
