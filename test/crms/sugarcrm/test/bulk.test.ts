import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSugar, sugarId, type SugarStandIn } from '../src/index.ts'
import { account, call, errorOf, type Json } from './client.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const IDS = ['100', '101', '102', '103'].map((id) => sugarId('Accounts', id))

let standIn: SugarStandIn
beforeEach(async () => {
  standIn = await startSugar({ world: IDS.map((_, index) => account(String(100 + index), `Company ${index}`, NOW - 1e9)), now: () => NOW })
})
afterEach(() => standIn.close())

interface Part {
  readonly url: string
  readonly method?: string
  readonly data?: string
  readonly headers?: readonly string[]
}
const bulk = (requests: readonly Part[]) => call(standIn, 'POST', 'bulk', { requests })
const put = (id: string, values: object = { industry: 'Banking' }): Part => ({
  url: `v11_20/Accounts/${id}`,
  method: 'PUT',
  data: JSON.stringify(values),
})
const statuses = (body: Json): number[] => body.map((each) => Number(each['status']))
const industries = () => IDS.map((id) => standIn.get('Accounts', id)?.['industry'] ?? null)

describe('many requests in one call', () => {
  test('are answered in their order, each with its own status', async () => {
    standIn.addRule({ module: 'Accounts', refuses: (values) => values['rating'] === 'Z', message: 'Not here.' })
    const { status, body } = await bulk([
      put(IDS[0]!),
      put('nobody'),
      put(IDS[1]!, { rating: 'Z' }),
      { url: '/v11_20/Accounts/count' },
      { url: 'v11_99/Accounts' },
      { url: 'v11_20/Nonsense' },
    ])
    expect(status).toBe(200)
    expect(statuses(body)).toEqual([200, 404, 422, 200, 301, 404])
    expect(body[0]!['contents']).toMatchObject({ id: IDS[0], industry: 'Banking' })
    expect(body[2]!['contents']).toEqual({ error: 'invalid_parameter', error_message: 'Not here.' })
    expect(body[3]!['contents']).toEqual({ record_count: '4' })
  })

  test('are one HTTP call, and counted by what they are', async () => {
    await bulk([put(IDS[0]!), put(IDS[1]!), { url: `v11_20/Accounts/${IDS[2]}/audit` }])
    expect(standIn.requests.total).toBe(1)
    expect(standIn.requests.byFamily()).toEqual({ bulk: { 200: 1 }, 'bulk.records.update': { 200: 2 }, 'bulk.audit': { 200: 1 } })
  })

  test('want their data as a text; a body that is none, and a call without requests, are refused', async () => {
    expect(statuses((await bulk([{ ...put(IDS[0]!), data: '{' }])).body)).toEqual([400])
    expect(errorOf(await call(standIn, 'POST', 'bulk', {}))).toBe('422 missing_parameter')
    expect(errorOf(await call(standIn, 'GET', 'bulk'))).toBe('404 no_method')
  })

  test('are as a whole refused without a sign-in', async () => {
    expect(errorOf(await call(standIn, 'POST', 'bulk', { requests: [put(IDS[0]!)] }, { token: 'no-such-token' }))).toBe('401 invalid_grant')
    expect(industries()).toEqual([null, null, null, null])
  })
})

describe('what goes wrong with some of them', () => {
  test('rows that are refused, by place or id, are not carried out', async () => {
    standIn.faults.next('bulk', { kind: 'partial', rows: [0, IDS[2]!] })
    const { body } = await bulk(IDS.map((id) => put(id)))
    expect(statuses(body)).toEqual([422, 200, 422, 200])
    expect(industries()).toEqual([null, 'Banking', null, 'Banking'])
  })

  test('a call that the gateway cuts short has done the first ones, and says nothing of it', async () => {
    standIn.faults.next('bulk', { kind: 'cutShort', done: 2 })
    expect((await bulk(IDS.map((id) => put(id)))).status).toBe(504)
    expect(industries()).toEqual(['Banking', 'Banking', null, null])
  })

  test('so does one with more requests than the instance can bear', async () => {
    standIn.setQuirks({ bulkLimit: 3 })
    expect((await bulk(IDS.map((id) => put(id)))).status).toBe(504)
    expect(industries()).toEqual(['Banking', 'Banking', 'Banking', null])
  })

  test('a fault for one family of requests in a call meets those only', async () => {
    standIn.faults.next('bulk.records.update', { kind: 'maintenance' })
    expect(statuses((await bulk([{ url: 'v11_20/Accounts/count' }, put(IDS[0]!), put(IDS[1]!)])).body)).toEqual([200, 503, 200])
    standIn.faults.next('records.update', { kind: 'maintenance' })
    expect(statuses((await bulk([put(IDS[0]!)])).body)).toEqual([200])
  })
})
