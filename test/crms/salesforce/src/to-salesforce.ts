import type { LiveRecord, Tombstone } from '@assay/shared'
import { conversionRate, firstName, lastName } from '@assay/stand-in'
import { salesforceId } from './ids.ts'
import type { ObjectName } from './objects.ts'
import { dateText, wholeSecond, type Row, type Value } from './values.ts'

/** A record of the world as a row of Salesforce: our words → Salesforce's fields. Pure. */

/** What a row needs to know of its org. */
export interface OrgFacts {
  /** The corporate currency. */
  readonly currency: string
  readonly rates: Readonly<Record<string, number>>
  /** Who made what the world made. */
  readonly adminId: string
  readonly pricebookId: string
  readonly personAccounts: boolean
  /** Activities from before that instant are archived. */
  readonly archivedBefore: number
}

/** What an opportunity stage means. */
export interface Stage {
  readonly isClosed: boolean
  readonly isWon: boolean
}

export const probabilityOf = (stage: Stage): number => (stage.isWon ? 100 : stage.isClosed ? 0 : 50)
export const forecastOf = (stage: Stage): string => (stage.isWon ? 'Closed' : stage.isClosed ? 'Omitted' : 'Pipeline')

const id = (object: ObjectName, worldId: string | null): string | null => (worldId === null ? null : salesforceId(object, worldId))
const date = (at: number | null): string | null => (at === null ? null : dateText(at))
const instant = (at: number | null): number | null => (at === null ? null : wholeSecond(at))

/** Who made a record and when it was last touched. */
function stamps(record: LiveRecord, createdAt: number | null, facts: OrgFacts): Record<string, Value> {
  const created = wholeSecond(createdAt ?? record.knownAt)
  const modified = Math.max(created, wholeSecond(record.version))
  return {
    IsDeleted: false,
    CreatedDate: created,
    CreatedById: facts.adminId,
    LastModifiedDate: modified,
    LastModifiedById: facts.adminId,
    SystemModstamp: modified,
  }
}

/** `Cancellation reason`, `cancellation_reason` → `Cancellation_Reason__c`. Memoised: the same few titles come with every record. */
export function customName(title: string): string {
  const known = customNames.get(title)
  if (known !== undefined) return known
  const words = title.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '')
  const name = words.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join('_')
  const made = `${/^[A-Za-z]/.test(name) ? name : `X${name}`}__c`
  customNames.set(title, made)
  return made
}
const customNames = new Map<string, string>()

function attributes(record: LiveRecord): Record<string, Value> {
  const row: Record<string, Value> = {}
  for (const title in record.attributes) row[customName(title)] = record.attributes[title] ?? null
  return row
}

export const ownerOr = (worldId: string | null, facts: OrgFacts): string => id('User', worldId) ?? facts.adminId

export function accountRow(record: LiveRecord<'account'>, person: LiveRecord<'contact'> | null, facts: OrgFacts): Row {
  const { body } = record
  return {
    Id: salesforceId('Account', record.id),
    MasterRecordId: null,
    Name: person?.body.name ?? body.name,
    Type: body.type,
    Industry: body.industry,
    AnnualRevenue: body.annualRevenue,
    NumberOfEmployees: body.employees,
    ParentId: id('Account', body.parentId),
    BillingCountry: body.country,
    BillingCity: body.city,
    Website: body.domain,
    OwnerId: ownerOr(body.ownerId, facts),
    CurrencyIsoCode: facts.currency,
    ...attributes(record),
    ...(facts.personAccounts ? { IsPersonAccount: person !== null } : {}),
    ...(person === null ? {} : personFields(person)),
    ...stamps(record, body.createdAt, facts),
  }
}

function personFields(person: LiveRecord<'contact'>): Record<string, Value> {
  const name = person.body.name ?? ''
  return {
    PersonContactId: salesforceId('Contact', person.id),
    FirstName: firstName(name),
    LastName: lastName(name),
    PersonEmail: person.body.email,
    PersonTitle: person.body.title,
    PersonMailingCountry: person.body.country,
    PersonHasOptedOutOfEmail: false,
  }
}

export function contactRow(record: LiveRecord<'contact'>, isPerson: boolean, facts: OrgFacts): Row {
  const { body } = record
  const name = body.name ?? ''
  return {
    Id: salesforceId('Contact', record.id),
    MasterRecordId: null,
    AccountId: id('Account', body.accountId),
    FirstName: firstName(name),
    LastName: lastName(name),
    Name: body.name,
    Email: body.email,
    Title: body.title,
    MailingCountry: body.country,
    HasOptedOutOfEmail: false,
    DoNotCall: false,
    IsEmailBounced: false,
    OwnerId: ownerOr(body.ownerId, facts),
    CurrencyIsoCode: facts.currency,
    ...attributes(record),
    ...(facts.personAccounts ? { IsPersonAccount: isPerson } : {}),
    ...stamps(record, body.createdAt, facts),
  }
}

