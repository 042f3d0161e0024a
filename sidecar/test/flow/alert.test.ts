import { AssayError, type CrmRecord } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { alert, type AlertResult } from '../../src/flow/alert/alert.ts'
import { alertPolicy, type AlertPolicy } from '../../src/flow/alert/policy.ts'
import { live } from '../store/records.ts'
import { type FakeCrm, fakeCrm, Killed } from './fake-crm.ts'
import { churnEntry, DAY, MONDAY, openedPlanes, sign, SLOW } from './planes.ts'

const planes = openedPlanes()
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }
const day = (at: number): string => new Date(at).toISOString()

/** A company whose nights a test plays one after the other. `owners` by account; money of the last year by account. */
async function company(
  owners: Readonly<Record<string, string | null>>,
  money: Readonly<Record<string, number>> = {},
  inactive: readonly string[] = [],
) {
  const crm: FakeCrm = fakeCrm()
  const connection = await planes.connect()
  const users = new Set(Object.values(owners).filter((owner) => owner !== null))
  const records: CrmRecord[] = [...users].map((id) => live('user', id, '2020-01-01', { name: id, isActive: !inactive.includes(id) }))
  for (const [id, ownerId] of Object.entries(owners)) {
    records.push(live('account', id, '2020-01-01', { name: `Company ${id}`, ownerId }))
    const paid = {
      accountId: id,
      amount: money[id] ?? 100,
      isClosed: true,
      isWon: true,
      closedAt: MONDAY - 30 * DAY,
      createdAt: MONDAY - 40 * DAY,
    }
    records.push(live('deal', `d${id}`, day(MONDAY - 40 * DAY), paid))
  }
  await planes.store.append(connection, records)
  const clock = { now: MONDAY }
  const told: [done: number, total: number][] = []
  let number = 0
  return {
    crm,
    connection,
    clock,
    /** Progress as it was told. */
    told,
    states: () => planes.control.alerts.states(connection),
    async night(
      at: number,
      risks: Readonly<Record<string, number>>,
      policy: Partial<AlertPolicy> = {},
      more: { dryRun?: boolean; model?: string; dataUntil?: number } = {},
    ): Promise<AlertResult> {
      clock.now = MONDAY + at * DAY
      const run = `run ${number++}`
      const signs = [sign('cases_open', 'secret cases', 30, { restricted: true }), sign('recency_over_gap', 'quiet for 4 usual gaps', 20)]
      await planes.store.logScores(
        connection,
        Object.entries(risks).map(([id, risk]) => churnEntry(id, risk, { run, scoredAt: clock.now, model: more.model ?? 'm1' }, { signs })),
      )
      return alert({
        control: planes.control,
        store: planes.store,
        session: crm.session,
        connection,
        object: 'account',
        run,
        event: 'no order within 90 days',
        dataUntil: more.dataUntil ?? clock.now,
        bands: { medium: 30, high: 60 },
        policy: alertPolicy.parse({ stormShare: 1, ...policy }),
        dryRun: more.dryRun ?? false,
        now: () => clock.now,
        log: silent,
        signal: new AbortController().signal,
        tell: (done, total) => void told.push([done, total]),
      })
    },
  }
}
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `c${i}`)
const all = (of: readonly string[], risk: number): Record<string, number> => Object.fromEntries(of.map((id) => [id, risk]))
const owned = (of: readonly string[], owner: string | null): Record<string, string | null> =>
  Object.fromEntries(of.map((id) => [id, owner]))

