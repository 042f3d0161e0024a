import { b2bWorld } from '@assay/worlds'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { salesforceId, startSalesforce, type SalesforceStandIn } from '../src/index.ts'
import { call, clientOf, refusal, rows } from './client.ts'

const world = b2bWorld({ accounts: 60, seed: 3 })
const bundles = Array.from({ length: world.size }, (_, index) => world.bundle(index))
const accounts = bundles.map((bundle) => bundle.account)
const deals = bundles.flatMap((bundle) => bundle.deals)
let standIn: SalesforceStandIn
beforeAll(async () => {
  standIn = await startSalesforce({ world, now: () => world.today })
})
afterAll(() => standIn.close())

const idsOf = async (soql: string): Promise<unknown[]> => (await rows(standIn, soql)).map((row) => row['Id'])
const dealIds = (keep: (deal: (typeof deals)[number]) => boolean): string[] =>
  deals.filter(keep).map((deal) => salesforceId('Opportunity', deal.id))

describe('what a query finds', () => {
  test('everything, in the order of ids, and no more than the world has', async () => {
    expect(await idsOf('SELECT Id FROM Opportunity')).toEqual(dealIds(() => true))
    expect((await call(standIn, 'GET', '/query?q=SELECT+COUNT()+FROM+Account')).body['totalSize']).toBe(accounts.length)
  })

  test.each<[string, (deal: (typeof deals)[number]) => boolean]>([
    ['IsWon = true AND Amount > 5000', ({ body }) => body.isWon === true && (body.amount ?? 0) > 5000],
    ['Amount = null', ({ body }) => body.amount === null],
    ['Amount != null AND NOT (Amount >= 100)', ({ body }) => body.amount !== null && body.amount < 100],
    ["StageName IN ('closedlost', 'contractsent')", ({ body }) => body.stage === 'closedlost' || body.stage === 'contractsent'],
    ["StageName NOT IN ('closedwon')", ({ body }) => body.stage !== 'closedwon'],
    ["StageName = 'ClosedWon'", ({ body }) => body.stage === 'closedwon'],
    [
      "Name LIKE '%GmbH%' AND (IsClosed = false OR Type = 'newbusiness')",
      ({ body }) => body.name?.includes('GmbH') === true && (body.isClosed === false || body.type === 'newbusiness'),
    ],
    [
      'CloseDate >= 2026-01-01 AND CloseDate < 2026-04-01',
      ({ body }) => (body.closedAt ?? 0) >= Date.UTC(2026, 0, 1) && (body.closedAt ?? 0) < Date.UTC(2026, 3, 1),
    ],
    [
      'CloseDate = LAST_N_DAYS:90',
      ({ body }) => {
        const day = Math.floor((body.closedAt ?? 0) / 86_400_000)
        const today = Math.floor(world.today / 86_400_000)
        return day >= today - 90 && day <= today
      },
    ],
    ['CreatedDate < 2024-06-01T00:00:00+02:00', ({ body }) => (body.createdAt ?? 0) < Date.UTC(2024, 4, 31, 22)],
  ])('WHERE %s', async (where, keep) => {
    const expected = dealIds(keep)
    expect(expected.length).toBeGreaterThan(0)
    expect(await idsOf(`SELECT Id FROM Opportunity WHERE ${where}`)).toEqual(expected)
  })

  test('by what is modified, by parent and by id: the same as by reading all', async () => {
    const stamp = Math.floor((deals.map((deal) => deal.version).sort((a, b) => a - b)[Math.floor(deals.length * 0.9)] ?? 0) / 1000) * 1000
    const since = new Date(stamp).toISOString()
    const late = dealIds((deal) => Math.floor(deal.version / 1000) * 1000 >= stamp)
    expect(late.length).toBeGreaterThan(20)
    expect(await idsOf(`SELECT Id FROM Opportunity WHERE SystemModstamp >= ${since}`)).toEqual(late)
    const [account] = accounts
    const id = salesforceId('Account', account?.id ?? '')
    const own = dealIds((deal) => deal.body.accountId === account?.id)
    expect(await idsOf(`SELECT Id FROM Opportunity WHERE AccountId = '${id.slice(0, 15)}'`)).toEqual(own)
    expect(await idsOf(`SELECT Id FROM Account WHERE Id IN ('${id}', '${id.slice(0, 15)}')`)).toEqual([id])
    expect(await idsOf(`SELECT Id FROM Opportunity WHERE AccountId IN (SELECT Id FROM Account WHERE Id = '${id}')`)).toEqual(own)
  })

  test('by who owns it and by product: found all over the company', async () => {
    const owner = deals.find((deal) => deal.body.ownerId !== null)?.body.ownerId ?? ''
    const own = dealIds((deal) => deal.body.ownerId === owner)
    expect(await idsOf(`SELECT Id FROM Opportunity WHERE OwnerId = '${salesforceId('User', owner)}'`)).toEqual(own)
    const lines = bundles.flatMap((bundle) => bundle.lineItems)
    const product = lines[0]?.body.productId ?? ''
    const sold = lines.filter((line) => line.body.productId === product).map((line) => salesforceId('OpportunityLineItem', line.id))
    expect(sold.length).toBeGreaterThan(1)
    expect(await idsOf(`SELECT Id FROM OpportunityLineItem WHERE Product2Id = '${salesforceId('Product2', product)}'`)).toEqual(sold)
  })

  test('keyset paging by stamp and id reaches every row once', async () => {
    const found: unknown[] = []
    let condition = ''
    for (let turn = 0; turn < 100; turn += 1) {
      const page = await rows(standIn, `SELECT Id, SystemModstamp FROM Contact ${condition} ORDER BY SystemModstamp, Id LIMIT 17`)
      found.push(...page.map((row) => row['Id']))
      const last = page.at(-1)
      if (last === undefined) break
      const at = String(last['SystemModstamp']).replace('+0000', 'Z')
      condition = `WHERE SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > '${String(last['Id'])}')`
    }
    const all = bundles.flatMap((bundle) => bundle.contacts.map((one) => salesforceId('Contact', one.id)))
    expect(found.length).toBe(all.length)
    expect(new Set(found)).toEqual(new Set(all))
  })

  test('keyset paging by id as well', async () => {
    const found: unknown[] = []
    for (let last = ''; ; last = String(found.at(-1))) {
      const page = await idsOf(`SELECT Id FROM Case WHERE IsDeleted = false ${last === '' ? '' : `AND Id > '${last}'`} ORDER BY Id LIMIT 9`)
      if (page.length === 0) break
      found.push(...page)
    }
    expect(found).toEqual(bundles.flatMap((bundle) => bundle.cases.map((one) => salesforceId('Case', one.id))))
  })

  test('sorted, with empty values first or last, and limited', async () => {
    const amounts = (order: string) => rows(standIn, `SELECT Amount FROM Opportunity ORDER BY ${order} LIMIT 5`)
    const highest = deals.map((deal) => deal.body.amount ?? -1).sort((a, b) => b - a)
    expect((await amounts('Amount DESC NULLS LAST')).map((row) => row['Amount'])).toEqual(highest.slice(0, 5))
    expect((await amounts('Amount')).map((row) => row['Amount'])).toEqual([
      null,
      null,
      null,
      null,
      Math.min(...deals.map((deal) => deal.body.amount ?? Infinity)),
    ])
  })
})

