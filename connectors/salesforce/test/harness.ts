import { generateKeyPairSync } from 'node:crypto'
import { recipeIn, type Recipes, recordLevers, testHost, type ConnectorHarness, type Fault } from '@assay/conformance'
import {
  startSalesforce,
  type Fault as SalesforceFault,
  type ObjectName,
  type SalesforceOptions,
  type SalesforceStandIn,
} from '@assay/crm-salesforce'
import type { ScoreObject } from '@assay/shared'
import { OVERLAP } from '../src/cursor.ts'
import { apiName } from '../src/metadata/index.ts'
import { SCORED } from '../src/objects.ts'
import { settings, type Settings } from '../src/settings.ts'

const START = Date.UTC(2026, 4, 4, 8)
export const INTEGRATION = 'integration@acme.example'
export const CLIENT_ID = 'consumer-key'
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const PRIVATE_KEY = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
export const PUBLIC_KEY = keys.publicKey

const RECIPES: Recipes<ObjectName> = {
  account: { object: 'Account', text: 'Name', values: { Name: 'Acme', BillingCountry: 'Germany', Website: 'https://www.acme.example' } },
  contact: { object: 'Contact', text: 'Title', values: { FirstName: 'Ada', LastName: 'Lovelace', MailingCountry: 'France' } },
  lead: { object: 'Lead', text: 'Company', values: { LastName: 'Hopper', Company: 'Cobol', Status: 'Open - Not Contacted' } },
  deal: { object: 'Opportunity', text: 'Name', values: { Name: 'Order', Amount: 12.5, StageName: 'Prospecting', CloseDate: '2026-06-01' } },
  lineItem: { object: 'OpportunityLineItem', text: 'ProductCode', values: { Quantity: 2, UnitPrice: 4.5, TotalPrice: 9 } },
  product: { object: 'Product2', text: 'Name', values: { Name: 'Mug', ProductCode: 'M-1', IsActive: true } },
  activity: { object: 'Task', text: 'CallDisposition', values: { TaskSubtype: 'Call', CallType: 'Inbound', CallDurationInSeconds: 90 } },
  case: { object: 'Case', text: 'Subject', values: { Subject: 'It broke', Status: 'New' } },
  campaign: { object: 'Campaign', text: 'Name', values: { Name: 'Spring' } },
  campaignMember: { object: 'CampaignMember', text: 'Status', values: { Status: 'Sent' } },
}
const recipe = recipeIn(RECIPES)

const CHANGES = /^(POST|PATCH) [^?]*\/(sobjects\/Task(\/\w+)?|composite\/sobjects)$/

const inject = (standIn: SalesforceStandIn, fault: Fault): void => {
  const { faults } = standIn
  const always = (planted: SalesforceFault) => faults.next('*', planted, Infinity)
  switch (fault.type) {
    case 'tooFast':
      return faults.next('*', { kind: 'tooMany', retryAfterSeconds: fault.waitMs / 1000 }, fault.times)
    case 'dayUsedUp':
      return always({ kind: 'quota' })
    case 'unavailable':
      return faults.next('*', { kind: 'html', status: 503 }, fault.times)
    case 'dropped':
      return faults.next('*', { kind: 'drop', when: 'before' }, fault.times)
    case 'unanswered':
      return faults.next(CHANGES, { kind: 'drop', when: 'after' }, fault.times)
    case 'silence':
      return always({ kind: 'slow', ms: 15_000 })
    case 'notJson':
      return faults.next('*', { kind: 'notJson' }, fault.times)
    case 'signedOut':
      return always({ kind: 'expiredToken' })
    case 'noScope':
      return standIn.hideObject(recipe(fault.kind).object)
  }
}

/** The connector suite's levers on the Salesforce stand-in, with small pages of jobs and queries. */
export const startHarness = async (
  options: SalesforceOptions = {},
): Promise<ConnectorHarness<Settings> & { standIn: SalesforceStandIn }> => {
  const standIn = await startSalesforce({
    now: () => START,
    pages: { most: 200 },
    jobs: { pageRows: 400 },
    ...options,
    oauth: { clientId: CLIENT_ID, publicKey: PUBLIC_KEY, ...options.oauth },
  })
  // Who installs needs more rights than who syncs; here it is one user.
  standIn.permit(['CustomizeApplication', 'ModifyMetadata', 'ManageUsers', 'AssignPermissionSets', 'ManageProfilesPermissionsets'])
  // What the test itself asks over HTTP is not the connector's doing.
  let asked = 0
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    asked += 1
    const headers = { authorization: `Bearer ${standIn.tokens.admin}`, 'content-type': 'application/json' }
    const response = await fetch(`${standIn.url}/services/data/v67.0${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return response.json()
  }
  return {
    standIn,
    settings: settings.parse({
      loginUrl: standIn.url,
      jwt: { clientId: CLIENT_ID, username: INTEGRATION, privateKey: PRIVATE_KEY },
      integrationUser: INTEGRATION,
    }),
    secrets: [PRIVATE_KEY.split('\n')[5] ?? '', `${standIn.organizationId.slice(0, 15)}!session`],
    host: testHost(standIn.clock),
    close: () => standIn.close(),
    crm: {
      ...recordLevers(RECIPES, standIn),
      severalPages: 900,
      searchCap: null,
      settleMs: OVERLAP + 60_000,
      mergeKinds: ['account', 'contact', 'lead', 'case'],
      merge(kind, winner, loser) {
        standIn.merge(recipe(kind).object, winner, loser)
        return Promise.resolve(winner)
      },
      passTime: (ms) => standIn.clock.advance(ms),
      calls: () => standIn.requests.total - asked,
      faults: ['tooFast', 'dayUsedUp', 'unavailable', 'dropped', 'unanswered', 'silence', 'notJson', 'signedOut', 'noScope'],
      inject: (fault) => inject(standIn, fault),
      waits: [1000, 10_000, 45_000],
      hideField(kind) {
        standIn.hideField(recipe(kind).object, recipe(kind).text)
        return recipe(kind).text
      },
      // Not by a describe: a field made through the API is hidden even from the admin who made it.
      async fields(object) {
        const soql = `SELECT QualifiedApiName, DataType FROM FieldDefinition WHERE EntityDefinitionId = '${SCORED[object]}' AND QualifiedApiName LIKE 'Assay%'`
        const { records } = (await ask('GET', `/tooling/query?q=${encodeURIComponent(soql)}`)) as { records: Record<string, string>[] }
        return records.map((row) => ({ name: row['QualifiedApiName'] ?? '', type: row['DataType'] ?? '' }))
      },
      async makeTextField(object: ScoreObject, name: string) {
        await ask('POST', '/tooling/sobjects/CustomField', {
          FullName: `${SCORED[object]}.${apiName(name)}`,
          Metadata: { label: name, type: 'Text', length: 255 },
        })
      },
      fieldName: (field) => apiName(field.name),
      value(object, id, field) {
        const value = standIn.get(SCORED[object] as ObjectName, id)?.[apiName(field.name)] ?? null
        return value === null ? null : String(value)
      },
      fillIn(object, id, field, value) {
        standIn.update(SCORED[object] as ObjectName, id, { [apiName(field.name)]: value })
        return Promise.resolve()
      },
      tasks: (object, id) =>
        standIn
          .tasks()
          .filter((task) => task[object === 'contact' ? 'WhoId' : 'WhatId'] === id)
          .map((task) => ({ id: String(task['Id']), title: String(task['Subject']), isOpen: task['IsClosed'] !== true })),
    },
  }
}
