import { b2bWorld } from '@assay/worlds'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startHubSpot, type HubSpotStandIn } from '../src/index.ts'
import { call, clientOf, listAll, misfits } from './client.ts'

const world = b2bWorld({ accounts: 12, seed: 3 })
const company = world.bundle(0).account.id
const other = world.bundle(1).account.id
let standIn: HubSpotStandIn

beforeEach(async () => {
  standIn = await startHubSpot({ world, limits: 'off', now: () => world.today + 3_600_000 })
})
afterEach(() => standIn.close())

const update = (inputs: object[], type = 'companies') => call(standIn, 'POST', `/crm/v3/objects/${type}/batch/update`, { inputs })
const messages = (body: unknown): string => JSON.stringify(body)

describe('batches', () => {
  test('a missing id is a 207 that the real client lets through', async () => {
    const answer = await clientOf(standIn).crm.companies.batchApi.update({
      inputs: [
        { id: '999', properties: { city: 'Nowhere' } },
        { id: company, properties: { city: 'Lyon' } },
      ],
    })
    expect(answer.results.map((record) => record.id)).toEqual([company])
    expect('numErrors' in answer && answer.numErrors).toBe(1)
    expect(standIn.get('companies', company)?.properties['city']).toBe('Lyon')
    expect(standIn.writes).toMatchObject([{ object: 'companies', id: company, operation: 'update', properties: { city: 'Lyon' } }])
  })

  test('one bad value refuses the whole batch and writes nothing', async () => {
    const { status, body } = await update([
      { id: company, properties: { city: 'Lyon' } },
      { id: other, properties: { numberofemployees: 'many' } },
    ])
    expect(status).toBe(400)
    expect(body['message']).toContain('Property values were not valid')
    expect(standIn.writes).toEqual([])
  })

  test.each([
    ['an unknown property', { nonsense: '1' }, 'PROPERTY_DOESNT_EXIST'],
    ['a read-only property', { hs_lastmodifieddate: '2026-01-01' }, 'READ_ONLY_VALUE'],
    ['a word for a number', { annualrevenue: '12,5' }, 'INVALID_NUMBER'],
    ['an option that is not in the list', { lifecyclestage: 'gone' }, 'INVALID_OPTION'],
    ['a text that is too long', { description: 'x'.repeat(65_537) }, 'TEXT_TOO_LONG'],
  ])('%s is refused', async (_name, properties, code) => {
    const { status, body } = await update([{ id: company, properties }])
    expect(status).toBe(400)
    expect(messages(body)).toContain(code)
  })

  test('an id twice and more than a hundred inputs are refused', async () => {
    const twice = { id: company, properties: { city: 'Lyon' } }
    expect((await update([twice, twice])).body['message']).toBe('Duplicate IDs found in batch input')
    const many = Array.from({ length: 101 }, (_, index) => ({ id: String(index + 1), properties: {} }))
    expect((await update(many)).status).toBe(400)
  })

  test('read, create, upsert and archive answer as the models say', async () => {
    const read = await call(standIn, 'POST', '/crm/objects/2026-03/companies/batch/read', {
      properties: ['name'],
      inputs: [{ id: company }, { id: '5' }],
    })
    expect([read.status, read.body['errors']?.[0]?.['context']?.['ids']]).toEqual([207, ['5']])
    expect(misfits('crm/companies', 'BatchResponseSimplePublicObjectWithErrors', read.body, ['url', 'correlationId'])).toEqual([])

    const contact = { properties: { email: 'a@example.com', firstname: 'A' }, objectWriteTraceId: 'row-1' }
    const create = await call(standIn, 'POST', '/crm/v3/objects/contacts/batch/create', {
      inputs: [
        {
          ...contact,
          associations: [{ to: { id: company }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }] }],
        },
      ],
    })
    expect([create.status, create.body['results']?.[0]?.['objectWriteTraceId']]).toEqual([201, 'row-1'])
    const id = String(create.body['results']?.[0]?.['id'])
    expect(standIn.associated('companies', company, 'contacts')).toContain(id)
    expect((await call(standIn, 'POST', '/crm/v3/objects/contacts', contact)).status).toBe(409)

    const upsert = await clientOf(standIn).crm.contacts.batchApi.upsert({
      inputs: ['A@example.com', 'b@example.com'].map((email) => ({ id: email, idProperty: 'email', properties: { lastname: 'B' } })),
    })
    expect(upsert.results.map(({ id: found, _new: isNew }) => [found === id, isNew])).toEqual([
      [true, false],
      [false, true],
    ])
    expect((await call(standIn, 'GET', '/crm/v3/objects/contacts/b@example.com?idProperty=email')).status).toBe(200)

    const archive = await call(standIn, 'POST', '/crm/v3/objects/contacts/batch/archive', { inputs: [{ id }] })
    expect(archive.status).toBe(204)
    expect((await listAll(standIn, '/crm/v3/objects/contacts?archived=true')).ids).toContain(id)
    expect((await listAll(standIn, '/crm/v3/objects/contacts?limit=100')).ids).not.toContain(id)
  })
})

