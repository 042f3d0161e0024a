import type { LiveRecord } from '@assay/shared'
import { idOf, salesforceId } from './ids.ts'
import { OBJECTS } from './objects.ts'
import { forecastOf, probabilityOf, type OrgFacts, type Stage } from './to-salesforce.ts'
import { dateText, wholeSecond, type Row, type Value } from './values.ts'

type Change = LiveRecord<'dealHistory'>
type Named = Change['body']['field']

/** A deal's history has its own ids below the deal's: room for as many changes as a deal ever has. */
const ROWS_PER_DEAL = 1024
const historyId = (prefix: string, dealId: string, position: number): string => idOf(prefix, Number(dealId) * ROWS_PER_DEAL + position)

const FIELDS: Readonly<Record<Named, { readonly name: string; readonly type: string }>> = {
  stage: { name: 'StageName', type: 'Text' },
  amount: { name: 'Amount', type: 'Currency' },
  closedAt: { name: 'CloseDate', type: 'DateOnly' },
  ownerId: { name: 'Owner', type: 'EntityId' },
}

function valueOf(field: Named, value: string | null): Value {
  if (value === null) return null
  if (field === 'amount') return Number(value)
  if (field === 'closedAt') return dateText(Date.parse(value))
  return field === 'ownerId' ? salesforceId('User', value) : value
}

/**
 * Field history: one row for the creation, then one for each change with the value before and after. What a field held from the beginning is
 * no change: it is the old value of the first one. A change of owner is written twice, with the names and with the ids.
 */
export function fieldHistoryRows(
  deal: LiveRecord<'deal'>,
  changes: readonly Change[],
  facts: OrgFacts,
  nameOf: (userId: string) => string,
): Row[] {
  const opportunityId = salesforceId('Opportunity', deal.id)
  const createdAt = wholeSecond(deal.body.createdAt ?? deal.knownAt)
  const rows: Row[] = []
  const add = (at: number, field: string, type: string, before: Value, after: Value): void => {
    rows.push({
      Id: historyId(OBJECTS.OpportunityFieldHistory.prefix, deal.id, rows.length),
      IsDeleted: false,
      OpportunityId: opportunityId,
      CreatedById: facts.adminId,
      CreatedDate: at,
      Field: field,
      DataType: type,
      OldValue: before,
      NewValue: after,
    })
  }
  add(createdAt, 'created', 'Text', null, null)
  const last = new Map<Named, { readonly value: Value; readonly text: string | null }>()
  for (const { body } of changes) {
    const { name, type } = FIELDS[body.field]
    const value = valueOf(body.field, body.value)
    const before = last.get(body.field)
    const at = wholeSecond(body.changedAt)
    last.set(body.field, { value, text: body.value })
    if (at <= createdAt || (before?.value ?? null) === value) continue
    if (body.field === 'ownerId')
      add(at, name, 'Text', before?.text == null ? null : nameOf(before.text), body.value === null ? null : nameOf(body.value))
    add(at, name, type, before?.value ?? null, value)
  }
  return rows
}

/** History: what stage, amount and close date were after the creation and after each change of one of them. */
export function stageHistoryRows(deal: LiveRecord<'deal'>, changes: readonly Change[], facts: OrgFacts): Row[] {
  const createdAt = wholeSecond(deal.body.createdAt ?? deal.knownAt)
  const now: { stage: Value; amount: Value; closedAt: Value; meaning: Stage } = {
    stage: null,
    amount: null,
    closedAt: null,
    meaning: { isClosed: false, isWon: false },
  }
  const rows: Row[] = []
  const add = (at: number): void => {
    const probability = probabilityOf(now.meaning)
    rows.push({
      Id: historyId(OBJECTS.OpportunityHistory.prefix, deal.id, rows.length),
      OpportunityId: salesforceId('Opportunity', deal.id),
      CreatedById: facts.adminId,
      CreatedDate: at,
      SystemModstamp: at,
      StageName: now.stage,
      Amount: now.amount,
      ExpectedRevenue: typeof now.amount === 'number' ? (now.amount * probability) / 100 : null,
      CloseDate: now.closedAt,
      Probability: probability,
      ForecastCategory: forecastOf(now.meaning),
      CurrencyIsoCode: deal.body.currency ?? facts.currency,
      IsDeleted: false,
    })
  }
  let pending: number | null = null
  for (const { body } of changes) {
    if (body.field === 'ownerId') continue
    const at = Math.max(createdAt, wholeSecond(body.changedAt))
    if (pending !== null && at > pending) add(pending)
    pending = at
    now[body.field] = valueOf(body.field, body.value)
    if (body.field === 'stage') now.meaning = { isClosed: body.isClosed === true, isWon: body.isWon === true }
  }
  if (pending !== null) add(pending)
  return rows
}
