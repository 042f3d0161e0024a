import { ASSAY_PREFIX, ASSAY_TASK_MARK, domainOf, knownSince, OFFER_FIELDS } from '@assay/shared'
import type { Attribute, Body, CrmRecord, Kind, LiveRecord, Seen, Tombstone } from '@assay/shared'
import { apiName, plainName } from './metadata/index.ts'
import { CURRENCY, DELETED, MASTER, STAMP, type ObjectType } from './objects.ts'
import type { WireField, WireRecord } from './wire.ts'

export interface Stage {
  readonly isClosed: boolean
  readonly isWon: boolean
}

/** What one unit of a currency is worth: `rate` units of it make one of the company's own, from a day on. */
export interface Rate {
  readonly from: number
  readonly rate: number
}

/** What a product costs by the standard price book. */
export interface Price {
  readonly price: number | null
  readonly currency: string | null
  readonly version: number
}

/** What is needed beside the record itself to say it in our words. */
export interface Context {
  readonly seen: Seen
  /** The company's own currency; null where it is not known. */
  readonly currency: string | null
  /** By currency, ascending by day; null in an org with one currency. */
  readonly rates: ReadonlyMap<string, readonly Rate[]> | null
  /** What each stage of a deal means, by its name. */
  readonly stages: ReadonlyMap<string, Stage>
  /** Custom fields to carry along as attributes. */
  readonly custom: readonly WireField[]
  readonly prices: ReadonlyMap<string, Price>
}

type Value = WireRecord[string]

/** An empty text is how a bulk result says nothing. */
const text = (value: Value): string | null => (value === undefined || value === null || value === '' ? null : String(value))
const number = (value: Value): number | null => {
  if (typeof value === 'number') return value
  const said = text(value)
  const parsed = said === null ? Number.NaN : Number(said)
  return Number.isFinite(parsed) ? parsed : null
}
const flag = (value: Value): boolean | null =>
  value === true || value === 'true' ? true : value === false || value === 'false' ? false : null

/** Epoch ms of a date (its midnight, UTC) or an instant in either of Salesforce's spellings. */
export const instant = (value: Value): number | null => {
  const said = text(value)
  if (said === null) return null
  const at = Date.parse(said.endsWith('+0000') ? `${said.slice(0, -5)}Z` : said)
  return Number.isFinite(at) ? at : null
}

/** By Salesforce's name of a field that people answer in, our name. */
const ANSWERS: ReadonlyMap<string, string> = new Map(
  OFFER_FIELDS.filter((field) => field.setByPeople).map((field) => [apiName(field.name), ASSAY_PREFIX + field.name]),
)
/** Long texts, files, what is encrypted, and what is put together from other fields are never carried along. */
const LEFT_OUT: ReadonlySet<string> = new Set(['textarea', 'base64', 'encryptedstring', 'location', 'address', 'complexvalue', 'anyType'])
const NUMBERS: ReadonlySet<string> = new Set(['double', 'int', 'long', 'currency', 'percent'])

/**
 * Whether a field becomes an attribute: the org's own ones and people's answers to offers, no other of Assay's fields. Formulas
 * are left out: they change without the record's stamp, so that what was read would go stale unseen.
 */
export const isAttribute = ({ name, type, custom, calculated }: WireField): boolean =>
  plainName(name) === null ? custom && calculated !== true && !LEFT_OUT.has(type) : ANSWERS.has(name)

const attribute = (type: string, value: Value): Attribute => {
  if (NUMBERS.has(type)) return number(value)
  if (type === 'boolean') return flag(value)
  if (type !== 'datetime') return text(value)
  const at = instant(value)
  return at === null ? null : new Date(at).toISOString()
}

const account = (r: WireRecord): Body<'account'> => ({
  name: text(r['Name']),
  domain: domainOf(text(r['Website'])),
  industry: text(r['Industry']),
  type: text(r['Type']),
  // A person account has the address of the person.
  country: text(r['BillingCountry']) ?? text(r['PersonMailingCountry']),
  city: text(r['BillingCity']),
  employees: number(r['NumberOfEmployees']),
  annualRevenue: number(r['AnnualRevenue']),
  ownerId: text(r['OwnerId']),
  parentId: text(r['ParentId']),
  createdAt: instant(r['CreatedDate']),
})

