import { ASSAY_TASK_MARK, domainOf, knownSince } from '@assay/shared'
import type { Attribute, Body, CrmRecord, Kind, LiveRecord, Seen, Tombstone } from '@assay/shared'
import { ANSWERS, CARRIED, NUMBERS, plainName } from '@assay/sugar-family'
import { CONTACTS, CREATED, HISTORY_FIELDS, STAMP, type ModuleType } from './modules.ts'
import type { WireField, WireRecord } from './wire.ts'

/** What is needed beside the record itself to say it in our words. */
export interface Context {
  readonly seen: Seen
  /** The instance's own currency; null where it is not known. */
  readonly currency: string | null
  /** ISO 4217 by Sugar's id of a currency. */
  readonly codes: ReadonlyMap<string, string>
  readonly wonStages: ReadonlySet<string>
  readonly lostStages: ReadonlySet<string>
  /** Custom fields to carry along as attributes. */
  readonly custom: readonly WireField[]
  /** The accounts of the contacts and deals that activities are about, by id. */
  readonly accounts: ReadonlyMap<string, string>
}

/** Sugar says nothing by leaving out, by null and by an empty text. */
const text = (value: unknown): string | null =>
  typeof value === 'string' ? (value === '' ? null : value) : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
/** Amounts come as texts with six decimals; numbers of employees as whatever somebody typed. */
const number = (value: unknown): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  const said = text(value)
  const parsed = said === null || said.trim() === '' ? Number.NaN : Number(said)
  return Number.isFinite(parsed) ? parsed : null
}
const flag = (value: unknown): boolean | null =>
  value === true || value === '1' || value === 1 ? true : value === false || value === '0' || value === 0 ? false : null

/** Epoch ms of a date (its midnight, UTC) or an instant in any zone. */
export const instant = (value: unknown): number | null => {
  const at = Date.parse(text(value) ?? '')
  return Number.isFinite(at) ? at : null
}

const CUSTOM = 'custom_fields'

/**
 * Whether a field becomes an attribute: the company's own ones and people's answers to offers, no other of Assay's fields. What is put
 * together from other fields is left out: it may change without the record's stamp, so that what was read would go stale unseen.
 */
export const isAttribute = ({ name, type, source, calculated, formula }: WireField): boolean => {
  if (plainName(name) !== null) return ANSWERS.has(name)
  const isComputed = calculated === true || calculated === 'true' || calculated === '1' || (formula ?? '') !== ''
  return (source === CUSTOM || name.endsWith('_c')) && source !== 'non-db' && !isComputed && CARRIED.has(type)
}

const attribute = (type: string, value: unknown): Attribute => {
  if (NUMBERS.has(type)) return number(value)
  if (type === 'bool') return flag(value)
  if (type === 'multienum') return Array.isArray(value) ? text(value.join(', ')) : text(value)
  if (type !== 'datetime' && type !== 'datetimecombo') return text(value)
  const at = instant(value)
  return at === null ? null : new Date(at).toISOString()
}

const named = (r: WireRecord): string | null =>
  text([text(r['first_name']), text(r['last_name'])].filter((part) => part !== null).join(' '))

/** The primary one of a person's addresses. */
const emailOf = (value: unknown): string | null => {
  if (!Array.isArray(value)) return text(value)
  const addresses = value.filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null)
  const primary = addresses.find((each) => flag(each['primary_address']) === true) ?? addresses[0]
  return text(primary?.['email_address'])
}

const account = (r: WireRecord): Body<'account'> => ({
  name: text(r['name']),
  domain: domainOf(text(r['website'])),
  industry: text(r['industry']),
  type: text(r['account_type']),
  country: text(r['billing_address_country']),
  city: text(r['billing_address_city']),
  employees: number(r['employees']),
  annualRevenue: number(r['annual_revenue']),
  ownerId: text(r['assigned_user_id']),
  parentId: text(r['parent_id']),
  createdAt: instant(r[CREATED]),
})

const contact = (r: WireRecord): Body<'contact'> => ({
  accountId: text(r['account_id']),
  name: named(r),
  email: emailOf(r['email']),
  title: text(r['title']),
  country: text(r['primary_address_country']),
  ownerId: text(r['assigned_user_id']),
  createdAt: instant(r[CREATED]),
})

