import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startHubSpot, type Fault, type HubSpotOptions, type HubSpotStandIn } from '../src/index.ts'
import { call, clientOf } from './client.ts'

let standIn: HubSpotStandIn
const start = async (options: HubSpotOptions = {}): Promise<string> => {
  await standIn?.close()
  standIn = await startHubSpot({ now: () => Date.UTC(2026, 5, 1, 12), ...options })
  return standIn.create('companies', { name: 'Acme' })
}
let company: string

beforeEach(async () => {
  company = await start()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await standIn.close()
  standIn = undefined as unknown as HubSpotStandIn
})

const list = (token?: string) => call(standIn, 'GET', '/crm/v3/objects/companies', undefined, token)
const search = () => call(standIn, 'POST', '/crm/v3/objects/companies/search', {})

describe('limits', () => {
  test('ten seconds: the documented 429, told by the headers before, over after the interval', async () => {
    company = await start({ limits: { perTenSeconds: 3 } })
    const answers = [await list(), await list(), await list(), await list()]
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429])
    expect(answers.slice(0, 3).map((answer) => answer.headers.get('x-hubspot-ratelimit-remaining'))).toEqual(['2', '1', '0'])
    expect(answers[0]?.headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000')
    expect(answers[3]?.body).toMatchObject({
      policyName: 'TEN_SECONDLY_ROLLING',
      errorType: 'RATE_LIMIT',
      message: 'You have reached your ten_secondly_rolling limit.',
    })
    expect(answers[3]?.headers.get('retry-after')).toBe(null)
    await expect(clientOf(standIn).crm.companies.basicApi.getPage()).rejects.toMatchObject({ code: 429 })
    standIn.clock.advance(10_000)
    expect((await list()).status).toBe(200)
    expect(standIn.requests.count('objects.list', 429)).toBe(2)
  })

  test('search has five a second of its own, without headers and without a policy in the body', async () => {
    const statuses: number[] = []
    for (let count = 0; count < 6; count += 1) statuses.push((await search()).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
    const refused = await search()
    expect(refused.body).toMatchObject({ category: 'RATE_LIMITS', message: 'You have reached your secondly limit.' })
    expect('policyName' in refused.body).toBe(false)
    expect(refused.headers.has('x-hubspot-ratelimit-remaining')).toBe(false)
    expect((await list()).status).toBe(200)
    standIn.clock.advance(1_000)
    expect((await search()).status).toBe(200)
  })

  test('the day ends at midnight of the account, not of the world', async () => {
    await start({ limits: { perDay: 2 } })
    await list()
    const usage = await call(standIn, 'GET', '/account-info/v3/api-usage/daily/private-apps')
    expect(usage.body['results']?.[0]).toMatchObject({ usageLimit: 2, currentUsage: 2, resetsAt: '2026-06-02T05:00:00.000Z' })
    expect((await list()).body).toMatchObject({ policyName: 'DAILY' })
    standIn.clock.advance(16 * 3_600_000)
    expect((await list()).status).toBe(429)
    standIn.clock.advance(3_600_000)
    expect((await list()).status).toBe(200)
  })

  test('switched off there are neither limits nor headers', async () => {
    await start({ limits: 'off' })
    for (let count = 0; count < 12; count += 1) expect((await search()).status).toBe(200)
    expect((await list()).headers.has('x-hubspot-ratelimit-max')).toBe(false)
  })
})

describe('sign-in', () => {
  test('an OAuth token lives half an hour, has 110 calls in ten seconds and no daily header', async () => {
    const { tokensApi } = clientOf(standIn).oauth
    const grant = () => tokensApi.create('refresh_token', undefined, undefined, 'client-id', 'client-secret', 'refresh-token-1')
    const { accessToken, expiresIn, refreshToken } = await grant()
    expect([expiresIn, refreshToken]).toEqual([1800, 'refresh-token-1'])
    const answer = await list(accessToken)
    expect([answer.status, answer.headers.get('x-hubspot-ratelimit-max'), answer.headers.get('x-hubspot-ratelimit-daily')]).toEqual([
      200,
      '110',
      null,
    ])
    const about = await call(standIn, 'GET', `/oauth/v1/access-tokens/${accessToken}`)
    expect(about.body).toMatchObject({ hub_id: 123456, token_type: 'access', expires_in: 1800 })
    standIn.clock.advance(1_800_000 + 5_000)
    const expired = await list(accessToken)
    expect([expired.status, expired.body['category']]).toEqual([401, 'EXPIRED_AUTHENTICATION'])
    expect((await list((await grant()).accessToken)).status).toBe(200)
    standIn.oauth.revoke()
    await expect(grant()).rejects.toMatchObject({ code: 400, body: { status: 'BAD_REFRESH_TOKEN' } })
  })

  test('a wrong token is a 401, a wrong secret a 400', async () => {
    expect((await list('nonsense')).body).toMatchObject({ category: 'INVALID_AUTHENTICATION' })
    await expect(
      clientOf(standIn).oauth.tokensApi.create('refresh_token', undefined, undefined, 'client-id', 'wrong', 'refresh-token-1'),
    ).rejects.toMatchObject({
      body: { status: 'BAD_CLIENT_SECRET' },
    })
  })

  test('what was not granted is a 403 that names the scope', async () => {
    standIn.setScopes(['crm.objects.contacts.read', 'crm.objects.companies.read'])
    expect((await list()).status).toBe(200)
    const write = await call(standIn, 'PATCH', `/crm/v3/objects/companies/${company}`, { properties: { name: 'B' } })
    expect([write.status, write.body['category']]).toEqual([403, 'MISSING_SCOPES'])
    expect(write.body['errors']?.[0]?.['context']?.['requiredGranularScopes']).toEqual(['crm.objects.companies.write'])
    expect((await call(standIn, 'GET', '/crm/v3/owners')).status).toBe(403)
    const info = await call(standIn, 'POST', '/oauth/v2/private-apps/get/access-token-info', { tokenKey: standIn.token })
    expect(info.body['scopes']).toEqual(['crm.objects.contacts.read', 'crm.objects.companies.read'])
  })
})

