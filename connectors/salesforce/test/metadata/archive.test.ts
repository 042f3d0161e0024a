import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { strFromU8, unzipSync } from 'fflate'
import { PUBLISHED_FIELDS, type ScoreField } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { creating, deleting } from '../../src/metadata/archive.ts'
import { customField } from '../../src/metadata/custom-field.ts'
import { apiName, fullName, located, plainName } from '../../src/metadata/names.ts'
import { permissionSets } from '../../src/metadata/permission-sets.ts'

const fields = located(PUBLISHED_FIELDS, 'account')
const files = (archive: Buffer): Record<string, string> =>
  Object.fromEntries(Object.entries(unzipSync(archive)).map(([path, bytes]) => [path, strFromU8(bytes)]))
const parse = (text: string): Record<string, unknown> =>
  new XMLParser({
    parseTagValue: false,
    isArray: (name) => ['fields', 'types', 'members', 'value', 'fieldPermissions'].includes(name),
  }).parse(text) as Record<string, unknown>
const field = (more: Partial<ScoreField>): ScoreField => ({
  name: 'x',
  on: 'customer',
  label: 'X',
  type: 'text',
  description: 'What it is.',
  ...more,
})

describe('a field as metadata', () => {
  it('keeps within what Salesforce allows for labels, help texts and names', () => {
    for (const at of fields) {
      const made = customField(at)
      expect(made.label?.length, fullName(at)).toBeLessThanOrEqual(40)
      expect(made.inlineHelpText?.length).toBeLessThanOrEqual(510)
      expect(made.fullName).toMatch(/^Assay_[a-z](?:_?[a-z0-9])*__c$/)
      expect(made.fullName.length - 3).toBeLessThanOrEqual(40)
      expect(made.inlineHelpText).toBe(at.field.description)
    }
  })

  it('has a type of its own for each of ours', () => {
    const made = (more: Partial<ScoreField>): object => customField(located([field(more)], 'account')[0]!)
    expect(made({ type: 'number' })).toMatchObject({ type: 'Number', precision: 5, scale: 2 })
    expect(made({ type: 'currency' })).toMatchObject({ type: 'Currency', precision: 18, scale: 2 })
    expect(made({ maxLength: 100 })).toMatchObject({ type: 'Text', length: 100 })
    expect(made({ maxLength: 4000 })).toMatchObject({ type: 'Text', length: 255 })
    expect(made({ type: 'date' })).toMatchObject({ type: 'Date' })
    expect(made({ type: 'datetime' })).toMatchObject({ type: 'DateTime' })
    expect(made({ type: 'picklist', options: ['Low', 'High'] })).toMatchObject({
      type: 'Picklist',
      valueSet: { restricted: true, valueSetDefinition: { sorted: false, value: [{ fullName: 'Low' }, { fullName: 'High' }] } },
    })
  })

  it('goes there and back in its name', () => {
    expect(apiName('churn_risk')).toBe('Assay_churn_risk__c')
    for (const { name } of PUBLISHED_FIELDS) expect(plainName(apiName(name))).toBe(name)
    expect(plainName('Churn_risk__c')).toBeNull()
  })

  it('stands on the object of the customer, those of deals on Opportunity', () => {
    const objects = (customer: 'account' | 'contact'): string[] => [
      ...new Set(located(PUBLISHED_FIELDS, customer).map(({ object }) => object)),
    ]
    expect(objects('account')).toEqual(['Account', 'Opportunity'])
    expect(objects('contact')).toEqual(['Contact', 'Opportunity'])
  })
})

