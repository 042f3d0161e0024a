/** The modules of the stand-in, with the fields that a connector may meet. */

export const MODULE_NAMES = [
  'Accounts',
  'Contacts',
  'Leads',
  'Opportunities',
  'Calls',
  'Meetings',
  'Tasks',
  'Notes',
  'Emails',
  'Cases',
  'Campaigns',
  'Users',
  'Currencies',
] as const
export type ModuleName = (typeof MODULE_NAMES)[number]

export interface Field {
  readonly name: string
  readonly type: string
  readonly len?: number
  readonly precision?: number
  /** `non-db`: no column of its own; `custom_fields`: made in Studio or by a package. */
  readonly source?: 'non-db' | 'custom_fields'
}

export interface ModuleDefinition {
  readonly name: ModuleName
  /** What V8 calls a record of it. */
  readonly bean: string
  readonly table: string
  readonly fields: readonly Field[]
  /** Not among the tabs: V8 tells nothing of its fields. */
  readonly hidden?: boolean
}

/** `name:type:len` */
const fieldsOf = (text: string): Field[] =>
  text.split(' ').map((each) => {
    const [name = '', type = 'varchar', len] = each.split(':')
    return { name, type, ...(len === undefined ? {} : { len: Number(len) }) }
  })
const virtual = (name: string, type: string): Field => ({ name, type, source: 'non-db' })
const custom = (name: string, type: string, len?: number): Field => ({
  name,
  type,
  source: 'custom_fields',
  ...(len === undefined ? {} : { len }),
})

const COMMON = 'id:id:36 date_entered:datetime date_modified:datetime created_by:id:36 modified_user_id:id:36 description:text deleted:bool'
const ASSIGNED = 'assigned_user_id:id:36'
const PARENT = 'parent_type:parent_type:255 parent_id:id:36'
const PERSON = 'first_name:varchar:100 last_name:varchar:100 title:varchar:100 primary_address_country:varchar:255 lead_source:enum:255'
const TIMED = 'date_start:datetimecombo date_end:datetime duration_hours:int duration_minutes:int status:enum:100'
/** They come with SuiteCRM on eight modules, custom by their name. */
const MAPS = ['jjwg_maps_lat_c:float', 'jjwg_maps_lng_c:float', 'jjwg_maps_geocode_status_c:varchar:255', 'jjwg_maps_address_c:varchar:255']
const WITH_MAPS: ReadonlySet<ModuleName> = new Set(['Accounts', 'Contacts', 'Leads', 'Opportunities', 'Meetings', 'Cases'])

const define = (name: ModuleName, bean: string, fields: string, more: readonly Field[] = [], hidden = false): ModuleDefinition => ({
  name,
  bean,
  table: name.toLowerCase(),
  fields: [
    ...fieldsOf(`${COMMON} ${fields}`),
    ...more,
    ...(WITH_MAPS.has(name) ? fieldsOf(MAPS.join(' ')).map(({ name: map, type, len }) => custom(map, type, len)) : []),
  ],
  hidden,
})

const EMAIL = virtual('email1', 'varchar')
const ACCOUNT_ID = virtual('account_id', 'id')
const links = (...names: readonly string[]): Field[] => names.map((name) => virtual(name, 'link'))

export const MODULES: Readonly<Record<ModuleName, ModuleDefinition>> = {
  Accounts: define(
    'Accounts',
    'Account',
    `name:name:150 ${ASSIGNED} account_type:enum:50 industry:enum:50 annual_revenue:varchar:100 employees:varchar:10 website:url:255 billing_address_country:varchar:255 billing_address_city:varchar:100 parent_id:id:36`,
    [EMAIL, ...links('contacts', 'opportunities', 'cases')],
  ),
  Contacts: define('Contacts', 'Contact', `${PERSON} ${ASSIGNED}`, [EMAIL, virtual('account_id', 'relate'), ...links('accounts')]),
  Leads: define(
    'Leads',
    'Lead',
    `${PERSON} ${ASSIGNED} account_name:varchar:255 status:enum:100 converted:bool account_id:id:36 contact_id:id:36`,
    [EMAIL],
  ),
  Opportunities: define(
    'Opportunities',
    'Opportunity',
    `name:name:50 ${ASSIGNED} opportunity_type:enum:255 amount:currency amount_usdollar:currency currency_id:id:36 date_closed:date sales_stage:enum:255 probability:int`,
    [ACCOUNT_ID, virtual('account_name', 'relate'), ...links('accounts', 'contacts')],
  ),
  Calls: define('Calls', 'Call', `name:name:50 ${ASSIGNED} ${PARENT} ${TIMED} direction:enum:100`, links('contacts')),
  Meetings: define('Meetings', 'Meeting', `name:name:50 ${ASSIGNED} ${PARENT} ${TIMED}`, links('contacts')),
  Tasks: define(
    'Tasks',
    'Task',
    `name:name:50 ${ASSIGNED} ${PARENT} date_start:datetimecombo date_due:datetimecombo status:enum:100 priority:enum:100 contact_id:id:36`,
  ),
  Notes: define('Notes', 'Note', `name:name:255 ${ASSIGNED} ${PARENT} contact_id:id:36`),
  Emails: define(
    'Emails',
    'Email',
    `name:name:255 ${ASSIGNED} ${PARENT} date_sent_received:datetime type:enum:100 status:enum:100`,
    links('contacts'),
  ),
  Cases: define(
    'Cases',
    'Case',
    `name:name:255 ${ASSIGNED} account_id:id:36 type:enum:255 priority:enum:100 status:enum:100 state:enum:100 case_number:int resolution:text`,
    links('accounts', 'contacts'),
  ),
  Campaigns: define(
    'Campaigns',
    'Campaign',
    `name:name:50 ${ASSIGNED} campaign_type:enum:100 status:enum:100 start_date:date end_date:date`,
  ),
  Users: define(
    'Users',
    'User',
    'user_name:user_name:60 first_name:name:255 last_name:name:255 status:enum:100 is_admin:bool user_hash:varchar:255',
    [EMAIL],
    true,
  ),
  Currencies: define(
    'Currencies',
    'Currency',
    'name:varchar:36 symbol:varchar:36 iso4217:varchar:3 conversion_rate:float status:enum:100',
    [],
    true,
  ),
}

export const isModule = (name: string): name is ModuleName => Object.hasOwn(MODULES, name)
