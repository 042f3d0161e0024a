import type { PanelFields } from '../../../panel-model/src/index.ts'
import { HOSTILE, RECORDS } from '../../../panel/test/records.ts'

export { HOSTILE }

/** A field that is not there is one that the viewer may not read. */
type SugarRecord = Readonly<Record<string, unknown>>

export interface Shown {
  /** What Sugar knows before the page is opened, by module and id. */
  readonly records: Readonly<Record<string, Readonly<Record<string, SugarRecord>>>>
  readonly errors?: Readonly<Record<string, unknown>>
  readonly locked?: readonly string[]
  readonly module: 'Accounts' | 'Contacts' | 'Opportunities'
  readonly id: string
  /** What the panel model is given. Null where the panel has words of its own. */
  readonly fields: PanelFields | null
  /** Beyond the panel model's words. */
  readonly says: readonly string[]
}

export const ACCOUNT = 'a1a1a1a1-0000-11ee-8000-000000000001'
export const CONTACT = 'c1c1c1c1-0000-11ee-8000-000000000001'
const OPPORTUNITY = '0101a1a1-0000-11ee-8000-000000000001'
const MODIFIED = '2026-11-21T03:00:00+00:00'

/** The sibling's records as Sugar has them: a decimal is a text with its places, an empty text is no null. */
export const inSugar = (fields: PanelFields, more: SugarRecord = {}): SugarRecord => ({
  ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`assay_${name}_c`, asSugarHas(name, value)])),
  ...(Object.keys(fields).length === 0
    ? {}
    : { assay_offer_1_response_c: fields.offer_1_response ?? '', assay_offer_1_response_at_c: null }),
  date_modified: MODIFIED,
  _acl: { fields: {} },
  ...more,
})

function asSugarHas(name: string, value: unknown): unknown {
  if (/^(churn_risk|value_12m)$/.test(name)) return /^\d+$/.test(String(value)) ? Number(value).toFixed(2) : value
  return name === 'scored_at' ? value : (value ?? '')
}

const fieldsOf = (name: string): PanelFields => RECORDS[name]!.fields
const account = (fields: PanelFields, name = 'Brightwater Pumps Ltd'): Shown['records'] => ({
  Accounts: { [ACCOUNT]: inSugar(fields, { name, id: ACCOUNT }) },
})
const onAccount = { module: 'Accounts', id: ACCOUNT, says: [] } as const
const below = { account_id: ACCOUNT, account_name: 'Brightwater Pumps Ltd', date_modified: MODIFIED, _acl: { fields: {} } }

/** One for each state in which a person may find the dashlet. */
export const PAGES: Readonly<Record<string, Shown>> = {
  ...Object.fromEntries(
    Object.entries(RECORDS).map(([name, { fields, name: called }]) => [
      name,
      { ...onAccount, records: account(fields, called ?? undefined), fields },
    ]),
  ),
  contact: {
    records: { ...account(fieldsOf('scored')), Contacts: { [CONTACT]: { ...below, id: CONTACT, name: 'Dana Osei' } } },
    module: 'Contacts',
    id: CONTACT,
    fields: fieldsOf('scored'),
    says: ['Scores of the account Brightwater Pumps Ltd'],
  },
  opportunity: {
    records: { ...account(fieldsOf('facts'), 'Harbour Tools GmbH'), Opportunities: { [OPPORTUNITY]: { ...below, id: OPPORTUNITY } } },
    module: 'Opportunities',
    id: OPPORTUNITY,
    fields: fieldsOf('facts'),
    says: ['Scores of the account Harbour Tools GmbH'],
  },
  contactIsCustomer: {
    records: { Contacts: { [CONTACT]: inSugar(fieldsOf('low'), { account_id: '', name: 'Dana Osei' }) } },
    module: 'Contacts',
    id: CONTACT,
    fields: fieldsOf('low'),
    says: [],
  },
  readOnly: { ...onAccount, records: account(fieldsOf('scored')), locked: ['assay_offer_1_response_c'], fields: fieldsOf('scored') },
  denied: {
    ...onAccount,
    records: {
      Accounts: {
        [ACCOUNT]: inSugar(fieldsOf('scored'), {
          _acl: { fields: { assay_churn_risk_c: { read: 'no' }, assay_offer_1_response_c: { write: 'no' } } },
        }),
      },
    },
    locked: ['assay_offer_1_response_c'],
    fields: { ...fieldsOf('scored'), churn_risk: undefined },
  },
  noAccount: {
    records: { Contacts: { [CONTACT]: { account_id: '', account_name: '', name: 'Dana Osei' } } },
    module: 'Contacts',
    id: CONTACT,
    fields: null,
    says: ['This contact has no account'],
  },
  hiddenAccount: {
    records: { Opportunities: { [OPPORTUNITY]: below } },
    module: 'Opportunities',
    id: OPPORTUNITY,
    fields: null,
    says: ['You cannot see the account'],
  },
  gone: { ...onAccount, records: {}, fields: null, says: ['You cannot see this record'] },
  down: {
    ...onAccount,
    records: {},
    errors: { [ACCOUNT]: { status: 500, message: 'Fatal error <b>here</b> {{name}}' } },
    fields: null,
    says: ['The scores could not be loaded', 'SugarCRM says: Fatal error <b>here</b> {{name}}', 'Try again'],
  },
}