const lead = (r: WireRecord): Body<'lead'> => ({
  name: named(r),
  company: text(r['account_name']),
  source: text(r['lead_source']),
  status: text(r['status']),
  ownerId: text(r['assigned_user_id']),
  createdAt: instant(r[CREATED]),
  // Sugar says whether, never when.
  convertedAt: null,
  accountId: text(r['account_id']),
  contactId: text(r['contact_id']),
})

/** What a stage of a deal means; null where it has none. */
export const meaningOf = (stage: string | null, { wonStages, lostStages }: Pick<Context, 'wonStages' | 'lostStages'>) => ({
  isClosed: stage === null ? null : wonStages.has(stage) || lostStages.has(stage),
  isWon: stage === null ? null : wonStages.has(stage),
})

const DAY = 86_400_000
/** A close date has no hour. A deal that was closed on the very day it was entered was not closed before that. */
const onItsDay = (day: number | null, entered: number | null): number | null =>
  day !== null && entered !== null && entered >= day && entered < day + DAY ? entered : day

const currencyOf = (r: WireRecord, amount: number | null, { codes, currency }: Context): string | null => {
  const id = text(r['currency_id'])
  if (id !== null) return codes.get(id) ?? null
  return amount === null ? null : currency
}

/** The contacts that came along, the oldest first. */
const contactsOf = (r: WireRecord): string[] => {
  const { records = [] } = (typeof r[CONTACTS] === 'object' && r[CONTACTS] !== null ? r[CONTACTS] : {}) as {
    records?: readonly WireRecord[]
  }
  return records.map(({ id }) => text(id)).filter((id) => id !== null)
}

const deal = (r: WireRecord, context: Context): Body<'deal'> => {
  // The stage is finer than the status, which comes with revenue line items; the status knows better what became of it.
  const stage = text(r['sales_stage']) ?? text(r['sales_status'])
  const amount = number(r['amount'])
  const rate = number(r['base_rate'])
  const createdAt = instant(r[CREATED])
  return {
    name: text(r['name']),
    accountId: text(r['account_id']),
    contactId: contactsOf(r)[0] ?? null,
    ownerId: text(r['assigned_user_id']),
    pipeline: null,
    stage,
    ...meaningOf(text(r['sales_status']) ?? stage, context),
    amount,
    currency: currencyOf(r, amount, context),
    // `base_rate` units of the deal's currency make one of the instance's own; it is frozen when the deal is closed.
    homeAmount: amount === null || rate === null || rate === 0 ? null : amount / rate,
    type: text(r['opportunity_type']),
    createdAt,
    closedAt: onItsDay(instant(r['date_closed']), createdAt),
  }
}

const lineItem = (r: WireRecord, context: Context): Body<'lineItem'> => {
  const amount = number(r['likely_case'])
  const unitPrice = number(r['discount_price'])
  return {
    dealId: text(r['opportunity_id']),
    productId: text(r['product_template_id']),
    sku: text(r['mft_part_num']),
    name: text(r['name']),
    quantity: number(r['quantity']),
    unitPrice,
    amount,
    currency: currencyOf(r, amount ?? unitPrice, context),
    createdAt: instant(r[CREATED]),
  }
}

const product = (r: WireRecord, context: Context): Body<'product'> => {
  const price = number(r['discount_price'])
  const status = text(r['status'])
  return {
    name: text(r['name']),
    sku: text(r['mft_part_num']),
    family: text(r['category_name']),
    price,
    currency: currencyOf(r, price, context),
    isActive: status === null ? null : status === 'Available',
    createdAt: instant(r[CREATED]),
  }
}

const about = (
  r: WireRecord,
  { accounts }: Context,
): Pick<Body<'activity'>, 'accountId' | 'contactId' | 'dealId' | 'ownerId' | 'createdAt'> => {
  const parent = text(r['parent_id'])
  const ofParent = (type: string): string | null => (text(r['parent_type']) === type ? parent : null)
  const contactId = text(r['contact_id']) ?? contactsOf(r)[0] ?? ofParent('Contacts')
  const dealId = ofParent('Opportunities')
  return {
    accountId: ofParent('Accounts') ?? accounts.get(dealId ?? '') ?? accounts.get(contactId ?? '') ?? null,
    contactId,
    dealId,
    ownerId: text(r['assigned_user_id']),
    createdAt: instant(r[CREATED]),
  }
}