describe('faults', () => {
  const faults: readonly (readonly [string, Fault, number, object])[] = [
    ['a 429 as recorded', { kind: 'limit', policy: 'SECONDLY', body: 'recorded' }, 429, { category: 'RATE_LIMITS' }],
    ['a 429 of the day', { kind: 'limit', policy: 'DAILY' }, 429, { policyName: 'DAILY' }],
    ['a 503', { kind: 'status', status: 503 }, 503, { status: 'error' }],
    ['an expired token', { kind: 'expiredToken' }, 401, { category: 'EXPIRED_AUTHENTICATION' }],
    ['a missing scope', { kind: 'missingScopes', scopes: ['a.b'] }, 403, { category: 'MISSING_SCOPES' }],
    ['a lock', { kind: 'locked' }, 423, { category: 'LOCKED' }],
    ['a migration', { kind: 'migrating', retryAfterSeconds: 7 }, 477, { category: 'MIGRATION_IN_PROGRESS' }],
  ]
  test.each(faults)('%s, once, and then all is well', async (_name, fault, status, body) => {
    standIn.faults.next('objects.list', fault)
    expect((await search()).status).toBe(200)
    const answer = await list()
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject(body)
    if (fault.kind === 'migrating') expect(answer.headers.get('retry-after')).toBe('7')
    expect((await list()).status).toBe(200)
    expect(standIn.faults.pending()).toBe(0)
  })

  test('answers that are no JSON: the real client throws at the 502 and says nothing at the 200', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    standIn.faults.next('*', { kind: 'html' })
    const page = await list()
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html'])
    standIn.faults.next(/^GET .*companies/, { kind: 'notJson' })
    const answer = await clientOf(standIn).crm.companies.basicApi.getPage()
    expect(answer.results).toBe(undefined)
  })

  test('a slow answer is the right answer', async () => {
    standIn.faults.next('objects', { kind: 'slow', ms: 20 })
    expect((await list()).status).toBe(200)
    expect(standIn.faults.pending()).toBe(0)
  })

  test.each([
    ['before', 0],
    ['after', 1],
    ['inBody', 1],
  ] as const)('a connection that breaks %s leaves %i writes', async (when, writes) => {
    standIn.faults.next('batch.update', { kind: 'drop', when })
    const body = { inputs: [{ id: company, properties: { name: 'B' } }] }
    await expect(call(standIn, 'POST', '/crm/v3/objects/companies/batch/update', body)).rejects.toThrow()
    expect(standIn.writes.length).toBe(writes)
  })

  test('a batch in which the named inputs fail, after a first that passes', async () => {
    const second = standIn.create('companies', { name: 'Second' })
    standIn.faults.after(1, 'batch.update', { kind: 'partial', ids: [second] })
    const body = { inputs: [company, second].map((id) => ({ id, properties: { name: 'B' } })) }
    expect((await call(standIn, 'POST', '/crm/v3/objects/companies/batch/update', body)).status).toBe(200)
    const partial = await call(standIn, 'POST', '/crm/v3/objects/companies/batch/update', body)
    expect([partial.status, partial.body['errors']?.[0]?.['context']?.['ids']]).toEqual([207, [second]])
    expect(standIn.writes.map((write) => write.id)).toEqual([company, second, company])
  })
})

test('addresses: too long is a 414, unknown a 404, other methods a 405, broken JSON a 400', async () => {
  expect((await call(standIn, 'GET', `/crm/v3/objects/companies?properties=${'x'.repeat(9000)}`)).status).toBe(414)
  expect((await call(standIn, 'GET', '/crm/v9/objects/companies')).status).toBe(404)
  expect((await call(standIn, 'GET', '/crm/v3/objects/nonsense')).status).toBe(400)
  expect((await call(standIn, 'PUT', '/crm/v3/objects/companies')).status).toBe(405)
  const broken = await fetch(`${standIn.url}/crm/v3/objects/companies`, {
    method: 'POST',
    body: '{',
    headers: { authorization: `Bearer ${standIn.token}` },
  })
  expect(broken.status).toBe(400)
})
