import type { LiveRecord } from '@assay/shared'
import { fieldHistoryRows, stageHistoryRows } from './deal-history.ts'
import type { ObjectName } from './objects.ts'
import type { Source } from './source.ts'
import { objectOfRecord, surveyOf } from './survey.ts'
import * as to from './to-salesforce.ts'
import type { OrgFacts } from './to-salesforce.ts'
import type { Row } from './values.ts'

/** A short list of hand-made records as an org. Ids are decimal texts. */
export function recordsSource(records: readonly LiveRecord[], facts: OrgFacts, profileId: string): Source {
  const rows = new Map<ObjectName, Row[]>()
  const add = (object: ObjectName, made: readonly Row[]): void => void rows.set(object, [...(rows.get(object) ?? []), ...made])
  const changes = records.filter((record): record is LiveRecord<'dealHistory'> => record.kind === 'dealHistory')
  const names = new Map(
    records.filter((record) => record.kind === 'user').map((user) => [user.id, (user as LiveRecord<'user'>).body.name ?? '']),
  )
  for (const record of records) {
    if (!/^[1-9]\d*$/.test(record.id) && record.kind !== 'dealHistory')
      throw new Error(`Salesforce ids are made of decimal ones: ${record.kind} ${record.id}`)
    const object = objectOfRecord(record)
    if (object === null) continue
    add(object, rowsOf(record, object, facts, profileId, records))
    if (record.kind !== 'deal') continue
    const deal = record as LiveRecord<'deal'>
    const own = changes.filter((change) => change.body.dealId === deal.id).sort((left, right) => left.body.changedAt - right.body.changedAt)
    add('OpportunityHistory', stageHistoryRows(deal, own, facts))
    add(
      'OpportunityFieldHistory',
      fieldHistoryRows(deal, own, facts, (id) => names.get(id) ?? ''),
    )
  }
  for (const list of rows.values()) list.sort((left, right) => (String(left['Id']) < String(right['Id']) ? -1 : 1))
  const survey = surveyOf(records)
  const all = (object: ObjectName): readonly Row[] => rows.get(object) ?? []

  return {
    today: Math.max(0, ...records.map((record) => record.version)),
    currency: facts.currency,
    rates: facts.rates,
    get: (object, id) => all(object).find((row) => row['Id'] === id) ?? null,
    after: (object, id) => all(object).filter((row) => id === null || String(row['Id']) > id),
    modified: () => null,
    below: (object) => all(object),
    count: (object) => all(object).length,
    customFields: () => survey.fields,
    picked: () => survey.picked,
    stages: () => survey.stages,
  }
}

function rowsOf(record: LiveRecord, object: ObjectName, facts: OrgFacts, profileId: string, all: readonly LiveRecord[]): Row[] {
  switch (record.kind) {
    case 'account':
      return [to.accountRow(record as LiveRecord<'account'>, null, facts)]
    case 'contact':
      return [to.contactRow(record as LiveRecord<'contact'>, false, facts)]
    case 'deal': {
      const hasLines = all.some((each) => each.kind === 'lineItem' && (each as LiveRecord<'lineItem'>).body.dealId === record.id)
      return [to.opportunityRow(record as LiveRecord<'deal'>, hasLines, null, facts)]
    }
    case 'lineItem':
      return [to.lineItemRow(record as LiveRecord<'lineItem'>, null, 1, facts)]
    case 'case':
      return [to.caseRow(record as LiveRecord<'case'>, facts)]
    case 'user':
      return [to.userRow(record as LiveRecord<'user'>, facts, profileId)]
    case 'product':
      return [to.productRow(record as LiveRecord<'product'>, facts)]
    case 'activity':
      return [(object === 'Event' ? to.eventRow : to.taskRow)(record as LiveRecord<'activity'>, facts)]
    default:
      return []
  }
}
