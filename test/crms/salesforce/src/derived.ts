import type { ObjectName } from './objects.ts'
import { objectOfId } from './ids.ts'
import { forecastOf, probabilityOf, type Stage } from './to-salesforce.ts'
import { dateText, type Row, type Value } from './values.ts'

/** What the derivations may look up. */
export interface Surroundings {
  now(): number
  stage(name: string): Stage
  row(object: ObjectName, id: string): Row | null
  readonly personAccounts: boolean
  /** A number nobody else has. */
  serial(): number
}

/**
 * What Salesforce works out by itself when these values are written. `before` is null for a new record.
 * The result holds only what is worked out.
 */
export function derivedValues(object: ObjectName, before: Row | null, values: Row, around: Surroundings): Row {
  const after = (name: string): Value => (name in values ? (values[name] ?? null) : (before?.[name] ?? null))
  switch (object) {
    case 'Contact':
    case 'Lead':
    case 'User':
      return {
        Name: joined(after('FirstName'), after('LastName')),
        ...(object === 'Lead' && before === null ? { IsConverted: false } : {}),
      }
    case 'Account':
      return around.personAccounts ? person(before, after) : {}
    case 'Opportunity':
      return opportunity(before, values, after, around)
    case 'OpportunityLineItem':
      return lineItem(before, after, around)
    case 'Task': {
      const isClosed = after('Status') === 'Completed'
      const completed = isClosed ? (before?.['IsClosed'] === true ? (before['CompletedDateTime'] ?? null) : around.now()) : null
      return {
        IsClosed: isClosed,
        CompletedDateTime: completed,
        IsHighPriority: after('Priority') === 'High',
        IsArchived: before?.['IsArchived'] ?? false,
        AccountId: accountOf(after('WhatId'), after('WhoId'), around),
      }
    }
    case 'Event': {
      const starts = after('StartDateTime') ?? after('ActivityDateTime')
      const minutes = after('DurationInMinutes')
      return {
        StartDateTime: starts,
        ActivityDateTime: starts,
        ActivityDate: typeof starts === 'number' ? dateText(starts) : after('ActivityDate'),
        EndDateTime: typeof starts === 'number' && typeof minutes === 'number' ? starts + minutes * 60_000 : after('EndDateTime'),
        IsArchived: before?.['IsArchived'] ?? false,
        IsChild: false,
        AccountId: accountOf(after('WhatId'), after('WhoId'), around),
      }
    }
    case 'Case': {
      const isClosed = /^closed/i.test(String(after('Status') ?? ''))
      const closedAt = isClosed ? (before?.['ClosedDate'] ?? around.now()) : null
      return {
        IsClosed: isClosed,
        ClosedDate: closedAt,
        ...(before === null ? { CaseNumber: String(around.serial()).padStart(8, '0') } : {}),
      }
    }
    case 'CampaignMember': {
      const responded = after('Status') === 'Responded'
      return {
        HasResponded: responded,
        FirstRespondedDate: responded
          ? (before?.['FirstRespondedDate'] ?? dateText(around.now()))
          : (before?.['FirstRespondedDate'] ?? null),
      }
    }
    case 'PermissionSet':
      return before === null ? { IsCustom: true, IsOwnedByProfile: false, Type: 'Regular', NamespacePrefix: null } : {}
    case 'PermissionSetAssignment':
      return { IsActive: true }
    default:
      return {}
  }
}

const joined = (...parts: readonly Value[]): string => parts.filter((part) => part !== null && part !== '').join(' ')

function person(before: Row | null, after: (name: string) => Value): Row {
  const isPerson = before?.['IsPersonAccount'] === true || (before === null && after('LastName') !== null)
  return { IsPersonAccount: isPerson, ...(isPerson ? { Name: joined(after('FirstName'), after('LastName')) } : {}) }
}

function opportunity(before: Row | null, values: Row, after: (name: string) => Value, around: Surroundings): Row {
  const stage = around.stage(String(after('StageName') ?? ''))
  const moved = before === null || ('StageName' in values && values['StageName'] !== before['StageName'])
  const probability = values['Probability'] ?? (moved ? probabilityOf(stage) : (before?.['Probability'] ?? null))
  const amount = after('Amount')
  const closeDate = after('CloseDate')
  return {
    IsClosed: stage.isClosed,
    IsWon: stage.isWon,
    Probability: probability,
    ...(moved ? { ForecastCategory: forecastOf(stage), ForecastCategoryName: forecastOf(stage), LastStageChangeDate: around.now() } : {}),
    ExpectedRevenue: typeof amount === 'number' && typeof probability === 'number' ? (amount * probability) / 100 : null,
    FiscalYear: typeof closeDate === 'string' ? Number(closeDate.slice(0, 4)) : null,
    FiscalQuarter: typeof closeDate === 'string' ? Math.ceil(Number(closeDate.slice(5, 7)) / 3) : null,
    HasOpportunityLineItem: before?.['HasOpportunityLineItem'] ?? false,
  }
}

function lineItem(before: Row | null, after: (name: string) => Value, around: Surroundings): Row {
  const entryId = after('PricebookEntryId')
  const entry = typeof entryId === 'string' ? around.row('PricebookEntry', entryId) : null
  const productId = after('Product2Id') ?? entry?.['Product2Id'] ?? null
  const product = typeof productId === 'string' ? around.row('Product2', productId) : null
  const deal = around.row('Opportunity', String(after('OpportunityId') ?? ''))
  const [quantity, price] = [after('Quantity'), after('UnitPrice') ?? entry?.['UnitPrice'] ?? null]
  return {
    Product2Id: productId,
    ProductCode: product?.['ProductCode'] ?? null,
    Name: joined(deal?.['Name'] ?? null, product?.['Name'] ?? null),
    UnitPrice: price,
    ListPrice: entry?.['UnitPrice'] ?? before?.['ListPrice'] ?? null,
    TotalPrice: typeof quantity === 'number' && typeof price === 'number' ? Math.round(quantity * price * 100) / 100 : after('TotalPrice'),
    CurrencyIsoCode: deal?.['CurrencyIsoCode'] ?? after('CurrencyIsoCode'),
  }
}

/** The account of an activity: of what it is about, else of whom it was with. */
function accountOf(whatId: Value, whoId: Value, around: Surroundings): Value {
  for (const id of [whatId, whoId]) {
    if (typeof id !== 'string') continue
    const object = objectOfId(id)
    if (object === 'Account') return id
    const account = object === null ? null : around.row(object, id)?.['AccountId']
    if (account !== null && account !== undefined) return account
  }
  return null
}
