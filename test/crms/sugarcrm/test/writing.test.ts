import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSugar, sugarId, type SugarStandIn } from '../src/index.ts'
import { account, call, deal, errorOf } from './client.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const HOUR = 3_600_000
const ACME = sugarId('Accounts', '100')

let standIn: SugarStandIn
beforeEach(async () => {
  standIn = await startSugar({
    world: [account('100', 'Acme', NOW - 1000 * HOUR), deal('500', '100', NOW - 500 * HOUR)],
    now: () => NOW,
  })
})
afterEach(() => standIn.close())

const put = (values: object, id = ACME, module = 'Accounts') => call(standIn, 'PUT', `${module}/${id}`, values)

describe('a new record', () => {
  test('is answered whole, with what Sugar fills in itself', async () => {
    const { status, body } = await call(standIn, 'POST', 'Contacts', { first_name: 'Ada', last_name: 'Lovelace', account_id: ACME })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      full_name: 'Ada Lovelace',
      account_name: 'Acme',
      date_entered: '2026-05-04T08:00:00+00:00',
      created_by: standIn.userIds.integration,
      _module: 'Contacts',
    })
    expect(standIn.writes).toMatchObject([{ method: 'create', module: 'Contacts', id: body['id'] }])
  })

  test('needs what its module requires, and may bring an id that is free', async () => {
    expect(errorOf(await call(standIn, 'POST', 'Accounts', { industry: 'Banking' }))).toBe('422 missing_parameter')
    const id = 'a5000001-0000-4000-8000-0000000009ff'
    expect((await call(standIn, 'POST', 'Accounts', { id, name: 'Own id' })).body['id']).toBe(id)
    expect((await call(standIn, 'POST', 'Accounts', { id, name: 'Taken' })).body['id']).not.toBe(id)
  })
})

describe('a change', () => {
  test('touches what was sent and the stamp, nothing else', async () => {
    standIn.clock.advance(HOUR)
    const { body } = await put({ industry: 'Banking' })
    expect(body).toMatchObject({ name: 'Acme', industry: 'Banking', date_modified: '2026-05-04T09:00:00+00:00' })
    expect(standIn.writes.map(({ values }) => values)).toEqual([{ industry: 'Banking' }])
  })

  test('of fields that are not there, or only for reading, is passed over without a word', async () => {
    const { status, body } = await put({ assay_churn_risk_c: 5, account_name: 'x', date_entered: '2000-01-01T00:00:00Z' })
    expect(status).toBe(200)
    expect(body['assay_churn_risk_c']).toBeUndefined()
    expect(body['date_entered']).not.toContain('2000')
    // An opportunity with line items is their sum.
    const sum = await put(
      { amount: '1.00', sales_stage: 'Closed Won', next_step: 'Call' },
      sugarId('Opportunities', '500'),
      'Opportunities',
    )
    expect(sum.body).toMatchObject({ amount: '100.000000', sales_stage: 'Prospecting', next_step: 'Call' })
  })

  test.each([
    [{ name: 'x'.repeat(500) }, 255],
    [{ description: 'x'.repeat(500) }, 500],
  ])('cuts a text that is longer than its field, without a word: %#', async (values, length) => {
    const [name = ''] = Object.keys(values)
    expect(String((await put(values)).body[name])).toHaveLength(length)
    standIn.setQuirks({ overlong: 'refused' })
    expect((await put(values)).status).toBe(length === 500 ? 200 : 422)
  })

  test.each([
    [{ sites_c: 'many' }, '422 invalid_parameter'],
    [{ account_type: 'No such type' }, '422 invalid_parameter'],
    [{ name: ['Acme'] }, '422 invalid_parameter'],
  ])('that the type of a field does not take is refused: %j', async (values, expected) => {
    expect(errorOf(await put(values))).toBe(expected)
    expect(standIn.writes).toEqual([])
  })

  test('instants lose the zone they came in, and their milliseconds; with a quirk the seconds as well', async () => {
    const write = async (text: string): Promise<unknown> => {
      const made = await call(standIn, 'POST', 'Tasks', { name: 'Call', date_due: text })
      return made.body['date_due']
    }
    expect(await write('2026-05-05T12:34:56.789+02:00')).toBe('2026-05-05T10:34:56+00:00')
    standIn.setQuirks({ cutSeconds: true })
    expect(await write('2026-05-05T12:34:56+02:00')).toBe('2026-05-05T10:34:00+00:00')
  })

  test('nothing clears a number and a date, the empty text a text', async () => {
    standIn.update('Accounts', ACME, { industry: 'Banking', sites_c: 4 })
    expect((await put({ industry: '', sites_c: null })).body).toMatchObject({ industry: '', sites_c: null })
  })

  test('made against an older state is a conflict, which brings the newer one', async () => {
    const stale = { headers: { 'x-timestamp': '2020-01-01T00:00:00+00:00' } }
    const answer = await call(standIn, 'PUT', `Accounts/${ACME}`, { industry: 'Banking' }, stale)
    expect(errorOf(answer)).toBe('409 edit_conflict')
    expect(answer.body['record']).toMatchObject({ id: ACME, name: 'Acme' })
  })

  test('of what is audited leaves a line, of the stage of a line also on its opportunity', async () => {
    const id = sugarId('Opportunities', '500')
    const line = standIn.create('RevenueLineItems', {
      name: 'Mug',
      opportunity_id: id,
      likely_case: 40,
      sales_stage: 'Prospecting',
      date_closed: '2026-06-01',
    })
    standIn.clock.advance(HOUR)
    await call(standIn, 'PUT', `RevenueLineItems/${line}`, { sales_stage: 'Closed Won' })
    const { body } = await call(standIn, 'GET', `Opportunities/${id}/audit`)
    expect(body['records']![0]).toMatchObject({ field_name: expect.stringMatching(/^sales_/), date_created: '2026-05-04T09:00:00+00:00' })
    expect((await call(standIn, 'GET', `Opportunities/${id}`)).body).toMatchObject({ sales_status: 'Closed Won', amount: '40.000000' })
  })
})

