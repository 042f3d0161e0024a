import type { LiveRecord, Tombstone } from '@assay/shared'
import { conversionRate, firstName, lastName } from '@assay/stand-in'
import { idOf, sugarId } from './ids.ts'
import { LINKED_CONTACT, type ModuleName } from './modules.ts'
import { USER_IDS } from './people.ts'
import { dateText, wholeSecond, type Row, type Value } from './values.ts'

/** A record of the world as a row of Sugar: our words → Sugar's fields. Pure. */

/** What a row needs to know of the company. */
export interface Facts {
  readonly currency: string
  /** One unit of that currency in home currency. */
  readonly rates: Readonly<Record<string, number>>
  /** Opportunities are sums of revenue line items. */
  readonly enterprise: boolean
}

export const BASE_CURRENCY = '-99'

const id = (module: ModuleName, worldId: string | null): string | null => (worldId === null ? null : sugarId(module, worldId))
const day = (at: number | null): string | null => (at === null ? null : dateText(at))
const instant = (at: number | null): number | null => (at === null ? null : wholeSecond(at))
const text = (value: number | null): string | null => (value === null ? null : String(value))

const currencyOf = (currency: string | null, facts: Facts): Record<string, Value> => {
  const code = currency ?? facts.currency
  if (code === facts.currency) return { currency_id: BASE_CURRENCY, base_rate: 1 }
  const position = Object.keys(facts.rates).indexOf(code)
  return { currency_id: idOf('Currencies', position), base_rate: conversionRate(facts.rates[code] ?? 1) }
}

export const currencyRows = (facts: Facts): Row[] =>
  Object.entries(facts.rates)
    .map(([code, rate], position) => ({ code, rate, position }))
    .filter(({ code }) => code !== facts.currency)
    .map(({ code, rate, position }) => ({
      id: idOf('Currencies', position),
      name: code,
      symbol: code,
      iso4217: code,
      conversion_rate: conversionRate(rate),
      status: 'Active',
      deleted: false,
      date_entered: 0,
      date_modified: 0,
      created_by: USER_IDS.admin,
      modified_user_id: USER_IDS.admin,
    }))

function stamps(record: LiveRecord, createdAt: number | null): Record<string, Value> {
  const created = wholeSecond(createdAt ?? record.knownAt)
  return {
    deleted: false,
    date_entered: created,
    date_modified: Math.max(created, wholeSecond(record.version)),
    created_by: USER_IDS.admin,
    modified_user_id: USER_IDS.admin,
  }
}

/** `Cancellation reason` → `cancellation_reason_c`. */
export const customName = (title: string): string =>
  `${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')}_c`

const attributes = (record: LiveRecord): Record<string, Value> =>
  Object.fromEntries(Object.entries(record.attributes).map(([title, value]) => [customName(title), value]))

export function accountRow(record: LiveRecord<'account'>): Row {
  const { body } = record
  return {
    id: sugarId('Accounts', record.id),
    name: body.name,
    account_type: body.type,
    industry: body.industry,
    annual_revenue: text(body.annualRevenue),
    employees: text(body.employees),
    website: body.domain === null ? null : `http://${body.domain}`,
    billing_address_country: body.country,
    billing_address_city: body.city,
    parent_id: id('Accounts', body.parentId),
    assigned_user_id: id('Users', body.ownerId),
    ...attributes(record),
    ...stamps(record, body.createdAt),
  }
}

export function contactRow(record: LiveRecord<'contact'>): Row {
  const { body } = record
  const name = body.name ?? ''
  return {
    id: sugarId('Contacts', record.id),
    first_name: firstName(name),
    last_name: lastName(name),
    title: body.title,
    email1: body.email,
    primary_address_country: body.country,
    account_id: id('Accounts', body.accountId),
    assigned_user_id: id('Users', body.ownerId),
    do_not_call: false,
    ...attributes(record),
    ...stamps(record, body.createdAt),
  }
}

export function leadRow(record: LiveRecord<'lead'>): Row {
  const { body } = record
  const name = body.name ?? ''
  return {
    id: sugarId('Leads', record.id),
    first_name: firstName(name),
    last_name: lastName(name),
    account_name: body.company,
    lead_source: body.source,
    status: body.status,
    converted: body.convertedAt !== null,
    account_id: id('Accounts', body.accountId),
    contact_id: id('Contacts', body.contactId),
    assigned_user_id: id('Users', body.ownerId),
    ...attributes(record),
    ...stamps(record, body.createdAt),
  }
}