const contact = (r: WireRecord): Body<'contact'> => ({
  accountId: text(r['AccountId']),
  name: text(r['Name']),
  email: text(r['Email']),
  title: text(r['Title']),
  country: text(r['MailingCountry']),
  ownerId: text(r['OwnerId']),
  createdAt: instant(r['CreatedDate']),
})

const lead = (r: WireRecord): Body<'lead'> => ({
  name: text(r['Name']),
  company: text(r['Company']),
  source: text(r['LeadSource']),
  status: text(r['Status']),
  ownerId: text(r['OwnerId']),
  createdAt: instant(r['CreatedDate']),
  convertedAt: instant(r['ConvertedDate']),
  accountId: text(r['ConvertedAccountId']),
  contactId: text(r['ConvertedContactId']),
})

/** The amount in the company's own currency by the rate of that day; the amount itself where there is but one currency. */
export const homeAmountOf = (
  amount: number | null,
  currency: string | null,
  day: number | null,
  { rates, currency: home }: Context,
): number | null => {
  if (amount === null || rates === null || (currency !== null && currency === home)) return amount
  const known = rates.get(currency ?? '') ?? []
  const then = known.findLast(({ from }) => from <= (day ?? Infinity)) ?? known[0]
  return then === undefined || then.rate === 0 ? null : amount / then.rate
}

const DAY = 86_400_000

/** A close date has no hour. A deal that was closed on the very day it was entered was not closed before that. */
const onItsDay = (day: number | null, entered: number | null): number | null =>
  day !== null && entered !== null && entered >= day && entered < day + DAY ? entered : day

const deal = (r: WireRecord, context: Context): Body<'deal'> => {
  const stage = context.stages.get(text(r['StageName']) ?? '')
  const amount = number(r['Amount'])
  const currency = text(r[CURRENCY]) ?? (amount === null ? null : context.currency)
  const createdAt = instant(r['CreatedDate'])
  const closedAt = onItsDay(instant(r['CloseDate']), createdAt)
  return {
    name: text(r['Name']),
    accountId: text(r['AccountId']),
    contactId: text(r['ContactId']),
    ownerId: text(r['OwnerId']),
    pipeline: text(r['RecordTypeId']),
    stage: text(r['StageName']),
    isClosed: flag(r['IsClosed']) ?? stage?.isClosed ?? null,
    isWon: flag(r['IsWon']) ?? stage?.isWon ?? null,
    amount,
    currency,
    homeAmount: homeAmountOf(amount, currency, closedAt, context),
    type: text(r['Type']),
    createdAt,
    closedAt,
  }
}

const lineItem = (r: WireRecord, { currency: home }: Context): Body<'lineItem'> => ({
  dealId: text(r['OpportunityId']),
  productId: text(r['Product2Id']),
  sku: text(r['ProductCode']),
  name: text(r['Product2.Name']),
  quantity: number(r['Quantity']),
  unitPrice: number(r['UnitPrice']),
  amount: number(r['TotalPrice']),
  currency: text(r[CURRENCY]) ?? home,
  createdAt: instant(r['CreatedDate']),
})

const product = (r: WireRecord, { prices }: Context): Body<'product'> => {
  const price = prices.get(text(r['Id']) ?? '')
  return {
    name: text(r['Name']),
    sku: text(r['ProductCode']),
    family: text(r['Family']),
    price: price?.price ?? null,
    currency: price?.currency ?? null,
    isActive: flag(r['IsActive']),
    createdAt: instant(r['CreatedDate']),
  }
}

const CONTACT_PREFIX = '003'
const DEAL_PREFIX = '006'
const ACCOUNT_PREFIX = '001'
const ofPrefix = (value: Value, prefix: string): string | null => {
  const id = text(value)
  return id?.startsWith(prefix) === true ? id : null
}
const about = (r: WireRecord): Pick<Body<'activity'>, 'accountId' | 'contactId' | 'dealId' | 'ownerId' | 'createdAt'> => ({
  accountId: text(r['AccountId']) ?? ofPrefix(r['WhatId'], ACCOUNT_PREFIX),
  contactId: ofPrefix(r['WhoId'], CONTACT_PREFIX),
  dealId: ofPrefix(r['WhatId'], DEAL_PREFIX),
  ownerId: text(r['OwnerId']),
  createdAt: instant(r['CreatedDate']),
})

const TYPES: Readonly<Record<string, Body<'activity'>['type']>> = { Call: 'call', Email: 'email', ListEmail: 'email', Meeting: 'meeting' }
const DIRECTIONS: Readonly<Record<string, Body<'activity'>['direction']>> = { Inbound: 'inbound', Outbound: 'outbound' }

