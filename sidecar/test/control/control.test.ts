import type { Cursor, Report } from '@assay/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Control, Model } from '../../src/control/index.ts'
import { ENGINES } from './planes.ts'
import type { Plane } from './planes.ts'

const at = Date.UTC(2026, 0, 31, 23, 59, 59, 987)
const cursor = (text: string) => text as Cursor
const report = (details: Report['details'] = {}): Report => ({
  miner: 'churn',
  version: 1,
  event: 'no order within 90 days',
  verdict: 'publish',
  why: 'better than recency only',
  protocol: 'later-period',
  population: { who: 'customers', rows: 10, positives: 2 },
  judgedAt: [],
  metrics: {},
  baselines: [],
  candidates: [],
  details,
})
const model = (
  connection: string,
  state: Model['state'],
  weights: object = {},
  details: Report['details'] = {},
): Omit<Model, 'id' | 'decidedAt'> => ({
  connection,
  miner: 'churn',
  minerVersion: 1,
  state,
  definition: { event: 'no order within 90 days', from: 'silence', horizonDays: 90, who: 'customers' },
  params: { folds: 5 },
  model: weights,
  report: report(details),
  dataUntil: at,
  fittedAt: at + 1,
})
const row = (id: string, risk: number) => ({
  object: 'account' as const,
  id,
  values: { churn_risk: risk, churn_band: null },
  after: { churn_risk: String(risk) },
})

