import { ASSAY_PREFIX, ASSAY_TASK_MARK, knownSince, OFFER_FIELDS } from '@assay/shared'
import type { Attribute, Body, CrmRecord, Kind, LiveRecord, Seen, Tombstone } from '@assay/shared'
import { DEAL_HISTORY, MERGED, type ObjectType } from './objects.ts'
import type { WireOwner, WireProperty, WireRecord } from './wire.ts'

export interface Stage {
  readonly isClosed: boolean
  readonly isWon: boolean
}

/** What is needed beside the record itself to say it in our words. */
export interface Context {
  readonly seen: Seen
  /** The company's own currency; null where it is not known. */
  readonly currency: string | null
  /** What each stage of a deal pipeline means, by stage id. */
  readonly stages: ReadonlyMap<string, Stage>
  /** Custom properties to carry along as attributes. */
  readonly custom: readonly WireProperty[]
  /** The one record of each other type that this one hangs on. */
  readonly linked: (id: string, to: 'companies' | 'contacts' | 'deals') => string | null
}

/** An empty text is how HubSpot says nothing. */
const text = (value: string | null | undefined): string | null => (value === undefined || value === '' ? null : value)
const number = (value: string | null | undefined): number | null => {
  const said = text(value)
  const parsed = said === null ? Number.NaN : Number(said)
  return Number.isFinite(parsed) ? parsed : null
}
const flag = (value: string | null | undefined): boolean | null => (value === 'true' ? true : value === 'false' ? false : null)
/** Epoch ms of ISO text, or of digits, which are epoch ms already. */
export const instant = (value: string | null | undefined): number | null => {
  const said = text(value)
  if (said === null) return null
  const at = /^-?\d+$/.test(said) ? Number(said) : Date.parse(said)
  return Number.isFinite(at) ? at : null
}

const ANSWERS: ReadonlySet<string> = new Set(OFFER_FIELDS.filter((field) => field.setByPeople).map((field) => ASSAY_PREFIX + field.name))

/** Free text and files are never carried along; neither is what HubSpot itself marks as sensitive. */
const FREE_TEXT: ReadonlySet<string> = new Set(['textarea', 'html', 'file'])

/** Whether a property becomes an attribute: the portal's own ones and people's answers to offers, no other of Assay's fields. */
export const isAttribute = (property: WireProperty): boolean =>
  property.name.startsWith(ASSAY_PREFIX)
    ? ANSWERS.has(property.name)
    : property.hubspotDefined !== true && !FREE_TEXT.has(property.fieldType)

const attribute = (type: string, value: string | null | undefined): Attribute => {
  if (type === 'number') return number(value)
  if (type === 'bool') return flag(value)
  return text(value)
}

const account = (p: WireRecord['properties']): Body<'account'> => ({
  name: text(p['name']),
  domain: text(p['domain']),
  industry: text(p['industry']),
  type: text(p['type']),
  country: text(p['country']),
  city: text(p['city']),
  employees: number(p['numberofemployees']),
  annualRevenue: number(p['annualrevenue']),
  ownerId: text(p['hubspot_owner_id']),
  parentId: text(p['hs_parent_company_id']),
  createdAt: instant(p['createdate']),
})

const fullName = (first: string | null | undefined, last: string | null | undefined): string | null =>
  text([text(first), text(last)].filter((part) => part !== null).join(' '))

const contact = ({ id, properties: p }: WireRecord, { linked }: Context): Body<'contact'> => ({
  accountId: linked(id, 'companies'),
  name: fullName(p['firstname'], p['lastname']),
  email: text(p['email']),
  title: text(p['jobtitle']),
  country: text(p['country']),
  ownerId: text(p['hubspot_owner_id']),
  createdAt: instant(p['createdate']),
})

const deal = ({ id, properties: p }: WireRecord, { linked, stages, currency: home }: Context): Body<'deal'> => {
  const stage = stages.get(p['dealstage'] ?? '')
  const amount = number(p['amount'])
  const currency = text(p['deal_currency_code']) ?? (amount === null ? null : home)
  return {
    name: text(p['dealname']),
    accountId: linked(id, 'companies'),
    contactId: linked(id, 'contacts'),
    ownerId: text(p['hubspot_owner_id']),
    pipeline: text(p['pipeline']),
    stage: text(p['dealstage']),
    // A stage that was taken out of its pipeline is known only by what HubSpot calculated for the deal.
    isClosed: stage?.isClosed ?? flag(p['hs_is_closed']),
    isWon: stage?.isWon ?? flag(p['hs_is_closed_won']),
    amount,
    currency,
    homeAmount: number(p['amount_in_home_currency']) ?? (currency === home ? amount : null),
    type: text(p['dealtype']),
    createdAt: instant(p['createdate']),
    closedAt: instant(p['closedate']),
  }
}

