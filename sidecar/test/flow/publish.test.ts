import { AssayError, CHURN_FIELDS, COMMON_FIELDS, type CrmRecord, type Cursor, KINDS, OFFER_FIELDS, SEGMENT_FIELDS } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { buildFrame } from '../../src/features/frames.ts'
import { openDealDays } from '../../src/store/deal-days.ts'
import { publish, type PublishResult } from '../../src/flow/publish/publish.ts'
import type { PublishInput } from '../../src/flow/publish/input.ts'
import { publishPolicy } from '../../src/flow/publish/policy.ts'
import { sync, type SyncResult } from '../../src/flow/sync/sync.ts'
import { echoesAmong } from '../../src/store/echoes.ts'
import type { ScoreEntry } from '../../src/store/store.ts'
import { day, gone, live } from '../store/records.ts'
import { type FakeCrm, fakeCrm, Killed } from './fake-crm.ts'
import { churnEntry, DAY, entry, MONDAY, openedPlanes, SLOW } from './planes.ts'

const planes = openedPlanes()
const FIELDS = [...CHURN_FIELDS, ...SEGMENT_FIELDS, ...OFFER_FIELDS, ...COMMON_FIELDS]
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }

/** One connection to a fake CRM, with scores that a test gives and a clock that it sets. */
async function company(): Promise<{
  readonly crm: FakeCrm
  readonly connection: string
  readonly clock: { now: number }
  score(run: string, risks: Readonly<Record<string, number | null>>, more?: readonly ScoreEntry[]): Promise<void>
  publish(run: string, more?: Partial<PublishInput>): Promise<PublishResult>
}> {
  const crm = fakeCrm()
  const connection = await planes.connect()
  const clock = { now: MONDAY }
  return {
    crm,
    connection,
    clock,
    async score(run, risks, more = []) {
      const at = { run, scoredAt: clock.now }
      await planes.store.logScores(connection, [...Object.entries(risks).map(([id, risk]) => churnEntry(id, risk, at)), ...more])
    },
    publish: (run, more = {}) =>
      publish({
        control: planes.control,
        store: planes.store,
        session: crm.session,
        connection,
        object: 'account',
        run,
        fields: FIELDS,
        policy: publishPolicy.parse({}),
        notes: new Map([['m1', () => 'Chance of leaving.']]),
        mode: 'write',
        proceed: true,
        now: () => clock.now,
        log: silent,
        signal: new AbortController().signal,
        tell: () => undefined,
        ...more,
      }),
  }
}
const many = (count: number, risk: (i: number) => number | null = (i) => (i % 90) + 5): Record<string, number | null> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${String(i).padStart(4, '0')}`, risk(i)]))

describe('publishing', { timeout: SLOW }, () => {
  it('writes twenty first and waits for a word, then the rest, then nothing', async () => {
    const one = await company()
    await one.score('r1', many(50))
    const dry = await one.publish('r1', { mode: 'dry-run', proceed: false })
    expect(dry).toMatchObject({ bill: { records: 50, changed: 50 }, written: 0, waiting: 0 })
    expect(dry.examples.length).toBe(20)
    expect(one.crm.rows).toEqual([])
    expect(await planes.control.outbox.count(one.connection)).toBe(0)

    const first = await one.publish('r1', { proceed: false })
    expect(first).toMatchObject({ written: 20, waiting: 30 })
    expect(first.stopped).toMatch(/--continue/)
    expect(await one.publish('r1', { proceed: false })).toMatchObject({ written: 0, waiting: 30 })
    expect(await one.publish('r1', { proceed: true })).toMatchObject({ written: 30, waiting: 0, stopped: null })
    expect(one.crm.fields.size).toBe(50)
    expect(await one.publish('r1', { proceed: false })).toMatchObject({ bill: { records: 0, unchanged: 50 }, written: 0, waiting: 0 })
    expect(one.crm.rows.length).toBe(50)
  })

  it('finishes the first twenty when it was killed among them', async () => {
    const one = await company()
    await one.score('r1', many(50))
    one.crm.before = (_row, position) => {
      if (position === 8) throw new Killed()
    }
    await expect(one.publish('r1', { proceed: false })).rejects.toThrow(Killed)
    one.crm.before = () => undefined
    await one.publish('r1', { proceed: false })
    expect(one.crm.fields.size).toBe(20)
    expect((await one.publish('r1', { proceed: false })).written).toBe(0)
  })

  it('bills what it then writes', async () => {
    const one = await company()
    await one.score('r1', many(40))
    await one.publish('r1')
    one.clock.now += DAY
    await one.score(
      'r2',
      many(40, (i) => (i < 10 ? 99 : (i % 90) + 5)),
    )
    const dry = await one.publish('r2', { mode: 'dry-run' })
    const real = await one.publish('r2')
    expect(real.bill).toEqual(dry.bill)
    expect(real.examples).toEqual(dry.examples)
    expect(real.written).toBe(dry.bill.records)
    expect(dry.bill.changed).toBe(10)
    expect(dry.bill.refreshed).toBeGreaterThan(0)
  })

  it('writes only what moved beyond its tolerance or its band, and unchanged records in slices', async () => {
    const one = await company()
    await one.score('r1', { still: 40, within: 40, beyond: 40, band: 59 })
    await one.publish('r1')
    one.crm.rows.length = 0
    // The same day: nobody's turn.
    one.clock.now += 3_600_000
    await one.score('r2', { still: 40, within: 42, beyond: 43, band: 60 })
    expect(await one.publish('r2')).toMatchObject({ written: 2, bill: { changed: 2, refreshed: 0, unchanged: 2 } })
    expect(one.crm.rows.map((row) => row.id)).toEqual(['band', 'beyond'])
    expect(one.crm.rows[0]!.values).toMatchObject({ churn_risk: 60, churn_band: 'High', scored_at: new Date(one.clock.now).toISOString() })
    // Every one of them is seen again within seven days.
    const seen = new Set<string>()
    for (let night = 1; night <= 7; night++) {
      one.clock.now += DAY
      one.crm.rows.length = 0
      await one.score(`n${night}`, { still: 40, within: 42, beyond: 43, band: 60 })
      await one.publish(`n${night}`)
      for (const row of one.crm.rows) seen.add(row.id)
    }
    expect(seen.size).toBe(4)
  })

  it('clears the number where the miner was refused, and leaves a note with facts', async () => {
    const one = await company()
    await one.score('r1', { a: 70 }, [
      entry('segments', 'a', { segment: 'Regulars', lifecycle_stage: 'Active' }, { run: 'r1', scoredAt: MONDAY }),
    ])
    await one.publish('r1')
    one.clock.now += DAY
    const at = { run: 'r2', scoredAt: one.clock.now }
    await one.score('r2', {}, [
      churnEntry('a', null, at, { facts: ['94 days since the last order'], unscored: 'could be chance' }),
      entry('segments', 'a', { segment: 'Regulars', lifecycle_stage: 'Active' }, at),
    ])
    // The refused miner's fields are not among today's: they are cleared all the same.
    const result = await one.publish('r2', { fields: [...SEGMENT_FIELDS, ...COMMON_FIELDS] })
    expect(result).toMatchObject({ written: 1, bill: { cleared: 1 } })
    expect(one.crm.fields.get('a')).toMatchObject({
      churn_risk: null,
      churn_band: null,
      churn_trend: null,
      churn_signs: null,
      churn_history: null,
      next_action: null,
      segment: 'Regulars',
      score_note: '94 days since the last order. No churn score: could be chance',
    })
    one.clock.now += 3_600_000
    expect((await one.publish('r2', { fields: [...SEGMENT_FIELDS, ...COMMON_FIELDS] })).written).toBe(0)
  })

  it('clears a record once that is no longer scored', async () => {
    const one = await company()
    await one.score('r1', { a: 70, b: null, c: 50 })
    await one.publish('r1')
    one.clock.now += DAY
    await one.score('r2', { c: 50 })
    const result = await one.publish('r2')
    expect(result.bill).toMatchObject({ cleared: 1 })
    expect(one.crm.fields.get('a')).toMatchObject({
      churn_risk: null,
      score_note: 'No churn score: no longer among the customers that are scored',
    })
    // One that had a note only has the new note.
    expect(one.crm.fields.get('b')).toMatchObject({ score_note: 'No churn score: no longer among the customers that are scored' })
    for (let night = 1; night <= 8; night++) {
      one.clock.now += DAY
      one.crm.rows.length = 0
      await one.score(`n${night}`, { c: 50 })
      await one.publish(`n${night}`)
      expect(one.crm.rows.filter((row) => row.id !== 'c')).toEqual([])
    }
  })

  it('takes nothing back when a run scored nobody, or did not ask a miner', async () => {
    const one = await company()
    const at = { run: 'r1', scoredAt: MONDAY }
    await one.score('r1', { a: 70 }, [entry('segments', 'a', { segment: 'Regulars' }, at)])
    await one.publish('r1')
    one.clock.now += 60_000
    expect(await one.publish('r-empty')).toMatchObject({ written: 0, bill: { records: 0 } })
    await one.score('r2', {}, [entry('segments', 'a', { segment: 'Occasional buyers' }, { run: 'r2', scoredAt: one.clock.now })])
    await one.publish('r2')
    expect(one.crm.fields.get('a')).toMatchObject({
      churn_risk: 70,
      churn_band: 'High',
      score_note: 'Chance of leaving.',
      segment: 'Occasional buyers',
    })
  })

  it('lets the next action follow from what stands there of a miner that was not asked', async () => {
    const one = await company()
    const offer = (run: string, name: string) =>
      ['a', 'b'].map((id) => entry('offers', id, { offer_1: name, offer_1_code: name }, { run, scoredAt: one.clock.now }))
    await one.score('r1', { a: 12, b: 70 }, offer('r1', 'Pump'))
    await one.publish('r1')
    const action = (id: string): unknown => one.crm.fields.get(id)?.['next_action']
    const call = action('b')
    expect(action('a')).toBe('Propose Pump.')
    expect(call).not.toMatch(/Propose/)
    one.clock.now += 60_000
    await one.score('r2', { a: 12, b: 70 })
    expect(await one.publish('r2')).toMatchObject({ bill: { records: 0, cleared: 0 } })
    expect(action('a')).toBe('Propose Pump.')
    one.clock.now += 60_000
    await one.score('r3', {}, offer('r3', 'Valve'))
    await one.publish('r3')
    expect([action('a'), action('b')]).toEqual(['Propose Valve.', call])
    expect(one.crm.fields.get('a')).toMatchObject({ churn_risk: 12, offer_1: 'Valve' })
  })

  it('lists what the CRM refused, does not ask for the same again, and asks for something else', async () => {
    const one = await company()
    await one.score('r1', { a: 40, b: 50 })
    one.crm.answer = (row) => (row.id === 'b' ? 'rejected' : 'written')
    const first = await one.publish('r1')
    expect(first).toMatchObject({
      written: 1,
      rejected: 1,
      waiting: 0,
      stopped: null,
      rejections: [{ id: 'b', why: 'rejected by the fake CRM' }],
    })
    expect(await planes.control.outbox.rejected(one.connection, 10)).toMatchObject({
      total: 1,
      rows: [{ id: 'b', why: 'rejected by the fake CRM' }],
    })
    let asked = 0
    one.crm.before = (row) => {
      if (row.id === 'b') asked++
    }
    one.clock.now += DAY
    await one.score('r2', { a: 40, b: 51 })
    expect(await one.publish('r2')).toMatchObject({ rejected: 0, bill: { refused: 1 } })
    expect(asked).toBe(0)
    one.clock.now += DAY
    await one.score('r3', { a: 40, b: 70 })
    one.crm.answer = () => 'written'
    expect(await one.publish('r3')).toMatchObject({ rejected: 0, bill: { refused: 0 } })
    expect(one.crm.fields.get('b')).toMatchObject({ churn_risk: 70 })
    expect((await planes.control.outbox.rejected(one.connection, 10)).total).toBe(0)
  })

  it('does not ask again for a record that is gone, until its week is over', async () => {
    const one = await company()
    await one.score('r1', { a: 40 })
    one.crm.answer = () => 'gone'
    expect(await one.publish('r1')).toMatchObject({ gone: 1, waiting: 0 })
    let asked = 0
    one.crm.before = () => void asked++
    one.clock.now += 3_600_000
    await one.score('r2', { a: 80 })
    expect(await one.publish('r2')).toMatchObject({ gone: 0, written: 0, bill: { records: 0 } })
    expect(asked).toBe(0)
    one.crm.answer = () => 'written'
    one.clock.now += 7 * DAY
    await one.score('r3', { a: 80 })
    expect(await one.publish('r3')).toMatchObject({ written: 1 })
    // Gone from the scores too: nothing is left to be said.
    one.crm.answer = () => 'gone'
    one.clock.now += DAY
    await one.score('r4', { other: 10 })
    await one.publish('r4')
    asked = 0
    one.clock.now += 9 * DAY
    await one.score('r5', { other: 10 })
    await one.publish('r5')
    expect(one.crm.rows.filter((row) => row.id === 'a').length).toBe(1)
  })

  it.each(['limit', 'offline'] as const)('stops at "%s" in the middle of a page and goes on with the next run', async (kind) => {
    const one = await company()
    await one.score('r1', many(60))
    one.crm.before = (_row, position) => {
      if (position === 25) throw new AssayError(kind, 'no more today')
    }
    expect(await one.publish('r1')).toMatchObject({ written: 25, waiting: 35, stopped: 'no more today' })
    one.crm.before = () => undefined
    expect(await one.publish('r1')).toMatchObject({ written: 35, waiting: 0, stopped: null })
    expect(new Set(one.crm.rows.map((row) => row.id)).size).toBe(60)
    expect(one.crm.rows.length).toBe(60)
  })

  it('keeps rows that failed for the next run and says so', async () => {
    const one = await company()
    await one.score('r1', many(10))
    one.crm.answer = (row) => (row.id === 'a0003' ? 'failed' : 'written')
    const result = await one.publish('r1')
    expect(result).toMatchObject({ written: 9, failed: 1, waiting: 1 })
    expect(result.stopped).toMatch(/1 records could not be written/)
    one.crm.answer = () => 'written'
    expect(await one.publish('r1')).toMatchObject({ written: 1, waiting: 0, stopped: null })
  })

  it('writes the same value again, never another, when it is killed after the answer', async () => {
    const one = await company()
    await one.score('r1', { a: 70, b: 20 })
    const store = { ...planes.store, logPublished: () => Promise.reject(new Killed()) }
    await expect(one.publish('r1', { store })).rejects.toThrow(Killed)
    one.clock.now += 7_200_000
    expect(await one.publish('r1')).toMatchObject({ written: 2, waiting: 0 })
    const [first, second] = [one.crm.rows.slice(0, 2), one.crm.rows.slice(2)]
    expect(second).toEqual(first)
    expect(one.crm.rows.length).toBe(4)
    expect((await one.publish('r1')).written).toBe(0)
  })

  it('does not leave a value behind that it never heard of again: killed after the answer, then other scores', async () => {
    const one = await company()
    await one.score('r1', { a: 40, b: 40 })
    await one.publish('r1')
    one.clock.now += DAY / 2
    await one.score('r2', { a: 90, b: 40, c: 90 })
    const store = { ...planes.store, logPublished: () => Promise.reject(new Killed()) }
    await expect(one.publish('r2', { store })).rejects.toThrow(Killed)
    expect(one.crm.fields.get('a')).toMatchObject({ churn_risk: 90 })
    // Scored anew before the next publish: a is back to what was last acknowledged, c is scored no more.
    await one.score('r3', { a: 40, b: 40 })
    const again = { ...planes.control, outbox: { ...planes.control.outbox, keepOnly: () => Promise.reject(new Killed()) } }
    await expect(one.publish('r3', { control: again })).rejects.toThrow(Killed)
    await one.publish('r3')
    expect(one.crm.fields.get('a')).toMatchObject({ churn_risk: 40, churn_band: 'Medium' })
    expect(one.crm.fields.get('c')).toMatchObject({ churn_risk: null, churn_band: null })
    expect(await planes.control.outbox.count(one.connection)).toBe(0)
    expect((await one.publish('r3')).written).toBe(0)
  })

  it('is killed at every single row, and ends with every value in its place', async () => {
    const one = await company()
    const risks = many(12)
    await one.score('r1', risks)
    let calls = 0
    for (let killedAt = 0; killedAt < 12; killedAt++) {
      one.crm.before = (_row, position) => {
        calls++
        if (position === Math.min(killedAt, 3)) throw new Killed()
      }
      await one.publish('r1').catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error
      })
    }
    one.crm.before = () => undefined
    await one.publish('r1')
    expect(calls).toBeGreaterThan(12)
    for (const [id, risk] of Object.entries(risks)) expect(one.crm.fields.get(id)).toMatchObject({ churn_risk: risk })
    const values = Map.groupBy(one.crm.rows, (row) => row.id)
    for (const rows of values.values()) for (const row of rows) expect(row.values['churn_risk']).toBe(rows[0]!.values['churn_risk'])
  })

  it('lets declined and accepted offers give way, and asks again after "not now"', async () => {
    const one = await company()
    const three = { offer_1: 'Probe', offer_1_code: 'p', offer_2: 'Cable', offer_2_code: 'k', offer_3: 'Case', offer_3_code: 'c' }
    const offers = (run: string): ScoreEntry[] => [entry('offers', 'a', three, { run, scoredAt: one.clock.now })]
    const answer = (offer: string, response: string) => ({ object: 'account' as const, id: 'a', offer, response, at: MONDAY })
    await planes.control.feedback.put(one.connection, [answer('p', 'Not relevant'), answer('k', 'Not now')])
    await one.score('r1', {}, offers('r1'))
    await one.publish('r1')
    expect(one.crm.fields.get('a')).toMatchObject({ offer_1: 'Case', offer_1_code: 'c', next_action: 'Propose Case.' })
    expect(one.crm.fields.get('a')).not.toHaveProperty('offer_1_response')
    one.clock.now += 91 * DAY
    await one.score('r2', {}, offers('r2'))
    await one.publish('r2')
    expect(one.crm.fields.get('a')).toMatchObject({ offer_1: 'Cable', offer_2: 'Case' })
  })

  it('takes bands that an admin moved', async () => {
    const one = await company()
    await one.score('r1', { a: 55 })
    await one.publish('r1')
    expect(one.crm.fields.get('a')).toMatchObject({ churn_band: 'Medium' })
    await one.publish('r1', { policy: publishPolicy.parse({ bands: { medium: 20, high: 50 } }) })
    expect(one.crm.fields.get('a')).toMatchObject({ churn_band: 'High' })
  })
})

describe('a publish that takes long', { timeout: SLOW }, () => {
  it('says how many it has compared, and how many are written', async () => {
    const one = await company()
    await one.score('r1', many(750))
    const told: string[] = []
    await one.publish('r1', { tell: (what, done, total) => void told.push(`${what} ${done} of ${total ?? '?'}`) })
    expect(told.filter((line) => line.startsWith('compare'))).toEqual(['compare 500 of ?', 'compare 750 of ?'])
    expect(told.filter((line) => line.startsWith('write'))).toEqual(
      [100, 200, 300, 400, 500, 600, 700, 750].map((done) => `write ${done} of 750`),
    )
  })
})

describe('the echo of a publish', { timeout: SLOW }, () => {
  it('changes neither features nor the next publish', async () => {
    const one = await company()
    const accounts = ['a', 'b', 'c']
    const deals = accounts.map((id, i) =>
      live('deal', `d${id}`, `2026-0${i + 1}-01`, {
        accountId: id,
        amount: 10,
        isClosed: true,
        isWon: true,
        closedAt: day(`2026-0${i + 1}-01`),
        createdAt: day('2025-12-01'),
      }),
    )
    const record = (id: string, version: number, attributes: Record<string, string | number | null>): CrmRecord =>
      live('account', id, '2025-01-01', { name: id, createdAt: day('2025-01-01') }, { version, attributes })
    const connector = { capabilities: { kinds: ['account', 'deal'] } } as never
    const read = (records: readonly CrmRecord[]): Promise<SyncResult> => {
      one.crm.pages = [{ records, next: 'end' as Cursor }]
      return sync({
        control: planes.control,
        store: planes.store,
        connector,
        session: one.crm.session,
        connection: one.connection,
        log: silent,
        signal: new AbortController().signal,
        echoes: (page) => echoesAmong(planes.store.driver, one.connection, page),
      })
    }
    const look = async (asOf: number): Promise<unknown> => {
      const frame = await buildFrame(openDealDays(planes.store.driver), {
        connection: one.connection,
        unit: 'account',
        asOf,
        permille: 1000,
        kinds: new Set(KINDS),
        everybody: true,
      })
      return {
        ids: frame.ids,
        columns: frame.columns.map((column) => [column.info.name, String(column.type === 'number' ? column.values : column.codes)]),
      }
    }
    await read([...deals, ...accounts.map((id) => record(id, MONDAY - DAY, {}))])
    const asOf = MONDAY + DAY
    const before = await look(asOf)
    await one.score('r1', { a: 10, b: 40, c: 80 })
    expect((await one.publish('r1')).written).toBe(3)
    // The CRM moved every account's modification date and shows Assay's fields; an incremental sync reads them all again.
    const stamped = accounts.map((id) =>
      record(
        id,
        MONDAY + 60_000,
        Object.fromEntries(Object.entries(one.crm.fields.get(id)!).map(([name, value]) => [`assay_${name}`, value])),
      ),
    )
    await read(stamped)
    expect(await look(asOf)).toEqual(before)
    one.clock.now += 3_600_000
    await one.score('r2', { a: 10, b: 40, c: 80 })
    expect(await one.publish('r2')).toMatchObject({ written: 0, bill: { records: 0, unchanged: 3 } })
    // Touched once more, everything as it was: nothing is kept again. Only what says something new is.
    const versions = async (): Promise<number> =>
      (await planes.store.counts(one.connection)).find(({ kind }) => kind === 'account')?.versions ?? 0
    const kept = await versions()
    const touched = stamped.map((last, i) => ({ ...last, version: MONDAY + 120_000 + i, knownAt: MONDAY + 120_000 + i }))
    expect(await read(touched)).toMatchObject({ read: { account: 3 }, unchanged: 3 })
    expect(await versions()).toBe(kept)
    const renamed = touched.map((last, i) =>
      last.deleted || i > 0 ? last : ({ ...last, version: MONDAY + 180_000, body: { ...last.body, name: 'renamed' } } as CrmRecord),
    )
    expect(await read(renamed)).toMatchObject({ unchanged: 2 })
    expect(await versions()).toBe(kept + 1)
    // One that is known from earlier on says something new about the days before.
    expect(await read([{ ...touched[1]!, knownAt: day('2024-01-01') }])).toMatchObject({ unchanged: 0 })
    // Gone and there again.
    await read([gone('account', 'c', '2026-07-01')])
    expect(await read([{ ...touched[2]!, version: day('2026-07-02') }])).toMatchObject({ unchanged: 0 })
  })
})