/** `lastStageChange`: when it came into the stage it is in; null where nobody knows. */
export function opportunityRow(record: LiveRecord<'deal'>, hasLines: boolean, lastStageChange: number | null, facts: OrgFacts): Row {
  const { body } = record
  const stage = { isClosed: body.isClosed === true, isWon: body.isWon === true }
  const closeDate = date(body.closedAt)
  return {
    Id: salesforceId('Opportunity', record.id),
    AccountId: id('Account', body.accountId),
    ContactId: id('Contact', body.contactId),
    IsPrivate: false,
    Name: body.name,
    StageName: body.stage,
    Amount: body.amount,
    Probability: probabilityOf(stage),
    ExpectedRevenue: body.amount === null ? null : (body.amount * probabilityOf(stage)) / 100,
    CloseDate: closeDate,
    Type: body.type,
    IsClosed: stage.isClosed,
    IsWon: stage.isWon,
    ForecastCategory: forecastOf(stage),
    ForecastCategoryName: forecastOf(stage),
    HasOpportunityLineItem: hasLines,
    Pricebook2Id: hasLines ? facts.pricebookId : null,
    OwnerId: ownerOr(body.ownerId, facts),
    CurrencyIsoCode: body.currency ?? facts.currency,
    FiscalYear: closeDate === null ? null : Number(closeDate.slice(0, 4)),
    FiscalQuarter: closeDate === null ? null : Math.ceil(Number(closeDate.slice(5, 7)) / 3),
    LastStageChangeDate: instant(lastStageChange),
    ...attributes(record),
    ...stamps(record, body.createdAt, facts),
  }
}

export function lineItemRow(record: LiveRecord<'lineItem'>, dealName: string | null, sortOrder: number, facts: OrgFacts): Row {
  const { body } = record
  return {
    Id: salesforceId('OpportunityLineItem', record.id),
    OpportunityId: id('Opportunity', body.dealId),
    SortOrder: sortOrder,
    PricebookEntryId: body.productId === null ? null : entryId(body.productId, body.currency ?? facts.currency, facts),
    Product2Id: id('Product2', body.productId),
    ProductCode: body.sku,
    Name: [dealName, body.name].filter((part) => part !== null).join(' '),
    Quantity: body.quantity,
    UnitPrice: body.unitPrice,
    ListPrice: body.unitPrice,
    TotalPrice: body.amount,
    CurrencyIsoCode: body.currency ?? facts.currency,
    ...attributes(record),
    ...stamps(record, body.createdAt, facts),
  }
}

export function productRow(record: LiveRecord<'product'>, facts: OrgFacts): Row {
  const { body } = record
  return {
    Id: salesforceId('Product2', record.id),
    Name: body.name,
    ProductCode: body.sku,
    Family: body.family,
    IsActive: body.isActive === true,
    CurrencyIsoCode: facts.currency,
    ...attributes(record),
    ...stamps(record, body.createdAt, facts),
  }
}

/** A product has one price entry in each currency; their ids are neighbours. */
const entryNumber = (productId: string, currency: string, facts: OrgFacts): string =>
  String(Number(productId) * 8 + Math.max(0, Object.keys(facts.rates).indexOf(currency)))
const entryId = (productId: string, currency: string, facts: OrgFacts): string =>
  salesforceId('PricebookEntry', entryNumber(productId, currency, facts))

export function priceRows(record: LiveRecord<'product'>, facts: OrgFacts): Row[] {
  const { body } = record
  return Object.entries(facts.rates).map(([currency, rate]) => ({
    Id: entryId(record.id, currency, facts),
    Name: body.name,
    Pricebook2Id: facts.pricebookId,
    Product2Id: salesforceId('Product2', record.id),
    ProductCode: body.sku,
    UnitPrice: body.price === null ? 0 : Math.round(body.price * conversionRate(rate) * 100) / 100,
    IsActive: body.isActive === true,
    UseStandardPrice: false,
    CurrencyIsoCode: currency,
    ...stamps(record, body.createdAt, facts),
  }))
}

