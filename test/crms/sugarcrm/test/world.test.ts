import { b2bWorld, change } from '@assay/worlds'
import { afterEach, describe, expect, test } from 'vitest'
import { heldBySugar, startSugar, sugarId, worldIdOf, type ModuleName, type SugarStandIn } from '../src/index.ts'
import { call, idsOf } from './client.ts'

let standIn: SugarStandIn
afterEach(() => standIn?.close())

const DAY = 86_400_000
const world = b2bWorld({ accounts: 40, seed: 5 })
const bundles = Array.from({ length: world.size }, (_, index) => world.bundle(index))
const sum = (count: (bundle: (typeof bundles)[number]) => number): number => bundles.reduce((total, bundle) => total + count(bundle), 0)
const start = async (options: object = {}): Promise<void> => {
  standIn = await startSugar({ world, now: () => world.today, ...options })
}
const MODULES: readonly ModuleName[] = [
  'Accounts',
  'Contacts',
  'Opportunities',
  'RevenueLineItems',
  'ProductTemplates',
  'ProductCategories',
  'Calls',
  'Meetings',
  'Tasks',
  'Notes',
  'Emails',
  'Cases',
  'Users',
  'Currencies',
]
const ACTIVITIES = ['Calls', 'Meetings', 'Tasks', 'Notes', 'Emails'] as const

test('ids tell the id of the world, and sort as that does', () => {
  const numbers = ['10000000000', '10000000004', '10000012345', '59999999999', '90000000000']
  const ids = numbers.map((number) => sugarId('Accounts', number))
  expect(ids.map(worldIdOf)).toEqual(numbers)
  expect(ids).toEqual([...ids].sort())
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
})

