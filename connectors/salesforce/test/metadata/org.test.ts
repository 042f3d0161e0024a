import { startSalesforce, type Role, type SalesforceStandIn } from '@assay/crm-salesforce'
import { AssayError, CHURN_FIELDS, COMMON_FIELDS, OFFER_FIELDS, PUBLISHED_FIELDS, type Receipt, type ScoreField } from '@assay/shared'
import { Connection } from 'jsforce'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { creating } from '../../src/metadata/archive.ts'
import { deploy } from '../../src/metadata/deploy.ts'
import { ensureFields, permissionHolders, plan, removable, removeFields, type Org } from '../../src/metadata/index.ts'
import { apiName, located } from '../../src/metadata/names.ts'

const FIELDS: readonly ScoreField[] = [...CHURN_FIELDS, ...OFFER_FIELDS, ...COMMON_FIELDS]

let crm: SalesforceStandIn
let org: Org
let warned: string[]

const signedIn = (role: Role): Org => ({
  connection: new Connection({ instanceUrl: crm.url, accessToken: crm.tokens[role], version: '67.0' }),
  log: { debug: () => undefined, info: () => undefined, warn: (message) => void warned.push(message) },
  now: () => 1000,
  sleep: () => Promise.resolve(),
})
const integrationName = (): string => String(crm.get('User', crm.userIds.integration)!['Username'])
const install = (fields = FIELDS, integrationUser: string | null = null): Promise<Receipt> =>
  ensureFields(org, fields, { customer: 'account', integrationUser })
const deployed = async (path: string, text: string, type: string, name: string): Promise<void> => {
  const { strToU8, zipSync } = await import('fflate')
  const manifest = `<Package xmlns="http://soap.sforce.com/2006/04/metadata"><types><members>${name}</members><name>${type}</name></types><version>67.0</version></Package>`
  const archive = Buffer.from(zipSync({ 'package.xml': strToU8(manifest), [path]: strToU8(text) }))
  const { success, problems } = await deploy(org, archive, { checkOnly: false })
  expect({ success, problems }).toEqual({ success: true, problems: [] })
}

beforeEach(async () => {
  warned = []
  crm = await startSalesforce()
  org = signedIn('admin')
})
afterEach(() => crm.close())

