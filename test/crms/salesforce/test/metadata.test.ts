import { strToU8, zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSalesforce, type SalesforceStandIn } from '../src/index.ts'
import { account, call, clientOf, refusal } from './client.ts'

const NOW = Date.UTC(2026, 5, 1, 12)
let standIn: SalesforceStandIn
beforeEach(async () => {
  standIn = await startSalesforce({ world: [account('1000', 'Acme', NOW - 86_400_000)], now: () => NOW })
})
afterEach(() => standIn.close())

const XMLNS = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
const manifest = (types: Record<string, readonly string[]>): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Package ${XMLNS}>${Object.entries(types)
    .map(([name, members]) => `<types>${members.map((member) => `<members>${member}</members>`).join('')}<name>${name}</name></types>`)
    .join('')}<version>67.0</version></Package>`
const zip = (files: Record<string, string>): Buffer =>
  Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))))

const RISK = '<fields><fullName>Risk__c</fullName><label>Risk</label><type>Number</type><precision>5</precision><scale>2</scale></fields>'
const BAND =
  '<fields><fullName>Band__c</fullName><label>Band</label><type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted><value><fullName>Low</fullName><default>false</default><label>Low</label></value><value><fullName>High</fullName><default>false</default><label>High</label></value></valueSetDefinition></valueSet></fields>'
const objectFile = (...fields: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><CustomObject ${XMLNS}>${fields.join('')}</CustomObject>`
const setFile = (fields: readonly string[], editable = true): string =>
  `<?xml version="1.0" encoding="UTF-8"?><PermissionSet ${XMLNS}><label>Scores</label>${fields
    .map((field) => `<fieldPermissions><editable>${editable}</editable><field>${field}</field><readable>true</readable></fieldPermissions>`)
    .join('')}</PermissionSet>`
const FIELDS = ['Account.Risk__c', 'Account.Band__c']
const WHOLE = {
  'package.xml': manifest({ CustomField: FIELDS, PermissionSet: ['Scores'] }),
  'objects/Account.object': objectFile(RISK, BAND),
  'permissionsets/Scores.permissionset': setFile(FIELDS),
}

interface Result {
  readonly status: string
  readonly success: boolean
  readonly done: boolean
  readonly details: {
    readonly componentFailures: readonly { fullName: string; problem: string; problemType: string; lineNumber?: number }[]
    readonly componentSuccesses: readonly {
      fullName: string
      componentType: string
      created: boolean
      deleted: boolean
      problem?: string
    }[]
  }
}
const deploy = async (files: Record<string, string>, options: object = {}): Promise<Result> => {
  const { metadata } = clientOf(standIn, standIn.tokens.admin)
  const { id } = await metadata.deploy(zip(files), { singlePackage: true, rollbackOnError: true, ...options })
  for (let turn = 0; turn < 10; turn += 1) {
    const result = (await metadata.checkDeployStatus(id, true)) as unknown as Result
    if (result.done) return result
  }
  throw new Error('the deployment does not end')
}
const problems = (result: Result): string[] => result.details.componentFailures.map((each) => `${each.fullName}: ${each.problem}`)

