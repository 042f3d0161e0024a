import * as f from './fields.ts'
import type { Field } from './fields.ts'

/** The modules of the stand-in, with the standard fields that a connector may meet. */

export const MODULE_NAMES = [
  'Accounts',
  'Contacts',
  'Leads',
  'Opportunities',
  'RevenueLineItems',
  'ProductTemplates',
  'ProductCategories',
  'Calls',
  'Meetings',
  'Tasks',
  'Notes',
  'Emails',
  'Cases',
  'Campaigns',
  'Users',
  'Currencies',
  'WebLogicHooks',
] as const
export type ModuleName = (typeof MODULE_NAMES)[number]

export interface ModuleDefinition {
  readonly name: ModuleName
  /** The bean: `Account`; what vardefs files call the module. */
  readonly bean: string
  /** First eight digits of the ids that the stand-in makes. */
  readonly prefix: string
  readonly fields: readonly Field[]
}

const COMMON: readonly Field[] = [
  f.id('id', { required: true, readonly: true }),
  { name: 'date_entered', type: 'datetime', readonly: true },
  { name: 'date_modified', type: 'datetime', readonly: true },
  f.id('created_by', { readonly: true }),
  f.id('modified_user_id', { readonly: true }),
  f.long('description'),
  f.flag('deleted', { readonly: true }),
]
const ASSIGNED: readonly Field[] = [...f.relate('assigned_user_id', 'assigned_user_name', 'Users', { audited: true }), f.id('team_id')]
const NAME: Field = { name: 'name', type: 'name', len: 255, required: true }
const MONEY: readonly Field[] = [f.id('currency_id'), f.decimal('base_rate')]
const PARENT: readonly Field[] = [
  { name: 'parent_type', type: 'parent_type', len: 100, options: 'parent_type_display' },
  f.id('parent_id'),
  { name: 'parent_name', type: 'parent', source: 'non-db', idName: 'parent_id' },
]
const PERSON: readonly Field[] = [
  f.text('first_name', 100),
  f.text('last_name', 100, { required: true }),
  { name: 'name', type: 'name', source: 'non-db', readonly: true },
  { name: 'full_name', type: 'varchar', source: 'non-db', readonly: true },
  f.text('title', 100),
  f.text('department'),
  { name: 'email', type: 'email', source: 'non-db' },
  { name: 'email1', type: 'varchar', source: 'non-db' },
  f.flag('do_not_call'),
  f.text('primary_address_country', 255),
  f.text('primary_address_city', 100),
  f.pick('lead_source', 'lead_source_dom'),
]
const TIMED: readonly Field[] = [f.instant('date_start', { required: true }), f.instant('date_end')]
const LASTING: readonly Field[] = [f.whole('duration_hours'), f.whole('duration_minutes')]

const link = (name: string, relationship: string): Field => ({ name, type: 'link', source: 'non-db', relationship })
const links = (...names: readonly string[]): readonly Field[] => names.map((name) => link(name, name))

const define = (name: ModuleName, bean: string, number: number, ...fields: readonly (Field | readonly Field[])[]): ModuleDefinition => ({
  name,
  bean,
  prefix: (0xa5000000 + number).toString(16),
  fields: [...COMMON, ...fields.flat()],
})

