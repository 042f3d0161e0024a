import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contactsWorld, startSalesforce, type Fault, type SalesforceStandIn } from '../src/index.ts'
import { call } from './client.ts'

const NOW = Date.UTC(2026, 10, 2)
let standIn: SalesforceStandIn
beforeEach(async () => {
  standIn = await startSalesforce({ world: contactsWorld(50), now: () => NOW })
})
afterEach(() => standIn.close())

const query = (token?: string) => call(standIn, 'GET', '/query?q=SELECT+Id+FROM+Account', undefined, token === undefined ? {} : { token })

describe('the allowance of calls', () => {
  test('is told with every answer, used up by the last call, and back a day later', async () => {
    standIn.setLimits({ perDay: 3 })
    const answers = [await query(), await query(), await query(), await query()]
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 403])
    expect(answers.map((answer) => answer.headers.get('sforce-limit-info'))).toEqual([
      'api-usage=1/3',
      'api-usage=2/3',
      'api-usage=3/3',
      'api-usage=3/3',
    ])
    expect(answers[3]?.body).toEqual([{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }])
    expect(standIn.requests.count('query', 403)).toBe(1)
    standIn.clock.advance(24 * 3_600_000)
    expect((await query()).status).toBe(200)
  })

  test('others use it too, and /limits says how much is left', async () => {
    standIn.setLimits({ perDay: 1000, used: 990 })
    expect((await call(standIn, 'GET', '/limits')).body['DailyApiRequests']).toEqual({ Max: 1000, Remaining: 9 })
    standIn.setLimits({ used: 1000 })
    expect((await query()).status).toBe(403)
  })
})

describe('faults on demand', () => {
  test.each<[Fault, number, string | RegExp]>([
    [{ kind: 'expiredToken' }, 401, /INVALID_SESSION_ID/],
    [{ kind: 'quota' }, 403, /REQUEST_LIMIT_EXCEEDED/],
    [{ kind: 'tooMany', retryAfterSeconds: 7 }, 429, /Too many/],
    [{ kind: 'html' }, 503, /^<html>/],
    [{ kind: 'html', status: 200 }, 200, /^<html>/],
    [{ kind: 'status', status: 500, code: 'UNKNOWN_EXCEPTION' }, 500, /UNKNOWN_EXCEPTION/],
    [{ kind: 'notJson' }, 200, 'OK'],
    [{ kind: 'expiredLocator' }, 400, /INVALID_QUERY_LOCATOR/],
  ])('%o once, then all is well', async (fault, status, text) => {
    standIn.faults.next('query', fault)
    const answer = await query()
    expect(answer.status).toBe(status)
    expect(answer.text).toMatch(text)
    expect((await query()).status).toBe(200)
    expect(standIn.faults.pending()).toBe(0)
  })

  test('a token that dies for good needs a new sign-in', async () => {
    standIn.faults.after(1, '*', { kind: 'expiredToken', forGood: true })
    expect([(await query()).status, (await query()).status, (await query()).status]).toEqual([200, 401, 401])
    const form = { grant_type: 'refresh_token', client_id: 'consumer-key', refresh_token: 'refresh-token-1' }
    const signedIn = await fetch(`${standIn.url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) })
    const { access_token: token } = (await signedIn.json()) as { access_token: string }
    expect((await query(token)).status).toBe(200)
  })

  test('a connection that breaks: before, after, in the body', async () => {
    const create = () => call(standIn, 'POST', '/sobjects/Account', { Name: 'Twice?' })
    standIn.faults.next('records.create', { kind: 'drop', when: 'before' })
    await expect(create()).rejects.toThrow()
    expect(standIn.writes).toHaveLength(0)
    standIn.faults.next('records.create', { kind: 'drop', when: 'after' })
    await expect(create()).rejects.toThrow()
    expect(standIn.writes).toHaveLength(1)
    standIn.faults.next(/FROM\+Account/, { kind: 'drop', when: 'inBody' })
    await expect(query()).rejects.toThrow()
  })

  test('an answer that is slow arrives whole', async () => {
    standIn.faults.next('query', { kind: 'slow', ms: 20, when: 'inBody' })
    expect((await query()).body['totalSize']).toBe(5)
    standIn.faults.next('query', { kind: 'slow', ms: 20 })
    expect((await query()).body['totalSize']).toBe(5)
  })

  test('some rows of a write, by position or id', async () => {
    const ids = standIn.all('Account').map((row) => String(row['Id']))
    const records = ids.map((id) => ({ attributes: { type: 'Account' }, id, Rating: 'Hot' }))
    standIn.faults.next('collections.update', { kind: 'partial', rows: [1, ids[3] ?? ''] })
    const { body } = await call(standIn, 'PATCH', '/composite/sobjects', { records })
    const codes = (body as unknown as { errors: { statusCode: string }[] }[]).map((each) => each.errors[0]?.statusCode ?? null)
    expect(codes).toEqual([null, 'UNABLE_TO_LOCK_ROW', null, 'UNABLE_TO_LOCK_ROW', null])
  })

  test('a job that fails or is aborted, and one whose rows fail in part', async () => {
    const { body } = await call(standIn, 'POST', '/jobs/query', { operation: 'query', query: 'SELECT Id FROM Contact' })
    standIn.faults.next('bulk.query.status', { kind: 'job', state: 'Failed', message: 'InternalServerError : too slow' })
    expect((await call(standIn, 'GET', `/jobs/query/${String(body['id'])}`)).body).toMatchObject({
      state: 'Failed',
      errorMessage: 'InternalServerError : too slow',
    })
    const ids = standIn.all('Account').map((row) => String(row['Id']))
    const run = async (fault: Fault, skip: number) => {
      const made = (await call(standIn, 'POST', '/jobs/ingest', { object: 'Account', operation: 'update' })).body
      const path = `/jobs/ingest/${String(made['id'])}`
      await call(standIn, 'PUT', `${path}/batches`, `Id,Rating\n${ids.map((id) => `${id},Hot`).join('\n')}\n`)
      await call(standIn, 'PATCH', path, { state: 'UploadComplete' })
      standIn.faults.after(skip, 'bulk.ingest.status', fault)
      await call(standIn, 'GET', path)
      return (await call(standIn, 'GET', path)).body
    }
    expect(await run({ kind: 'job', state: 'Aborted' }, 0)).toMatchObject({ state: 'Aborted', numberRecordsProcessed: 0 })
    const partial: Fault = { kind: 'partial', rows: [0, 4], code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No.' }
    expect(await run(partial, 1)).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 2 })
  })
})

test('what came in is counted, by family and status', async () => {
  await query()
  await call(standIn, 'GET', '/sobjects/Account/describe')
  await call(standIn, 'GET', '/nonsense')
  expect(standIn.requests.byFamily()).toEqual({ query: { 200: 1 }, 'describe.object': { 200: 1 }, unknown: { 404: 1 } })
  standIn.requests.reset()
  expect(standIn.requests.total).toBe(0)
})

test('an address that is too long is refused, a body that is no JSON too', async () => {
  expect((await call(standIn, 'GET', `/query?q=${'x'.repeat(17_000)}`)).status).toBe(414)
  const response = await fetch(`${standIn.url}/services/data/v67.0/sobjects/Account`, {
    method: 'POST',
    headers: { authorization: `Bearer ${standIn.token}` },
    body: '{',
  })
  expect([response.status, ((await response.json()) as { errorCode: string }[])[0]?.errorCode]).toEqual([400, 'JSON_PARSER_ERROR'])
})