/** The contacts and deals whose account is to be known before an activity can be said. */
export const aboutWhom = (r: WireRecord): { readonly contacts: readonly string[]; readonly deals: readonly string[] } => {
  const { accountId, contactId, dealId } = about(r, { accounts: new Map() } as unknown as Context)
  if (accountId !== null) return { contacts: [], deals: [] }
  return { contacts: contactId === null ? [] : [contactId], deals: dealId === null ? [] : [dealId] }
}

const DIRECTIONS: Readonly<Record<string, Body<'activity'>['direction']>> = { Inbound: 'inbound', Outbound: 'outbound' }

const durationOf = (r: WireRecord): number | null => {
  const [hours, minutes] = [number(r['duration_hours']), number(r['duration_minutes'])]
  return hours === null && minutes === null ? null : (hours ?? 0) * 3600 + (minutes ?? 0) * 60
}

const activity =
  (type: Body<'activity'>['type'], happened: readonly string[]) =>
  (r: WireRecord, context: Context): Body<'activity'> => ({
    ...about(r, context),
    type,
    direction: DIRECTIONS[text(r['direction']) ?? ''] ?? null,
    happenedAt: happened.map((field) => instant(r[field])).find((at) => at !== null) ?? null,
    durationSeconds: durationOf(r),
    outcome: type === 'call' || type === 'meeting' || type === 'task' ? text(r['status']) : null,
  })

const ticket = (r: WireRecord): Body<'case'> => ({
  accountId: text(r['account_id']),
  contactId: text(r['primary_contact_id']),
  subject: text(r['name']),
  category: text(r['type']),
  priority: text(r['priority']),
  status: text(r['status']),
  createdAt: instant(r[CREATED]),
  closedAt: instant(r['resolved_datetime']),
})

const campaign = (r: WireRecord): Body<'campaign'> => ({
  name: text(r['name']),
  type: text(r['campaign_type']),
  startedAt: instant(r['start_date']),
  endedAt: instant(r['end_date']),
  createdAt: instant(r[CREATED]),
})

const user = (r: WireRecord): Body<'user'> => {
  const status = text(r['status'])
  return {
    name: named(r) ?? text(r['user_name']),
    email: emailOf(r['email']),
    isActive: status === null ? null : status === 'Active',
    createdAt: instant(r[CREATED]),
  }
}

const BODIES: Readonly<Record<string, (record: WireRecord, context: Context) => Body<Kind>>> = {
  Users: user,
  Accounts: account,
  Contacts: contact,
  Leads: lead,
  ProductTemplates: product,
  Opportunities: deal,
  RevenueLineItems: lineItem,
  Calls: activity('call', ['date_start']),
  Meetings: activity('meeting', ['date_start']),
  Tasks: activity('task', ['date_due', 'date_start']),
  Notes: activity('note', [CREATED]),
  Emails: activity('email', ['date_sent']),
  Cases: ticket,
  Campaigns: campaign,
}

/** When the record was last modified (epoch ms); null when Sugar's answer does not say, which orders no version. */
export const modifiedOf = (record: WireRecord): number | null => instant(record[STAMP])
export const isDeleted = (record: WireRecord): boolean => flag(record['deleted']) === true
export const idOf = (record: WireRecord): string => text(record['id']) ?? ''

/** One of Sugar's records in our words; its stamp must be known. */
export const recordOf = (module: ModuleType, record: WireRecord, context: Context): CrmRecord => {
  const modified = modifiedOf(record) ?? 0
  if (isDeleted(record)) return tombstone(module.kind, idOf(record), modified)
  const body = BODIES[module.name]?.(record, context)
  const created = instant(record[CREATED])
  const closed = module.kind === 'deal' && (body as Body<'deal'>).isClosed === true ? (body as Body<'deal'>).closedAt : null
  const attributes: Record<string, Attribute> = {}
  for (const { name, type } of context.custom) attributes[ANSWERS.get(name) ?? name] = attribute(type, record[name])
  // The body was made for this kind a line above; the compiler does not follow a kind that is a value.
  return {
    kind: module.kind,
    id: idOf(record),
    version: modified,
    knownAt: knownSince(context.seen, { created, modified, closed }),
    deleted: false,
    body,
    attributes,
  } as CrmRecord
}

