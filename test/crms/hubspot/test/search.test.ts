import { b2bWorld } from '@assay/worlds'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHubSpot, type HubSpotStandIn } from '../src/index.ts'
import { call, clientOf, misfits } from './client.ts'

const world = b2bWorld({ accounts: 40, seed: 8 })
const deals = Array.from({ length: world.size }, (_, index) => world.bundle(index)).flatMap((bundle) => bundle.deals)
const today = world.today + 86_400_000
let standIn: HubSpotStandIn

beforeAll(async () => {
  standIn = await startHubSpot({ world, limits: 'off', searchLagMs: 10_000, now: () => today })
})
afterAll(() => standIn.close())

const ids = (body: unknown): string[] => (body as { results: { id: string }[] }).results.map((record) => record.id)
const search = (body: unknown, type = 'deals') => call(standIn, 'POST', `/crm/v3/objects/${type}/search`, body)
const where = (...filters: object[]) => ({
  filterGroups: [{ filters }],
  sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
  limit: 200,
})

test('modified since: found through the index, paged by id, all of them and no other', async () => {
  const since = world.today - 400 * 86_400_000
  const expected = deals.filter((deal) => deal.version >= since).map((deal) => deal.id)
  expect(expected.length).toBeGreaterThan(200)
  const found: string[] = []
  for (;;) {
    const filters = [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(since) }]
    const last = found.at(-1)
    const { body } = await search(
      where(...filters, ...(last === undefined ? [] : [{ propertyName: 'hs_object_id', operator: 'GT', value: last }])),
    )
    expect(body['total']).toBe(expected.length - found.length)
    if (found.length === 0)
      expect(misfits('crm/deals', 'CollectionResponseWithTotalSimplePublicObjectForwardPaging', body, ['url'])).toEqual([])
    found.push(...ids(body))
    if (ids(body).length < 200) break
  }
  expect(found).toEqual(expected)
})

test('the real client searches, and a second page goes on by offset', async () => {
  const client = clientOf(standIn)
  const request = { filterGroups: [], properties: ['dealname'], limit: 3, after: '3', sorts: ['hs_object_id'] }
  const answer = await client.crm.deals.searchApi.doSearch(request)
  expect(answer.results.map((record) => record.id)).toEqual(deals.slice(3, 6).map((deal) => deal.id))
  expect(answer.paging?.next?.after).toBe('6')
  expect(answer.total).toBe(deals.length)
})

test.each([
  ['EQ', { operator: 'EQ', value: 'CLOSEDWON' }, (stage: string) => stage === 'closedwon'],
  ['NEQ', { operator: 'NEQ', value: 'closedwon' }, (stage: string) => stage !== 'closedwon'],
  ['IN', { operator: 'IN', values: ['closedwon', 'closedlost'] }, (stage: string) => stage.startsWith('closed')],
  ['NOT_IN', { operator: 'NOT_IN', values: ['closedwon', 'closedlost'] }, (stage: string) => !stage.startsWith('closed')],
  ['CONTAINS_TOKEN', { operator: 'CONTAINS_TOKEN', value: '*lost' }, (stage: string) => stage.endsWith('lost')],
  ['HAS_PROPERTY', { operator: 'HAS_PROPERTY' }, () => true],
  ['NOT_HAS_PROPERTY', { operator: 'NOT_HAS_PROPERTY' }, () => false],
])('operator %s on a text', async (_name, filter, expected) => {
  const { body } = await search(where({ propertyName: 'dealstage', ...filter }))
  expect(body['total']).toBe(deals.filter((deal) => expected(deal.body.stage ?? '')).length)
})

test.each([
  ['LT', { operator: 'LT', value: '1000' }, (amount: number) => amount < 1000],
  ['LTE', { operator: 'LTE', value: '1000' }, (amount: number) => amount <= 1000],
  ['GT', { operator: 'GT', value: '1000.5' }, (amount: number) => amount > 1000.5],
  ['BETWEEN', { operator: 'BETWEEN', value: '200', highValue: '900' }, (amount: number) => amount >= 200 && amount <= 900],
])('operator %s on a number', async (_name, filter, expected) => {
  const { body } = await search(where({ propertyName: 'amount', ...filter }))
  const count = deals.filter((deal) => deal.body.amount !== null && expected(deal.body.amount)).length
  expect(count).toBeGreaterThan(0)
  expect(body['total']).toBe(count)
})