describe('what a write changes', () => {
  test('property writes move the modification date, association changes do not', async () => {
    const before = standIn.get('companies', company)
    const contact = standIn.create('contacts', { email: 'c@example.com' })
    const made = standIn.get('contacts', contact)
    standIn.clock.advance(1000)
    const put = await call(standIn, 'PUT', `/crm/v4/objects/contacts/${contact}/associations/companies/${company}`, [
      { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 },
    ])
    expect(put.status).toBe(201)
    expect(standIn.get('companies', company)?.updatedAt).toBe(before?.updatedAt)
    expect(standIn.get('contacts', contact)).toMatchObject({ updatedAt: made?.updatedAt, properties: { associatedcompanyid: company } })
    await update([{ id: company, properties: { city: 'Lyon' } }])
    expect(standIn.get('companies', company)?.updatedAt).toBe(standIn.clock.now())
  })

  test('a contact has one primary company; taking the link away clears it', async () => {
    const contact = standIn.create('contacts', { email: 'c@example.com' }, [{ to: 'companies', id: company }])
    standIn.associate('contacts', contact, 'companies', other)
    const { body } = await call(standIn, 'GET', `/crm/v4/objects/contacts/${contact}/associations/companies`)
    const primary = (body['results'] as unknown as { toObjectId: string | number; associationTypes: { typeId: number }[] }[])
      .filter((each) => each.associationTypes.some((type) => type.typeId === 1))
      .map((each) => String(each.toObjectId))
    expect(primary).toEqual([other])
    expect((await call(standIn, 'DELETE', `/crm/v4/objects/contacts/${contact}/associations/companies/${other}`)).status).toBe(204)
    expect(standIn.associated('contacts', contact, 'companies')).toEqual([company])
    expect(standIn.get('contacts', contact)?.properties['associatedcompanyid']).toBe(null)
  })

  test('the default association and the batches of associations', async () => {
    const task = standIn.create('tasks', { hs_task_subject: 'call them' })
    const put = await call(standIn, 'PUT', `/crm/v4/objects/tasks/${task}/associations/default/companies/${company}`)
    expect(put.status).toBe(200)
    expect(misfits('crm/associations/v4', 'BatchResponsePublicDefaultAssociation', put.body)).toEqual([])
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 192 }]
    const inputs = [{ from: { id: task }, to: { id: other }, types }]
    const create = await call(standIn, 'POST', '/crm/v4/associations/tasks/companies/batch/create', { inputs })
    expect(create.status).toBe(201)
    expect(misfits('crm/associations/v4', 'BatchResponseLabelsBetweenObjectPair', create.body)).toEqual([])
    expect(standIn.associated('tasks', task, 'companies')).toEqual([company, other])
    const archive = { inputs: [{ from: { id: task }, to: [{ id: company }] }] }
    expect((await call(standIn, 'POST', '/crm/v4/associations/tasks/companies/batch/archive', archive)).status).toBe(204)
    expect(standIn.associated('companies', company, 'tasks')).not.toContain(task)
    expect(standIn.tasks().map((each) => each.id)).toEqual([task])
  })

  test('a deal that is won says so, in its history too', async () => {
    const [deal] = world.bundle(0).deals
    await clientOf(standIn).crm.deals.basicApi.update(deal?.id ?? '', { properties: { dealstage: '96542119', amount: '1250.5' } })
    const stored = standIn.get('deals', deal?.id ?? '')
    const rate = deal?.body.currency === world.currency ? 1 : (world.rates[deal?.body.currency ?? ''] ?? Number.NaN)
    expect(stored?.properties).toMatchObject({
      hs_is_closed_won: 'true',
      amount_in_home_currency: String(1250.5 * rate),
      hs_v2_date_entered_96542119: new Date(stored?.updatedAt ?? 0).toISOString(),
    })
    const { body } = await call(standIn, 'GET', `/crm/v3/objects/deals/${deal?.id}?propertiesWithHistory=dealstage`)
    expect(body['propertiesWithHistory']?.['dealstage']?.[0]).toMatchObject({ value: '96542119', sourceType: 'INTEGRATION' })
  })

  test('merge: the winner lives on with both, under its id or a new one', async () => {
    const answer = await call(standIn, 'POST', '/crm/v3/objects/companies/merge', { primaryObjectId: company, objectIdToMerge: other })
    expect([answer.status, answer.body['id']]).toEqual([200, company])
    expect(standIn.get('companies', other)?.id).toBe(company)
    expect(standIn.get('companies', company)?.properties['hs_merged_object_ids']?.split(';')).toContain(other)
    expect((await listAll(standIn, '/crm/v3/objects/companies?limit=100')).ids).not.toContain(other)
    expect((await listAll(standIn, '/crm/v3/objects/companies?limit=100&archived=true')).ids).not.toContain(other)
    const deals = [...world.bundle(0).deals, ...world.bundle(1).deals].map((deal) => deal.id)
    expect(standIn.associated('companies', company, 'deals')).toEqual(deals)

    const renewing = await startHubSpot({ world, limits: 'off', mergeMakesNewId: true })
    const id = renewing.merge('companies', company, other)
    expect([renewing.get('companies', company)?.id, renewing.get('companies', other)?.id]).toEqual([id, id])
    expect(renewing.get('companies', id)?.properties['name']).toBe(world.bundle(0).account.body.name)
    await renewing.close()
  })

  test('archive and restore, and what privacy deletion leaves: nothing', async () => {
    const contact = standIn.create('contacts', { email: 'c@example.com' })
    expect((await call(standIn, 'DELETE', `/crm/v3/objects/contacts/${contact}`)).status).toBe(204)
    expect((await call(standIn, 'DELETE', `/crm/v3/objects/contacts/${contact}`)).status).toBe(204)
    expect((await call(standIn, 'GET', `/crm/v3/objects/contacts/${contact}`)).status).toBe(404)
    const archived = await call(standIn, 'GET', `/crm/v3/objects/contacts/${contact}?archived=true`)
    expect(archived.body).toMatchObject({ archived: true, archivedAt: expect.any(String) })
    standIn.restore('contacts', contact)
    expect((await call(standIn, 'GET', `/crm/v3/objects/contacts/${contact}`)).status).toBe(200)
    const erase = { objectId: 'c@example.com', idProperty: 'email' }
    expect((await call(standIn, 'POST', '/crm/v3/objects/contacts/gdpr-delete', erase)).status).toBe(204)
    expect(standIn.get('contacts', contact)).toBe(null)
    expect((await listAll(standIn, '/crm/v3/objects/contacts?archived=true')).ids).not.toContain(contact)
  })
})

