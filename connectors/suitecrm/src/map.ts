import { domainOf, knownSince } from '@assay/shared'
import type { Attribute, Body, CrmRecord, Kind, Seen, Tombstone } from '@assay/shared'
import { ANSWERS, CARRIED, NUMBERS, plainName } from '@assay/sugar-family'
import { ACCOUNTS, CONTACTS, CREATED, STAMP, type ModuleType } from './modules.ts'
import { decoded, instantOf } from './text.ts'
import type { WireField, WireRecord } from './wire.ts'

/** What is needed beside the record itself to say it in our words. */
export interface Context {
  readonly seen: Seen
  /** The instance's own currency. */
  readonly currency: string
  /** ISO 4217 by SuiteCRM's id of a currency. */
  readonly codes: ReadonlyMap<string, string>
  readonly wonStages: ReadonlySet<string>
  readonly lostStages: ReadonlySet<string>
  /** Custom fields to carry along as attributes. */
  readonly custom: readonly WireField[]
  /** The accounts of the contacts and deals that activities are about, by id. */
  readonly accounts: ReadonlyMap<string, string>
}

/** SuiteCRM says nothing by leaving out and by an empty text, and writes signs of HTML as entities. */
const plain = (value: unknown): string | null =>
  typeof value === 'string'
    ? decoded(value) === ''
      ? null
      : decoded(value)
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : null
/** Numbers come as texts, `12500.50` as `12500.5`. */
const parsed = (value: unknown): number | null => {
  const said = plain(value)
  const number = said === null || said.trim() === '' ? Number.NaN : Number(said)
  return Number.isFinite(number) ? number : null
}
const flag = (value: unknown): boolean | null =>
  value === true || value === '1' || value === 1 ? true : value === false || value === '0' || value === 0 ? false : null
const instantIn = (value: unknown): number | null => instantOf(plain(value) ?? '')

const text = (r: WireRecord, name: string): string | null => plain(r.values[name])
const number = (r: WireRecord, name: string): number | null => parsed(r.values[name])
const instant = (r: WireRecord, name: string): number | null => instantIn(r.values[name])

/** Fields of the map that eight modules are delivered with: custom by their name, and nobody's. */
const MAPS = /^jjwg_maps_/

/** Whether a field becomes an attribute: the company's own ones and people's answers to offers, no other of Assay's fields. */
export const isAttribute = ({ name, type, source }: WireField): boolean => {
  if (plainName(name) !== null) return ANSWERS.has(name)
  return name.endsWith('_c') && !MAPS.test(name) && source !== 'non-db' && CARRIED.has(type)
}

/** `^a^,^b^` is how several choices are kept. */
const choices = (value: string | null): string | null =>
  value
    ?.split(',')
    .map((each) => each.replaceAll('^', ''))
    .join(', ') ?? null

const attribute = (type: string, value: unknown): Attribute => {
  if (NUMBERS.has(type)) return parsed(value)
  if (type === 'bool') return flag(value)
  if (type === 'multienum') return choices(plain(value))
  if (type !== 'datetime' && type !== 'datetimecombo') return plain(value)
  const at = instantIn(value)
  return at === null ? null : new Date(at).toISOString()
}

const named = (r: WireRecord): string | null =>
  plain([text(r, 'first_name'), text(r, 'last_name')].filter((part) => part !== null).join(' '))

const account = (r: WireRecord): Body<'account'> => ({
  name: text(r, 'name'),
  domain: domainOf(text(r, 'website')),
  industry: text(r, 'industry'),
  type: text(r, 'account_type'),
  country: text(r, 'billing_address_country'),
  city: text(r, 'billing_address_city'),
  employees: number(r, 'employees'),
  annualRevenue: number(r, 'annual_revenue'),
  ownerId: text(r, 'assigned_user_id'),
  parentId: text(r, 'parent_id'),
  createdAt: instant(r, CREATED),
})