describe('making fields', () => {
  it('plans everything in an empty org and changes nothing', async () => {
    const planned = await plan(org, FIELDS, 'account')
    expect(planned.create.map(({ name }) => name)).toEqual(FIELDS.map(({ name }) => apiName(name)))
    expect([planned.keep, planned.clash]).toEqual([[], []])
    expect(await plan(org, FIELDS, 'account')).toEqual(planned)
  })

  it('makes fields and permission sets once, and the second time nothing', async () => {
    const receipt = await install()
    expect(receipt).toMatchObject({ connector: 'salesforce', madeAt: 1000 })
    const fields = receipt.made.filter(({ type }) => type === 'field').map(({ name }) => name)
    expect(fields).toEqual(FIELDS.map(({ name }) => apiName(name)))
    const sets = receipt.made.filter(({ type }) => type === 'permission').map(({ name }) => name)
    expect(sets).toEqual(['Assay_Integration', 'Assay_Viewer', 'Assay_Restricted_Signs'])
    expect((await install()).made).toEqual([])
    expect(await plan(org, FIELDS, 'account')).toMatchObject({ create: [], clash: [], keep: { length: FIELDS.length } })
  })

  it('adds what came later, and keeps granting what was there', async () => {
    await install(CHURN_FIELDS)
    const { made } = await install([...CHURN_FIELDS, ...COMMON_FIELDS])
    expect(made.map(({ name }) => name)).toEqual(COMMON_FIELDS.map(({ name }) => apiName(name)))
    await install(COMMON_FIELDS)
    const grants = crm.all('FieldPermissions').map((row) => row['Field'])
    expect(new Set(grants)).toEqual(new Set([...CHURN_FIELDS, ...COMMON_FIELDS].map(({ name }) => `Account.${apiName(name)}`)))
  })

  it('shows restricted signs to nobody who only has the viewer set', async () => {
    await install()
    const set = crm.all('PermissionSet').find((row) => row['Name'] === 'Assay_Viewer')!
    crm.create('PermissionSetAssignment', { AssigneeId: crm.userIds.viewer, PermissionSetId: set['Id'] ?? '' })
    const viewer = signedIn('viewer').connection as Connection
    const shown = (await viewer.describe('Account')).fields.map(({ name }) => name)
    expect(shown).toContain('Assay_churn_risk__c')
    expect(shown).not.toContain('Assay_churn_signs_restricted__c')
    const risk = (await viewer.describe('Account')).fields.find(({ name }) => name === 'Assay_churn_risk__c')!
    const answer = (await viewer.describe('Account')).fields.find(({ name }) => name === 'Assay_offer_1_response__c')!
    expect([risk.updateable, answer.updateable]).toEqual([false, true])
  })

  it('gives the integration user what it needs, and says so in the receipt', async () => {
    const { made } = await install(FIELDS, integrationName())
    expect(made.filter(({ object }) => object === 'PermissionSetAssignment').map(({ name }) => name)).toEqual([
      `Assay_Integration ${integrationName()}`,
      `Assay_Reading ${integrationName()}`,
    ])
    expect(await permissionHolders(org)).toEqual([
      { name: 'Assay_Integration', holders: 1 },
      { name: 'Assay_Viewer', holders: 0 },
      { name: 'Assay_Restricted_Signs', holders: 0 },
      { name: 'Assay_Reading', holders: 1 },
    ])
    const fields = (await (signedIn('integration').connection as Connection).describe('Account')).fields
    const writable = new Map(fields.map(({ name, updateable }) => [name, updateable]))
    expect(writable.get('Assay_churn_risk__c')).toBe(true)
    expect(writable.get('Assay_offer_1_response__c')).toBe(false)
    expect((await install(FIELDS, integrationName())).made).toEqual([])
  })

  it('tells of an integration user that does not exist, and keeps what was made', async () => {
    const { made } = await install(FIELDS, 'nobody@example.com')
    expect(made.some(({ object }) => object === 'PermissionSetAssignment')).toBe(false)
    expect(made.length).toBeGreaterThan(FIELDS.length)
    expect(warned.join()).toMatch(/no user nobody@example\.com/)
  })

  it('names a field that is something else, and makes nothing at all', async () => {
    const text = { name: 'churn_risk', on: 'customer', label: 'Mine', type: 'text', maxLength: 80, description: 'Mine.' } as const
    expect((await deploy(org, creating(located([text], 'account'), [], '67.0'), { checkOnly: false })).success).toBe(true)
    const { clash } = await plan(org, FIELDS, 'account')
    expect(clash).toEqual([
      { object: 'Account', name: 'Assay_churn_risk__c', label: 'Churn risk', why: expect.stringMatching(/number is needed/) as string },
    ])
    const error: unknown = await install().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AssayError)
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('Account.Assay_churn_risk__c') as string })
    expect(crm.all('PermissionSet').filter((row) => String(row['Name']).startsWith('Assay'))).toEqual([])
    expect((await plan(org, FIELDS, 'account')).create).toHaveLength(FIELDS.length - 1)
  })

  it('sees a list that lacks a value, also in a field that is hidden from the admin', async () => {
    const short = { name: 'churn_band', on: 'customer', label: 'Band', type: 'picklist', options: ['Low'], description: 'Mine.' } as const
    await deploy(org, creating(located([short], 'account'), [], '67.0'), { checkOnly: false })
    expect((await plan(org, FIELDS, 'account')).clash).toMatchObject([{ why: 'its list lacks Medium, High' }])
  })

  it('plans for a sign-in without rights of an admin by the fields that it can fill', async () => {
    await install(CHURN_FIELDS, integrationName())
    const integration = signedIn('integration')
    const planned = await plan(integration, [...CHURN_FIELDS, ...COMMON_FIELDS], 'account')
    expect(planned.keep.map(({ label }) => label)).toEqual(CHURN_FIELDS.map(({ label }) => label))
    expect(planned.create.map(({ label }) => label)).toEqual(COMMON_FIELDS.map(({ label }) => label))
    const viewer = await plan(signedIn('viewer'), CHURN_FIELDS, 'account')
    expect(viewer.keep.length + viewer.create.length).toBe(CHURN_FIELDS.length)
  })

  it('says in words that somebody may not do this', async () => {
    const viewer = signedIn('viewer')
    const error: unknown = await ensureFields(viewer, FIELDS, { customer: 'account', integrationUser: null }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(AssayError)
    expect((error as AssayError).kind).toBe('config')
    expect((error as AssayError).hint).toMatch(/Customize Application|admin/)
  })
})