export function caseRow(record: LiveRecord<'case'>, facts: OrgFacts): Row {
  const { body } = record
  return {
    Id: salesforceId('Case', record.id),
    MasterRecordId: null,
    CaseNumber: record.id.slice(-8).padStart(8, '0'),
    ContactId: id('Contact', body.contactId),
    AccountId: id('Account', body.accountId),
    Subject: body.subject,
    Type: body.category,
    Priority: body.priority,
    Status: body.status,
    IsClosed: body.closedAt !== null,
    ClosedDate: instant(body.closedAt),
    IsEscalated: false,
    OwnerId: facts.adminId,
    CurrencyIsoCode: facts.currency,
    ...attributes(record),
    ...stamps(record, body.createdAt, facts),
  }
}

/** Meetings are events, everything else is a task. */
export const activityObject = (type: LiveRecord<'activity'>['body']['type']): 'Task' | 'Event' => (type === 'meeting' ? 'Event' : 'Task')

const isArchived = (at: number | null, facts: OrgFacts): boolean => at !== null && at < facts.archivedBefore

export function taskRow(record: LiveRecord<'activity'>, facts: OrgFacts): Row {
  const { body } = record
  const subtype = body.type === 'call' ? 'Call' : body.type === 'email' ? 'Email' : 'Task'
  const happened = date(body.happenedAt)
  return {
    Id: salesforceId('Task', record.id),
    ...whoWhat(record),
    Subject: subtype,
    ActivityDate: happened,
    Status: 'Completed',
    Priority: 'Normal',
    OwnerId: ownerOr(body.ownerId, facts),
    Type: subtype === 'Task' ? 'Other' : subtype,
    TaskSubtype: subtype,
    CallType: body.type !== 'call' || body.direction === null ? null : body.direction === 'inbound' ? 'Inbound' : 'Outbound',
    CallDurationInSeconds: body.type === 'call' ? body.durationSeconds : null,
    CallDisposition: body.type === 'call' ? body.outcome : null,
    IsClosed: true,
    IsArchived: isArchived(body.happenedAt, facts),
    IsHighPriority: false,
    CompletedDateTime: happened === null ? null : Date.parse(happened),
    CurrencyIsoCode: facts.currency,
    ...attributes(record),
    ...stamps(record, body.createdAt, facts),
  }
}

export function eventRow(record: LiveRecord<'activity'>, facts: OrgFacts): Row {
  const { body } = record
  const starts = instant(body.happenedAt)
  const minutes = body.durationSeconds === null ? null : Math.round(body.durationSeconds / 60)
  return {
    Id: salesforceId('Event', record.id),
    ...whoWhat(record),
    Subject: 'Meeting',
    IsAllDayEvent: false,
    ActivityDateTime: starts,
    ActivityDate: date(starts),
    StartDateTime: starts,
    EndDateTime: starts === null || minutes === null ? null : starts + minutes * 60_000,
    DurationInMinutes: minutes,
    OwnerId: ownerOr(body.ownerId, facts),
    Type: 'Meeting',
    EventSubtype: 'Event',
    IsArchived: isArchived(starts, facts),
    IsChild: false,
    CurrencyIsoCode: facts.currency,
    ...attributes(record),
    ...stamps(record, body.createdAt, facts),
  }
}

/** The person it was with, and what it was about: the deal where there is one, else the account. */
function whoWhat({ body }: LiveRecord<'activity'>): Record<string, Value> {
  return {
    WhoId: id('Contact', body.contactId),
    WhatId: id('Opportunity', body.dealId) ?? id('Account', body.accountId),
    AccountId: id('Account', body.accountId),
  }
}

export function userRow(record: LiveRecord<'user'>, facts: OrgFacts, profileId: string): Row {
  const { body } = record
  const name = body.name ?? 'User'
  const { IsDeleted: _none, ...rest } = stamps(record, body.createdAt, facts)
  return {
    Id: salesforceId('User', record.id),
    Username: body.email ?? `user-${record.id}@acme.example`,
    FirstName: firstName(name),
    LastName: lastName(name),
    Name: name,
    Email: body.email,
    Alias: name.slice(0, 8),
    IsActive: body.isActive === true,
    ProfileId: profileId,
    UserType: 'Standard',
    DefaultCurrencyIsoCode: facts.currency,
    ...rest,
  }
}

/** What is left of a record that was deleted or merged away. */
export function tombstoneRow(object: ObjectName, record: Tombstone, facts: OrgFacts): Row {
  const at = wholeSecond(record.version)
  return {
    Id: salesforceId(object, record.id),
    IsDeleted: true,
    MasterRecordId: id(object, record.mergedInto),
    Name: null,
    OwnerId: facts.adminId,
    CreatedDate: at,
    CreatedById: facts.adminId,
    LastModifiedDate: at,
    LastModifiedById: facts.adminId,
    SystemModstamp: at,
  }
}