describe('deploying', () => {
  test('fields and a permission set: there, and seen by nobody until the set is given', async () => {
    const result = await deploy(WHOLE)
    expect(result).toMatchObject({ status: 'Succeeded', success: true, numberComponentsDeployed: 3, numberComponentErrors: 0 })
    expect(
      result.details.componentSuccesses.filter((each) => each.created).map((each) => `${each.componentType} ${each.fullName}`),
    ).toEqual(['CustomField Account.Risk__c', 'CustomField Account.Band__c', 'PermissionSet Scores'])
    const seenBy = async (token: string) =>
      (await clientOf(standIn, token).describe('Account')).fields.filter((field) => /Risk|Band/.test(field.name))
    expect(await seenBy(standIn.tokens.admin)).toEqual([])
    expect((await refusal(standIn, 'SELECT Risk__c FROM Account')).code).toBe('INVALID_FIELD')
    const [set] = standIn.all('PermissionSet').filter((row) => row['Name'] === 'Scores')
    await clientOf(standIn, standIn.tokens.admin)
      .sobject('PermissionSetAssignment')
      .create({ AssigneeId: standIn.userIds.integration, PermissionSetId: String(set?.['Id']) })
    const fields = await seenBy(standIn.token)
    expect(fields.map((field) => [field.name, field.type, field.updateable, field.restrictedPicklist])).toEqual([
      ['Risk__c', 'double', true, false],
      ['Band__c', 'picklist', true, true],
    ])
    const write = async (values: object) => {
      const [row] = standIn.all('Account')
      return (await call(standIn, 'PATCH', `/sobjects/Account/${String(row?.['Id'])}`, values)).body?.[0]?.['errorCode'] ?? 'written'
    }
    expect(await write({ Risk__c: 12.345, Band__c: 'High' })).toBe('written')
    expect(standIn.all('Account')[0]).toMatchObject({ Risk__c: 12.35, Band__c: 'High' })
    expect(await write({ Band__c: 'Huge' })).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST')
    expect(await write({ Risk__c: 1000 })).toBe('NUMBER_OUTSIDE_VALID_RANGE')
  })

  test('a second time nothing is new; a set says exactly what its file says', async () => {
    await deploy(WHOLE)
    expect((await deploy(WHOLE)).details.componentSuccesses.some((each) => each.created)).toBe(false)
    await deploy({
      'package.xml': manifest({ PermissionSet: ['Scores'] }),
      'permissionsets/Scores.permissionset': setFile(['Account.Risk__c'], false),
    })
    expect(standIn.all('FieldPermissions').map((row) => [row['Field'], row['PermissionsRead'], row['PermissionsEdit']])).toEqual([
      ['Account.Risk__c', true, false],
    ])
  })

  test('only checked: said to be good, and not made', async () => {
    expect((await deploy(WHOLE, { checkOnly: true })).success).toBe(true)
    expect([...standIn.components('CustomField').filter((name) => name.includes('Risk')), ...standIn.components('PermissionSet')]).toEqual(
      [],
    )
  })

  test('one wrong part and nothing is made, unless the rest may stand', async () => {
    const bad = { ...WHOLE, 'objects/Account.object': objectFile(RISK, BAND.replace('<type>Picklist', '<type>Wish')) }
    const result = await deploy(bad)
    expect(result).toMatchObject({ status: 'Failed', success: false })
    expect(problems(result)).toEqual(["Account.Band__c: 'Wish' is not a valid value for the enum 'FieldType'"])
    expect(standIn.components('CustomField')).not.toContain('Account.Risk__c')
    const partial = await deploy(
      { ...bad, 'permissionsets/Scores.permissionset': setFile(['Account.Risk__c']) },
      { rollbackOnError: false },
    )
    expect(partial.status).toBe('SucceededPartial')
    expect(standIn.components('CustomField')).toContain('Account.Risk__c')
  })

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a file that is no XML',
      { ...WHOLE, 'objects/Account.object': objectFile(RISK).replace('</label>', '') },
      /Account\.object: Error parsing file/,
    ],
    [
      'a member without a file',
      { 'package.xml': WHOLE['package.xml'], 'objects/Account.object': objectFile(RISK) },
      /Account\.Band__c of type|'Account\.Band__c' of type CustomField was named in package\.xml/,
    ],
    [
      'a file without a member',
      { ...WHOLE, 'package.xml': manifest({ CustomField: ['Account.Risk__c'], PermissionSet: ['Scores'] }) },
      /Band__c: CustomField Account\.Band__c is not in package\.xml/,
    ],
    [
      'no label',
      { ...WHOLE, 'objects/Account.object': objectFile(RISK.replace('<label>Risk</label>', ''), BAND) },
      /Required field is missing: label/,
    ],
    [
      'no precision',
      { ...WHOLE, 'objects/Account.object': objectFile(RISK.replace('<precision>5</precision>', ''), BAND) },
      /Required field is missing: precision/,
    ],
    [
      'a text that is too long',
      {
        ...WHOLE,
        'objects/Account.object': objectFile(
          RISK,
          '<fields><fullName>Band__c</fullName><label>B</label><type>Text</type><length>300</length></fields>',
        ),
      },
      /between 1 and 255/,
    ],
    [
      'an element that metadata does not have',
      { ...WHOLE, 'objects/Account.object': objectFile(RISK.replace('<label>', '<colour>red</colour><label>'), BAND) },
      /Element .*colour invalid at this location/,
    ],
    [
      'a name that ends wrongly',
      {
        ...WHOLE,
        'package.xml': manifest({ CustomField: ['Account.Risk', 'Account.Band__c'], PermissionSet: ['Scores'] }),
        'objects/Account.object': objectFile(RISK.replace('Risk__c', 'Risk'), BAND),
      },
      /not a valid custom field name/,
    ],
    [
      'an object that does not exist',
      { 'package.xml': manifest({ CustomField: ['Invoice.Risk__c'] }), 'objects/Invoice.object': objectFile(RISK) },
      /named 'Invoice' cannot be found/,
    ],
    [
      'a permission for a field that does not exist',
      { ...WHOLE, 'permissionsets/Scores.permissionset': setFile(['Account.Nope__c']) },
      /no CustomField named Account\.Nope__c found/,
    ],
    [
      'a permission for a field that everybody has',
      { ...WHOLE, 'permissionsets/Scores.permissionset': setFile(['Account.Name']) },
      /cannot deploy to a required field/,
    ],
  ])('%s is refused', async (_what, files, problem) => {
    const result = await deploy(files)
    expect(result.success).toBe(false)
    expect(problems(result).join('\n')).toMatch(problem)
    expect(standIn.components('CustomField')).not.toContain('Account.Risk__c')
  })

  test('a field of another type is not turned into this one', async () => {
    await deploy(WHOLE)
    const text = '<fields><fullName>Risk__c</fullName><label>Risk</label><type>Text</type><length>10</length></fields>'
    const result = await deploy({
      'package.xml': manifest({ CustomField: ['Account.Risk__c'] }),
      'objects/Account.object': objectFile(text),
    })
    expect(problems(result)).toEqual(['Account.Risk__c: Cannot update a field to a Text from something else'])
  })

  test('by REST as well, and only by those who may', async () => {
    const { metadata } = clientOf(standIn, standIn.tokens.admin)
    const { id } = await metadata.deployRest(zip(WHOLE), { singlePackage: true })
    await metadata.checkDeployStatus(id, true, true)
    expect(await metadata.checkDeployStatus(id, true, true)).toMatchObject({ done: true, success: true, status: 'Succeeded' })
    await expect(clientOf(standIn).metadata.deploy(zip(WHOLE), {})).rejects.toThrow(
      /requires a user with the ModifyAllData or ModifyMetadata/,
    )
    await expect(clientOf(standIn, 'long dead').metadata.list([{ type: 'CustomField' }])).rejects.toMatchObject({
      errorCode: 'sf:INVALID_SESSION_ID',
    })
  })

  test('what merely has to be kept is kept, and must not name fields that do not exist', async () => {
    const view = (field: string) =>
      objectFile(
        `<listViews><fullName>Risky</fullName><columns>${field}</columns><filterScope>Everything</filterScope><label>Risky</label></listViews>`,
      )
    const files = (field: string) => ({ 'package.xml': manifest({ ListView: ['Account.Risky'] }), 'objects/Account.object': view(field) })
    expect(problems(await deploy(files('Risk__c')))[0]).toMatch(/Account\.Risk__c: it does not exist/)
    await deploy(WHOLE)
    expect((await deploy(files('Risk__c'))).success).toBe(true)
    expect(standIn.components('ListView')).toEqual(['Account.Risky'])
  })
})