/** The account that a contact or a deal hangs on, by its own field or by the link. */
export const accountOf = (r: WireRecord): string | null => text(r, 'account_id') ?? r.links[ACCOUNTS]?.[0] ?? null
const contactOf = (r: WireRecord): string | null => text(r, 'contact_id') ?? r.links[CONTACTS]?.[0] ?? null

const contact = (r: WireRecord): Body<'contact'> => ({
  accountId: accountOf(r),
  name: named(r),
  email: text(r, 'email1'),
  title: text(r, 'title'),
  country: text(r, 'primary_address_country'),
  ownerId: text(r, 'assigned_user_id'),
  createdAt: instant(r, CREATED),
})

const lead = (r: WireRecord): Body<'lead'> => ({
  name: named(r),
  company: text(r, 'account_name'),
  source: text(r, 'lead_source'),
  status: text(r, 'status'),
  ownerId: text(r, 'assigned_user_id'),
  createdAt: instant(r, CREATED),
  // SuiteCRM says whether, never when.
  convertedAt: null,
  accountId: text(r, 'account_id'),
  contactId: text(r, 'contact_id'),
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

/** SuiteCRM's id of the instance's own currency. */
export const HOME = '-99'

const currencyOf = (id: string | null, amount: number | null, { codes, currency }: Context): string | null => {
  if (id !== null && id !== HOME) return codes.get(id) ?? null
  return id === null && amount === null ? null : currency
}

const deal = (r: WireRecord, context: Context): Body<'deal'> => {
  const stage = text(r, 'sales_stage')
  const amount = number(r, 'amount')
  const currencyId = text(r, 'currency_id')
  const createdAt = instant(r, CREATED)
  return {
    name: text(r, 'name'),
    accountId: accountOf(r),
    contactId: contactOf(r),
    ownerId: text(r, 'assigned_user_id'),
    pipeline: null,
    stage,
    ...meaningOf(stage, context),
    amount,
    currency: currencyOf(currencyId, amount, context),
    // In the instance's own currency, whatever the field is called, by the rate of the day on which the deal was last saved.
    homeAmount: currencyId === null || currencyId === HOME ? amount : number(r, 'amount_usdollar'),
    type: text(r, 'opportunity_type'),
    createdAt,
    closedAt: onItsDay(instant(r, 'date_closed'), createdAt),
  }
}

const about = (
  r: WireRecord,
  { accounts }: Pick<Context, 'accounts'>,
): Pick<Body<'activity'>, 'accountId' | 'contactId' | 'dealId' | 'ownerId' | 'createdAt'> => {
  const ofParent = (type: string): string | null => (text(r, 'parent_type') === type ? text(r, 'parent_id') : null)
  const contactId = contactOf(r) ?? ofParent('Contacts')
  const dealId = ofParent('Opportunities')
  return {
    accountId: ofParent('Accounts') ?? accounts.get(dealId ?? '') ?? accounts.get(contactId ?? '') ?? null,
    contactId,
    dealId,
    ownerId: text(r, 'assigned_user_id'),
    createdAt: instant(r, CREATED),
  }
}

/** The contacts and deals whose account is to be known before an activity can be said. */
export const aboutWhom = (r: WireRecord): { readonly contacts: readonly string[]; readonly deals: readonly string[] } => {
  const { accountId, contactId, dealId } = about(r, { accounts: new Map() })
  if (accountId !== null) return { contacts: [], deals: [] }
  return { contacts: contactId === null ? [] : [contactId], deals: dealId === null ? [] : [dealId] }
}

const DIRECTIONS: Readonly<Record<string, Body<'activity'>['direction']>> = {
  Inbound: 'inbound',
  Outbound: 'outbound',
  // Of e-mails, whose field is `type`.
  inbound: 'inbound',
  out: 'outbound',
}

const durationOf = (r: WireRecord): number | null => {
  const [hours, minutes] = [number(r, 'duration_hours'), number(r, 'duration_minutes')]
  return hours === null && minutes === null ? null : (hours ?? 0) * 3600 + (minutes ?? 0) * 60
}

const activity =
  (type: Body<'activity'>['type'], happened: readonly string[], direction = 'direction') =>
  (r: WireRecord, context: Context): Body<'activity'> => ({
    ...about(r, context),
    type,
    direction: DIRECTIONS[text(r, direction) ?? ''] ?? null,
    happenedAt: happened.map((field) => instant(r, field)).find((at) => at !== null) ?? null,
    durationSeconds: durationOf(r),
    outcome: type === 'call' || type === 'meeting' || type === 'task' ? text(r, 'status') : null,
  })

/** `Closed_Closed`, `Closed_Rejected`, `Closed_Duplicate`; versions before 7.10 say `Closed`. */
const isClosedCase = (r: WireRecord): boolean => text(r, 'state') === 'Closed' || (text(r, 'status') ?? '').startsWith('Closed')

const ticket = (r: WireRecord): Body<'case'> => ({
  accountId: text(r, 'account_id'),
  contactId: contactOf(r),
  subject: text(r, 'name'),
  category: text(r, 'type'),
  priority: text(r, 'priority'),
  status: text(r, 'status'),
  createdAt: instant(r, CREATED),
  // SuiteCRM keeps no date of closing: a closed case was closed when it was last changed, at the latest.
  closedAt: isClosedCase(r) ? instant(r, STAMP) : null,
})

const campaign = (r: WireRecord): Body<'campaign'> => ({
  name: text(r, 'name'),
  type: text(r, 'campaign_type'),
  startedAt: instant(r, 'start_date'),
  endedAt: instant(r, 'end_date'),
  createdAt: instant(r, CREATED),
})

const user = (r: WireRecord): Body<'user'> => {
  const status = text(r, 'status')
  return {
    name: named(r) ?? text(r, 'user_name'),
    email: text(r, 'email1'),
    isActive: status === null ? null : status === 'Active',
    createdAt: instant(r, CREATED),
  }
}

const BODIES: Readonly<Record<string, (record: WireRecord, context: Context) => Body<Kind>>> = {
  Users: user,
  Accounts: account,
  Contacts: contact,
  Leads: lead,
  Opportunities: deal,
  Calls: activity('call', ['date_start']),
  Meetings: activity('meeting', ['date_start']),
  Tasks: activity('task', ['date_due', 'date_start']),
  Notes: activity('note', [CREATED]),
  Emails: activity('email', ['date_sent_received', 'date_sent'], 'type'),
  Cases: ticket,
  Campaigns: campaign,
}

/** When the record was last modified (epoch ms); null when the answer does not say, which orders no version. */
export const modifiedOf = (record: WireRecord): number | null => instant(record, STAMP)
export const isDeleted = (record: WireRecord): boolean => flag(record.values['deleted']) === true

/** One of SuiteCRM's records in our words; its stamp must be known. */
export const recordOf = (module: ModuleType, record: WireRecord, context: Context): CrmRecord => {
  const modified = modifiedOf(record) ?? 0
  if (isDeleted(record)) return tombstone(module.kind, record.id, modified)
  const body = BODIES[module.name]?.(record, context)
  const created = instant(record, CREATED)
  const closed = module.kind === 'deal' && (body as Body<'deal'>).isClosed === true ? (body as Body<'deal'>).closedAt : null
  const attributes: Record<string, Attribute> = {}
  for (const { name, type } of context.custom) attributes[ANSWERS.get(name) ?? name] = attribute(type, record.values[name])
  // The body was made for this kind a line above; the compiler does not follow a kind that is a value.
  return {
    kind: module.kind,
    id: record.id,
    version: modified,
    knownAt: knownSince(context.seen, { created, modified, closed }),
    deleted: false,
    body,
    attributes,
  } as CrmRecord
}

/** SuiteCRM keeps no trace of a merge: the loser is deleted like any other. */
export const tombstone = (kind: Kind, id: string, at: number): CrmRecord => {
  const gone: Tombstone = { kind, id, version: at, knownAt: at, deleted: true, mergedInto: null }
  return gone
}
