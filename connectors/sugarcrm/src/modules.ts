import type { Kind } from '@assay/shared'

/** One of Sugar's modules and what Assay asks of it. */
export interface ModuleType {
  readonly name: string
  readonly kind: Kind
  /** Every fixed field that is asked for; custom ones come on top as attributes. */
  readonly fields: readonly string[]
  /** Those of them that are missing in some editions: not missed where they are not there. */
  readonly optional: ReadonlySet<string>
  /** True: who took part hangs on the record as a list of contacts. */
  readonly contacts: boolean
}

export const STAMP = 'date_modified'
export const CREATED = 'date_entered'
/** A link whose records come along with the record. */
export const CONTACTS = 'contacts'

const module = (name: string, kind: Kind, fields: string, more: { optional?: string; contacts?: boolean } = {}): ModuleType => {
  const optional = (more.optional ?? '').split(' ').filter((each) => each !== '')
  return {
    name,
    kind,
    fields: ['id', ...fields.split(' '), ...optional, CREATED, STAMP],
    optional: new Set(optional),
    contacts: more.contacts === true,
  }
}

/**
 * Every module that is read. Long texts (`description`, bodies of e-mails) are not among the fields. The `description` of a
 * task is looked at only where the task may be one of Assay's own, which carry their mark there; nothing of it is kept.
 */
export const MODULES: readonly ModuleType[] = [
  module('Users', 'user', 'user_name first_name last_name email status'),
  module(
    'Accounts',
    'account',
    'name website industry account_type billing_address_country billing_address_city employees annual_revenue assigned_user_id parent_id',
  ),
  module('Contacts', 'contact', 'first_name last_name title email primary_address_country account_id assigned_user_id'),
  module('Leads', 'lead', 'first_name last_name account_name lead_source status converted account_id contact_id assigned_user_id'),
  module('ProductTemplates', 'product', 'name mft_part_num discount_price currency_id status', { optional: 'category_name' }),
  module('Opportunities', 'deal', 'name account_id assigned_user_id amount currency_id base_rate date_closed opportunity_type', {
    // With revenue line items the stage may stand on these only, and the status says what became of the deal.
    optional: 'sales_stage sales_status',
    contacts: true,
  }),
  module('RevenueLineItems', 'lineItem', 'opportunity_id product_template_id name quantity discount_price likely_case currency_id', {
    optional: 'mft_part_num',
  }),
  module('Calls', 'activity', 'parent_type parent_id assigned_user_id date_start duration_hours duration_minutes direction status', {
    contacts: true,
  }),
  module('Meetings', 'activity', 'parent_type parent_id assigned_user_id date_start duration_hours duration_minutes status', {
    contacts: true,
  }),
  module('Tasks', 'activity', 'parent_type parent_id contact_id assigned_user_id created_by date_start date_due status'),
  module('Notes', 'activity', 'parent_type parent_id contact_id assigned_user_id'),
  module('Emails', 'activity', 'parent_type parent_id assigned_user_id date_sent direction', { contacts: true }),
  module('Cases', 'case', 'account_id primary_contact_id name type priority status resolved_datetime'),
  module('Campaigns', 'campaign', 'name campaign_type start_date end_date'),
]

/** Without these nothing can be learned. */
export const NEEDED: ReadonlySet<string> = new Set(['Accounts', 'Contacts', 'Opportunities'])

/** Which fields of a deal have a history, by Sugar's name, and what we call them. */
export const HISTORY_FIELDS = {
  sales_stage: 'stage',
  sales_status: 'stage',
  amount: 'amount',
  date_closed: 'closedAt',
  assigned_user_id: 'ownerId',
} as const
export const AUDIT = 'Opportunities audit'

export const KINDS_READ: readonly Kind[] = [
  'user',
  'account',
  'contact',
  'lead',
  'product',
  'deal',
  'dealHistory',
  'lineItem',
  'activity',
  'case',
  'campaign',
]

export const modulesOf = (kind: Kind): readonly ModuleType[] => MODULES.filter((entry) => entry.kind === kind)

/** The fixed fields by kind: what `reads()` tells before the first call. */
export const fieldsByKind = (): Partial<Record<Kind, string[]>> => {
  const fields: Partial<Record<Kind, string[]>> = { dealHistory: Object.keys(HISTORY_FIELDS) }
  for (const { kind, fields: own, contacts } of MODULES)
    fields[kind] = [...new Set([...(fields[kind] ?? []), ...own, ...(contacts ? [CONTACTS] : [])])]
  return fields
}
