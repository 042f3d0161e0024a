import type { Frame, Report } from '@assay/shared'
import { describe, expect, test } from 'vitest'
import { checkFleet, stabilityIndex } from '../../src/flow/mine/fleet.ts'
import { guardOf } from '../../src/flow/mine/guard.ts'
import type { KnownModel } from '../../src/flow/mine/known.ts'
import type { Workshop } from '../../src/flow/mine/workshop.ts'
import { strengthOf } from '../../src/miners/churn/changes.ts'
import { offers } from '../../src/miners/offers/index.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import type { MinerRun } from '../../src/store/run-summary.ts'
import { basketsOf, frameOf, type Order } from '../offers/frames.ts'

const DAY = 86_400_000

const report: Report = {
  miner: 'churn',
  version: 1,
  event: 'no order within 90 days',
  verdict: 'publish',
  why: 'good',
  protocol: 'later-period',
  population: { who: 'customers', rows: 400, positives: 100 },
  judgedAt: [],
  metrics: { 'recall@10': { value: 0.2, low: 0.19, high: 0.21 } },
  baselines: [],
  candidates: [],
  details: {},
}
const definition = { event: report.event, from: 'silence', horizonDays: 90, who: 'customers' } as const
const live: KnownModel = { id: 'old', minerVersion: 1, definition, params: {}, model: 'old', report, dataUntil: 150 * DAY }

/** 400 customers, a quarter of them leaves; a model is how much it knows about who. */
const frame: Frame = {
  ...frameOf(
    Array.from({ length: 400 }, (_, i) => `c${i}`),
    {},
    200 * DAY,
  ),
  outcome: Float64Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0)),
}
const workshop = (knows: Readonly<Record<string, number>>): Workshop =>
  ({
    score: async (_: string, model: unknown, now: Frame) => {
      const rng = seededRng(String(model))
      const probability = Float64Array.from(now.outcome!, (y) => 0.05 + 0.4 * rng.next() + knows[String(model)]! * y)
      return { ids: now.ids, fields: {}, probability, signs: null, unscored: now.ids.map(() => null) }
    },
    judge: async () => ({ ...report, metrics: { 'recall@10': { value: 0.3, low: 0.29, high: 0.31 } } }),
  }) as unknown as Workshop
const contest = (knows: Readonly<Record<string, number>>) => ({
  miner: 'churn',
  live,
  trials: [{ model: 'new', frame }],
  report,
  lesson: { definition } as unknown as Parameters<typeof guardOf>[0]['lesson'],
  params: {},
  workshop: workshop(knows),
})

describe('a new model beside the live one, on the same rows', () => {
  test('takes over where it is better, or no worse than chance', async () => {
    const better = await guardOf(contest({ old: 0.1, new: 0.3 }))
    expect(better).toMatchObject({ against: 'old', replaced: true, rows: 400 })
    expect(better!.figures.map((each) => each.name)).toEqual(['AUC', 'log-loss'])
    expect((await guardOf(contest({ old: 0.2, new: 0.2 })))?.replaced).toBe(true)
  })
  test('gives way where it is worse beyond chance, and the reason holds both figures', async () => {
    const worse = await guardOf(contest({ old: 0.4, new: 0 }))
    expect(worse?.replaced).toBe(false)
    expect(worse?.why).toMatch(/^Worse than the model of 1970-05-31 on the same 400 rows: AUC \.\d+ against \.?\d+/)
    expect(worse!.figures[0]!.high).toBeLessThan(0)
  })
  test('it is said where the live one had seen some of the outcome', async () => {
    const seen = { ...contest({ old: 0.2, new: 0.2 }), live: { ...live, dataUntil: 250 * DAY } }
    expect((await guardOf(seen))?.why).toMatch(/1 of these 1 periods|of 1 of these|of these 1 periods the live one had seen/)
  })
  test('without probabilities the figures of both reports decide', async () => {
    const silent = { ...frame, outcome: null }
    const lost = await guardOf({ ...contest({}), trials: [{ model: 'new', frame: silent }] })
    expect(lost).toMatchObject({ replaced: false, figures: [{ name: 'recall@10', before: 0.3, now: 0.2 }] })
    expect(
      await guardOf({ ...contest({}), trials: [{ model: 'new', frame: silent }], report: { ...report, metrics: { k: 4 } } }),
    ).toBeNull()
  })
})