/** Won and lost have fixed keys in Sugar's forecasts; all other stages keep the company's own. */
export const stageKey = (stage: string | null, isClosed: boolean | null, isWon: boolean | null): string | null =>
  isWon === true ? 'Closed Won' : isClosed === true ? 'Closed Lost' : stage

export const statusOfStage = (stage: Value): string =>
  stage === 'Closed Won' || stage === 'Closed Lost' ? stage : stage === null || stage === 'Prospecting' ? 'New' : 'In Progress'

const probabilityOf = (stage: string | null): number => (stage === 'Closed Won' ? 100 : stage === 'Closed Lost' ? 0 : 50)

export function opportunityRow(record: LiveRecord<'deal'>, facts: Facts): Row {
  const { body } = record
  const stage = stageKey(body.stage, body.isClosed, body.isWon)
  return {
    id: sugarId('Opportunities', record.id),
    name: body.name,
    account_id: id('Accounts', body.accountId),
    [LINKED_CONTACT]: id('Contacts', body.contactId),
    assigned_user_id: id('Users', body.ownerId),
    amount: body.amount,
    best_case: body.amount,
    worst_case: body.amount,
    ...currencyOf(body.currency, facts),
    date_closed: day(body.closedAt),
    date_closed_timestamp: body.closedAt === null ? null : Math.floor(Date.parse(dateText(body.closedAt)) / 1000),
    sales_stage: stage,
    ...(facts.enterprise ? { sales_status: statusOfStage(stage) } : {}),
    probability: probabilityOf(stage),
    opportunity_type: body.type,
    ...attributes(record),
    ...stamps(record, body.createdAt),
  }
}

/** `deal`: whose stage, close date and account its lines share. */
export function lineItemRow(record: LiveRecord<'lineItem'>, deal: LiveRecord<'deal'> | null, facts: Facts): Row {
  const { body } = record
  const stage = deal === null ? null : stageKey(deal.body.stage, deal.body.isClosed, deal.body.isWon)
  return {
    id: sugarId('RevenueLineItems', record.id),
    name: body.name,
    opportunity_id: id('Opportunities', body.dealId),
    account_id: id('Accounts', deal?.body.accountId ?? null),
    assigned_user_id: id('Users', deal?.body.ownerId ?? null),
    product_template_id: id('ProductTemplates', body.productId),
    mft_part_num: body.sku,
    quantity: body.quantity,
    discount_price: body.unitPrice,
    list_price: body.unitPrice,
    total_amount: body.amount,
    likely_case: body.amount,
    best_case: body.amount,
    worst_case: body.amount,
    ...currencyOf(body.currency, facts),
    sales_stage: stage,
    date_closed: day(deal?.body.closedAt ?? null),
    probability: probabilityOf(stage),
    ...attributes(record),
    ...stamps(record, body.createdAt),
  }
}

/** A product's family is its category. `families`: all of them, in the order of their ids. */
export function productRow(record: LiveRecord<'product'>, families: readonly string[], facts: Facts): Row {
  const { body } = record
  return {
    id: sugarId('ProductTemplates', record.id),
    name: body.name,
    category_id: body.family === null ? null : idOf('ProductCategories', families.indexOf(body.family) + 1),
    mft_part_num: body.sku,
    status: body.isActive === true ? 'Available' : 'Unavailable',
    discount_price: body.price,
    list_price: body.price,
    ...currencyOf(body.currency, facts),
    ...attributes(record),
    ...stamps(record, body.createdAt),
  }
}

export const categoryRows = (families: readonly string[]): Row[] =>
  families.map((name, position) => ({
    id: idOf('ProductCategories', position + 1),
    name,
    deleted: false,
    date_entered: 0,
    date_modified: 0,
    created_by: USER_IDS.admin,
    modified_user_id: USER_IDS.admin,
  }))

export type ActivityModule = 'Calls' | 'Meetings' | 'Tasks' | 'Notes' | 'Emails'

export const activityModule = (type: LiveRecord<'activity'>['body']['type']): ActivityModule =>
  type === 'call' ? 'Calls' : type === 'meeting' ? 'Meetings' : type === 'note' ? 'Notes' : type === 'email' ? 'Emails' : 'Tasks'