describe('a world in Sugar', () => {
  test('counts of everything, live and deleted', async () => {
    await start()
    expect(standIn.all('Accounts')).toHaveLength(world.size)
    expect(standIn.all('Contacts')).toHaveLength(sum((bundle) => bundle.contacts.length))
    expect(standIn.all('Opportunities')).toHaveLength(sum((bundle) => bundle.deals.length))
    expect(standIn.all('RevenueLineItems')).toHaveLength(sum((bundle) => bundle.lineItems.length))
    expect(ACTIVITIES.reduce((total, module) => total + standIn.all(module).length, 0)).toBe(sum((bundle) => bundle.activities.length))
    const gone = (modules: readonly ModuleName[]): number =>
      modules.reduce((total, module) => total + standIn.all(module, true).length - standIn.all(module).length, 0)
    expect(gone(['Accounts'])).toBe(sum((bundle) => bundle.merged.length))
    expect(gone(['Contacts', 'Opportunities', 'Tasks'])).toBe(sum((bundle) => bundle.deleted.length))
    const { body } = await call(standIn, 'GET', 'Accounts/count')
    expect(body['record_count']).toBe(String(world.size))
  })

  test('a deal is its stage, its status and the lines of its audit log; what held from the beginning is no line', async () => {
    await start()
    const bundle = bundles.find(({ dealHistory }) => dealHistory.some(({ body }) => body.field === 'stage'))!
    const deal = bundle.deals.find(({ id }) => bundle.dealHistory.some(({ body }) => body.dealId === id && body.field === 'stage'))!
    const { body } = await call(standIn, 'GET', `Opportunities/${sugarId('Opportunities', deal.id)}/audit`)
    const lines = body['records']! as unknown as { field_name: string; before: string; after: string; date_created: string }[]
    const stages = lines.filter(({ field_name: name }) => name === 'sales_stage')
    const first = Math.min(...bundle.dealHistory.filter((each) => each.body.dealId === deal.id).map(({ body: { changedAt } }) => changedAt))
    const instants = lines.map(({ date_created: at }) => Date.parse(at))
    expect(instants).toEqual(instants.toSorted((a, b) => b - a))
    for (const { date_created: at } of stages) expect(Date.parse(at)).toBeGreaterThanOrEqual(first - 1000)
    // Each line begins where the one before it ended.
    for (const [position, line] of stages.slice(0, -1).entries()) expect(line.before).toBe(stages[position + 1]!.after)
  })

  test('money in another currency has the rate that Sugar keeps on the record', async () => {
    await start()
    const foreign = bundles.flatMap(({ deals }) => deals).find(({ body }) => body.currency !== null && body.currency !== world.currency)
    expect(foreign).toBeDefined()
    const { body } = await call(standIn, 'GET', `Opportunities/${sugarId('Opportunities', foreign!.id)}`)
    expect(body['currency_id']).not.toBe('-99')
    expect(Number(body['base_rate'])).toBeCloseTo(1 / world.rates[foreign!.body.currency!]!, 5)
  })

  test('the smaller edition holds stages on opportunities and no line items', async () => {
    await start({ edition: 'professional' })
    const [deal] = standIn.all('Opportunities')
    expect(deal).not.toHaveProperty('sales_status')
    expect((await call(standIn, 'GET', 'RevenueLineItems')).status).toBe(404)
  })

  test('what Sugar can hold of a world is all that it shows', async () => {
    await start()
    const shown = MODULES.map((module) => standIn.all(module, true))
    await standIn.close()
    standIn = await startSugar({ world: heldBySugar(world), now: () => world.today })
    for (const [position, module] of MODULES.entries()) expect([module, standIn.all(module, true)]).toEqual([module, shown[position]])
    const twice = heldBySugar(heldBySugar(world))
    for (let index = 0; index < world.size; index += 1) expect(twice.bundle(index)).toEqual(heldBySugar(world).bundle(index))
  })

  test('a later world: what is new appears, what is modified is modified, what was written stays', async () => {
    await start()
    const first = String(standIn.all('Accounts')[0]?.['id'])
    standIn.update('Accounts', first, { rating: 'Hot' })
    standIn.clock.advance(2 * DAY)
    const later = change(world, { share: 0.5, at: world.today + 2 * DAY, seed: 1 })
    standIn.grow(later)
    const changed = Array.from({ length: world.size }, (_, index) => later.bundle(index)).filter(
      (bundle, index) => bundle.deals.length > (bundles[index]?.deals.length ?? 0),
    )
    expect(changed.length).toBeGreaterThan(5)
    const since = [{ date_entered: { $gte: new Date(world.today + 1000).toISOString() } }]
    const found = await idsOf(standIn, 'Opportunities', { filter: since, order_by: 'id:ASC', max_num: 1000 })
    expect(found.map(worldIdOf)).toEqual(changed.map((bundle) => bundle.deals.at(-1)?.id))
    expect(standIn.get('Accounts', first)?.['rating']).toBe('Hot')
  })

  test('every page by stamp and id together is every record once', async () => {
    await start()
    const found = await idsOf(standIn, 'Calls', { order_by: 'date_modified:ASC,id:ASC', max_num: 50 })
    expect(new Set(found).size).toBe(found.length)
    expect(found.length).toBe(standIn.all('Calls').length)
  })
})

test('a large instance costs no memory for what nobody wrote: any record of it is made when it is asked for', async () => {
  const large = b2bWorld({ accounts: 200_000, seed: 5 })
  standIn = await startSugar({ world: large, now: () => large.today })
  const { account, contacts } = large.bundle(123_456)
  const id = sugarId('Accounts', account.id)
  expect((await call(standIn, 'GET', `Accounts/${id}`)).body).toMatchObject({ id, name: account.body.name })
  const { body } = await call(standIn, 'GET', `Accounts/${id}/link/contacts?fields=id`)
  expect(body['records']!.map((each) => worldIdOf(String(each['id']))).sort()).toEqual(contacts.map((contact) => contact.id))
  expect((await call(standIn, 'GET', 'Accounts/count')).body).toEqual({ record_count: '200000' })
})
