import type { Kind } from '@assay/shared'

/** The other end of a link that a body names, with the association type that says "the primary one", where there is one. */
export interface Link {
  readonly to: 'companies' | 'contacts' | 'deals'
  readonly primary: number | null
}

/** One of HubSpot's object types and what Assay asks of it. */
export interface ObjectType {
  /** As paths spell it; for the custom object the place of its own id. */
  readonly name: string
  readonly kind: Kind
  /** The property that holds the last modification. */
  readonly modified: string
  readonly created: string
  /** Every fixed property that is asked for; custom ones come on top as attributes. */
  readonly properties: readonly string[]
  readonly history: readonly string[]
  readonly links: readonly Link[]
  readonly merges: boolean
}

export const MERGED = 'hs_merged_object_ids'
export const DEAL_HISTORY = { dealstage: 'stage', amount: 'amount', closedate: 'closedAt', hubspot_owner_id: 'ownerId' } as const

const COMPANY = { to: 'companies', primary: null } as const
const CONTACT = { to: 'contacts', primary: null } as const
const DEAL = { to: 'deals', primary: null } as const

const object = (
  name: string,
  kind: Kind,
  properties: string,
  more: Partial<Pick<ObjectType, 'modified' | 'created' | 'history' | 'links' | 'merges'>> = {},
): ObjectType => {
  const { modified = 'hs_lastmodifieddate', created = 'createdate', merges = false, history = [], links = [] } = more
  const all = [...properties.split(' '), created, modified, ...(merges ? [MERGED] : [])]
  return { name, kind, modified, created, properties: all, history, links, merges }
}

const engagement = (name: string, properties: string): ObjectType =>
  object(name, 'activity', `hs_timestamp hubspot_owner_id ${properties}`.trim(), {
    created: 'hs_createdate',
    links: [COMPANY, CONTACT, DEAL],
  })

/**
 * Every object type that is read. Message bodies (`hs_email_text`, `hs_call_body`, `hs_note_body`, `hs_meeting_body`, a
 * ticket's `content`) are not among the properties. `hs_task_body` is read for one reason: Assay's own tasks carry their
 * mark there; nothing of it is kept.
 */
export const OBJECTS: readonly ObjectType[] = [
  object(
    'companies',
    'account',
    'name domain industry type country city numberofemployees annualrevenue hubspot_owner_id hs_parent_company_id',
    {
      merges: true,
    },
  ),
  object('contacts', 'contact', 'firstname lastname email jobtitle country hubspot_owner_id', {
    modified: 'lastmodifieddate',
    merges: true,
    links: [{ to: 'companies', primary: 1 }],
  }),
  object(
    'deals',
    'deal',
    'dealname amount deal_currency_code amount_in_home_currency pipeline dealstage hs_is_closed hs_is_closed_won dealtype closedate hubspot_owner_id',
    { merges: true, history: Object.keys(DEAL_HISTORY), links: [{ to: 'companies', primary: 5 }, CONTACT] },
  ),
  object('line_items', 'lineItem', 'name quantity price amount hs_product_id hs_sku hs_line_item_currency_code', { links: [DEAL] }),
  object('products', 'product', 'name hs_sku family price hs_status'),
  object('tickets', 'case', 'subject hs_ticket_category hs_ticket_priority hs_pipeline_stage closed_date', {
    links: [{ to: 'companies', primary: 26 }, CONTACT],
  }),
  engagement('calls', 'hs_call_direction hs_call_duration hs_call_disposition'),
  engagement('emails', 'hs_email_direction hs_email_status'),
  engagement('meetings', 'hs_meeting_outcome hs_meeting_start_time hs_meeting_end_time'),
  engagement('notes', ''),
  engagement('tasks', 'hs_task_subject hs_task_body hs_task_status'),
  object('subscriptions', 'subscription', 'product_id status started_at ended_at renews_at monthly_amount currency', {
    created: 'hs_createdate',
    links: [COMPANY, CONTACT],
  }),
]

export const OWNER_FIELDS: readonly string[] = ['firstName', 'lastName', 'email', 'archived', 'createdAt', 'updatedAt']

export const KINDS_READ: readonly Kind[] = [
  'user',
  'account',
  'contact',
  'product',
  'deal',
  'dealHistory',
  'lineItem',
  'activity',
  'case',
  'subscription',
]

export const objectsOf = (kind: Kind): readonly ObjectType[] => OBJECTS.filter((entry) => entry.kind === kind)

/** The fixed fields by kind: what `reads()` tells before the first call. */
export const fieldsByKind = (): Partial<Record<Kind, string[]>> => {
  const fields: Partial<Record<Kind, string[]>> = { user: [...OWNER_FIELDS] }
  for (const { kind, properties, history } of OBJECTS) {
    fields[kind] = [...new Set([...(fields[kind] ?? []), ...properties])]
    if (history.length > 0) fields.dealHistory = [...history]
  }
  return fields
}
