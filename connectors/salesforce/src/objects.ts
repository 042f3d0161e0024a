import type { Kind, ScoreObject } from '@assay/shared'

/** What an org may have or not have; the fields that come with it are missed only where it is there. */
export type Feature = 'personAccounts' | 'currencies' | 'recordTypes' | 'primaryContacts'

/** One of Salesforce's objects and what Assay asks of it. */
export interface ObjectType {
  readonly name: string
  readonly kind: Kind
  /** Every fixed field that is asked for; custom ones come on top as attributes. */
  readonly fields: readonly string[]
  /** Fields that come with a feature. */
  readonly featured: Readonly<Record<string, Feature>>
  /** True: the loser of a merge names its winner in `MasterRecordId`. */
  readonly merges: boolean
  /** False for what Salesforce never deletes. */
  readonly deletable: boolean
}

export const STAMP = 'SystemModstamp'
export const DELETED = 'IsDeleted'
export const MASTER = 'MasterRecordId'
export const CURRENCY = 'CurrencyIsoCode'
export const PERSON = 'IsPersonAccount'

const FEATURES: Readonly<Record<string, Feature>> = {
  [CURRENCY]: 'currencies',
  [PERSON]: 'personAccounts',
  PersonMailingCountry: 'personAccounts',
  RecordTypeId: 'recordTypes',
  ContactId: 'primaryContacts',
}

const object = (
  name: string,
  kind: Kind,
  fields: string,
  more: { merges?: boolean; deletable?: boolean; featured?: string } = {},
): ObjectType => {
  const { merges = false, deletable = true, featured = '' } = more
  const extra = featured.split(' ').filter((each) => each !== '')
  return {
    name,
    kind,
    fields: ['Id', ...fields.split(' '), ...extra, 'CreatedDate', STAMP, ...(deletable ? [DELETED] : []), ...(merges ? [MASTER] : [])],
    featured: Object.fromEntries(extra.map((field) => [field, FEATURES[field] ?? 'currencies'])),
    merges,
    deletable,
  }
}

/**
 * Every object that is read. Long texts (`Description`, bodies of e-mails) are not among the fields. The `Description` of a
 * task is looked at only where the task may be one of Assay's own, which carry their mark there; nothing of it is kept.
 */
export const OBJECTS: readonly ObjectType[] = [
  object('User', 'user', 'Name Email IsActive', { deletable: false }),
  object('Account', 'account', 'Name Website Industry Type BillingCountry BillingCity NumberOfEmployees AnnualRevenue OwnerId ParentId', {
    merges: true,
    featured: `${PERSON} PersonMailingCountry`,
  }),
  object('Contact', 'contact', 'AccountId Name Email Title MailingCountry OwnerId', { merges: true }),
  object('Lead', 'lead', 'Name Company LeadSource Status OwnerId ConvertedDate ConvertedAccountId ConvertedContactId', { merges: true }),
  object('Product2', 'product', 'Name ProductCode Family IsActive'),
  object('PricebookEntry', 'product', 'Product2Id UnitPrice', { featured: CURRENCY }),
  object('Opportunity', 'deal', 'Name AccountId OwnerId StageName IsClosed IsWon Amount Type CloseDate', {
    featured: `RecordTypeId ContactId ${CURRENCY}`,
  }),
  object('OpportunityLineItem', 'lineItem', 'OpportunityId Product2Id ProductCode Product2.Name Quantity UnitPrice TotalPrice', {
    featured: CURRENCY,
  }),
  object(
    'Task',
    'activity',
    'WhoId WhatId AccountId OwnerId CreatedById Type TaskSubtype CallType CallDurationInSeconds CallDisposition ActivityDate CompletedDateTime',
  ),
  object('Event', 'activity', 'WhoId WhatId AccountId OwnerId Type IsChild StartDateTime ActivityDate DurationInMinutes'),
  object('Case', 'case', 'AccountId ContactId Subject Type Priority Status ClosedDate', { merges: true }),
  object('Campaign', 'campaign', 'Name Type StartDate EndDate'),
  object('CampaignMember', 'campaignMember', 'CampaignId ContactId LeadId Status FirstRespondedDate'),
]

/** The two objects that hold what a deal was like before, beside the deal itself. */
export const STAGE_HISTORY = 'OpportunityHistory'
export const FIELD_HISTORY = 'OpportunityFieldHistory'
export const STAGE_HISTORY_FIELDS = ['Id', 'OpportunityId', 'StageName', 'Amount', 'CloseDate', 'CreatedDate'] as const
export const FIELD_HISTORY_FIELDS = [
  'Id',
  'OpportunityId',
  'Field',
  'OldValue',
  'NewValue',
  'CreatedDate',
  'Opportunity.CreatedDate',
] as const

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
  'campaignMember',
]

/** What carries scores. */
export const SCORED: Readonly<Record<ScoreObject, string>> = { account: 'Account', contact: 'Contact', deal: 'Opportunity' }

export const objectsOf = (kind: Kind): readonly ObjectType[] => OBJECTS.filter((entry) => entry.kind === kind)

/** The fixed fields by kind: what `reads()` tells before the first call. */
export const fieldsByKind = (): Partial<Record<Kind, string[]>> => {
  const fields: Partial<Record<Kind, string[]>> = { dealHistory: [...new Set([...STAGE_HISTORY_FIELDS, ...FIELD_HISTORY_FIELDS])] }
  for (const { kind, fields: own } of OBJECTS) fields[kind] = [...new Set([...(fields[kind] ?? []), ...own])]
  return fields
}
