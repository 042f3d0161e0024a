import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSugar, sugarId, type Fault, type SugarStandIn } from '../src/index.ts'
import { account, call, errorOf, password } from './client.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
let standIn: SugarStandIn
beforeEach(async () => {
  standIn = await startSugar({ world: [account('100', 'Acme', NOW - 1e9), account('101', 'Bell', NOW - 1e9)], now: () => NOW })
})
afterEach(() => standIn.close())

const list = (token?: string) => call(standIn, 'GET', 'Accounts', undefined, token === undefined ? {} : { token })
const tokensOf = async (body: object) => {
  const { body: given } = await call(standIn, 'POST', 'oauth2/token', body, { token: '' })
  return { access: String(given['access_token']), refresh: String(given['refresh_token']) }
}

describe('faults on demand', () => {
  test.each<[Fault, number, string | RegExp]>([
    [{ kind: 'expiredToken' }, 401, /invalid_grant/],
    [{ kind: 'needLogin' }, 401, /need_login/],
    [{ kind: 'tooMany', retryAfterSeconds: 7 }, 429, /Too many/],
    [{ kind: 'html' }, 503, /^<html>/],
    [{ kind: 'html', status: 500 }, 500, /^<html>/],
    [{ kind: 'maintenance' }, 503, /maintenance/],
    [{ kind: 'status', status: 412, code: 'metadata_out_of_date' }, 412, /metadata_out_of_date/],
    [
      { kind: 'status', status: 422, code: 'invalid_parameter', message: { name: 'Too short.' } },
      422,
      /"error_message":\{"name":"Too short/,
    ],
    [{ kind: 'notJson' }, 200, /^<html>/],
    [{ kind: 'notJson', text: 'OK' }, 200, 'OK'],
  ])('%o once, then all is well', async (fault, status, text) => {
    standIn.faults.next('list', fault)
    const answer = await list()
    expect(answer.status).toBe(status)
    expect(answer.text).toMatch(text)
    expect((await list()).status).toBe(200)
    expect(standIn.faults.pending()).toBe(0)
  })

  test('a wait that is asked for stands in its header', async () => {
    standIn.faults.next('*', { kind: 'tooMany', retryAfterSeconds: 7 })
    expect((await list()).headers.get('retry-after')).toBe('7')
  })

  test('a token that dies in the middle of the work: for good, until a refresh gives another', async () => {
    const { access, refresh } = await tokensOf(password(standIn))
    standIn.faults.after(1, 'list', { kind: 'expiredToken', forGood: true })
    expect([(await list(access)).status, errorOf(await list(access)), errorOf(await list(access))]).toEqual([
      200,
      '401 invalid_grant',
      '401 invalid_grant',
    ])
    const renewed = await tokensOf({ ...password(standIn), grant_type: 'refresh_token', refresh_token: refresh })
    expect((await list(renewed.access)).status).toBe(200)
  })

  test('a sign-in that is gone, refresh token and all', async () => {
    const { access, refresh } = await tokensOf(password(standIn))
    standIn.faults.next('list', { kind: 'needLogin' })
    expect(errorOf(await list(access))).toBe('401 need_login')
    const refused = await call(
      standIn,
      'POST',
      'oauth2/token',
      { ...password(standIn), grant_type: 'refresh_token', refresh_token: refresh },
      { token: '' },
    )
    expect(errorOf(refused)).toBe('400 invalid_grant')
  })

  test('somebody else who signs in under the same user and platform in the middle of the work', async () => {
    const { access } = await tokensOf(password(standIn))
    expect((await list(access)).status).toBe(200)
    standIn.oauth.signIn('integration', 'base')
    expect(errorOf(await list(access))).toBe('401 invalid_grant')
  })

  test('a connection that breaks: before the work, after it, in the middle of the answer', async () => {
    const create = () => call(standIn, 'POST', 'Accounts', { name: 'Twice?' })
    standIn.faults.next('records.create', { kind: 'drop', when: 'before' })
    await expect(create()).rejects.toThrow()
    expect(standIn.writes).toHaveLength(0)
    standIn.faults.next('records.create', { kind: 'drop', when: 'after' })
    await expect(create()).rejects.toThrow()
    expect(standIn.writes).toHaveLength(1)
    standIn.faults.next(/GET .*\/Accounts$/, { kind: 'drop', when: 'inBody' })
    await expect(list()).rejects.toThrow()
    expect(standIn.requests.count('records.create')).toBe(2)
  })

  test('an answer that is slow arrives whole', async () => {
    for (const when of ['before', 'inBody'] as const) {
      standIn.faults.next('list', { kind: 'slow', ms: 20, when })
      expect((await list()).body['records']).toHaveLength(2)
    }
  })

  test('are met in the order of planting, and forgotten when told so', async () => {
    standIn.faults.next('list', { kind: 'html', status: 502 }, 2)
    standIn.faults.next('*', { kind: 'maintenance' })
    expect([(await list()).status, (await list()).status, (await list()).status, (await list()).status]).toEqual([502, 502, 503, 200])
    standIn.faults.next('*', { kind: 'maintenance' }, Infinity)
    standIn.faults.clear()
    expect((await list()).status).toBe(200)
  })
})

test('what came in is counted, by family and status', async () => {
  await list()
  await call(standIn, 'GET', `Accounts/${sugarId('Accounts', '100')}`)
  await call(standIn, 'GET', 'Nonsense')
  await call(standIn, 'POST', 'oauth2/token', password(standIn, { password: 'no' }), { token: '' })
  expect(standIn.requests.byFamily()).toEqual({
    list: { 200: 1 },
    'records.read': { 200: 1 },
    unknown: { 404: 1 },
    'oauth.token': { 401: 1 },
  })
  expect(standIn.requests.count('records')).toBe(1)
  standIn.requests.reset()
  expect(standIn.requests.total).toBe(0)
})

test('an address that is too long is refused, a body that is no JSON too', async () => {
  expect((await call(standIn, 'GET', `Accounts?q=${'x'.repeat(9_000)}`)).status).toBe(414)
  const response = await fetch(`${standIn.url}/rest/v11_20/Accounts`, {
    method: 'POST',
    headers: { 'oauth-token': standIn.token },
    body: '{',
  })
  expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([400, 'request_failure'])
})
