import { conversionRate } from '@assay/stand-in'
import { idOf } from './ids.ts'
import { OBJECTS, type ObjectName } from './objects.ts'
import { ORGANIZATION_ID, PRICEBOOK_ID } from './people.ts'
import type { Source } from './source.ts'
import { forecastOf, probabilityOf, type OrgFacts, type Stage } from './to-salesforce.ts'
import type { Row } from './values.ts'

/** The stages of a new org, beside which those of the world stand. */
const STANDARD_STAGES: readonly (readonly [string, Stage])[] = [
  ['Prospecting', { isClosed: false, isWon: false }],
  ['Negotiation/Review', { isClosed: false, isWon: false }],
  ['Closed Won', { isClosed: true, isWon: true }],
  ['Closed Lost', { isClosed: true, isWon: false }],
]

/** Rows that describe the org: itself, its price book, currencies, stages, record types. */
export function setupRows(source: Source, facts: OrgFacts, at: number): { readonly object: ObjectName; readonly row: Row }[] {
  const stamps = {
    CreatedDate: at,
    CreatedById: facts.adminId,
    LastModifiedDate: at,
    LastModifiedById: facts.adminId,
    SystemModstamp: at,
  }
  const row = (object: ObjectName, number: number, values: Row): { object: ObjectName; row: Row } => ({
    object,
    row: { Id: idOf(OBJECTS[object].prefix, number), ...values, ...stamps },
  })
  const rates = Object.entries(facts.rates)
  const stages = new Map([...source.stages(), ...STANDARD_STAGES])
  return [
    {
      object: 'Organization',
      row: {
        Id: ORGANIZATION_ID,
        Name: 'Acme',
        InstanceName: 'EU42',
        IsSandbox: false,
        OrganizationType: 'Enterprise Edition',
        DefaultLocaleSidKey: 'en_US',
        LanguageLocaleKey: 'en_US',
        TimeZoneSidKey: 'UTC',
        NamespacePrefix: null,
        FiscalYearStartMonth: 1,
        TrialExpirationDate: null,
        ...stamps,
      },
    },
    {
      object: 'Pricebook2',
      row: {
        Id: PRICEBOOK_ID,
        Name: 'Standard Price Book',
        IsActive: true,
        IsStandard: true,
        IsDeleted: false,
        Description: null,
        CurrencyIsoCode: facts.currency,
        ...stamps,
      },
    },
    // A rate of Salesforce is how much of the other currency one unit of the corporate one is.
    ...rates.map(([currency, rate], position) =>
      row('CurrencyType', position + 1, {
        IsoCode: currency,
        ConversionRate: conversionRate(rate),
        DecimalPlaces: 2,
        IsActive: true,
        IsCorporate: currency === facts.currency,
      }),
    ),
    ...rates.map(([currency, rate], position) =>
      row('DatedConversionRate', position + 1, {
        IsoCode: currency,
        StartDate: '1970-01-01',
        NextStartDate: '9999-12-31',
        ConversionRate: conversionRate(rate),
      }),
    ),
    ...[...stages].map(([name, stage], position) =>
      row('OpportunityStage', position + 1, {
        MasterLabel: name,
        ApiName: name,
        IsActive: true,
        SortOrder: position + 1,
        IsClosed: stage.isClosed,
        IsWon: stage.isWon,
        ForecastCategory: forecastOf(stage),
        ForecastCategoryName: forecastOf(stage),
        DefaultProbability: probabilityOf(stage),
        Description: null,
      }),
    ),
    ...(facts.personAccounts
      ? [
          row('RecordType', 1, {
            Name: 'Business Account',
            DeveloperName: 'Business',
            SobjectType: 'Account',
            IsActive: true,
            IsPersonType: false,
          }),
          row('RecordType', 2, {
            Name: 'Person Account',
            DeveloperName: 'PersonAccount',
            SobjectType: 'Account',
            IsActive: true,
            IsPersonType: true,
          }),
        ]
      : []),
  ]
}
