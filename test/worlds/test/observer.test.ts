import { expect, it, vi } from 'vitest'
import { b2bWorld, type Bundle, judgeObserver, judgeOracle } from '../src/index.ts'
import { auc } from './bundles.ts'

vi.setConfig({ testTimeout: 120_000 })

const DAY = 86_400_000
const HORIZON = 180
const world = b2bWorld({ accounts: 260 })
const DAYS = [200, 440].map((days) => world.today - days * DAY)

/** The bundle as the CRM held it then: later records are not there, and what ended later has not ended. */
function asOf(bundle: Bundle, at: number): Bundle {
  const known = <T extends { readonly knownAt: number }>(records: readonly T[]): T[] => records.filter((record) => record.knownAt <= at)
  const created = <T extends { readonly body: { readonly createdAt: number | null } }>(records: readonly T[]): T[] =>
    records.filter(({ body }) => body.createdAt! <= at)
  const history = bundle.dealHistory.filter(({ body }) => body.changedAt <= at)
  return {
    ...bundle,
    deals: known(bundle.deals).flatMap((deal) => {
      if (deal.body.isClosed !== true || deal.body.closedAt! <= at) return [deal]
      const planned = history.findLast(({ body }) => body.dealId === deal.id && body.field === 'closedAt')
      if (planned === undefined) return []
      return [{ ...deal, body: { ...deal.body, stage: null, isClosed: false, isWon: false, closedAt: Date.parse(planned.body.value!) } }]
    }),
    dealHistory: history,
    lineItems: created(bundle.lineItems),
    activities: created(bundle.activities),
    cases: created(bundle.cases).map((one) =>
      one.body.closedAt !== null && one.body.closedAt > at ? { ...one, body: { ...one.body, status: 'open', closedAt: null } } : one,
    ),
    subscriptions: created(bundle.subscriptions).map((one) =>
      one.body.endedAt !== null && one.body.endedAt > at ? { ...one, body: { ...one.body, status: 'active', endedAt: null } } : one,
    ),
  }
}

it('tells who falls silent better than recency and less well than the oracle, and is calibrated', () => {
  const observer = judgeObserver(world, DAYS, HORIZON, 365)
  const oracle = judgeOracle(world, DAYS, HORIZON, 365)
  const recency: number[] = []
  const silent: boolean[] = []
  for (let index = 0; index < world.size; index++) {
    const orders = world.bundle(index).deals.flatMap(({ body }) => (body.isWon === true ? [body.closedAt!] : []))
    for (const at of DAYS) {
      const last = Math.max(...orders.filter((order) => order <= at))
      if (at - last > 365 * DAY) continue
      recency.push(at - last)
      silent.push(!orders.some((order) => order > at && order <= at + HORIZON * DAY))
    }
  }
  const naive = auc(recency, silent)
  const [expected, happened] = [observer.expected / observer.rows, observer.silent / observer.rows]
  console.log(
    `${observer.rows} customer-days, ${(100 * happened).toFixed(1)} % silent, ${(100 * expected).toFixed(1)} % expected; AUC recency only ${naive.toFixed(3)}, observer ${observer.auc.toFixed(3)}, oracle ${oracle.auc.toFixed(3)}`,
  )
  expect([observer.rows, observer.silent]).toEqual([oracle.rows, oracle.silent])
  expect(observer.auc).toBeGreaterThan(naive + 0.04)
  expect(observer.auc).toBeLessThan(oracle.auc)
  // Three standard errors of a share of a fifth among some four hundred rows.
  expect(Math.abs(expected - happened)).toBeLessThan(0.06)
})

it('gives the same answer again, in any order of days, and none before the first order', () => {
  for (let index = 0; index < 20; index++) {
    const bundle = world.bundle(index)
    const answer = world.observe(bundle, { days: DAYS, horizonDays: HORIZON })
    expect(world.observe(bundle, { days: DAYS.toReversed(), horizonDays: HORIZON })).toEqual(answer.toReversed())
  }
  const prospect = Array.from({ length: world.size }, (_, index) => world.bundle(index)).find(({ deals }) =>
    deals.every(({ body }) => body.isWon !== true),
  )!
  expect(world.observe(prospect, { days: DAYS, horizonDays: HORIZON })).toEqual([Number.NaN, Number.NaN])
})

it('does not look past the day', () => {
  for (const at of DAYS)
    for (let index = 0; index < 40; index++) {
      const bundle = world.bundle(index)
      const ask = (one: Bundle): number[] => world.observe(one, { days: [at], horizonDays: HORIZON })
      expect(ask(asOf(bundle, at))).toEqual(ask(bundle))
    }
})

it('no longer thinks a customer gone that has just ordered', () => {
  const at = DAYS[0]!
  let less = 0
  let asked = 0
  for (let index = 0; index < world.size && asked < 12; index++) {
    const bundle = world.bundle(index)
    const [before] = world.observe(bundle, { days: [at], horizonDays: HORIZON })
    // Only of who has probably left: of others it says that the next order, which was due, has been placed.
    if (!(before! > 0.7)) continue
    const order = bundle.deals.find(({ body }) => body.isWon === true)!
    const again = { ...order, id: `${order.id}0`, body: { ...order.body, createdAt: at - 4 * DAY, closedAt: at - 3 * DAY } }
    const [after] = world.observe({ ...bundle, deals: [...bundle.deals, again] }, { days: [at], horizonDays: HORIZON })
    asked++
    if (after! < before!) less++
  }
  expect(asked).toBe(12)
  expect(less).toBe(12)
})