describe('what may not be done', () => {
  test('a module, a verb and a field that a role denies', async () => {
    standIn.readOnlyField('Accounts', 'industry')
    expect(errorOf(await put({ industry: 'Banking' }))).toBe('403 not_authorized')
    expect((await put({ name: 'Acme 2' })).status).toBe(200)
    standIn.forbid('Accounts', 'edit')
    expect(errorOf(await put({ name: 'Acme 3' }))).toBe('403 not_authorized')
    standIn.forbid('Contacts')
    expect(errorOf(await call(standIn, 'GET', 'Contacts'))).toBe('403 not_authorized')
    expect((await call(standIn, 'GET', 'Contacts', undefined, { token: standIn.tokens.admin })).status).toBe(200)
  })

  test('what a rule of the admin refuses, and what is not there', async () => {
    standIn.addRule({ module: 'Accounts', refuses: (values) => values['name'] === 'No', message: 'Not that name.' })
    expect(await put({ name: 'No' })).toMatchObject({ status: 422, body: { error_message: 'Not that name.' } })
    standIn.failRows('Accounts', { status: 500, code: 'fatal_error', message: 'Deadlock.' })
    expect([errorOf(await put({ name: 'Yes' })), (await put({ name: 'Yes' })).status]).toEqual(['500 fatal_error', 200])
    standIn.delete('Accounts', ACME)
    expect(errorOf(await put({ name: 'Gone' }))).toBe('404 not_found')
    expect(errorOf(await call(standIn, 'DELETE', `Accounts/${ACME}`))).toBe('404 not_found')
  })
})

test('deleting leaves the record among the deleted ones', async () => {
  expect((await call(standIn, 'DELETE', `Accounts/${ACME}`)).body).toEqual({ id: ACME })
  expect(standIn.get('Accounts', ACME)).toMatchObject({ deleted: true })
  expect(standIn.all('Accounts')).toEqual([])
})

test('a mass update changes each, and counts what it could not', async () => {
  const other = standIn.create('Accounts', { name: 'Other' })
  const { body } = await call(standIn, 'PUT', 'Accounts/MassUpdate', {
    massupdate_params: { uid: [ACME, other, 'nobody'], industry: 'Banking' },
  })
  expect(body).toEqual({ status: 'done', failed: 1 })
  expect([ACME, other].map((id) => standIn.get('Accounts', id)?.['industry'])).toEqual(['Banking', 'Banking'])
})

test('a merge deletes the loser, moves what hung on it, and leaves no trace of which one won', async () => {
  const loser = standIn.create('Accounts', { name: 'Acme again' })
  const contact = standIn.create('Contacts', { last_name: 'Hopper', account_id: loser })
  standIn.clock.advance(HOUR)
  standIn.merge('Accounts', ACME, loser)
  expect(standIn.get('Contacts', contact)).toMatchObject({ account_id: ACME, date_modified: NOW + HOUR })
  const { body } = await call(standIn, 'POST', 'Accounts/filter', { filter: [{ id: loser }], deleted: true })
  expect(Object.keys(body['records']![0]!).sort()).toEqual(['_acl', '_module', 'date_modified', 'deleted', 'id'])
})