describe('alerts', { timeout: SLOW }, () => {
  it('make one task, keep it up to date, close it once', async () => {
    const one = await company({ a: 'u', b: 'u' }, { a: 12_345 })
    expect(await one.night(0, { a: 20, b: 20 })).toMatchObject({ reset: true, raised: 0 })
    expect(await one.night(1, { a: 80, b: 20 })).toMatchObject({ raised: 0 })
    expect(await one.night(3, { a: 80, b: 20 }, {}, { dryRun: true })).toMatchObject({ raised: 1 })
    expect(one.crm.calls).toEqual([])
    expect(await one.night(3, { a: 80, b: 20 })).toMatchObject({ raised: 1, looked: 2, digested: 0, ownerless: 0 })
    expect([...one.crm.tasks.values()]).toMatchObject([
      {
        key: 'churn-account-a-2026-06-04',
        object: 'account',
        id: 'a',
        ownerId: 'u',
        title: 'Company a may leave: 80 % risk',
        body: 'Chance of no order within 90 days: 80 %. Signs: quiet for 4 usual gaps. Spent in the last year: 12,345.',
        dueAt: MONDAY + 6 * DAY,
      },
    ])
    expect(await one.night(4, { a: 85, b: 20 })).toMatchObject({ raised: 0, updated: 1 })
    expect(one.crm.tasks.get('churn-account-a-2026-06-04')).toMatchObject({
      title: 'Company a may leave: 85 % risk',
      dueAt: MONDAY + 6 * DAY,
    })
    await one.night(5, { a: 20, b: 20 })
    expect(await one.night(8, { a: 20, b: 20 })).toMatchObject({ closed: 1 })
    expect(one.crm.tasks.get('churn-account-a-2026-06-04')).toMatchObject({ closed: true, title: 'Company a: recovered', ownerId: 'u' })
    const calls = one.crm.calls.length
    expect(await one.night(12, { a: 20, b: 20 })).toMatchObject({ closed: 0, updated: 0 })
    expect(one.crm.calls.length).toBe(calls)
    // Another time it is another task.
    await one.night(20, { a: 80, b: 20 })
    expect(await one.night(23, { a: 80, b: 20 })).toMatchObject({ raised: 1 })
    expect([...one.crm.tasks.keys()]).toEqual(['churn-account-a-2026-06-04', 'churn-account-a-2026-06-24'])
  })

  it('give an owner three tasks a week by money at stake, and the rest in one digest, once', async () => {
    const ids = names(6)
    const one = await company(owned(ids, 'u'), Object.fromEntries(ids.map((id, i) => [id, (i + 1) * 1000])))
    await one.night(-3, all(ids, 20))
    await one.night(-2, all(ids, 80))
    expect(await one.night(0, all(ids, 80))).toMatchObject({ raised: 3, digested: 3 })
    const tasks = (): string[] => [...one.crm.tasks.values()].filter((task) => task.key.startsWith('churn')).map((task) => task.id)
    expect(tasks().sort()).toEqual(['c3', 'c4', 'c5'])
    const digest = (): { title: string; body: string; closed: boolean; ownerId: string | null; dueAt: number } | undefined =>
      one.crm.tasks.get('digest-u-2026-06-01')
    expect(digest()).toMatchObject({ title: '3 more customers may leave', ownerId: 'u', dueAt: Date.UTC(2026, 5, 8) })
    expect(
      digest()!
        .body.split('\n')
        .map((line) => line.slice(0, 10))
        .sort(),
    ).toEqual(['Company c0', 'Company c1', 'Company c2'])
    for (const task of one.crm.tasks.values()) expect(task.body).not.toContain('secret')
    // The nights after it, nobody is news again; and in the weeks after it there is no other digest.
    for (const night of [1, 2, 9, 16]) expect(await one.night(night, all(ids, 80))).toMatchObject({ raised: 0, digested: 0 })
    expect([...one.crm.tasks.keys()].filter((key) => key.startsWith('digest'))).toEqual(['digest-u-2026-06-01'])
    expect(tasks().length).toBe(3)
    // One of its members recovers, then the others.
    const better = { ...all(ids, 80), c0: 10 }
    await one.night(17, better)
    expect(await one.night(19, better)).toMatchObject({ closed: 1 })
    expect(digest()).toMatchObject({ title: '2 more customers may leave', closed: false })
    await one.night(20, { ...better, c1: 10, c2: 10 })
    expect(await one.night(22, { ...better, c1: 10, c2: 10 })).toMatchObject({ closed: 2 })
    expect(digest()).toMatchObject({ closed: true })
    expect((await one.states()).filter((state) => state.taskKey !== null).map((state) => state.id)).toEqual(['c3', 'c4', 'c5'])
  })

  it('add to the digest of the week, and tell another time what somebody has closed', async () => {
    const ids = names(6)
    const one = await company(owned(ids, 'u'), Object.fromEntries(ids.map((id, i) => [id, (i + 1) * 1000])))
    await one.night(-3, all(ids, 20))
    await one.night(-2, { ...all(ids, 80), c0: 20, c1: 20 })
    await one.night(0, { ...all(ids, 80), c0: 80, c1: 20 })
    expect(one.crm.tasks.get('digest-u-2026-06-01')).toMatchObject({ title: '1 more customer may leave', id: 'c2' })
    expect(await one.night(2, { ...all(ids, 80), c1: 80 })).toMatchObject({ digested: 1 })
    expect(one.crm.tasks.get('digest-u-2026-06-01')).toMatchObject({ title: '2 more customers may leave', id: 'c2' })
    Object.assign(one.crm.tasks.get('digest-u-2026-06-01')!, { closed: true })
    expect(await one.night(4, all(ids, 80))).toMatchObject({ digested: 0, raised: 0 })
    expect((await one.states()).find((state) => state.id === 'c1')).toMatchObject({ band: 'High', taskId: null })
    // The next week has room again.
    expect(await one.night(9, all(ids, 80))).toMatchObject({ raised: 1 })
    expect([...one.crm.tasks.values()].filter((task) => task.id === 'c1')).toMatchObject([{ key: 'churn-account-c1-2026-06-05' }])
  })

  it('go to the fallback where the owner has left, is unknown, or there is none', async () => {
    const one = await company({ a: 'left', b: null, c: 'u' }, {}, ['left'])
    await planes.store.append(one.connection, [live('account', 'd', '2020-01-01', { name: 'D', ownerId: 'deleted user' })])
    const ids = ['a', 'b', 'c', 'd']
    await one.night(0, all(ids, 20))
    await one.night(1, all(ids, 80))
    expect(await one.night(3, all(ids, 80), { fallbackOwner: 'boss', perOwnerAndWeek: 5 })).toMatchObject({ raised: 4, ownerless: 0 })
    expect(Object.fromEntries([...one.crm.tasks.values()].map((task) => [task.id, task.ownerId]))).toEqual({
      a: 'boss',
      b: 'boss',
      c: 'u',
      d: 'boss',
    })
  })

  it('do not lose a customer whom nobody looks after: named every time, and told once somebody does', async () => {
    const one = await company({ a: null, b: 'u' })
    await one.night(0, { a: 20, b: 20 })
    await one.night(1, { a: 80, b: 20 })
    for (const night of [3, 4, 12]) {
      expect(await one.night(night, { a: 80, b: 20 })).toMatchObject({
        raised: 0,
        ownerless: 1,
        without: [{ id: 'a', name: 'Company a' }],
        held: null,
      })
    }
    expect(one.crm.calls).toEqual([])
    await planes.store.append(one.connection, [live('account', 'a', day(MONDAY), { name: 'Company a', ownerId: 'u' })])
    expect(await one.night(13, { a: 80, b: 20 })).toMatchObject({ raised: 1, ownerless: 0 })
    expect(await one.night(14, { a: 80, b: 20 })).toMatchObject({ raised: 0, ownerless: 0 })
  })

  it('hold everything back when everybody falls at once, and miss nothing afterwards', async () => {
    const ids = names(20)
    const one = await company(owned(ids, 'u'))
    const storm = { stormShare: 0.2, perOwnerAndWeek: 50 }
    await one.night(0, all(ids, 20))
    await one.night(1, all(ids, 80))
    const held = await one.night(3, all(ids, 80), storm)
    expect(held).toMatchObject({ raised: 0, digested: 0 })
    expect(held.held).toMatch(/20 of 20 customers turned at once/)
    expect(one.crm.calls).toEqual([])
    // The feed is mended: only two of them were really falling.
    expect(await one.night(4, { ...all(ids, 20), c3: 80, c4: 80 }, storm)).toMatchObject({ raised: 2, held: null })
  })

  it.each([
    ['before the task is made', 'beforeTask'],
    ['after the task is made and before that is kept', 'afterTask'],
  ] as const)('are finished when killed %s', async (_when, hook) => {
    const ids = names(5)
    const one = await company(owned(ids, 'u'))
    await one.night(0, all(ids, 20))
    await one.night(1, all(ids, 80))
    for (let killedAt = 0; killedAt < 5; killedAt++) {
      let calls = 0
      one.crm[hook] = () => {
        if (calls++ === Math.min(killedAt, 1)) throw new Killed()
      }
      await one.night(3, all(ids, 80), { perOwnerAndWeek: 4 }).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error
      })
    }
    one.crm[hook] = () => undefined
    await one.night(4, all(ids, 80), { perOwnerAndWeek: 4 })
    const keys = [...one.crm.tasks.keys()]
    expect(keys.filter((key) => key.startsWith('churn')).length).toBe(4)
    expect(keys.filter((key) => key.startsWith('digest')).length).toBe(1)
    expect(new Set(keys).size).toBe(keys.length)
    expect((await one.states()).every((state) => state.taskId !== null)).toBe(true)
    expect(await planes.control.alerts.sentSince(one.connection, MONDAY)).toEqual({ u: 5 })
    expect(await one.night(5, all(ids, 80), { perOwnerAndWeek: 4 })).toMatchObject({ raised: 0, digested: 0 })
  })

  it.each([
    ['before a task is closed', 'beforeTask'],
    ['after a task is closed and before that is kept', 'afterTask'],
  ] as const)('close what is over in the very next run when killed %s', async (_when, hook) => {
    const ids = names(5)
    const one = await company(owned(ids, 'u'))
    await one.night(0, all(ids, 20))
    await one.night(1, all(ids, 80))
    expect(await one.night(3, all(ids, 80))).toMatchObject({ raised: 3, digested: 2 })
    await one.night(4, all(ids, 20))
    let kills = 0
    for (let killedAt = 0; killedAt < 4; killedAt++) {
      let calls = 0
      one.crm[hook] = () => {
        if (calls++ === Math.min(killedAt, 1)) throw new Killed()
      }
      await one.night(6, all(ids, 20)).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error
        kills++
      })
    }
    expect(kills).toBeGreaterThan(1)
    one.crm[hook] = () => undefined
    // Nobody recovers in the books before the CRM has heard of it: the same night again finds what is still to be done.
    await one.night(6, all(ids, 20))
    expect([...one.crm.tasks.values()].map((task) => task.closed)).toEqual([true, true, true, true])
    expect((await one.states()).map(({ band, taskKey }) => ({ band, taskKey }))).toEqual(ids.map(() => ({ band: 'Low', taskKey: null })))
    const calls = one.crm.calls.length
    await one.night(7, all(ids, 20))
    expect(one.crm.calls.length).toBe(calls)
  })

  it('say how far they are', async () => {
    const ids = names(5)
    const one = await company(owned(ids, 'u'))
    await one.night(0, all(ids, 20))
    await one.night(1, all(ids, 80))
    expect(one.told).toEqual([])
    await one.night(3, all(ids, 80))
    expect(one.told).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]))
  })

  it('are told to the others when the CRM refuses one, and tried again', async () => {
    const one = await company({ a: 'u', b: 'u' })
    await one.night(0, { a: 20, b: 20 })
    await one.night(1, { a: 80, b: 80 })
    one.crm.beforeTask = (task) => {
      if (task.id === 'a') throw new AssayError('rejected', 'that owner does not exist')
    }
    expect(await one.night(3, { a: 80, b: 80 })).toMatchObject({ raised: 1, refused: 1 })
    one.crm.beforeTask = () => undefined
    expect(await one.night(4, { a: 80, b: 80 })).toMatchObject({ raised: 1, refused: 0 })
  })

  it('are reset by a new model in silence, with the open task kept until there is no reason for it', async () => {
    const one = await company({ a: 'u', b: 'u' })
    await one.night(0, { a: 20, b: 20 })
    await one.night(1, { a: 80, b: 20 })
    await one.night(3, { a: 80, b: 20 })
    expect(await one.night(4, { a: 20, b: 90 }, {}, { model: 'm2' })).toMatchObject({ reset: true, raised: 0, closed: 0 })
    expect(one.crm.calls.length).toBe(1)
    expect(await one.night(7, { a: 20, b: 90 }, {}, { model: 'm2' })).toMatchObject({ reset: false, raised: 0, closed: 1 })
  })
})
