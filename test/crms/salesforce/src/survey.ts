import type { LiveRecord } from '@assay/shared'
import { sampleOf } from '@assay/stand-in'
import type { World } from '@assay/worlds'
import * as f from './fields.ts'
import type { Field } from './fields.ts'
import type { ObjectName } from './objects.ts'
import { activityObject, customName, type Stage } from './to-salesforce.ts'

/** What a look at part of a company shows of its own fields, words and stages. */
export interface Survey {
  readonly fields: Partial<Record<ObjectName, readonly Field[]>>
  readonly picked: Readonly<Record<string, readonly string[]>>
  readonly stages: ReadonlyMap<string, Stage>
}

/** The object a record becomes; null for kinds that have none. */
export function objectOfRecord(record: LiveRecord): ObjectName | null {
  switch (record.kind) {
    case 'account':
      return 'Account'
    case 'contact':
      return 'Contact'
    case 'deal':
      return 'Opportunity'
    case 'lineItem':
      return 'OpportunityLineItem'
    case 'product':
      return 'Product2'
    case 'case':
      return 'Case'
    case 'user':
      return 'User'
    case 'activity':
      return activityObject((record as LiveRecord<'activity'>).body.type)
    default:
      return null
  }
}

export function surveyed(world: World): Survey {
  return surveyOf(sampleOf(world))
}

export function surveyOf(records: Iterable<LiveRecord>): Survey {
  const fields = new Map<ObjectName, Map<string, Field>>()
  const picked = new Map<string, Set<string>>()
  const stages = new Map<string, Stage>()
  const pick = (name: string, value: string | null): void => {
    if (value === null) return
    const values = picked.get(name) ?? new Set()
    picked.set(name, values.add(value))
  }
  for (const record of records) {
    if (record.kind === 'dealHistory') {
      const { field, value, isClosed, isWon } = (record as LiveRecord<'dealHistory'>).body
      if (field === 'stage' && value !== null) stages.set(value, { isClosed: isClosed === true, isWon: isWon === true })
    }
    const object = objectOfRecord(record)
    if (object === null) continue
    const own = fields.get(object) ?? new Map<string, Field>()
    fields.set(object, own)
    for (const [title, value] of Object.entries(record.attributes)) {
      const name = customName(title)
      if (own.has(name) || value === null) continue
      const extra = { custom: true, label: title }
      if (typeof value === 'number') own.set(name, f.number(name, 18, 4, extra))
      else if (typeof value === 'boolean') own.set(name, f.flag(name, extra))
      else own.set(name, f.text(name, 255, extra))
    }
    if (record.kind === 'account') {
      const { body } = record as LiveRecord<'account'>
      pick('Account.Type', body.type)
      pick('Account.Industry', body.industry)
    } else if (record.kind === 'deal') {
      const { body } = record as LiveRecord<'deal'>
      pick('Opportunity.Type', body.type)
      if (body.stage !== null) stages.set(body.stage, { isClosed: body.isClosed === true, isWon: body.isWon === true })
    } else if (record.kind === 'case') {
      const { body } = record as LiveRecord<'case'>
      pick('Case.Type', body.category)
      pick('Case.Priority', body.priority)
      pick('Case.Status', body.status)
    } else if (record.kind === 'product') pick('Product2.Family', (record as LiveRecord<'product'>).body.family)
  }
  return {
    fields: Object.fromEntries([...fields].map(([object, own]) => [object, [...own.values()]])),
    picked: Object.fromEntries([...picked].map(([name, values]) => [name, [...values].sort()])),
    stages,
  }
}