describe('a deployment', () => {
  it('goes over REST with a token that SOAP refuses', async () => {
    await crm.close()
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl'
    crm = await startSalesforce({ tokens: { admin: token } })
    org = signedIn('admin')
    expect((await install(CHURN_FIELDS)).made).toHaveLength(CHURN_FIELDS.length + 3)
    expect(crm.requests.count('metadata.deploy')).toBe(1)
    expect(await removeFields(org, null)).toMatchObject({ blocked: [], left: [] })
  })

  it('that breaks down has made nothing, and says why', async () => {
    crm.faults.next('metadata.deploy', { kind: 'job', state: 'Failed', message: 'UNKNOWN_EXCEPTION: an unexpected error occurred' })
    await expect(install()).rejects.toThrow(/made nothing.*UNKNOWN_EXCEPTION/)
    expect(crm.all('FieldPermissions')).toEqual([])
    expect((await install()).made.length).toBeGreaterThan(FIELDS.length)
  })

  it('of a login that has ended says so', async () => {
    crm.oauth.revoke()
    const error: unknown = await plan(org, FIELDS, 'account').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'auth' })
  })
})

describe('taking fields back', () => {
  const everythingGone = async (): Promise<void> => {
    expect((await plan(org, PUBLISHED_FIELDS, 'account')).keep).toEqual([])
    expect(crm.all('PermissionSet').filter((row) => String(row['Name']).startsWith('Assay'))).toEqual([])
    expect(crm.all('FieldPermissions')).toEqual([])
  }

  it('takes exactly what was made, holders or not', async () => {
    const receipt = await install(FIELDS, integrationName())
    const { removed, blocked, left } = await removeFields(org, receipt)
    expect([blocked, left]).toEqual([[], []])
    expect(removed).toHaveLength(receipt.made.length)
    await everythingGone()
  })

  it('works without the receipt', async () => {
    await install(FIELDS, integrationName())
    expect(await removeFields(org, null)).toMatchObject({ blocked: [], left: [] })
    await everythingGone()
    expect(await removeFields(org, null)).toEqual({ removed: [], blocked: [], left: [] })
  })

  it('leaves a field of the admin that only looks like ours, and names it', async () => {
    await install(CHURN_FIELDS)
    const own = { name: 'notes', on: 'customer', label: 'Notes', type: 'text', maxLength: 80, description: 'Mine.' } as const
    await deploy(org, creating(located([own], 'account'), [], '67.0'), { checkOnly: false })
    const { removed, left } = await removeFields(org, null)
    expect(removed.map(({ name }) => name)).not.toContain('Assay_notes__c')
    expect(left).toEqual([{ object: 'Account', name: 'Assay_notes__c' }])
  })

  it('leaves what is not on the receipt, with those who may see it', async () => {
    const receipt = await install()
    const kept = receipt.made.filter(({ name }) => name !== 'Assay_offer_1_response__c')
    const { left, blocked } = await removeFields(org, { ...receipt, made: kept })
    expect(blocked).toEqual([])
    expect(left.map(({ name }) => name)).toEqual(['Assay_offer_1_response__c', 'Assay_Viewer'])
    expect(crm.all('FieldPermissions').map((row) => row['Field'])).toEqual(['Account.Assay_offer_1_response__c'])
  })

  it('names what uses a field, leaves that field, and takes the rest', async () => {
    const receipt = await install()
    await deployed(
      'layouts/Account-Sales.layout',
      '<Layout xmlns="http://soap.sforce.com/2006/04/metadata"><layoutSections><layoutColumns><layoutItems><behavior>Edit</behavior><field>Assay_churn_band__c</field></layoutItems></layoutColumns></layoutSections></Layout>',
      'Layout',
      'Account-Sales',
    )
    await deployed(
      'flows/Warn_owner.flow',
      '<Flow xmlns="http://soap.sforce.com/2006/04/metadata"><label>Warn</label><start><object>Account</object><filters><field>Assay_churn_risk__c</field></filters></start></Flow>',
      'Flow',
      'Warn_owner',
    )
    const found = await removable(org, receipt)
    expect(found.blocked.map(({ name }) => name).sort()).toEqual(['Assay_churn_band__c', 'Assay_churn_risk__c'])
    const { removed, blocked, left } = await removeFields(org, receipt)
    expect(blocked.map(({ name, why }) => `${name} ${why}`).sort()).toEqual([
      expect.stringMatching(/^Assay_churn_band__c used by page layout .*Sales/) as string,
      expect.stringMatching(/^Assay_churn_risk__c used by flow Warn_owner/) as string,
    ])
    expect(removed.filter(({ object }) => object === 'Account')).toHaveLength(FIELDS.length - 2)
    expect(left.map(({ name }) => name).sort()).toEqual(['Assay_Viewer', 'Assay_churn_band__c', 'Assay_churn_risk__c'])
  })
})