const lineItem = ({ id, properties: p }: WireRecord, { linked }: Context): Body<'lineItem'> => ({
  dealId: linked(id, 'deals'),
  productId: text(p['hs_product_id']),
  sku: text(p['hs_sku']),
  name: text(p['name']),
  quantity: number(p['quantity']),
  unitPrice: number(p['price']),
  amount: number(p['amount']),
  currency: text(p['hs_line_item_currency_code']),
  createdAt: instant(p['createdate']),
})

const product = (p: WireRecord['properties'], home: string | null): Body<'product'> => {
  const price = number(p['price'])
  const status = text(p['hs_status'])
  return {
    name: text(p['name']),
    sku: text(p['hs_sku']),
    family: text(p['family']),
    price,
    currency: price === null ? null : home,
    isActive: status === null ? null : status === 'active',
    createdAt: instant(p['createdate']),
  }
}

const ticket = ({ id, properties: p }: WireRecord, { linked }: Context): Body<'case'> => ({
  accountId: linked(id, 'companies'),
  contactId: linked(id, 'contacts'),
  subject: text(p['subject']),
  category: text(p['hs_ticket_category']),
  priority: text(p['hs_ticket_priority']),
  status: text(p['hs_pipeline_stage']),
  createdAt: instant(p['createdate']),
  closedAt: instant(p['closed_date']),
})

const ENGAGEMENTS: Readonly<Record<string, Body<'activity'>['type']>> = {
  calls: 'call',
  emails: 'email',
  meetings: 'meeting',
  notes: 'note',
  tasks: 'task',
}
const DIRECTIONS: Readonly<Record<string, Body<'activity'>['direction']>> = {
  INBOUND: 'inbound',
  OUTBOUND: 'outbound',
  INCOMING_EMAIL: 'inbound',
  EMAIL: 'outbound',
  FORWARDED_EMAIL: 'outbound',
}

const seconds = (p: WireRecord['properties']): number | null => {
  const call = number(p['hs_call_duration'])
  if (call !== null) return call / 1000
  const from = instant(p['hs_meeting_start_time'])
  const to = instant(p['hs_meeting_end_time'])
  return from === null || to === null ? null : (to - from) / 1000
}

const activity = (name: string, { id, properties: p }: WireRecord, { linked }: Context): Body<'activity'> => ({
  type: ENGAGEMENTS[name] ?? 'other',
  direction: DIRECTIONS[p['hs_call_direction'] ?? p['hs_email_direction'] ?? ''] ?? null,
  accountId: linked(id, 'companies'),
  contactId: linked(id, 'contacts'),
  dealId: linked(id, 'deals'),
  ownerId: text(p['hubspot_owner_id']),
  happenedAt: instant(p['hs_timestamp']),
  createdAt: instant(p['hs_createdate']),
  durationSeconds: seconds(p),
  outcome: text(p['hs_call_disposition'] ?? p['hs_email_status'] ?? p['hs_meeting_outcome'] ?? p['hs_task_status']),
})

const subscription = ({ id, properties: p }: WireRecord, { linked }: Context): Body<'subscription'> => ({
  accountId: linked(id, 'companies'),
  contactId: linked(id, 'contacts'),
  productId: text(p['product_id']),
  status: text(p['status']),
  startedAt: instant(p['started_at']),
  endedAt: instant(p['ended_at']),
  renewsAt: instant(p['renews_at']),
  monthlyAmount: number(p['monthly_amount']),
  currency: text(p['currency']),
  createdAt: instant(p['hs_createdate']),
})

const bodyOf = (object: ObjectType, record: WireRecord, context: Context): Body<Kind> => {
  switch (object.kind) {
    case 'account':
      return account(record.properties)
    case 'contact':
      return contact(record, context)
    case 'deal':
      return deal(record, context)
    case 'lineItem':
      return lineItem(record, context)
    case 'product':
      return product(record.properties, context.currency)
    case 'case':
      return ticket(record, context)
    case 'subscription':
      return subscription(record, context)
    default:
      return activity(object.name, record, context)
  }
}