describe.each(ENGINES)('the control plane on $name', ({ make }) => {
  let plane: Plane
  let control: Control
  let clock = at
  let number = 0
  /** A connection of its own for each test, so that they share one engine. */
  const connect = async () => {
    number += 1
    return (await control.connections.add({ connector: 'hubspot', title: `portal ${number}`, settings: { token: 't' } })).id
  }
  beforeAll(async () => {
    plane = await make()
    control = await plane.open('acme', { now: () => clock })
  })
  afterAll(() => plane.remove())

  test('both engines read the same types', async () => {
    const rows = await control.database.query(
      `select 9007199254740991::int8 as big, 1.25::numeric as exact, '2026-01-31T23:59:59.987654+05:30'::timestamptz as instant,
              '{"a":[1,null]}'::jsonb as tree, '{"b":1,"a":2}'::json as text, null::int8 as nothing, count(*) from (values (1)) v group by ()`,
    )
    expect(rows).toEqual([
      {
        big: 9007199254740991,
        exact: 1.25,
        instant: Date.parse('2026-01-31T23:59:59.987+05:30'),
        tree: { a: [1, null] },
        text: { b: 1, a: 2 },
        nothing: null,
        count: 1,
      },
    ])
  })

  test('a transaction is all or nothing', async () => {
    await expect(
      control.database.transaction(async (inside) => {
        await inside.query(`insert into assay.cursor values ('acme', 'torn', 'deal', 'x')`)
        throw new Error('in the middle')
      }),
    ).rejects.toThrow('in the middle')
    expect(await control.cursors.get('torn', 'deal')).toBeNull()
    await expect(control.database.query('select * from assay.nowhere')).rejects.toThrow('nowhere')
    expect(await control.database.query('select 1 as one')).toEqual([{ one: 1 }])
  })

  test('connections are paused, renewed and removed with all that hangs on them', async () => {
    const id = await connect()
    await control.connections.pause(id, 'the token expired')
    const find = async () => (await control.connections.list()).find((one) => one.id === id)
    expect(await find()).toMatchObject({ connector: 'hubspot', state: 'paused', why: 'the token expired', createdAt: at })
    await control.connections.renew(id, { token: 'new' })
    expect(await find()).toMatchObject({ state: 'active', why: null, settings: { token: 'new' } })
    await control.cursors.set(id, 'deal', cursor('1'))
    await control.outbox.put(id, 'run', [row('1', 5)])
    await control.connections.remove(id)
    expect(await find()).toBeUndefined()
    expect(await control.cursors.get(id, 'deal')).toBeNull()
    expect(await control.outbox.count(id)).toBe(0)
    await expect(control.connections.renew(id, {})).rejects.toMatchObject({ kind: 'config' })
  })

  test('cursors are kept per kind and forgotten together', async () => {
    const id = await connect()
    await control.cursors.set(id, 'deal', cursor('1'))
    await control.cursors.set(id, 'deal', cursor('2'))
    await control.cursors.set(id, 'account', cursor('9'))
    expect([await control.cursors.get(id, 'deal'), await control.cursors.get(id, 'account')]).toEqual(['2', '9'])
    await control.cursors.clear(id)
    expect([await control.cursors.get(id, 'deal'), await control.cursors.get(id, 'account')]).toEqual([null, null])
  })

  test('a record that is refused again is one aside with the newer reason', async () => {
    const id = await connect()
    await control.asides.add(id, [
      { kind: 'deal', where: '1', why: 'no stage' },
      { kind: 'deal', where: '2', why: 'NUL \0 and half a \ud83d pair' },
    ])
    await control.asides.add(id, [{ kind: 'deal', where: '1', why: 'no amount' }])
    const { total, rows } = await control.asides.list(id, 10)
    expect(total).toBe(2)
    expect(rows).toContainEqual({ kind: 'deal', where: '1', why: 'no amount', at })
    expect(rows).toContainEqual({ kind: 'deal', where: '2', why: 'NUL  and half a � pair', at })
    expect((await control.asides.list(id, 1)).rows).toHaveLength(1)
  })

  test('runs say what became of them; the last one is the newest of that step', async () => {
    const id = await connect()
    expect(await control.runs.last('sync', id)).toBeNull()
    const first = await control.runs.start('sync', id)
    expect(first).toMatchObject({ connection: id, step: 'sync', state: 'running', startedAt: at, finishedAt: null, detail: {} })
    await control.runs.finish(first.id, { records: 12 })
    const second = await control.runs.start('sync', id)
    await control.runs.fail(second.id, 'offline')
    const whole = await control.runs.start('sync', null)
    await control.runs.finish(whole.id, {})
    expect(await control.runs.last('sync', id)).toMatchObject({ id: second.id, state: 'failed', detail: { why: 'offline' } })
    expect(await control.runs.last('sync', null)).toMatchObject({ id: whole.id, state: 'done' })
    expect((await control.runs.list(2)).map((run) => run.id)).toEqual([whole.id, second.id])
  })

  test('decisions keep one value a key', async () => {
    const id = await connect()
    expect(await control.decisions.get(id, 'bands')).toBeNull()
    await control.decisions.set(id, 'bands', [20, 50], 'admin')
    await control.decisions.set(id, 'bands', [30, 60], 'admin')
    expect(await control.decisions.get<number[]>(id, 'bands')).toEqual([30, 60])
    await control.decisions.set(id, 'confirmed', false, 'admin')
    expect(await control.decisions.get<boolean>(id, 'confirmed')).toBe(false)
  })

  test('a live model retires the earlier one; a refused one does not; its bytes come back as they were', async () => {
    const id = await connect()
    // Keys out of order, digits that a decimal type would keep and a binary one must, and a negative zero's neighbour.
    const weights = { zeta: [0.1 + 0.2, 1e-300, -1.5], alpha: { b: 1, a: [5e-324, 1.7976931348623157e308] } }
    const first = await control.models.add(model(id, 'live', weights))
    expect(JSON.stringify(first.model)).toBe(JSON.stringify(weights))
    const refused = await control.models.add(model(id, 'refused'))
    expect(await control.models.live(id, 'churn')).toEqual(first)
    expect((await control.models.newest(id, 'churn'))?.id).toBe(refused.id)
    const second = await control.models.add(model(id, 'live'))
    expect((await control.models.live(id, 'churn'))?.id).toBe(second.id)
    const list = await control.models.list(id)
    expect(list.map((one) => [one.id, one.state])).toEqual([
      [second.id, 'live'],
      [refused.id, 'refused'],
      [first.id, 'retired'],
    ])
    expect(list[0]).not.toHaveProperty('model')
    expect(first).toMatchObject({ minerVersion: 1, dataUntil: at, fittedAt: at + 1, definition: { horizonDays: 90 } })
  })

  test('a model that is no plain JSON is refused before it is stored', async () => {
    const id = await connect()
    await expect(control.models.add(model(id, 'live', { weight: Number.NaN }))).rejects.toThrow('model.weight')
    await expect(control.models.add(model(id, 'live', { weights: new Float64Array(2) }))).rejects.toThrow('typed array')
    expect(await control.models.live(id, 'churn')).toBeNull()
  })

  test('the outbox replaces a waiting row, and an acknowledgement of the old value takes nothing off', async () => {
    const id = await connect()
    await control.outbox.put(id, 'one', [row('a', 10), row('b', 20), row('a', 11)])
    const before = await control.outbox.waiting(id, 0, 10)
    expect(before.map(({ object, id: record, values, after: later }) => ({ object, id: record, values, after: later }))).toEqual([
      row('b', 20),
      row('a', 11),
    ])
    await control.outbox.put(id, 'two', [row('b', 25)])
    await control.outbox.done(
      id,
      before.map((one) => one.seq),
    )
    const after = await control.outbox.waiting(id, 0, 10)
    expect(after).toMatchObject([row('b', 25)])
    expect(await control.outbox.waiting(id, after[0]!.seq, 10)).toEqual([])
    expect(await control.outbox.count(id)).toBe(1)
  })

  test('the outbox takes 30,000 rows and gives them back in pages, in order', async () => {
    const id = await connect()
    await control.outbox.put(
      id,
      'big',
      Array.from({ length: 30_000 }, (_, index) => row(`id${index}`, index % 99)),
    )
    expect(await control.outbox.count(id)).toBe(30_000)
    const ids: string[] = []
    for (
      let page = await control.outbox.waiting(id, 0, 7000);
      page.length > 0;
      page = await control.outbox.waiting(id, page.at(-1)!.seq, 7000)
    ) {
      ids.push(...page.map((one) => one.id))
      await control.outbox.done(
        id,
        page.map((one) => one.seq),
      )
    }
    expect(ids).toEqual(Array.from({ length: 30_000 }, (_, index) => `id${index}`))
    expect(await control.outbox.count(id)).toBe(0)
  })

  test('what the CRM refused leaves the outbox with its reason, until it is written after all', async () => {
    const id = await connect()
    await control.outbox.put(id, 'one', [row('a', 10), row('b', 20)])
    const [first] = await control.outbox.waiting(id, 0, 10)
    await control.outbox.reject(id, [{ seq: first!.seq, object: 'account', id: 'a', why: 'validation rule', values: first!.values }])
    expect(await control.outbox.count(id)).toBe(1)
    expect(await control.outbox.rejected(id, 10)).toEqual({ total: 1, rows: [{ object: 'account', id: 'a', why: 'validation rule', at }] })
    await control.outbox.put(id, 'two', [row('a', 12)])
    await control.outbox.done(
      id,
      (await control.outbox.waiting(id, 0, 10)).map((one) => one.seq),
    )
    expect(await control.outbox.rejected(id, 10)).toEqual({ total: 0, rows: [] })
  })

  test('receipts add up to one', async () => {
    const id = await connect()
    expect(await control.receipts.get(id)).toBeNull()
    const field = (name: string) => ({ type: 'field' as const, object: 'companies', name })
    await control.receipts.add(id, { connector: 'hubspot', madeAt: 1, made: [field('a'), field('b')] })
    await control.receipts.add(id, { connector: 'hubspot', madeAt: 2, made: [field('b'), field('c')] })
    expect(await control.receipts.get(id)).toEqual({ connector: 'hubspot', madeAt: 2, made: [field('a'), field('b'), field('c')] })
    await control.receipts.clear(id)
    expect(await control.receipts.get(id)).toBeNull()
  })

  test('alert states are replaced; a task that is logged twice counts once, a digest as one task', async () => {
    const id = await connect()
    const state = { object: 'account', id: '1', band: 'Low', since: at, pending: null, model: 'm', taskKey: null, taskId: null } as const
    const pending = { band: 'High', since: at, dataUntil: at }
    await control.alerts.save(id, [state])
    await control.alerts.save(id, [{ ...state, pending, taskKey: 'k', taskId: '77' }])
    expect(await control.alerts.states(id)).toEqual([{ ...state, pending, taskKey: 'k', taskId: '77' }])

    const sent = (taskKey: string, record: string, when: number) =>
      ({ owner: 'anna', object: 'account', id: record, taskKey, at: when, reason: 'now High' }) as const
    await control.alerts.logSent(id, [sent('k1', '1', at), sent('digest', '2', at + 5), sent('digest', '3', at + 5)])
    await control.alerts.logSent(id, [sent('k1', '1', at + 9)])
    expect(await control.alerts.sentSince(id, at)).toEqual({ anna: 2 })
    expect(await control.alerts.sentSince(id, at + 1)).toEqual({ anna: 1 })
    expect(await control.alerts.list(id, 10)).toContainEqual({ owner: 'anna', object: 'account', id: '1', at, reason: 'now High' })
    expect(await control.alerts.list(id, 2)).toHaveLength(2)
  })

  test('feedback read twice is there once', async () => {
    const id = await connect()
    const answer = { object: 'account', id: '1', offer: 'SKU-1', response: 'Accepted', at } as const
    await control.feedback.put(id, [answer])
    await control.feedback.put(id, [answer, { ...answer, offer: 'SKU-2', response: 'Not now' }])
    expect(await control.feedback.list(id)).toEqual([answer, { ...answer, offer: 'SKU-2', response: 'Not now' }])
  })

  test('the audit keeps who did what, newest first', async () => {
    await control.audit.add('admin', 'connect', { connection: 'x' })
    await control.audit.add('admin', 'erase', { rows: 3 })
    expect(await control.audit.list(2)).toEqual([
      { at, actor: 'admin', action: 'erase', detail: { rows: 3 } },
      { at, actor: 'admin', action: 'connect', detail: { connection: 'x' } },
    ])
  })

  test('a link opens its own record, for its time, unchanged, in its organisation', async () => {
    const link = { connection: 'c', object: 'account', id: '1', expiresAt: at + 1000 } as const
    const token = await control.links.sign(link)
    expect(await control.links.verify(token, at)).toEqual({ connection: 'c', object: 'account', id: '1', answers: false })
    expect(await control.links.verify(await control.links.sign({ ...link, answers: true }), at)).toMatchObject({ answers: true })
    expect(await control.links.verify(token, at + 1000)).toBeNull()
    const [body, signature] = token.split('.') as [string, string]
    const other = Buffer.from(Buffer.from(body, 'base64url').toString().replace('"1"', '"2"')).toString('base64url')
    for (const forged of [`${other}.${signature}`, `${body}.`, body, '', `${token}.x`, `${body}.${signature.slice(0, -1)}`, `${body}.é`]) {
      expect(await control.links.verify(forged, at)).toBeNull()
    }
    // The last character of 256 bits in base64 has two spare bits: another spelling of the same bytes is still another token.
    const spelling = String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1)
    expect(await control.links.verify(`${body}.${signature.slice(0, -1)}${spelling}`, at)).toBeNull()
  })

  test('the key for answers is that of its link alone, and no link', async () => {
    const sign = (id: string) => control.links.sign({ connection: 'c', object: 'account', id, expiresAt: at + 1000, answers: true })
    const [token, other] = [await sign('1'), await sign('2')]
    const key = await control.links.answerKey(token)
    expect(await control.links.isAnswerKey(token, key)).toBe(true)
    for (const wrong of ['', token, `${key}x`, token.split('.')[1]!, await control.links.answerKey(other)])
      expect(await control.links.isAnswerKey(token, wrong), wrong).toBe(false)
    expect(await control.links.verify(`answer ${token}.${key}`, at)).toBeNull()
  })

  test('an answer that was taken back is forgotten, the others of the record are not', async () => {
    const id = await connect()
    const answer = (offer: string, day: number) => ({ object: 'account', id: '1', offer, response: 'Not now', at: at + day }) as const
    await control.feedback.put(id, [answer('p', 1), answer('p', 2), answer('k', 1), { ...answer('p', 1), id: '2' }])
    await control.feedback.remove(id, answer('p', 2))
    expect(await control.feedback.of(id, 'account', '1')).toEqual([
      { offer: 'k', response: 'Not now', at: at + 1 },
      { offer: 'p', response: 'Not now', at: at + 1 },
    ])
    expect(await control.feedback.of(id, 'account', '2')).toHaveLength(1)
  })

  test('erase forgets one record everywhere and nothing else', async () => {
    const id = await connect()
    const named = {
      missed: [
        { id: '1', name: 'Ada' },
        { id: '2', name: 'Bob' },
      ],
    }
    await control.outbox.put(id, 'r', [row('1', 5), row('2', 5), row('3', 5)])
    const [, , third] = await control.outbox.waiting(id, 0, 3)
    await control.outbox.reject(id, [{ seq: third!.seq, object: 'account', id: '1', why: 'no', values: {} }])
    await control.feedback.put(id, [{ object: 'account', id: '1', offer: 'x', response: 'Accepted', at }])
    await control.alerts.save(id, [
      { object: 'account', id: '1', band: 'Low', since: at, pending: null, model: 'm', taskKey: null, taskId: null },
      { object: 'contact', id: '1', band: 'Low', since: at, pending: null, model: 'm', taskKey: null, taskId: null },
    ])
    await control.alerts.logSent(id, [{ owner: 'a', object: 'account', id: '1', taskKey: 'k', at, reason: 'r' }])
    await control.asides.add(id, [{ kind: 'account', where: '1', why: 'odd' }])
    await control.told.add(id, {
      changed: [
        { kind: 'account', id: '1' },
        { kind: 'contact', id: '1' },
      ],
      erased: [],
    })
    await control.models.add(model(id, 'live', {}, named))
    const run = await control.runs.start('publish', id)
    await control.runs.finish(run.id, {
      sample: [
        { object: 'account', id: '1' },
        { object: 'contact', id: '1' },
      ],
    })

    expect(await control.erase(id, 'account', '1')).toEqual({
      outbox: 1,
      outbox_rejected: 1,
      alert_state: 1,
      alert_sent: 1,
      feedback: 1,
      aside: 1,
      told: 1,
      run: 1,
      model: 1,
    })
    expect((await control.outbox.waiting(id, 0, 9)).map((one) => one.id)).toEqual(['2'])
    expect((await control.alerts.states(id)).map((one) => one.object)).toEqual(['contact'])
    expect((await control.told.waiting(id, 'changed', 9)).map((one) => one.kind)).toEqual(['contact'])
    expect((await control.models.live(id, 'churn'))?.report.details).toEqual({ missed: [{ id: '2', name: 'Bob' }] })
    expect((await control.runs.last('publish', id))?.detail).toEqual({ sample: [{ object: 'contact', id: '1' }] })
    expect(Object.values(await control.erase(id, 'account', '1')).every((count) => count === 0)).toBe(true)
  })

  test('the clock is the one handed in', async () => {
    clock = at + 5000
    const run = await control.runs.start('fit', null)
    clock = at
    expect(run.startedAt).toBe(at + 5000)
  })
})