describe('all scores of a run together', () => {
  const run = (more: Partial<MinerRun> = {}): MinerRun => ({
    miner: 'churn',
    model: 'm',
    rows: 1000,
    unscored: 100,
    mean: 0.3,
    spread: [200, 300, 300, 100],
    ...more,
  })
  const feed = { at: 100 * DAY, newestEvent: 99 * DAY }
  const states = (now: MinerRun, before: MinerRun[] = [run()], when = feed) => {
    const { state, findings } = checkFleet([now], before, when)
    return [state, findings.length]
  }
  test('fine where nothing moved, and in the first run', () => {
    expect(states(run())).toEqual(['fine', 0])
    expect(states(run(), [])).toEqual(['fine', 0])
  })
  test('records that lost their score, that are gone, scores that moved, a feed that fell silent', () => {
    expect(states(run({ unscored: 170 }))).toEqual(['watch', 1])
    expect(states(run({ unscored: 700 }))).toEqual(['act', 1])
    expect(states(run({ rows: 500, unscored: 50 }))).toEqual(['act', 1])
    expect(states(run({ spread: [50, 100, 350, 400], mean: 0.6 }))).toEqual(['act', 1])
    expect(states(run(), [run()], { ...feed, newestEvent: 80 * DAY })).toEqual(['watch', 1])
  })
  test('another model, or a few customers by chance, is no finding', () => {
    expect(states(run({ model: 'other', spread: [50, 100, 350, 400] }))).toEqual(['fine', 0])
    expect(states(run({ rows: 10, unscored: 2 }), [run({ rows: 10, unscored: 1 })])).toEqual(['fine', 0])
  })
  test('the stability index by hand', () => {
    expect(stabilityIndex([50, 50], [25, 75])).toBeCloseTo(-0.25 * Math.log(0.5) + 0.25 * Math.log(1.5), 12)
    expect(stabilityIndex([0, 0], [1, 1])).toBe(0)
    expect(stabilityIndex([10, 0], [0, 10])).toBeLessThan(Infinity)
  })
})

test('how well a column ranks, from counts in bins: as from the rows themselves', () => {
  // Bins with (events, others): (0, 10), (5, 5), (10, 0): AUC by pairs = (5*10 + 5*2.5 + 10*15) / (15*15).
  const evidence = {
    column: 'x',
    edges: [1, 2],
    levels: [],
    bins: [
      { n: 10, rate: 0 },
      { n: 10, rate: 0.5 },
      { n: 10, rate: 1 },
    ],
    missing: { n: 0, rate: 0 },
    low: 0,
    high: 3,
  }
  expect(strengthOf(evidence, 1)?.auc).toBeCloseTo((50 + 12.5 + 150) / 225, 12)
  expect(strengthOf(evidence, 2)!.error).toBeGreaterThan(strengthOf(evidence, 1)!.error)
  expect(strengthOf({ ...evidence, bins: [{ n: 10, rate: 0 }] }, 1)).toBeNull()
})

test('a rule between products that came up since is told; one that held all along is not', async () => {
  // Tea and sugar always went together; from day 100 on whoever buys coffee also buys milk.
  const orders: Order[] = Array.from({ length: 120 }, (_, i) => [
    { customer: `c${i}`, at: 10 * DAY, codes: i % 2 === 0 ? ['tea', 'sugar'] : ['coffee', ...(i % 24 === 1 ? ['milk'] : [])] },
    { customer: `c${i}`, at: 60 * DAY, codes: ['bread'] },
    ...(i % 2 === 1 ? [{ customer: `c${i}`, at: 150 * DAY, codes: ['milk'] }] : []),
  ]).flat()
  const ids = [...new Set(orders.map((order) => order.customer))].sort()
  const at = (until: number): Frame => ({
    ...frameOf(ids, {}, until),
    baskets: basketsOf(
      ids,
      orders.filter((order) => order.at < until),
    ),
  })
  const params = offers.params.parse({})
  const fit = (now: Frame) => offers.fit({ definition, frames: [now], order: 'none' }, params, seededRng('offers'))
  const [then, now] = [at(100 * DAY), at(200 * DAY)]
  const told = offers.changes!(await fit(then), await fit(now), now, params, seededRng('changes'))
  const named = (name: string) => told.find((each) => each.name === name)
  expect(named('coffee → milk')).toMatchObject({ how: 'appeared', now: 1 })
  expect(named('coffee → milk')!.p).toBeLessThan(1e-6)
  expect(named('tea → sugar')!.p).toBe(1)
})