describe('what it shows', () => {
  test('parents nested, missing ones null, whatever a lookup to several objects leads to', async () => {
    const [task] = await rows(standIn, 'SELECT Who.Name, What.Type, Owner.Email, Account.Owner.Name FROM Task WHERE WhoId = null LIMIT 1')
    expect(task?.['Who']).toBe(null)
    expect(task?.['What']).toMatchObject({ attributes: { type: expect.stringMatching(/Account|Opportunity/) as string } })
    expect(task?.['Owner']).toMatchObject({ Email: expect.stringContaining('@vendor.example') as string })
    expect(task?.['Account']).toMatchObject({ Owner: { Name: expect.any(String) as string } })
  })

  test('instants, dates, numbers and flags as JSON has them', async () => {
    const [deal] = deals
    const [row] = await rows(
      standIn,
      `SELECT CreatedDate, CloseDate, Amount, IsClosed FROM Opportunity WHERE Id = '${salesforceId('Opportunity', deal?.id ?? '')}'`,
    )
    const second = Math.floor((deal?.body.createdAt ?? 0) / 1000) * 1000
    expect(row).toEqual({
      CreatedDate: new Date(second).toISOString().replace('Z', '+0000'),
      CloseDate: new Date(deal?.body.closedAt ?? 0).toISOString().slice(0, 10),
      Amount: deal?.body.amount,
      IsClosed: deal?.body.isClosed,
    })
  })

  test('groups and extremes', async () => {
    const won = deals.filter((deal) => deal.body.isWon === true).length
    const groups = await rows(standIn, 'SELECT IsWon, COUNT(Id) n, MAX(Amount) most FROM Opportunity GROUP BY IsWon')
    const most = Math.max(...deals.map((deal) => (deal.body.isWon === true ? (deal.body.amount ?? 0) : 0)))
    expect(groups.find((group) => group['IsWon'] === true)).toEqual({ IsWon: true, n: won, most })
    expect(await rows(standIn, 'SELECT COUNT(Id), SUM(Amount) FROM Opportunity WHERE Name = null')).toEqual([{ expr0: 0, expr1: null }])
    expect(await rows(standIn, 'SELECT COUNT(Id) FROM Account')).toEqual([{ expr0: accounts.length }])
  })

  test('the history of deals says what their records say', async () => {
    const stages = await rows(
      standIn,
      'SELECT OpportunityId, StageName, Amount, CloseDate FROM OpportunityHistory ORDER BY OpportunityId, CreatedDate, Id',
    )
    const last = new Map(stages.map((row) => [row['OpportunityId'], row]))
    for (const deal of deals) {
      const row = last.get(salesforceId('Opportunity', deal.id))
      expect([row?.['StageName'], row?.['Amount']]).toEqual([deal.body.stage, deal.body.amount])
    }
    const changes = await rows(
      standIn,
      "SELECT OpportunityId, Field, OldValue, NewValue FROM OpportunityFieldHistory WHERE Field = 'StageName' ORDER BY OpportunityId, CreatedDate",
    )
    const chain = new Map<unknown, unknown>()
    for (const { OpportunityId: id, OldValue: before, NewValue: after } of changes) {
      if (chain.has(id)) expect(before).toBe(chain.get(id))
      chain.set(id, after)
    }
    for (const [id, stage] of chain) expect(stage).toBe(last.get(id)?.['StageName'])
  })
})