describe('taking back', () => {
  const destroy = (types: Record<string, readonly string[]>, options: object = {}) =>
    deploy({ 'package.xml': manifest({}), 'destructiveChanges.xml': manifest(types) }, options)

  test('a field goes with its values and its permissions', async () => {
    await deploy(WHOLE)
    const [row] = standIn.all('Account')
    standIn.update('Account', String(row?.['Id']), { Risk__c: 5 })
    expect((await destroy({ CustomField: ['Account.Risk__c'] })).details.componentSuccesses.some((each) => each.deleted)).toBe(true)
    expect(standIn.components('CustomField')).not.toContain('Account.Risk__c')
    expect(standIn.all('FieldPermissions').map((each) => each['Field'])).toEqual(['Account.Band__c'])
    await deploy(WHOLE)
    expect(standIn.all('Account')[0]?.['Risk__c'] ?? null).toBe(null)
  })

  test('what something uses stays, and who uses it can be asked', async () => {
    await deploy(WHOLE)
    standIn.putComponent('Flow', 'Renewals', '<field>$Record.Risk__c</field>')
    standIn.putComponent('Layout', 'Account-Account Layout', '<field>Risk__c</field>')
    standIn.putComponent('Report', 'Sales/Open', '<field>Account.Band__c</field>')
    const result = await destroy({ CustomField: FIELDS })
    expect(problems(result)).toEqual([
      'Account.Risk__c: This custom field is referenced elsewhere in salesforce.com. Remove the usage and try again. : Flow - Renewals',
    ])
    expect(standIn.components('CustomField')).toEqual(expect.arrayContaining(FIELDS))
    const { tooling } = clientOf(standIn, standIn.tokens.admin)
    const [field] = (await tooling.query("SELECT Id, TableEnumOrId FROM CustomField WHERE DeveloperName = 'Risk'")).records
    expect(field).toMatchObject({ TableEnumOrId: 'Account' })
    const { records } = await tooling.query(
      `SELECT MetadataComponentName, MetadataComponentType FROM MetadataComponentDependency WHERE RefMetadataComponentId = '${String(field?.['Id'])}'`,
    )
    expect(records.map((each) => `${String(each['MetadataComponentType'])} ${String(each['MetadataComponentName'])}`)).toEqual([
      'Flow Renewals',
      'Layout Account-Account Layout',
      'PermissionSet Scores',
    ])
    standIn.deleteComponent('Flow', 'Renewals')
    expect((await destroy({ CustomField: FIELDS })).success).toBe(true)
  })

  test('what is not there is only a warning; a set that somebody holds stays', async () => {
    const strict = await destroy({ CustomField: ['Account.Nope__c'] })
    expect([strict.success, problems(strict)]).toEqual([false, ['Account.Nope__c: No CustomField named: Account.Nope__c found']])
    expect((await destroy({ CustomField: ['Account.Nope__c'] }, { ignoreWarnings: true })).success).toBe(true)
    await deploy(WHOLE)
    const [set] = standIn.all('PermissionSet').filter((row) => row['Name'] === 'Scores')
    const assignment = standIn.create('PermissionSetAssignment', {
      AssigneeId: standIn.userIds.viewer,
      PermissionSetId: set?.['Id'] ?? null,
    })
    expect(problems(await destroy({ PermissionSet: ['Scores'] }))).toEqual([
      "Scores: You can't delete this permission set because it's assigned to users.",
    ])
    standIn.delete('PermissionSetAssignment', assignment)
    expect((await destroy({ PermissionSet: ['Scores'] })).success).toBe(true)
    expect([standIn.components('PermissionSet'), standIn.all('FieldPermissions')]).toEqual([[], []])
  })
})

