import type { Attribute, Kind, LiveRecord } from '@assay/shared'
import type { ObjectType } from './object-types.ts'
import { instantText, numberText, propertyName } from './values.ts'

/** How one property of an object is read from a record of the world: our words → HubSpot's. Pure. */
type Readers<K extends Kind> = Readonly<Record<string, (record: LiveRecord<K>) => string | null>>

const number = (value: number | null): string | null => (value === null ? null : numberText(value))
const instant = (value: number | null): string | null => (value === null ? null : instantText(value))
const flag = (value: boolean | null): string | null => (value === null ? null : String(value))

/** A full name in two fields: the first word, and the rest. */
const firstName = (name: string | null): string | null => name?.split(' ', 1)[0] ?? null
const lastName = (name: string | null): string | null => {
  const space = name?.indexOf(' ') ?? -1
  return name === null || space < 0 ? null : name.slice(space + 1)
}

const COMPANY: Readers<'account'> = {
  name: (r) => r.body.name,
  domain: (r) => r.body.domain,
  industry: (r) => r.body.industry,
  type: (r) => r.body.type,
  country: (r) => r.body.country,
  city: (r) => r.body.city,
  numberofemployees: (r) => number(r.body.employees),
  annualrevenue: (r) => number(r.body.annualRevenue),
  hubspot_owner_id: (r) => r.body.ownerId,
  hs_parent_company_id: (r) => r.body.parentId,
  createdate: (r) => instant(r.body.createdAt),
}

const CONTACT: Readers<'contact'> = {
  associatedcompanyid: (r) => r.body.accountId,
  firstname: (r) => firstName(r.body.name),
  lastname: (r) => lastName(r.body.name),
  email: (r) => r.body.email,
  jobtitle: (r) => r.body.title,
  country: (r) => r.body.country,
  hubspot_owner_id: (r) => r.body.ownerId,
  createdate: (r) => instant(r.body.createdAt),
}

const DEAL: Readers<'deal'> = {
  dealname: (r) => r.body.name,
  hubspot_owner_id: (r) => r.body.ownerId,
  pipeline: (r) => r.body.pipeline ?? 'default',
  dealstage: (r) => r.body.stage,
  hs_is_closed: (r) => flag(r.body.isClosed),
  hs_is_closed_won: (r) => flag(r.body.isWon),
  amount: (r) => number(r.body.amount),
  deal_currency_code: (r) => r.body.currency,
  amount_in_home_currency: (r) => number(r.body.homeAmount),
  dealtype: (r) => r.body.type,
  createdate: (r) => instant(r.body.createdAt),
  closedate: (r) => instant(r.body.closedAt),
}

const LINE_ITEM: Readers<'lineItem'> = {
  hs_product_id: (r) => r.body.productId,
  hs_sku: (r) => r.body.sku,
  name: (r) => r.body.name,
  quantity: (r) => number(r.body.quantity),
  price: (r) => number(r.body.unitPrice),
  amount: (r) => number(r.body.amount),
  hs_line_item_currency_code: (r) => r.body.currency,
  createdate: (r) => instant(r.body.createdAt),
}

const PRODUCT: Readers<'product'> = {
  name: (r) => r.body.name,
  hs_sku: (r) => r.body.sku,
  family: (r) => r.body.family,
  price: (r) => number(r.body.price),
  hs_status: (r) => (r.body.isActive === null ? null : r.body.isActive ? 'active' : 'inactive'),
  createdate: (r) => instant(r.body.createdAt),
}

const TICKET: Readers<'case'> = {
  subject: (r) => r.body.subject,
  hs_ticket_category: (r) => r.body.category,
  hs_ticket_priority: (r) => r.body.priority,
  hs_pipeline: () => '0',
  hs_pipeline_stage: (r) => r.body.status,
  createdate: (r) => instant(r.body.createdAt),
  closed_date: (r) => instant(r.body.closedAt),
}

const ENGAGEMENT: Readers<'activity'> = {
  hubspot_owner_id: (r) => r.body.ownerId,
  hs_timestamp: (r) => instant(r.body.happenedAt),
  hs_createdate: (r) => instant(r.body.createdAt),
}

const durationMs = (seconds: number | null): string | null => number(seconds === null ? null : seconds * 1000)

const CALL: Readers<'activity'> = {
  ...ENGAGEMENT,
  hs_call_title: () => null,
  hs_call_direction: (r) => r.body.direction?.toUpperCase() ?? null,
  hs_call_status: () => 'COMPLETED',
  hs_call_duration: (r) => durationMs(r.body.durationSeconds),
  hs_call_disposition: (r) => r.body.outcome,
}