/** A task has the day it was for, and the instant at which somebody ticked it off: that instant when it is on that day, and where there is no day. */
const doneAt = (day: number | null, completed: number | null): number | null => {
  if (day === null || completed === null) return day ?? completed
  return completed >= day && completed < day + DAY ? completed : day
}

const task = (r: WireRecord): Body<'activity'> => ({
  ...about(r),
  type: TYPES[text(r['TaskSubtype']) ?? ''] ?? TYPES[text(r['Type']) ?? ''] ?? 'task',
  direction: DIRECTIONS[text(r['CallType']) ?? ''] ?? null,
  happenedAt: doneAt(instant(r['ActivityDate']), instant(r['CompletedDateTime'])),
  durationSeconds: number(r['CallDurationInSeconds']),
  outcome: text(r['CallDisposition']),
})

const event = (r: WireRecord): Body<'activity'> => {
  const minutes = number(r['DurationInMinutes'])
  return {
    ...about(r),
    type: TYPES[text(r['Type']) ?? ''] ?? 'meeting',
    direction: null,
    happenedAt: instant(r['StartDateTime']) ?? instant(r['ActivityDate']),
    durationSeconds: minutes === null ? null : minutes * 60,
    outcome: null,
  }
}

const ticket = (r: WireRecord): Body<'case'> => ({
  accountId: text(r['AccountId']),
  contactId: text(r['ContactId']),
  subject: text(r['Subject']),
  category: text(r['Type']),
  priority: text(r['Priority']),
  status: text(r['Status']),
  createdAt: instant(r['CreatedDate']),
  closedAt: instant(r['ClosedDate']),
})

const campaign = (r: WireRecord): Body<'campaign'> => ({
  name: text(r['Name']),
  type: text(r['Type']),
  startedAt: instant(r['StartDate']),
  endedAt: instant(r['EndDate']),
  createdAt: instant(r['CreatedDate']),
})

const campaignMember = (r: WireRecord): Body<'campaignMember'> => ({
  campaignId: text(r['CampaignId']),
  contactId: text(r['ContactId']),
  leadId: text(r['LeadId']),
  status: text(r['Status']),
  respondedAt: instant(r['FirstRespondedDate']),
  createdAt: instant(r['CreatedDate']),
})

const user = (r: WireRecord): Body<'user'> => ({
  name: text(r['Name']),
  email: text(r['Email']),
  isActive: flag(r['IsActive']),
  createdAt: instant(r['CreatedDate']),
})

const BODIES: Readonly<Record<string, (record: WireRecord, context: Context) => Body<Kind>>> = {
  User: user,
  Account: account,
  Contact: contact,
  Lead: lead,
  Product2: product,
  Opportunity: deal,
  OpportunityLineItem: lineItem,
  Task: task,
  Event: event,
  Case: ticket,
  Campaign: campaign,
  CampaignMember: campaignMember,
}

/** When the record was last modified (epoch ms); null when Salesforce's answer does not say, which orders no version. */
export const modifiedOf = (record: WireRecord): number | null => instant(record[STAMP])
export const isDeleted = (record: WireRecord): boolean => flag(record[DELETED]) === true

/** Whether an event is a guest's copy of a meeting that is there already. */
export const isCopy = (record: WireRecord): boolean => flag(record['IsChild']) === true

/** One of Salesforce's records in our words; its stamp must be known. */
export const recordOf = (object: ObjectType, record: WireRecord, context: Context): CrmRecord => {
  const id = text(record['Id']) ?? ''
  const modified = modifiedOf(record) ?? 0
  if (isDeleted(record)) return tombstone(object.kind, id, modified, text(record[MASTER]))
  const body = BODIES[object.name]?.(record, context)
  const created = instant(record['CreatedDate'])
  const closed = object.kind === 'deal' && (body as Body<'deal'>).isClosed === true ? (body as Body<'deal'>).closedAt : null
  const attributes: Record<string, Attribute> = {}
  for (const { name, type } of context.custom) attributes[ANSWERS.get(name) ?? name] = attribute(type, record[name])
  // The body was made for this kind a line above; the compiler does not follow a kind that is a value.
  return {
    kind: object.kind,
    id,
    version: Math.max(modified, context.prices.get(id)?.version ?? 0),
    knownAt: knownSince(context.seen, { created, modified, closed }),
    deleted: false,
    body,
    attributes,
  } as CrmRecord
}

