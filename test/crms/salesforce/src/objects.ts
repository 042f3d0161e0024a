import * as f from './fields.ts'
import type { Feature, Field } from './fields.ts'

export interface SObject {
  readonly name: string
  readonly label: string
  readonly plural: string
  /** The first three characters of its ids. */
  readonly prefix: string
  readonly fields: readonly Field[]
  /** What nobody may write through the API. */
  readonly readOnly?: boolean
  /** Objects that describe the org itself: no bin, no history. */
  readonly setup?: boolean
  readonly feature?: Feature
}

const OWNER = f.reference('OwnerId', 'User')
const MASTER = (object: string): Field => f.reference('MasterRecordId', object, { readOnly: true, relationship: 'MasterRecord' })
const id = f.text('Id', 18, { readOnly: true })
const ID: Field = { ...id, type: 'id', label: 'Record ID' }
const STAMPS: readonly Field[] = [
  f.instant('CreatedDate', { readOnly: true }),
  f.reference('CreatedById', 'User', { readOnly: true, relationship: 'CreatedBy' }),
  f.instant('LastModifiedDate', { readOnly: true }),
  f.reference('LastModifiedById', 'User', { readOnly: true, relationship: 'LastModifiedBy' }),
  f.instant('SystemModstamp', { readOnly: true }),
]
const DELETED = f.flag('IsDeleted', { label: 'Deleted', readOnly: true })

/** An ordinary object: its own fields and the ones that every record has. */
const object = (name: string, prefix: string, plural: string, fields: readonly Field[], extra: Partial<SObject> = {}): SObject => ({
  name,
  label: f.labelOf(name),
  plural,
  prefix,
  fields: [ID, DELETED, ...fields, f.currencyCode, ...STAMPS],
  ...extra,
})

/** An object of the org's own set-up: only the stamps it is told to have. */
const setup = (name: string, prefix: string, fields: readonly Field[], extra: Partial<SObject> = {}): SObject => ({
  name,
  label: f.labelOf(name),
  plural: `${f.labelOf(name)}s`,
  prefix,
  fields: [ID, ...fields, ...STAMPS],
  setup: true,
  ...extra,
})

const address = (prefix: string): Field[] => [
  f.text(`${prefix}Street`),
  f.text(`${prefix}City`, 40),
  f.text(`${prefix}State`, 80),
  f.text(`${prefix}PostalCode`, 20),
  f.text(`${prefix}Country`, 80),
]
const name = (length: number, extra: Partial<Field> = {}): Field => f.text('Name', length, { required: true, nameField: true, ...extra })
const person = { feature: 'personAccounts' } as const
const fixed = { readOnly: true } as const