describe('permission sets', () => {
  const sets = new Map(permissionSets(fields).map((set) => [set.fullName, set]))
  const grantsOf = (name: string): Map<string, boolean> =>
    new Map(sets.get(name)!.fieldPermissions.map((grant) => [grant.field, grant.editable]))

  it('let the integration write everything but what people fill in', () => {
    const grants = grantsOf('Assay_Integration')
    expect(grants.size).toBe(fields.length)
    for (const at of fields) expect(grants.get(fullName(at)), fullName(at)).toBe(!at.field.setByPeople)
  })

  it('let a viewer read what everybody may read and write only answers', () => {
    const grants = grantsOf('Assay_Viewer')
    for (const at of fields) {
      expect(grants.get(fullName(at)), fullName(at)).toBe(at.field.restricted ? undefined : (at.field.setByPeople ?? false))
    }
  })

  it('show restricted signs to nobody but the holders of the third set', () => {
    expect([...grantsOf('Assay_Restricted_Signs')]).toEqual([['Account.Assay_churn_signs_restricted__c', false]])
    expect(permissionSets(fields.filter((at) => !at.field.restricted)).map((set) => set.fullName)).toEqual([
      'Assay_Integration',
      'Assay_Viewer',
    ])
  })

  it('let nobody create, delete or change all records', () => {
    for (const set of sets.values()) {
      for (const right of set.objectPermissions) {
        expect([right.allowCreate, right.allowDelete, right.modifyAllRecords]).toEqual([false, false, false])
      }
    }
    expect(sets.get('Assay_Viewer')!.objectPermissions).toEqual([])
  })
})

describe('an archive for a deployment', () => {
  const made = files(creating(fields, permissionSets(fields), '67.0'))

  it('holds well-formed documents, one for each object and permission set', () => {
    expect(Object.keys(made).sort()).toEqual([
      'objects/Account.object',
      'objects/Opportunity.object',
      'package.xml',
      'permissionsets/Assay_Integration.permissionset',
      'permissionsets/Assay_Restricted_Signs.permissionset',
      'permissionsets/Assay_Viewer.permissionset',
    ])
    for (const [path, text] of Object.entries(made)) expect(XMLValidator.validate(text), path).toBe(true)
  })

  it('lists in package.xml what it holds', () => {
    const { types, version } = parse(made['package.xml']!)['Package'] as { types: { name: string; members: string[] }[]; version: string }
    expect(version).toBe('67.0')
    expect(types.map(({ name, members }) => [name, members.length])).toEqual([
      ['CustomField', fields.length],
      ['PermissionSet', 3],
    ])
    const inside = (parse(made['objects/Account.object']!)['CustomObject'] as { fields: { fullName: string }[] }).fields
    const listed = types[0]!.members.filter((name) => name.startsWith('Account.'))
    expect(inside.map((one) => `Account.${one.fullName}`).sort()).toEqual([...listed].sort())
  })

  it('touches neither profiles nor layouts', () => {
    expect(Object.values(made).join('')).not.toMatch(/Profile|Layout/)
  })

  it('says the same in the same bytes', () => {
    expect(creating(fields, permissionSets(fields), '67.0').equals(creating(fields, permissionSets(fields), '67.0'))).toBe(true)
  })

  it('escapes what XML would take for its own', () => {
    const odd = located([field({ name: 'odd', label: 'A & B <c>', description: '"Quotes" & more' })], 'account')
    const text = files(creating(odd, [], '67.0'))['objects/Account.object']!
    expect(XMLValidator.validate(text)).toBe(true)
    expect((parse(text)['CustomObject'] as { fields: { label: string }[] }).fields[0]!.label).toBe('A & B <c>')
  })

  it('deletes by a list beside an empty package', () => {
    const gone = files(deleting({ CustomField: ['Account.Assay_b__c', 'Account.Assay_a__c'], PermissionSet: [] }, '67.0'))
    expect(Object.keys(gone).sort()).toEqual(['destructiveChanges.xml', 'package.xml'])
    expect(parse(gone['package.xml']!)['Package']).toEqual({ version: '67.0' })
    expect(parse(gone['destructiveChanges.xml']!)['Package']).toEqual({
      types: [{ members: ['Account.Assay_a__c', 'Account.Assay_b__c'], name: 'CustomField' }],
      version: '67.0',
    })
  })
})