describe('one by one', () => {
  test('upserted, listed, read and deleted through jsforce', async () => {
    const { metadata } = clientOf(standIn, standIn.tokens.admin)
    const field = { fullName: 'Account.Churn__c', label: 'Churn', type: 'Number', precision: 5, scale: 2, inlineHelpText: '0-100' }
    expect(await metadata.upsert('CustomField', field as never)).toMatchObject({ success: true, created: true })
    expect(await metadata.upsert('CustomField', { ...field, type: 'Text', length: 5 } as never)).toMatchObject({ success: false })
    const listed = await metadata.list([{ type: 'CustomField' }])
    expect(listed.map((each) => each.fullName)).toContain('Account.Churn__c')
    expect(await metadata.read('CustomField', 'Account.Churn__c')).toMatchObject({ type: 'Number', precision: 5, inlineHelpText: '0-100' })
    expect(await metadata.delete('CustomField', 'Account.Churn__c')).toMatchObject({ success: true })
    expect(standIn.components('CustomField')).not.toContain('Account.Churn__c')
  })

  test('made, shown, changed and deleted through the Tooling API', async () => {
    const { tooling } = clientOf(standIn, standIn.tokens.admin)
    const make = async () =>
      (await tooling.create('CustomField', {
        FullName: 'Account.Churn__c',
        Metadata: { label: 'Churn', type: 'Text', length: 20 },
      } as never)) as unknown as { id: string }
    const made = await make()
    expect(made).toMatchObject({ success: true, errors: [] })
    await expect(make()).rejects.toMatchObject({ errorCode: 'DUPLICATE_DEVELOPER_NAME' })
    const { id } = made
    expect(await tooling.sobject('CustomField').retrieve(id)).toMatchObject({
      FullName: 'Account.Churn__c',
      Metadata: { type: 'Text', length: 20 },
    })
    const longer = await call(
      standIn,
      'PATCH',
      `/tooling/sobjects/CustomField/${id}`,
      { Metadata: { label: 'Churn', type: 'Text', length: 40 } },
      { token: standIn.tokens.admin },
    )
    expect(longer.status).toBe(204)
    const { records } = await tooling.query(`SELECT Metadata FROM CustomField WHERE Id = '${id}'`)
    expect(records[0]).toMatchObject({ Metadata: { length: 40 } })
    await expect(tooling.query('SELECT Id, FullName FROM CustomField')).rejects.toMatchObject({ errorCode: 'MALFORMED_QUERY' })
    await tooling.sobject('CustomField').delete(id)
    expect(standIn.components('CustomField')).not.toContain('Account.Churn__c')
  })
})