const Account = object('Account', '001', 'Accounts', [
  MASTER('Account'),
  name(255),
  f.picklist('Type', ['Prospect', 'Customer - Direct', 'Customer - Channel', 'Other']),
  f.reference('RecordTypeId', 'RecordType'),
  f.reference('ParentId', 'Account', { relationship: 'Parent' }),
  ...address('Billing'),
  ...address('Shipping'),
  f.phone('Phone'),
  f.url('Website'),
  f.picklist('Industry', ['Agriculture', 'Banking', 'Consulting', 'Energy', 'Manufacturing', 'Retail', 'Technology', 'Other']),
  f.money('AnnualRevenue', { scale: 0 }),
  f.whole('NumberOfEmployees', { label: 'Employees' }),
  f.picklist('Rating', ['Hot', 'Warm', 'Cold']),
  f.picklist('AccountSource', ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other']),
  f.text('AccountNumber', 40),
  f.longText('Description'),
  OWNER,
  f.day('LastActivityDate', fixed),
  f.flag('IsPersonAccount', { ...person, readOnly: true }),
  f.reference('PersonContactId', 'Contact', { ...person, readOnly: true, relationship: 'PersonContact' }),
  f.text('FirstName', 40, person),
  f.text('LastName', 80, person),
  f.picklist('Salutation', ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.'], person),
  f.email('PersonEmail', person),
  f.text('PersonTitle', 80, person),
  f.text('PersonMailingCountry', 80, person),
  f.flag('PersonHasOptedOutOfEmail', person),
])

const Contact = object('Contact', '003', 'Contacts', [
  MASTER('Contact'),
  f.reference('AccountId', 'Account'),
  f.text('LastName', 80, { required: true }),
  f.text('FirstName', 40),
  f.picklist('Salutation', ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.']),
  f.text('Name', 121, { readOnly: true, nameField: true }),
  ...address('Mailing'),
  f.phone('Phone'),
  f.phone('MobilePhone'),
  f.reference('ReportsToId', 'Contact', { relationship: 'ReportsTo' }),
  f.email('Email'),
  f.text('Title', 128),
  f.text('Department', 80),
  f.picklist('LeadSource', ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other']),
  f.flag('HasOptedOutOfEmail', { label: 'Email Opt Out' }),
  f.flag('DoNotCall'),
  f.flag('IsEmailBounced', fixed),
  f.longText('Description'),
  OWNER,
  f.day('LastActivityDate', fixed),
  f.flag('IsPersonAccount', { ...person, readOnly: true }),
])

const Lead = object('Lead', '00Q', 'Leads', [
  MASTER('Lead'),
  f.text('LastName', 80, { required: true }),
  f.text('FirstName', 40),
  f.text('Name', 121, { readOnly: true, nameField: true }),
  f.text('Title', 128),
  f.text('Company', 255, { required: true }),
  f.text('City', 40),
  f.text('Country', 80),
  f.phone('Phone'),
  f.email('Email'),
  f.url('Website'),
  f.picklist('LeadSource', ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other']),
  f.picklist('Status', ['Open - Not Contacted', 'Working - Contacted', 'Closed - Converted', 'Closed - Not Converted'], {
    defaultValue: 'Open - Not Contacted',
  }),
  f.picklist('Industry', ['Agriculture', 'Banking', 'Manufacturing', 'Retail', 'Technology', 'Other']),
  f.picklist('Rating', ['Hot', 'Warm', 'Cold']),
  f.flag('HasOptedOutOfEmail', { label: 'Email Opt Out' }),
  f.flag('DoNotCall'),
  OWNER,
  f.flag('IsConverted', fixed),
  f.day('ConvertedDate', fixed),
  f.reference('ConvertedAccountId', 'Account', { ...fixed, relationship: 'ConvertedAccount' }),
  f.reference('ConvertedContactId', 'Contact', { ...fixed, relationship: 'ConvertedContact' }),
  f.reference('ConvertedOpportunityId', 'Opportunity', { ...fixed, relationship: 'ConvertedOpportunity' }),
  f.day('LastActivityDate', fixed),
])

const FORECASTS = ['Omitted', 'Pipeline', 'Best Case', 'Commit', 'Closed']

const Opportunity = object('Opportunity', '006', 'Opportunities', [
  f.reference('AccountId', 'Account'),
  f.reference('RecordTypeId', 'RecordType'),
  f.flag('IsPrivate'),
  name(120),
  f.longText('Description'),
  f.picklist('StageName', [], { required: true, label: 'Stage' }),
  f.money('Amount'),
  f.percent('Probability'),
  f.money('ExpectedRevenue', fixed),
  f.day('CloseDate', { required: true }),
  f.picklist('Type', ['Existing Business', 'New Business']),
  f.text('NextStep', 255),
  f.picklist('LeadSource', ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other']),
  f.flag('IsClosed', fixed),
  f.flag('IsWon', fixed),
  f.picklist('ForecastCategory', FORECASTS, fixed),
  f.picklist('ForecastCategoryName', FORECASTS),
  f.reference('CampaignId', 'Campaign'),
  f.flag('HasOpportunityLineItem', fixed),
  f.reference('Pricebook2Id', 'Pricebook2'),
  f.reference('ContactId', 'Contact', { readOnly: 'after creation' }),
  OWNER,
  f.whole('FiscalQuarter', fixed),
  f.whole('FiscalYear', fixed),
  f.day('LastActivityDate', fixed),
  f.instant('LastStageChangeDate', fixed),
])

const OpportunityHistory: SObject = {
  name: 'OpportunityHistory',
  label: 'Opportunity History',
  plural: 'Opportunity History',
  prefix: '008',
  readOnly: true,
  fields: [
    ID,
    f.reference('OpportunityId', 'Opportunity'),
    f.reference('CreatedById', 'User', { relationship: 'CreatedBy' }),
    f.instant('CreatedDate'),
    f.text('StageName'),
    f.money('Amount'),
    f.money('ExpectedRevenue'),
    f.day('CloseDate'),
    f.percent('Probability'),
    f.picklist('ForecastCategory', FORECASTS),
    f.currencyCode,
    f.instant('SystemModstamp'),
    DELETED,
  ],
}

const OpportunityFieldHistory: SObject = {
  name: 'OpportunityFieldHistory',
  label: 'Opportunity Field History',
  plural: 'Opportunity Field History',
  prefix: '017',
  readOnly: true,
  fields: [
    ID,
    DELETED,
    f.reference('OpportunityId', 'Opportunity'),
    f.reference('CreatedById', 'User', { relationship: 'CreatedBy' }),
    f.instant('CreatedDate'),
    f.picklist('Field', ['created', 'StageName', 'Amount', 'CloseDate', 'Owner']),
    f.picklist('DataType', ['Text', 'Currency', 'DateOnly', 'EntityId']),
    f.any('OldValue'),
    f.any('NewValue'),
  ],
}

const OpportunityStage: SObject = {
  name: 'OpportunityStage',
  label: 'Opportunity Stage',
  plural: 'Opportunity Stage',
  prefix: '01J',
  readOnly: true,
  setup: true,
  fields: [
    ID,
    f.text('MasterLabel'),
    f.text('ApiName'),
    f.flag('IsActive'),
    f.whole('SortOrder'),
    f.flag('IsClosed'),
    f.flag('IsWon'),
    f.picklist('ForecastCategory', FORECASTS),
    f.picklist('ForecastCategoryName', FORECASTS),
    f.percent('DefaultProbability'),
    f.text('Description'),
    ...STAMPS,
  ],
}

const OpportunityLineItem = object('OpportunityLineItem', '00k', 'Opportunity Products', [
  f.reference('OpportunityId', 'Opportunity', { required: true }),
  f.whole('SortOrder'),
  f.reference('PricebookEntryId', 'PricebookEntry', { readOnly: 'after creation' }),
  f.reference('Product2Id', 'Product2', { readOnly: 'after creation', relationship: 'Product2' }),
  f.text('ProductCode', 255, fixed),
  f.text('Name', 376, { ...fixed, nameField: true }),
  f.number('Quantity', 12, 2, { required: true }),
  f.percent('Discount', { precision: 5, scale: 2 }),
  f.money('TotalPrice'),
  f.money('UnitPrice'),
  f.money('ListPrice', fixed),
  f.day('ServiceDate'),
  f.text('Description'),
])

const Product2 = object('Product2', '01t', 'Products', [
  name(255),
  f.text('ProductCode'),
  f.longText('Description', 4000),
  f.flag('IsActive'),
  f.picklist('Family'),
  f.text('StockKeepingUnit', 180),
  f.picklist('QuantityUnitOfMeasure', ['Each']),
])
const Pricebook2 = object('Pricebook2', '01s', 'Price Books', [
  name(255),
  f.flag('IsActive'),
  f.flag('IsStandard', fixed),
  f.text('Description'),
])
const PricebookEntry = object('PricebookEntry', '01u', 'Price Book Entries', [
  f.text('Name', 255, { ...fixed, nameField: true }),
  f.reference('Pricebook2Id', 'Pricebook2', { readOnly: 'after creation', relationship: 'Pricebook2' }),
  f.reference('Product2Id', 'Product2', { readOnly: 'after creation', relationship: 'Product2' }),
  f.money('UnitPrice', { required: true }),
  f.flag('IsActive'),
  f.flag('UseStandardPrice'),
  f.text('ProductCode', 255, fixed),
])

const WHO = f.reference('WhoId', ['Contact', 'Lead'], { relationship: 'Who' })
const WHAT = f.reference('WhatId', ['Account', 'Opportunity', 'Case', 'Campaign', 'Product2'], { relationship: 'What' })

const Task = object('Task', '00T', 'Tasks', [
  WHO,
  WHAT,
  f.reference('AccountId', 'Account', fixed),
  f.text('Subject'),
  f.day('ActivityDate', { label: 'Due Date Only' }),
  f.picklist('Status', ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'], { defaultValue: 'Not Started' }),
  f.picklist('Priority', ['High', 'Normal', 'Low'], { defaultValue: 'Normal' }),
  OWNER,
  f.longText('Description'),
  f.picklist('Type', ['Call', 'Email', 'Meeting', 'Other']),
  f.picklist('TaskSubtype', ['Task', 'Email', 'ListEmail', 'Cadence', 'Call', 'LinkedIn'], {
    restricted: true,
    readOnly: 'after creation',
    defaultValue: 'Task',
  }),
  f.picklist('CallType', ['Internal', 'Inbound', 'Outbound']),
  f.whole('CallDurationInSeconds'),
  f.text('CallDisposition'),
  f.flag('IsClosed', fixed),
  f.flag('IsArchived', fixed),
  f.flag('IsHighPriority', fixed),
  f.instant('CompletedDateTime', fixed),
])
const Event = object('Event', '00U', 'Events', [
  WHO,
  WHAT,
  f.reference('AccountId', 'Account', fixed),
  f.text('Subject'),
  f.text('Location'),
  f.flag('IsAllDayEvent'),
  f.instant('ActivityDateTime', { label: 'Due Date Time' }),
  f.day('ActivityDate'),
  f.whole('DurationInMinutes'),
  f.instant('StartDateTime'),
  f.instant('EndDateTime'),
  f.longText('Description'),
  OWNER,
  f.picklist('Type', ['Email', 'Meeting', 'Other', 'Call']),
  f.picklist('EventSubtype', ['Event'], { restricted: true, readOnly: 'after creation', defaultValue: 'Event' }),
  f.flag('IsArchived', fixed),
  f.flag('IsChild', fixed),
])

const Case = object('Case', '500', 'Cases', [
  MASTER('Case'),
  f.text('CaseNumber', 30, { ...fixed, nameField: true }),
  f.reference('ContactId', 'Contact'),
  f.reference('AccountId', 'Account'),
  f.picklist('Type', ['Mechanical', 'Electrical', 'Electronic', 'Structural', 'Other']),
  f.picklist('Status', ['New', 'Working', 'Escalated', 'Closed'], { defaultValue: 'New' }),
  f.picklist('Reason', ['Installation', 'Performance', 'Breakdown', 'Feedback', 'Other']),
  f.picklist('Origin', ['Phone', 'Email', 'Web']),
  f.text('Subject'),
  f.picklist('Priority', ['High', 'Medium', 'Low'], { defaultValue: 'Medium' }),
  f.longText('Description'),
  f.flag('IsClosed', fixed),
  f.instant('ClosedDate', fixed),
  f.flag('IsEscalated'),
  OWNER,
])

const Campaign = object('Campaign', '701', 'Campaigns', [
  name(80),
  f.reference('ParentId', 'Campaign', { relationship: 'Parent' }),
  f.picklist('Type', ['Conference', 'Webinar', 'Email', 'Advertisement', 'Other']),
  f.picklist('Status', ['Planned', 'In Progress', 'Completed', 'Aborted']),
  f.day('StartDate'),
  f.day('EndDate'),
  f.money('BudgetedCost'),
  f.money('ActualCost'),
  f.number('NumberSent', 18, 0),
  f.flag('IsActive'),
  OWNER,
])
const CampaignMember = object('CampaignMember', '00v', 'Campaign Members', [
  f.reference('CampaignId', 'Campaign', { required: true, readOnly: 'after creation' }),
  f.reference('LeadId', 'Lead', { readOnly: 'after creation' }),
  f.reference('ContactId', 'Contact', { readOnly: 'after creation' }),
  f.picklist('Status', ['Sent', 'Responded'], { defaultValue: 'Sent' }),
  f.flag('HasResponded', fixed),
  f.day('FirstRespondedDate', fixed),
])

const User = setup('User', '005', [
  f.text('Username', 80, { required: true }),
  f.text('LastName', 80, { required: true }),
  f.text('FirstName', 40),
  f.text('Name', 121, { ...fixed, nameField: true }),
  f.email('Email', { length: 128 }),
  f.text('Alias', 8),
  f.flag('IsActive'),
  f.reference('ProfileId', 'Profile'),
  f.picklist('UserType', ['Standard'], fixed),
  f.picklist('DefaultCurrencyIsoCode', [], { feature: 'multiCurrency' }),
])
const Profile = setup('Profile', '00e', [name(255), f.picklist('UserType', ['Standard'], fixed)], { readOnly: true })
const Organization = setup(
  'Organization',
  '00D',
  [
    name(80),
    f.text('InstanceName', 5),
    f.flag('IsSandbox'),
    f.picklist('OrganizationType', ['Enterprise Edition', 'Developer Edition']),
    f.picklist('DefaultLocaleSidKey', ['en_US']),
    f.picklist('LanguageLocaleKey', ['en_US']),
    f.picklist('TimeZoneSidKey', ['Europe/Berlin', 'UTC']),
    f.text('NamespacePrefix', 15),
    f.whole('FiscalYearStartMonth'),
    f.instant('TrialExpirationDate'),
  ],
  { readOnly: true },
)
const CurrencyType = setup(
  'CurrencyType',
  '01L',
  [f.picklist('IsoCode'), f.number('ConversionRate', 18, 6), f.whole('DecimalPlaces'), f.flag('IsActive'), f.flag('IsCorporate')],
  { readOnly: true, feature: 'multiCurrency' },
)
const DatedConversionRate = setup(
  'DatedConversionRate',
  '04w',
  [f.picklist('IsoCode'), f.day('StartDate'), f.day('NextStartDate'), f.number('ConversionRate', 18, 6)],
  { readOnly: true, feature: 'multiCurrency' },
)
const RecordType = setup(
  'RecordType',
  '012',
  [
    name(80),
    f.text('DeveloperName', 80),
    f.picklist('SobjectType'),
    f.flag('IsActive'),
    f.flag('IsPersonType', { feature: 'personAccounts' }),
  ],
  { readOnly: true },
)

/** What a permission set or profile may allow beyond objects and fields. */
export const SYSTEM_PERMISSIONS = [
  'ApiEnabled',
  'ViewSetup',
  'ViewAllData',
  'ModifyAllData',
  'CustomizeApplication',
  'ModifyMetadata',
  'ManageUsers',
  'AuthorApex',
  'BulkApiHardDelete',
  'EditReadonlyFields',
  'QueryAllFiles',
  'ViewAllUsers',
  'AssignPermissionSets',
  'ManageProfilesPermissionsets',
] as const
export type SystemPermission = (typeof SYSTEM_PERMISSIONS)[number]

const PermissionSet = setup('PermissionSet', '0PS', [
  f.text('Name', 80, { required: true, nameField: true }),
  f.text('Label', 80, { required: true }),
  f.text('Description'),
  f.text('NamespacePrefix', 15, fixed),
  f.flag('IsOwnedByProfile', fixed),
  f.flag('IsCustom', fixed),
  f.reference('ProfileId', 'Profile', fixed),
  f.picklist('Type', ['Regular', 'Profile'], fixed),
  ...SYSTEM_PERMISSIONS.map((permission) => f.flag(`Permissions${permission}`)),
])
const FieldPermissions = setup('FieldPermissions', '01k', [
  f.reference('ParentId', 'PermissionSet', { required: true, relationship: 'Parent', readOnly: 'after creation' }),
  f.picklist('SobjectType', [], { required: true, readOnly: 'after creation' }),
  f.picklist('Field', [], { required: true, readOnly: 'after creation' }),
  f.flag('PermissionsRead'),
  f.flag('PermissionsEdit'),
])
const ObjectPermissions = setup('ObjectPermissions', '110', [
  f.reference('ParentId', 'PermissionSet', { required: true, relationship: 'Parent', readOnly: 'after creation' }),
  f.picklist('SobjectType', [], { required: true, readOnly: 'after creation' }),
  f.flag('PermissionsRead'),
  f.flag('PermissionsCreate'),
  f.flag('PermissionsEdit'),
  f.flag('PermissionsDelete'),
  f.flag('PermissionsViewAllRecords'),
  f.flag('PermissionsModifyAllRecords'),
])
const PermissionSetAssignment = setup('PermissionSetAssignment', '0Pa', [
  f.reference('AssigneeId', 'User', { required: true, readOnly: 'after creation', relationship: 'Assignee' }),
  f.reference('PermissionSetId', 'PermissionSet', { required: true, readOnly: 'after creation', relationship: 'PermissionSet' }),
  f.flag('IsActive', fixed),
])
/** One row: what the asking user may do. */
const UserPermissionAccess = setup(
  'UserPermissionAccess',
  '0UP',
  SYSTEM_PERMISSIONS.map((permission) => f.flag(`Permissions${permission}`)),
  { readOnly: true },
)

export const OBJECTS = {
  Account,
  Contact,
  Lead,
  Opportunity,
  OpportunityHistory,
  OpportunityFieldHistory,
  OpportunityStage,
  OpportunityLineItem,
  Product2,
  Pricebook2,
  PricebookEntry,
  Task,
  Event,
  Case,
  Campaign,
  CampaignMember,
  User,
  Profile,
  Organization,
  CurrencyType,
  DatedConversionRate,
  RecordType,
  PermissionSet,
  FieldPermissions,
  ObjectPermissions,
  PermissionSetAssignment,
  UserPermissionAccess,
} as const satisfies Record<string, SObject>

export type ObjectName = keyof typeof OBJECTS
export const OBJECT_NAMES = Object.keys(OBJECTS) as ObjectName[]

/** The object of that name, whatever the case of its letters. */
const BY_LOWER = new Map(OBJECT_NAMES.map((each) => [each.toLowerCase(), each]))
export const objectNamed = (text: string): ObjectName | null => BY_LOWER.get(text.toLowerCase()) ?? null
