import type { PanelFields } from '../../../panel-model/src/index.ts'
import { HOSTILE, RECORDS } from '../../../panel/test/records.ts'

export { HOSTILE }

/** Values by API name; a field that is not there is one that the viewer may not read. */
export type OrgRecord = Readonly<Record<string, unknown>>

export interface Shown {
  /** What the org knows before the page is opened. */
  readonly records: Readonly<Record<string, OrgRecord>>
  readonly errors?: Readonly<Record<string, unknown>>
  readonly locked?: readonly string[]
  /** The page that is open. */
  readonly recordId: string
  readonly objectApiName: 'Account' | 'Contact' | 'Opportunity'
  /** What the panel model is given. Null where the panel has words of its own. */
  readonly fields: PanelFields | null
  /** Beyond the panel model's words. */
  readonly says: readonly string[]
}

export const ACCOUNT = '001000000000001AAA'
export const CONTACT = '003000000000001AAA'
export const OPPORTUNITY = '006000000000001AAA'

/** The sibling's records as Salesforce has them: by API name, and a number is a number. */
export const inSalesforce = (fields: PanelFields, more: OrgRecord = {}): OrgRecord => ({
  ...Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      `Assay_${name}__c`,
      /^(churn_risk|value_12m)$/.test(name) && /^\d+$/.test(String(value)) ? Number(value) : value,
    ]),
  ),
  ...(Object.keys(fields).length === 0 ? {} : { Assay_offer_1_response_at__c: null }),
  LastModifiedDate: '2026-11-21T03:00:00.000Z',
  ...more,
})

const LOCKED = [1, 2, 3].flatMap((rank) => [`Assay_offer_${rank}_response__c`, `Assay_offer_${rank}_response_at__c`])
const fieldsOf = (name: string): PanelFields => RECORDS[name]!.fields
const account = (fields: PanelFields, name = 'Brightwater Pumps Ltd'): Shown['records'] => ({
  [ACCOUNT]: inSalesforce(fields, { Name: name }),
})
const onAccount = { recordId: ACCOUNT, objectApiName: 'Account', says: [] } as const

/** One for each state in which a person may find the panel. */
export const PAGES: Readonly<Record<string, Shown>> = {
  ...Object.fromEntries(
    Object.entries(RECORDS).map(([name, { fields, name: called }]) => [
      name,
      { ...onAccount, records: account(fields, called ?? undefined), fields },
    ]),
  ),
  contact: {
    records: { ...account(fieldsOf('scored')), [CONTACT]: { AccountId: ACCOUNT, Name: 'Dana Osei' } },
    recordId: CONTACT,
    objectApiName: 'Contact',
    fields: fieldsOf('scored'),
    says: ['Scores of the account Brightwater Pumps Ltd'],
  },
  opportunity: {
    records: { ...account(fieldsOf('facts'), 'Harbour Tools GmbH'), [OPPORTUNITY]: { AccountId: ACCOUNT } },
    recordId: OPPORTUNITY,
    objectApiName: 'Opportunity',
    fields: fieldsOf('facts'),
    says: ['Scores of the account Harbour Tools GmbH'],
  },
  contactIsCustomer: {
    records: { [CONTACT]: inSalesforce(fieldsOf('low'), { AccountId: null, Name: 'Dana Osei' }) },
    recordId: CONTACT,
    objectApiName: 'Contact',
    fields: fieldsOf('low'),
    says: [],
  },
  readOnly: { ...onAccount, records: account(fieldsOf('scored')), locked: LOCKED, fields: fieldsOf('scored') },
  noAccount: {
    records: { [CONTACT]: { AccountId: null, Name: 'Dana Osei' } },
    recordId: CONTACT,
    objectApiName: 'Contact',
    fields: null,
    says: ['This contact has no account'],
  },
  hiddenAccount: {
    records: { [OPPORTUNITY]: { AccountId: ACCOUNT } },
    recordId: OPPORTUNITY,
    objectApiName: 'Opportunity',
    fields: null,
    says: ['You cannot see the account'],
  },
  down: {
    records: {},
    errors: { [ACCOUNT]: { status: 500, body: { message: 'An internal server error occurred <b>here</b>' } } },
    recordId: ACCOUNT,
    objectApiName: 'Account',
    fields: null,
    says: ['The scores could not be loaded', 'Salesforce says: An internal server error occurred <b>here</b>', 'Try again'],
  },
}