describe('what it refuses', () => {
  test.each([
    ['SELECT Id FORM Account', 'MALFORMED_QUERY', /unexpected token: 'FORM'/],
    ['SELECT Id FROM Account WHERE Name = Acme', 'MALFORMED_QUERY', /unexpected token: 'Acme'/],
    ["SELECT Id FROM Account WHERE Name = 'a' AND Type = 'b' OR Type = 'c'", 'MALFORMED_QUERY', /unexpected token: 'OR'/],
    ['SELECT Id FROM Account WHERE', 'MALFORMED_QUERY', /unexpected end/],
    ['SELECT Id, FullName FROM Account', 'INVALID_FIELD', /ERROR at Row:1:Column:12\nNo such column 'FullName' on entity 'Account'/],
    ['SELECT Id, Boss.Name FROM Account', 'INVALID_FIELD', /Didn't understand relationship 'Boss'/],
    ['SELECT Id FROM Invoice', 'INVALID_TYPE', /sObject type 'Invoice' is not supported/],
    ["SELECT Id FROM Account WHERE SystemModstamp > '2026-01-01T00:00:00Z'", 'INVALID_FIELD', /must be of type datetime/],
    ["SELECT Id FROM Account WHERE Id = 'nonsense'", 'INVALID_QUERY_FILTER_OPERATOR', /invalid ID field: nonsense/],
    ["SELECT Id FROM Account WHERE Description = 'x'", 'INVALID_FIELD', /can not be filtered/],
    ['SELECT Id FROM Account WHERE SystemModstamp > 2026-01-01T00:00:00 00:00', 'MALFORMED_QUERY', /unexpected token/],
  ])('%s', async (soql, code, message) => {
    const refused = await refusal(standIn, soql)
    expect(refused.code).toBe(code)
    expect(refused.message).toMatch(message)
  })
})

describe('pages', () => {
  test('of the size that is asked for, from 200 to 2000', async () => {
    const page = async (size: number) =>
      (await call(standIn, 'GET', '/query?q=SELECT+Id+FROM+Task', undefined, { headers: { 'sforce-query-options': `batchSize=${size}` } }))
        .body
    expect((await page(300))['records']).toHaveLength(300)
    expect((await page(5))['records']).toHaveLength(200)
    expect(String((await page(300))['nextRecordsUrl'])).toMatch(/^\/services\/data\/v67\.0\/query\/0r8\w{15}-300$/)
  })

  test('jsforce reads them all, also when they come short and of random size', async () => {
    standIn.setPages({ short: true, most: 200 })
    const found = await clientOf(standIn).query('SELECT Id FROM Task', { autoFetch: true, maxFetch: 1_000_000 })
    standIn.setPages({ short: false, most: 2000 })
    const archived = world.today - 365 * 86_400_000
    const all = bundles.flatMap((bundle) =>
      bundle.activities.filter((each) => each.body.type !== 'meeting' && (each.body.happenedAt ?? 0) >= archived),
    )
    expect(found.records.map((row) => row.Id)).toEqual(all.map((each) => salesforceId('Task', each.id)))
    expect(standIn.requests.count('query.more', 200)).toBeGreaterThan(2)
  })

  test('activities of more than a year ago are archived: only queryAll finds them', async () => {
    const count = async (resource: string) =>
      (await call(standIn, 'GET', `/${resource}?q=SELECT+COUNT()+FROM+Event`)).body['totalSize'] as number
    const meetings = bundles.flatMap((bundle) => bundle.activities.filter((each) => each.body.type === 'meeting'))
    const recent = meetings.filter((each) => (each.body.happenedAt ?? 0) >= world.today - 365 * 86_400_000)
    expect(recent.length).toBeLessThan(meetings.length)
    expect([await count('query'), await count('queryAll')]).toEqual([recent.length, meetings.length])
  })

  test('a result shows what there was when it was asked for', async () => {
    const first = (
      await call(standIn, 'GET', '/query?q=SELECT+Id,Status+FROM+Task', undefined, { headers: { 'sforce-query-options': 'batchSize=200' } })
    ).body
    const later = (await call(standIn, 'GET', String(first['nextRecordsUrl']))).body
    const [victim] = later['records'] as unknown as { Id: string; Status: string }[]
    standIn.update('Task', victim?.Id ?? '', { Status: 'Deferred' })
    const again = (await call(standIn, 'GET', String(first['nextRecordsUrl']))).body['records'] as unknown as {
      Id: string
      Status: string
    }[]
    expect(again[0]).toMatchObject({ Id: victim?.Id, Status: 'Completed' })
    expect(standIn.get('Task', victim?.Id ?? '')?.['Status']).toBe('Deferred')
  })

  test('a locator dies after two days, when told to, and of too many others', async () => {
    const open = async () => {
      const { body } = await call(standIn, 'GET', '/query?q=SELECT+Id+FROM+Task', undefined, {
        headers: { 'sforce-query-options': 'batchSize=200' },
      })
      return String(body['nextRecordsUrl'])
    }
    const more = async (path: string) => (await call(standIn, 'GET', path)).body
    const first = await open()
    expect((await more(first))['records']).toHaveLength(200)
    standIn.clock.advance(2 * 86_400_000)
    expect((await more(first))[0]).toEqual({ errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' })
    const second = await open()
    for (let count = 0; count < 10; count += 1) await open()
    expect((await more(second))[0]?.['errorCode']).toBe('INVALID_QUERY_LOCATOR')
    const third = await open()
    standIn.expireLocators()
    expect((await more(third))[0]?.['errorCode']).toBe('INVALID_QUERY_LOCATOR')
    standIn.clock.advance(-2 * 86_400_000)
  })
})