test('groups are alternatives, filters within one hold together', async () => {
  const won = { propertyName: 'hs_is_closed_won', operator: 'EQ', value: 'true' }
  const large = { propertyName: 'amount', operator: 'GTE', value: '5000' }
  const both = await search({ filterGroups: [{ filters: [won, large] }] })
  const either = await search({ filterGroups: [{ filters: [won] }, { filters: [large] }] })
  const isWon = (deal: (typeof deals)[number]): boolean => deal.body.isWon === true
  const isLarge = (deal: (typeof deals)[number]): boolean => (deal.body.amount ?? 0) >= 5000
  expect(both.body['total']).toBe(deals.filter((deal) => isWon(deal) && isLarge(deal)).length)
  expect(either.body['total']).toBe(deals.filter((deal) => isWon(deal) || isLarge(deal)).length)
})

test.each([
  ['a limit over 200', { limit: 201 }],
  ['an offset past ten thousand', { limit: 200, after: '9900' }],
  ['two sorts', { sorts: ['amount', 'closedate'] }],
  ['an unknown property', where({ propertyName: 'nonsense', operator: 'EQ', value: '1' })],
  ['an unknown operator', where({ propertyName: 'amount', operator: 'ABOUT', value: '1' })],
  ['six groups', { filterGroups: Array.from({ length: 6 }, () => ({ filters: [] })) }],
  ['seven filters', where(...Array.from({ length: 7 }, () => ({ propertyName: 'amount', operator: 'GT', value: '1' })))],
])('%s is a 400', async (_name, body) => {
  const answer = await search(body)
  expect([answer.status, answer.body['category']]).toEqual([400, 'VALIDATION_ERROR'])
})

test('ten thousand is the end: the last page that fits is given, the next is refused', async () => {
  expect((await search({ limit: 200, after: '9800' })).status).toBe(200)
  expect((await search({ limit: 200, after: '9801' })).status).toBe(400)
})

test('a write is unseen until the index has caught up, and then found by its new date', async () => {
  const [deal] = deals
  const id = deal?.id ?? ''
  const since = standIn.clock.now()
  const request = where({ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(since) })
  await clientOf(standIn).crm.deals.basicApi.update(id, { properties: { description: 'first' } })
  standIn.clock.advance(6_000)
  await clientOf(standIn).crm.deals.basicApi.update(id, { properties: { description: 'second' } })
  const fresh = standIn.create('deals', { dealname: 'fresh' })
  expect(ids((await search(request)).body)).toEqual([])
  expect((await call(standIn, 'GET', `/crm/v3/objects/deals/${id}?properties=description`)).body['properties']?.['description']).toBe(
    'second',
  )
  standIn.clock.advance(5_000)
  const first = await search({ ...request, properties: ['description'] })
  expect([ids(first.body), first.body['results']?.[0]?.['properties']?.['description']]).toEqual([[id], 'first'])
  standIn.clock.advance(6_000)
  const second = await search({ ...request, properties: ['description'] })
  expect(ids(second.body)).toEqual([id, fresh])
  expect(second.body['results']?.[0]?.['properties']?.['description']).toBe('second')
})

test('archived records are in no search', async () => {
  const id = standIn.create('deals', { dealname: 'short-lived' })
  standIn.clock.advance(20_000)
  const request = where({ propertyName: 'dealname', operator: 'EQ', value: 'short-lived' })
  expect(ids((await search(request)).body)).toEqual([id])
  standIn.archive('deals', id)
  expect(ids((await search(request)).body)).toEqual([])
})

test('ids sort and compare as text by default', async () => {
  const mixed = await startHubSpot({ limits: 'off', world: [] })
  for (let count = 0; count < 3; count += 1) mixed.create('companies', { name: 'x' })
  mixed.load(['9', '10', '100', '25'].map((id) => ({ ...account, id })))
  const { body } = await call(
    mixed,
    'POST',
    '/crm/v3/objects/companies/search',
    where({ propertyName: 'hs_object_id', operator: 'GT', value: '10' }),
  )
  expect(ids(body)).toEqual(['100', '25', '9'])
  expect(ids((await call(mixed, 'GET', '/crm/v3/objects/companies')).body)).toEqual(['9', '10', '25', '100'])
  await mixed.close()
})

const account = { ...world.bundle(0).account, attributes: {} }