/** What a call's outcome can be; what is in Sugar's words already stays. */
export const statusOfOutcome = (outcome: string | null): string =>
  outcome === null || outcome === 'COMPLETED' || outcome === 'Held' ? 'Held' : 'Not Held'

export function activityRow(record: LiveRecord<'activity'>): Row {
  const { body } = record
  const module = activityModule(body.type)
  const head = {
    id: sugarId(module, record.id),
    name: module.slice(0, -1),
    ...parentOf(record),
    assigned_user_id: id('Users', body.ownerId),
    ...attributes(record),
    ...stamps(record, body.createdAt),
  }
  const happened = instant(body.happenedAt)
  const contact = id('Contacts', body.contactId)
  switch (module) {
    case 'Calls':
    case 'Meetings': {
      const minutes = body.durationSeconds === null ? null : Math.round(body.durationSeconds / 60)
      return {
        ...head,
        [LINKED_CONTACT]: contact,
        date_start: happened,
        date_end: happened === null || minutes === null ? null : happened + minutes * 60_000,
        duration_hours: minutes === null ? null : Math.floor(minutes / 60),
        duration_minutes: minutes === null ? null : minutes % 60,
        status: module === 'Calls' ? statusOfOutcome(body.outcome) : 'Held',
        ...(module === 'Calls' ? { direction: directionOf(body.direction) } : {}),
      }
    }
    case 'Emails':
      return {
        ...head,
        [LINKED_CONTACT]: contact,
        date_sent: happened,
        state: 'Archived',
        direction: directionOf(body.direction) ?? 'Unknown',
      }
    case 'Notes':
      return { ...head, contact_id: contact }
    default:
      return { ...head, contact_id: contact, date_start: happened, date_due: happened, status: 'Completed', priority: 'Medium' }
  }
}

const directionOf = (direction: 'inbound' | 'outbound' | null): string | null =>
  direction === null ? null : direction === 'inbound' ? 'Inbound' : 'Outbound'

/** What it was about: the deal where there is one, else the account. */
function parentOf({ body }: LiveRecord<'activity'>): Record<string, Value> {
  if (body.dealId !== null) return { parent_type: 'Opportunities', parent_id: id('Opportunities', body.dealId) }
  if (body.accountId !== null) return { parent_type: 'Accounts', parent_id: id('Accounts', body.accountId) }
  return { parent_type: null, parent_id: null }
}

/** `open`, `closed` → Sugar's keys; anything else stays. */
export const caseStatus = (status: string | null): string | null => (status === 'closed' ? 'Closed' : status === 'open' ? 'New' : status)

export function caseRow(record: LiveRecord<'case'>): Row {
  const { body } = record
  return {
    id: sugarId('Cases', record.id),
    name: body.subject,
    case_number: Number(record.id) % 1_000_000_000,
    account_id: id('Accounts', body.accountId),
    primary_contact_id: id('Contacts', body.contactId),
    status: caseStatus(body.status),
    priority: body.priority,
    type: body.category,
    resolved_datetime: instant(body.closedAt),
    assigned_user_id: null,
    ...attributes(record),
    ...stamps(record, body.createdAt),
  }
}

export function campaignRow(record: LiveRecord<'campaign'>): Row {
  const { body } = record
  return {
    id: sugarId('Campaigns', record.id),
    name: body.name,
    campaign_type: body.type,
    status: 'Active',
    start_date: day(body.startedAt),
    end_date: day(body.endedAt),
    ...attributes(record),
    ...stamps(record, body.createdAt),
  }
}

export function userRow(record: LiveRecord<'user'>): Row {
  const { body } = record
  const name = body.name ?? 'User'
  return {
    id: sugarId('Users', record.id),
    user_name: body.email ?? `user-${record.id}`,
    first_name: firstName(name),
    last_name: lastName(name),
    email1: body.email,
    status: body.isActive === true ? 'Active' : 'Inactive',
    employee_status: body.isActive === true ? 'Active' : 'Terminated',
    is_admin: false,
    ...stamps(record, body.createdAt),
  }
}

/** What is left of a record that was deleted. Sugar keeps no trace of a merge: the loser is deleted like any other. */
export function deletedRow(module: ModuleName, record: Tombstone): Row {
  const at = wholeSecond(record.version)
  return {
    id: sugarId(module, record.id),
    name: null,
    deleted: true,
    date_entered: at,
    date_modified: at,
    created_by: USER_IDS.admin,
    modified_user_id: USER_IDS.admin,
  }
}