const EMAIL: Readers<'activity'> = {
  ...ENGAGEMENT,
  hs_email_subject: () => null,
  hs_email_direction: (r) => (r.body.direction === null ? null : r.body.direction === 'inbound' ? 'INCOMING_EMAIL' : 'EMAIL'),
  hs_email_status: (r) => r.body.outcome,
}

const MEETING: Readers<'activity'> = {
  ...ENGAGEMENT,
  hs_meeting_title: () => null,
  hs_meeting_outcome: (r) => r.body.outcome,
  hs_meeting_start_time: (r) => instant(r.body.happenedAt),
  hs_meeting_end_time: (r) =>
    r.body.happenedAt === null || r.body.durationSeconds === null ? null : instantText(r.body.happenedAt + r.body.durationSeconds * 1000),
}

const NOTE: Readers<'activity'> = { ...ENGAGEMENT, hs_note_body: () => null }

const TASK: Readers<'activity'> = {
  ...ENGAGEMENT,
  hs_task_subject: () => null,
  hs_task_body: () => null,
  hs_task_status: (r) => r.body.outcome,
}

const SUBSCRIPTION: Readers<'subscription'> = {
  product_id: (r) => r.body.productId,
  status: (r) => r.body.status,
  started_at: (r) => instant(r.body.startedAt),
  ended_at: (r) => instant(r.body.endedAt),
  renews_at: (r) => instant(r.body.renewsAt),
  monthly_amount: (r) => number(r.body.monthlyAmount),
  currency: (r) => r.body.currency,
  hs_createdate: (r) => instant(r.body.createdAt),
}

const READERS = {
  companies: COMPANY,
  contacts: CONTACT,
  deals: DEAL,
  line_items: LINE_ITEM,
  products: PRODUCT,
  tickets: TICKET,
  calls: CALL,
  emails: EMAIL,
  meetings: MEETING,
  notes: NOTE,
  tasks: TASK,
  subscriptions: SUBSCRIPTION,
} as unknown as Readonly<Record<ObjectType, Readers<Kind>>>

/** The engagement an activity is; what HubSpot has no object for becomes a note. */
export function engagementOf(type: LiveRecord<'activity'>['body']['type']): ObjectType {
  switch (type) {
    case 'call':
      return 'calls'
    case 'email':
      return 'emails'
    case 'meeting':
      return 'meetings'
    case 'task':
      return 'tasks'
    default:
      return 'notes'
  }
}

/** The object a record becomes; null for kinds that are no object (users, the history of deals). */
export function objectTypeOfRecord(record: LiveRecord): ObjectType | null {
  switch (record.kind) {
    case 'account':
      return 'companies'
    case 'contact':
      return 'contacts'
    case 'deal':
      return 'deals'
    case 'lineItem':
      return 'line_items'
    case 'product':
      return 'products'
    case 'case':
      return 'tickets'
    case 'subscription':
      return 'subscriptions'
    case 'activity':
      return engagementOf((record as LiveRecord<'activity'>).body.type)
    default:
      return null
  }
}

/** A column of the CRM that no body names, as text. */
function attributeText(value: Attribute): string | null {
  if (value === null) return null
  return typeof value === 'number' ? numberText(value) : String(value)
}

/** One property of a record; undefined when the record has no such property. */
export function readProperty(type: ObjectType, record: LiveRecord, name: string): string | null | undefined {
  const reader = READERS[type][name]
  if (reader !== undefined) return reader(record)
  for (const title in record.attributes) if (attributeName(title) === name) return attributeText(record.attributes[title] ?? null)
  return undefined
}

/** Every property a record has, by name. */
export function propertyNames(type: ObjectType, record: LiveRecord): string[] {
  return [...Object.keys(READERS[type]), ...Object.keys(record.attributes).map(attributeName)]
}

const names = new Map<string, string>()

/** The property an attribute lives in. Memoised: the same few titles come with every record. */
export function attributeName(title: string): string {
  const known = names.get(title)
  if (known !== undefined) return known
  const name = propertyName(title)
  names.set(title, name)
  return name
}

/** Which objects a record hangs on, strongest first. */
export function parentsOf(record: LiveRecord): readonly (readonly [ObjectType, string])[] {
  const body = record.body as { accountId?: string | null; contactId?: string | null; dealId?: string | null }
  const parents: [ObjectType, string][] = []
  if (body.accountId) parents.push(['companies', body.accountId])
  if (body.contactId) parents.push(['contacts', body.contactId])
  if (body.dealId) parents.push(['deals', body.dealId])
  return parents
}

/** The deal property whose history a change belongs to. */
export const HISTORY_PROPERTIES = { stage: 'dealstage', amount: 'amount', closedAt: 'closedate', ownerId: 'hubspot_owner_id' } as const