export const MODULES: Readonly<Record<ModuleName, ModuleDefinition>> = {
  Accounts: define(
    'Accounts',
    'Account',
    1,
    NAME,
    ASSIGNED,
    f.pick('account_type', 'account_type_dom'),
    f.pick('industry', 'industry_dom'),
    // Texts in Sugar, both of them.
    f.text('annual_revenue', 100),
    f.text('employees', 10),
    { name: 'website', type: 'url', len: 255 },
    f.text('billing_address_country'),
    f.text('billing_address_city', 100),
    { name: 'phone_office', type: 'phone', len: 100 },
    f.text('rating', 100),
    f.text('ownership', 100),
    f.relate('parent_id', 'parent_name', 'Accounts'),
    { name: 'email', type: 'email', source: 'non-db' },
    { name: 'email1', type: 'varchar', source: 'non-db' },
    f.text('sync_key', 100),
    links('contacts', 'opportunities', 'cases', 'leads', 'revenuelineitems', 'members', 'calls', 'meetings', 'tasks', 'notes', 'emails'),
  ),
  Contacts: define(
    'Contacts',
    'Contact',
    2,
    PERSON,
    ASSIGNED,
    f.relate('account_id', 'account_name', 'Accounts'),
    f.id('reports_to_id'),
    f.text('sync_key', 100),
    links('accounts', 'opportunities', 'cases', 'calls', 'meetings', 'tasks', 'notes', 'emails'),
  ),
  Leads: define(
    'Leads',
    'Lead',
    3,
    PERSON,
    ASSIGNED,
    f.text('account_name'),
    f.pick('status', 'lead_status_dom', { audited: true }),
    f.flag('converted'),
    f.id('account_id'),
    f.id('contact_id'),
    f.id('converted_opp_id'),
    f.text('sync_key', 100),
  ),
  Opportunities: define(
    'Opportunities',
    'Opportunity',
    4,
    NAME,
    ASSIGNED,
    f.relate('account_id', 'account_name', 'Accounts', { required: true }),
    f.money('amount', { audited: true, rolledUp: true }),
    f.money('best_case', { audited: true, rolledUp: true }),
    f.money('worst_case', { audited: true, rolledUp: true }),
    MONEY,
    f.date('date_closed', { audited: true, rolledUp: true }),
    f.whole('date_closed_timestamp', { readonly: true }),
    f.pick('sales_stage', 'sales_stage_dom', { audited: true, rolledUp: true }),
    f.pick('sales_status', 'sales_status_dom', { audited: true, rolledUp: true, edition: 'enterprise' }),
    f.whole('probability', { rolledUp: true }),
    f.pick('commit_stage', 'commit_stage_dom'),
    f.pick('opportunity_type', 'opportunity_type_dom'),
    f.pick('lead_source', 'lead_source_dom'),
    f.id('campaign_id'),
    f.text('next_step', 100),
    f.text('sync_key', 100),
    links('accounts', 'contacts', 'calls', 'meetings', 'tasks', 'notes', 'emails'),
    { ...link('revenuelineitems', 'opportunities_revenuelineitems'), edition: 'enterprise' },
  ),
  RevenueLineItems: define(
    'RevenueLineItems',
    'RevenueLineItem',
    5,
    NAME,
    ASSIGNED,
    f.relate('opportunity_id', 'opportunity_name', 'Opportunities', { required: true }),
    f.relate('account_id', 'account_name', 'Accounts', { readonly: true }),
    f.relate('product_template_id', 'product_template_name', 'ProductTemplates'),
    f.relate('category_id', 'category_name', 'ProductCategories'),
    f.text('mft_part_num', 50),
    f.decimal('quantity', 12, 2),
    f.money('discount_price'),
    f.money('list_price'),
    f.money('cost_price'),
    f.money('discount_amount'),
    f.money('total_amount', { readonly: true }),
    f.money('likely_case', { audited: true }),
    f.money('best_case'),
    f.money('worst_case'),
    MONEY,
    f.pick('sales_stage', 'sales_stage_dom', { audited: true }),
    f.date('date_closed', { audited: true }),
    f.whole('probability'),
    f.pick('commit_stage', 'commit_stage_dom'),
    links('opportunities', 'account_link'),
  ),
  ProductTemplates: define(
    'ProductTemplates',
    'ProductTemplate',
    6,
    NAME,
    f.relate('category_id', 'category_name', 'ProductCategories'),
    f.id('type_id'),
    f.text('mft_part_num', 50),
    f.pick('status', 'product_template_status_dom'),
    f.money('discount_price'),
    f.money('list_price'),
    f.money('cost_price'),
    MONEY,
    f.pick('tax_class', 'tax_class_dom'),
  ),
  ProductCategories: define('ProductCategories', 'ProductCategory', 7, NAME),
  Calls: define(
    'Calls',
    'Call',
    8,
    NAME,
    ASSIGNED,
    PARENT,
    TIMED,
    LASTING,
    f.pick('status', 'call_status_dom'),
    f.pick('direction', 'call_direction_dom'),
    links('contacts'),
  ),
  Meetings: define(
    'Meetings',
    'Meeting',
    9,
    NAME,
    ASSIGNED,
    PARENT,
    TIMED,
    LASTING,
    f.pick('status', 'meeting_status_dom'),
    f.text('location', 50),
    links('contacts'),
  ),
  Tasks: define(
    'Tasks',
    'Task',
    10,
    NAME,
    ASSIGNED,
    PARENT,
    f.instant('date_start'),
    f.instant('date_due'),
    f.pick('status', 'task_status_dom'),
    f.pick('priority', 'task_priority_dom'),
    f.relate('contact_id', 'contact_name', 'Contacts'),
  ),
  Notes: define('Notes', 'Note', 11, NAME, ASSIGNED, PARENT, f.relate('contact_id', 'contact_name', 'Contacts'), f.text('filename')),
  Emails: define(
    'Emails',
    'Email',
    12,
    NAME,
    ASSIGNED,
    PARENT,
    f.instant('date_sent'),
    f.pick('state', 'email_state_dom'),
    f.pick('direction', 'email_direction_dom'),
    links('contacts'),
  ),
  Cases: define(
    'Cases',
    'Case',
    13,
    NAME,
    ASSIGNED,
    f.whole('case_number', { readonly: true }),
    f.relate('account_id', 'account_name', 'Accounts', { required: true }),
    f.relate('primary_contact_id', 'primary_contact_name', 'Contacts'),
    f.pick('status', 'case_status_dom', { audited: true }),
    f.pick('priority', 'case_priority_dom', { audited: true }),
    f.pick('type', 'case_type_dom'),
    f.pick('source', 'source_dom'),
    f.long('resolution'),
    f.instant('resolved_datetime', { readonly: true }),
    links('accounts', 'contacts'),
  ),
  Campaigns: define(
    'Campaigns',
    'Campaign',
    14,
    NAME,
    ASSIGNED,
    f.pick('campaign_type', 'campaign_type_dom'),
    f.pick('status', 'campaign_status_dom'),
    f.date('start_date'),
    f.date('end_date'),
  ),
  Users: define(
    'Users',
    'User',
    15,
    f.text('user_name', 60, { required: true }),
    f.text('first_name'),
    f.text('last_name'),
    { name: 'name', type: 'name', source: 'non-db', readonly: true },
    { name: 'full_name', type: 'varchar', source: 'non-db', readonly: true },
    { name: 'email', type: 'email', source: 'non-db' },
    { name: 'email1', type: 'varchar', source: 'non-db' },
    f.pick('status', 'user_status_dom'),
    f.pick('employee_status', 'employee_status_dom'),
    f.flag('is_admin'),
    f.text('title', 50),
  ),
  Currencies: define(
    'Currencies',
    'Currency',
    16,
    NAME,
    f.text('symbol', 36),
    f.text('iso4217', 3),
    f.decimal('conversion_rate'),
    f.text('status', 100),
  ),
  WebLogicHooks: define(
    'WebLogicHooks',
    'WebLogicHook',
    17,
    NAME,
    f.text('trigger_event', 100),
    f.text('webhook_target_module', 255),
    f.text('request_method', 20),
    f.text('url', 255),
  ),
}

