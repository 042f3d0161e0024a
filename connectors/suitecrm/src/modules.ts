import type { Kind } from '@assay/shared'

/** One of SuiteCRM's modules and what Assay asks of it. */
export interface ModuleType {
  readonly name: string
  /** Its table: questions are SQL, and name it. */
  readonly table: string
  readonly kind: Kind
  /** Every fixed field that is asked for; custom ones come on top as attributes. */
  readonly fields: readonly string[]
  /** Those of them that some versions lack: not missed where they are not there. */
  readonly optional: ReadonlySet<string>
  /** Links whose ids come along with the record. */
  readonly links: readonly string[]
  /** False: asked for its deleted records as well, its list breaks down (an empty 500). What is deleted is missed by its id alone. */
  readonly tellsDeletions: boolean
}

export const STAMP = 'date_modified'
export const CREATED = 'date_entered'
export const ACCOUNTS = 'accounts'
export const CONTACTS = 'contacts'

const module = (
  name: string,
  kind: Kind,
  fields: string,
  more: { optional?: string; links?: readonly string[]; tellsDeletions?: false } = {},
): ModuleType => {
  const optional = (more.optional ?? '').split(' ').filter((each) => each !== '')
  return {
    name,
    table: name.toLowerCase(),
    kind,
    fields: ['id', ...fields.split(' '), ...optional, CREATED, STAMP],
    optional: new Set(optional),
    links: more.links ?? [],
    tellsDeletions: more.tellsDeletions ?? true,
  }
}

/** Every module that is read. Long texts (`description`, bodies of e-mails) are not among the fields. */
export const MODULES: readonly ModuleType[] = [
  module('Users', 'user', 'user_name first_name last_name status', { optional: 'email1' }),
  module(
    'Accounts',
    'account',
    'name website industry account_type billing_address_country billing_address_city employees annual_revenue assigned_user_id parent_id',
  ),
  module('Contacts', 'contact', 'first_name last_name title primary_address_country assigned_user_id', {
    optional: 'email1 account_id',
    links: [ACCOUNTS],
  }),
  module('Leads', 'lead', 'first_name last_name account_name lead_source status converted account_id contact_id assigned_user_id'),
  // v4_1 leaves out `account_id` of a deal, which is no column of its own: the link tells.
  module('Opportunities', 'deal', 'name assigned_user_id amount amount_usdollar currency_id date_closed sales_stage opportunity_type', {
    links: [ACCOUNTS, CONTACTS],
  }),
  module('Calls', 'activity', 'parent_type parent_id assigned_user_id date_start duration_hours duration_minutes direction status', {
    links: [CONTACTS],
  }),
  module('Meetings', 'activity', 'parent_type parent_id assigned_user_id date_start duration_hours duration_minutes status', {
    links: [CONTACTS],
  }),
  module('Tasks', 'activity', 'parent_type parent_id contact_id assigned_user_id date_start date_due status'),
  module('Notes', 'activity', 'parent_type parent_id contact_id assigned_user_id'),
  module('Emails', 'activity', 'parent_type parent_id assigned_user_id type', {
    optional: 'date_sent_received date_sent',
    links: [CONTACTS],
    // Its list is a query of its own, which knows "living" and "deleted", and not "both".
    tellsDeletions: false,
  }),
  module('Cases', 'case', 'account_id name type priority status', { optional: 'state', links: [CONTACTS] }),
  module('Campaigns', 'campaign', 'name campaign_type start_date end_date'),
]

/** Without these nothing can be learned. */
export const NEEDED: ReadonlySet<string> = new Set(['Accounts', 'Contacts', 'Opportunities'])

export const KINDS_READ: readonly Kind[] = ['user', 'account', 'contact', 'lead', 'deal', 'activity', 'case', 'campaign']

export const modulesOf = (kind: Kind): readonly ModuleType[] => MODULES.filter((entry) => entry.kind === kind)

/** Found by name; throws on one that is not in the list, which is our own mistake. */
export const moduleNamed = (name: string): ModuleType => {
  const found = MODULES.find((entry) => entry.name === name)
  if (found === undefined) throw new TypeError(`no module "${name}"`)
  return found
}

/** The fixed fields by kind: what `reads()` tells before the first call. */
export const fieldsByKind = (): Partial<Record<Kind, string[]>> => {
  const fields: Partial<Record<Kind, string[]>> = {}
  for (const { kind, fields: own, links } of MODULES) fields[kind] = [...new Set([...(fields[kind] ?? []), ...own, ...links])]
  return fields
}