/** Whether a task is Assay's own, which nobody did. */
export const isAssayTask = ({ properties: p }: WireRecord): boolean =>
  `${p['hs_task_subject'] ?? ''} ${p['hs_task_body'] ?? ''}`.includes(ASSAY_TASK_MARK)

/** When the record was last modified (epoch ms); null when HubSpot's answer does not say, which orders no version. */
export const modifiedOf = (object: ObjectType, record: WireRecord): number | null =>
  instant(record.properties[object.modified] ?? record.updatedAt)

/** One of HubSpot's records in our words; its modification date must be known. */
export const recordOf = (object: ObjectType, record: WireRecord, context: Context): CrmRecord => {
  const { properties } = record
  const modified = modifiedOf(object, record) ?? 0
  const created = instant(properties[object.created] ?? record.createdAt)
  const body = bodyOf(object, record, context)
  const closed = object.kind === 'deal' && (body as Body<'deal'>).isClosed === true ? (body as Body<'deal'>).closedAt : null
  const attributes: Record<string, Attribute> = {}
  for (const { name, type } of context.custom) attributes[name] = attribute(type, properties[name])
  // The body was made for this kind a line above; the compiler does not follow a kind that is a value.
  return {
    kind: object.kind,
    id: record.id,
    version: modified,
    knownAt: knownSince(context.seen, { created, modified, closed }),
    deleted: false,
    body,
    attributes,
  } as CrmRecord
}

/** The changes of a deal's tracked fields, oldest first; HubSpot gives the newest first. */
export const historyOf = (record: WireRecord, stages: Context['stages']): LiveRecord<'dealHistory'>[] => {
  const changes: LiveRecord<'dealHistory'>[] = []
  for (const [property, field] of Object.entries(DEAL_HISTORY)) {
    for (const { value, timestamp } of record.propertiesWithHistory?.[property] ?? []) {
      const changedAt = instant(timestamp)
      if (changedAt === null) continue
      const stage = field === 'stage' ? stages.get(value ?? '') : undefined
      changes.push({
        kind: 'dealHistory',
        id: `${record.id}-${field}-${changedAt}`,
        version: changedAt,
        knownAt: changedAt,
        deleted: false,
        body: {
          dealId: record.id,
          field,
          value: text(value),
          isClosed: stage?.isClosed ?? null,
          isWon: stage?.isWon ?? null,
          changedAt,
        },
        attributes: {},
      })
    }
  }
  return changes.sort((left, right) => left.knownAt - right.knownAt)
}

const tombstone = (kind: Kind, id: string, at: number, mergedInto: string | null): CrmRecord => {
  const gone: Tombstone = { kind, id, version: at, knownAt: at, deleted: true, mergedInto }
  return gone
}

/** A record that was deleted at that instant. */
export const deletedRecord = (kind: Kind, id: string, at: number): CrmRecord => tombstone(kind, id, at, null)

export const mergedIds = (record: WireRecord): string[] =>
  (record.properties[MERGED] ?? '').split(';').filter((id) => id !== '' && id !== record.id)

/**
 * The records that were merged into this one. Each is gone since the first entry of the property's history that names it;
 * without a history since the winner's last change, which a merge always is.
 */
export const mergedRecords = (object: ObjectType, record: WireRecord): CrmRecord[] => {
  const entries = record.propertiesWithHistory?.[MERGED] ?? []
  const modified = modifiedOf(object, record) ?? 0
  return mergedIds(record).map((id) => {
    const named = entries
      .filter(({ value }) => (value ?? '').split(';').includes(id))
      .map(({ timestamp }) => instant(timestamp) ?? modified)
    return tombstone(object.kind, id, named.length === 0 ? modified : Math.min(...named), record.id)
  })
}

/** An owner as a user. Owners have no other modification date than `updatedAt`. */
export const userOf = (owner: WireOwner, seen: Seen): CrmRecord => {
  const created = instant(owner.createdAt)
  const modified = instant(owner.updatedAt) ?? created ?? 0
  return {
    kind: 'user',
    id: owner.id,
    version: modified,
    knownAt: knownSince(seen, { created, modified }),
    deleted: false,
    body: {
      name: fullName(owner.firstName, owner.lastName),
      email: text(owner.email),
      isActive: owner.archived === undefined ? null : !owner.archived,
      createdAt: created,
    },
    attributes: {},
  }
}