export const tombstone = (kind: Kind, id: string, at: number, mergedInto: string | null): CrmRecord => {
  const gone: Tombstone = { kind, id, version: at, knownAt: at, deleted: true, mergedInto }
  return gone
}

const change = (
  dealId: string,
  id: string,
  changedAt: number,
  said: Pick<Body<'dealHistory'>, 'field' | 'value'> & Partial<Stage>,
  version = changedAt,
): LiveRecord<'dealHistory'> => ({
  kind: 'dealHistory',
  id,
  version,
  knownAt: changedAt,
  deleted: false,
  body: { dealId, field: said.field, value: said.value, isClosed: said.isClosed ?? null, isWon: said.isWon ?? null, changedAt },
  attributes: {},
})

/** What a deal was like after one row of its history: what the next row is compared with. */
export interface DealState {
  readonly dealId: string
  readonly at: number
  readonly stage: string | null
  readonly amount: string | null
  readonly closedAt: string | null
}

/**
 * What one row of a deal's history changed against the row before it (null at a deal's first row, which says everything). A row
 * holds the deal as it was then, not what changed. Rows of one second are moved a millisecond apart, in their order.
 */
export const stageChanges = (
  row: WireRecord,
  before: DealState | null,
  stages: Context['stages'],
): { readonly records: LiveRecord<'dealHistory'>[]; readonly after: DealState } | null => {
  const [rowId, dealId, created] = [text(row['Id']), text(row['OpportunityId']), instant(row['CreatedDate'])]
  if (rowId === null || dealId === null || created === null) return null
  const last = before?.dealId === dealId ? before : null
  const at = Math.max(created, (last?.at ?? -Infinity) + 1)
  const amount = number(row['Amount'])
  const after: DealState = {
    dealId,
    at,
    stage: text(row['StageName']),
    amount: amount === null ? null : String(amount),
    closedAt: text(row['CloseDate']),
  }
  const records: LiveRecord<'dealHistory'>[] = []
  for (const field of ['stage', 'amount', 'closedAt'] as const) {
    if (last !== null && last[field] === after[field]) continue
    const meaning = field === 'stage' ? meaningOf(stages, after.stage) : {}
    records.push(change(dealId, `${rowId}-${field}`, at, { field, value: after[field], ...meaning }))
  }
  return { records, after }
}
const meaningOf = (stages: Context['stages'], stage: string | null): Partial<Stage> => stages.get(stage ?? '') ?? {}

/** Salesforce writes a change of owner twice, once with names and once with ids. */
const USER_PREFIX = '005'

/**
 * Who a deal belonged to first. As long as no change of owner is known it is whom it belongs to now; the first change says
 * better, and its version, one higher, wins.
 */
export const firstOwner = (
  dealId: string,
  ownerId: string | null,
  createdAt: number,
  known: 'by a change' | 'by none',
): LiveRecord<'dealHistory'> =>
  change(dealId, `${dealId}-ownerId`, createdAt, { field: 'ownerId', value: ownerId }, known === 'by a change' ? createdAt + 1 : createdAt)

/** What one row of the field history says of a deal's owner; `isFirst` at the deal's first change of owner. */
export const ownerChanges = (row: WireRecord, isFirst: boolean): LiveRecord<'dealHistory'>[] => {
  const [rowId, dealId, at] = [text(row['Id']), text(row['OpportunityId']), instant(row['CreatedDate'])]
  const [before, after] = [text(row['OldValue']), text(row['NewValue'])]
  if (rowId === null || dealId === null || at === null || after?.startsWith(USER_PREFIX) !== true) return []
  const created = instant(row['Opportunity.CreatedDate'])
  const first =
    isFirst && created !== null && before?.startsWith(USER_PREFIX) === true ? [firstOwner(dealId, before, created, 'by a change')] : []
  return [...first, change(dealId, `${rowId}-ownerId`, at, { field: 'ownerId', value: after })]
}

/** Whether a row of the field history is a change of owner told in ids. */
export const isOwnerChange = (row: WireRecord): boolean => text(row['NewValue'])?.startsWith(USER_PREFIX) === true

/** Whether a task is Assay's own, which nobody did. */
export const isAssayTask = (description: string | null): boolean => description?.includes(ASSAY_TASK_MARK) === true
