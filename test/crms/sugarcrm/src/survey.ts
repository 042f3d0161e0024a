import type { LiveRecord } from '@assay/shared'
import * as f from './fields.ts'
import type { Field } from './fields.ts'
import type { ModuleName } from './modules.ts'
import { activityModule, caseStatus, customName, stageKey } from './to-sugar.ts'

/** What a look at part of a company shows of its own fields and words. */
export interface Survey {
  readonly fields: Partial<Record<ModuleName, readonly Field[]>>
  /** By dropdown list. */
  readonly picked: Readonly<Record<string, readonly string[]>>
}

/** The module a record goes to; null for kinds that have none. */
export function moduleOfRecord(record: LiveRecord): ModuleName | null {
  switch (record.kind) {
    case 'account':
      return 'Accounts'
    case 'contact':
      return 'Contacts'
    case 'lead':
      return 'Leads'
    case 'deal':
      return 'Opportunities'
    case 'lineItem':
      return 'RevenueLineItems'
    case 'product':
      return 'ProductTemplates'
    case 'case':
      return 'Cases'
    case 'campaign':
      return 'Campaigns'
    case 'user':
      return 'Users'
    case 'activity':
      return activityModule((record as LiveRecord<'activity'>).body.type)
    default:
      return null
  }
}

export function surveyOf(records: Iterable<LiveRecord>): Survey {
  const fields = new Map<ModuleName, Map<string, Field>>()
  const picked = new Map<string, Set<string>>()
  const pick = (list: string, value: string | null): void => {
    if (value !== null) picked.set(list, (picked.get(list) ?? new Set()).add(value))
  }
  for (const record of records) {
    pickFrom(record, pick)
    const module = moduleOfRecord(record)
    if (module === null) continue
    const own = fields.get(module) ?? new Map<string, Field>()
    fields.set(module, own)
    for (const [title, value] of Object.entries(record.attributes)) {
      const name = customName(title)
      if (value === null || own.has(name)) continue
      const extra = { source: 'custom_fields', label: title } as const
      if (typeof value === 'number') own.set(name, f.decimal(name, 18, 4, extra))
      else if (typeof value === 'boolean') own.set(name, f.flag(name, extra))
      else own.set(name, f.text(name, 255, extra))
    }
  }
  return {
    fields: Object.fromEntries([...fields].map(([module, own]) => [module, [...own.values()]])),
    picked: Object.fromEntries([...picked].map(([list, values]) => [list, [...values].sort()])),
  }
}

function pickFrom(record: LiveRecord, pick: (list: string, value: string | null) => void): void {
  if (record.kind === 'account') {
    const { body } = record as LiveRecord<'account'>
    pick('account_type_dom', body.type)
    pick('industry_dom', body.industry)
  } else if (record.kind === 'deal') {
    const { body } = record as LiveRecord<'deal'>
    pick('opportunity_type_dom', body.type)
    pick('sales_stage_dom', stageKey(body.stage, body.isClosed, body.isWon))
  } else if (record.kind === 'case') {
    const { body } = record as LiveRecord<'case'>
    pick('case_type_dom', body.category)
    pick('case_priority_dom', body.priority)
    pick('case_status_dom', caseStatus(body.status))
  } else if (record.kind === 'lead') {
    const { body } = record as LiveRecord<'lead'>
    pick('lead_source_dom', body.source)
    pick('lead_status_dom', body.status)
  } else if (record.kind === 'campaign') pick('campaign_type_dom', (record as LiveRecord<'campaign'>).body.type)
  else if (record.kind === 'dealHistory') {
    const { field, value, isClosed, isWon } = (record as LiveRecord<'dealHistory'>).body
    if (field === 'stage') pick('sales_stage_dom', stageKey(value, isClosed, isWon))
  }
}