/** Sugar keeps no trace of a merge: the loser is deleted like any other. */
export const tombstone = (kind: Kind, id: string, at: number): CrmRecord => {
  const gone: Tombstone = { kind, id, version: at, knownAt: at, deleted: true, mergedInto: null }
  return gone
}

type Changed = Body<'dealHistory'>['field']

const valueOf = (field: Changed, value: unknown): string | null => {
  if (field !== 'amount') return text(value)
  const amount = number(value)
  return amount === null ? null : String(amount)
}

const change = (dealId: string, id: string, at: number, field: Changed, value: unknown, context: Context): LiveRecord<'dealHistory'> => {
  const said = valueOf(field, value)
  return {
    kind: 'dealHistory',
    id,
    version: at,
    knownAt: at,
    deleted: false,
    body: {
      dealId,
      field,
      value: said,
      ...(field === 'stage' ? meaningOf(said, context) : { isClosed: null, isWon: null }),
      changedAt: at,
    },
    attributes: {},
  }
}

interface Change {
  readonly at: number
  readonly line: WireRecord
}

/** The changes of one field, oldest first. Of those of one second each goes on from the value that the one before it left. */
const inOrder = (lines: readonly WireRecord[]): Change[] => {
  const left = lines
    .flatMap((line): Change[] => {
      const at = instant(line['date_created'])
      return at === null ? [] : [{ at, line }]
    })
    .sort((one, other) => one.at - other.at)
  const ordered: Change[] = []
  for (let next = left[0]; next !== undefined; next = left[0]) {
    const { at } = next
    const together = left.filter((each) => each.at === at)
    const goesOn = together.find(({ line }) => line['before'] === ordered.at(-1)?.line['after'])
    const begins = together.find(({ line }) => !together.some((each) => each.line['after'] === line['before']))
    const taken = goesOn ?? begins ?? next
    ordered.push(taken)
    left.splice(left.indexOf(taken), 1)
  }
  return ordered
}

/**
 * A deal's history from its audit log: what each audited field held from the beginning (the value before its first change, else
 * what it holds now), then every change. Changes of one second are moved a millisecond apart, in their order.
 */
export const historyOf = (
  ofDeal: WireRecord,
  lines: readonly WireRecord[],
  audited: ReadonlySet<string>,
  context: Context,
): CrmRecord[] => {
  const dealId = idOf(ofDeal)
  const created = instant(ofDeal[CREATED]) ?? modifiedOf(ofDeal)
  if (created === null) return []
  const records: CrmRecord[] = []
  for (const [name, field] of Object.entries(HISTORY_FIELDS)) {
    if (!audited.has(name)) continue
    // Two fields speak of the stage; the finer one is told where there is one.
    if (name === 'sales_status' && audited.has('sales_stage')) continue
    const changes = inOrder(lines.filter((line) => line['field_name'] === name))
    const first = changes[0]
    let last = Math.min(created, first?.at ?? created)
    // As long as no change is known its version is that of the deal's making; the first change says better, and wins.
    records.push({
      ...change(dealId, `${dealId}-${field}`, last, field, first === undefined ? ofDeal[name] : first.line['before'], context),
      version: first === undefined ? last : last + 1,
    })
    for (const { at, line } of changes) {
      last = Math.max(at, last + 1)
      const id = text(line['id']) ?? `${at}-${valueOf(field, line['after']) ?? ''}`
      records.push(change(dealId, `${dealId}-${field}-${id}`, last, field, line['after'], context))
    }
  }
  return records
}

/** Whether a task is Assay's own, which nobody did. */
export const isAssayTask = (description: unknown): boolean => typeof description === 'string' && description.includes(ASSAY_TASK_MARK)