describe('properties', () => {
  const score = { name: 'assay_score', label: 'Score', groupName: 'assay', type: 'number', fieldType: 'number' }

  test('a group and its properties: made, made twice, written, removed, made again', async () => {
    const { groupsApi, batchApi, coreApi } = clientOf(standIn).crm.properties
    await groupsApi.create('companies', { name: 'assay', label: 'Assay', displayOrder: -1 })
    await expect(groupsApi.create('companies', { name: 'assay', label: 'Assay' })).rejects.toMatchObject({ code: 409 })
    const band = { ...score, name: 'assay_band', type: 'enumeration', fieldType: 'select' }
    const options = ['Low', 'High'].map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false }))
    const both = await call(standIn, 'POST', '/crm/v3/properties/companies/batch/create', { inputs: [score, { ...band, options }] })
    expect(both.status).toBe(201)
    expect(misfits('crm/properties', 'BatchResponseProperty', both.body)).toEqual([])
    const again = await call(standIn, 'POST', '/crm/v3/properties/companies/batch/create', {
      inputs: [score, { ...score, name: 'assay_other' }],
    })
    expect([again.status, again.body['errors']?.[0]?.['category']]).toEqual([207, 'OBJECT_ALREADY_EXISTS'])
    expect((await update([{ id: company, properties: { assay_score: '87', assay_band: 'High' } }])).status).toBe(200)
    expect((await update([{ id: company, properties: { assay_band: 'Middle' } }])).status).toBe(400)

    await coreApi.update('companies', 'assay_score', { label: 'Risk' })
    expect((await coreApi.getByName('companies', 'assay_score')).label).toBe('Risk')
    expect((await call(standIn, 'DELETE', '/crm/v3/properties/companies/groups/assay')).status).toBe(400)
    await batchApi.archive('companies', { inputs: ['assay_score', 'assay_band', 'assay_other'].map((name) => ({ name })) })
    await expect(coreApi.getByName('companies', 'assay_score')).rejects.toMatchObject({ code: 404 })
    expect((await call(standIn, 'POST', '/crm/v3/properties/companies', { ...score, type: 'string', fieldType: 'text' })).status).toBe(400)
    expect((await call(standIn, 'POST', '/crm/v3/properties/companies', score)).status).toBe(201)
  })

  test.each([
    ['a capital in the name', { name: 'Score' }],
    ['an unknown group', { groupName: 'nobody' }],
    ['a field type that does not fit', { fieldType: 'text' }],
    ['no label', { label: '' }],
    ['an enumeration without options', { type: 'enumeration', fieldType: 'select' }],
  ])('%s is refused', async (_name, change) => {
    const body = { ...score, groupName: 'companyinformation', ...change }
    expect((await call(standIn, 'POST', '/crm/v3/properties/companies', body)).status).toBe(400)
  })

  test("HubSpot's own cannot be removed; hidden ones are not there, read-only ones not writable", async () => {
    expect((await call(standIn, 'DELETE', '/crm/v3/properties/companies/name')).status).toBe(400)
    standIn.hideProperty('companies', 'industry')
    standIn.readOnlyProperty('companies', 'city')
    expect((await call(standIn, 'GET', '/crm/v3/properties/companies/industry')).status).toBe(404)
    const { body } = await call(standIn, 'GET', `/crm/v3/objects/companies/${company}?properties=industry,city`)
    expect(Object.keys(body['properties'] ?? {})).toEqual(['city', 'createdate', 'hs_lastmodifieddate', 'hs_object_id'])
    expect(messages((await update([{ id: company, properties: { city: 'Lyon' } }])).body)).toContain('READ_ONLY_VALUE')
  })
})