export const isModule = (name: string): name is ModuleName => Object.hasOwn(MODULES, name)

/** The module a vardefs file means by a bean's name. */
export const moduleOfBean = (bean: string): ModuleName | null => MODULE_NAMES.find((name) => MODULES[name].bean === bean) ?? null

/** Where a link leads: records that hold our id in a field, the record whose id we hold, or records that hang on us as their parent. */
export interface Link {
  readonly module: ModuleName
  readonly via: 'theirs' | 'ours' | 'parent'
  readonly field: string
}

const theirs = (module: ModuleName, field: string): Link => ({ module, via: 'theirs', field })
const ours = (module: ModuleName, field: string): Link => ({ module, via: 'ours', field })
const parent = (module: ModuleName): Link => ({ module, via: 'parent', field: 'parent_id' })
const ACTIVITIES = {
  calls: parent('Calls'),
  meetings: parent('Meetings'),
  tasks: parent('Tasks'),
  notes: parent('Notes'),
  emails: parent('Emails'),
}

/** A contact of a deal, a call, a meeting or an e-mail is one that the row itself holds, in a field that no metadata tells: see README. */
export const LINKED_CONTACT = 'linked_contact_id'

export const LINKS: Readonly<Partial<Record<ModuleName, Readonly<Record<string, Link>>>>> = {
  Accounts: {
    contacts: theirs('Contacts', 'account_id'),
    opportunities: theirs('Opportunities', 'account_id'),
    cases: theirs('Cases', 'account_id'),
    leads: theirs('Leads', 'account_id'),
    revenuelineitems: theirs('RevenueLineItems', 'account_id'),
    members: theirs('Accounts', 'parent_id'),
    ...ACTIVITIES,
  },
  Contacts: {
    accounts: ours('Accounts', 'account_id'),
    opportunities: theirs('Opportunities', LINKED_CONTACT),
    cases: theirs('Cases', 'primary_contact_id'),
    calls: theirs('Calls', LINKED_CONTACT),
    meetings: theirs('Meetings', LINKED_CONTACT),
    emails: theirs('Emails', LINKED_CONTACT),
    tasks: theirs('Tasks', 'contact_id'),
    notes: theirs('Notes', 'contact_id'),
  },
  Opportunities: {
    accounts: ours('Accounts', 'account_id'),
    contacts: ours('Contacts', LINKED_CONTACT),
    revenuelineitems: theirs('RevenueLineItems', 'opportunity_id'),
    ...ACTIVITIES,
  },
  RevenueLineItems: { opportunities: ours('Opportunities', 'opportunity_id'), account_link: ours('Accounts', 'account_id') },
  Calls: { contacts: ours('Contacts', LINKED_CONTACT) },
  Meetings: { contacts: ours('Contacts', LINKED_CONTACT) },
  Emails: { contacts: ours('Contacts', LINKED_CONTACT) },
  Cases: { accounts: ours('Accounts', 'account_id'), contacts: ours('Contacts', 'primary_contact_id') },
}
