import type { Frame, Training } from '@assay/shared'
import { expect, test, vi } from 'vitest'
import { segments } from '../../src/miners/segments/index.ts'
import { chooseSegments } from '../../src/miners/segments/choose-k.ts'
import { segmentNames } from '../../src/miners/segments/names.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { frameOf } from '../offers/frames.ts'
import { customerId, DEFINITION, planted } from './planted.ts'

// Learning many times is work; how long it takes is not what is tested.
vi.setConfig({ testTimeout: 120_000 })

const training = (frame: Frame): Training => ({ definition: DEFINITION, frames: [frame], order: 'none' })
const params = segments.params.parse({ resamples: 8, restarts: 3, references: 8 })
const fit = (frame: Frame) => segments.fit(training(frame), params, seededRng('segments'))

test('planted groups are found, named differently, and hold on other customers', async () => {
  const model = await fit(planted('a'))
  expect(model.centres).toHaveLength(4)
  expect(new Set(model.segments.map((each) => each.name)).size).toBe(4)
  expect(model.segments[0]!.name).toBe('Frequent big buyers')
  expect(model.segments.at(-1)!.name).toBe('Quiet for long')
  const other = planted('b', 300)
  const scored = segments.score(model, other, params).fields['segment'] as string[]
  for (let kind = 0; kind < 4; kind++) expect(new Set(scored.filter((_, i) => i % 4 === kind)).size).toBe(1)
  const report = segments.judge([{ model, frame: other }], DEFINITION, params, seededRng('judge'))
  expect(report.verdict).toBe('publish')
  expect(report.metrics['k']).toBe(4)
  expect(report.metrics['stability']).toBeGreaterThan(0.95)
  expect(report.protocol).toBe('resampling')
})

test('one shapeless cloud is not cut into clusters: RFM bins, and the report says so', async () => {
  const rng = seededRng('cloud')
  const normal = () => Array.from({ length: 12 }, () => rng.next()).reduce((sum, value) => sum + value, -6)
  const n = 600
  const column = (middle: number, spread: number) => Array.from({ length: n }, () => Math.round(Math.exp(middle + spread * normal())) + 1)
  const cloud = frameOf(
    Array.from({ length: n }, (_, i) => customerId(i)),
    { days_since_last_order: column(4, 0.5), orders: column(3, 0.5), money: column(7, 0.5) },
  )
  const model = await fit(cloud)
  expect(model.centres).toBeNull()
  expect(model.choice).toMatch(/no cluster structure/)
  expect(model.segments.reduce((sum, each) => sum + each.size, 0)).toBe(n)
  expect(segments.score(model, cloud, params).fields['segment']).not.toContain(null)
})

test('what is tighter than points without structure by chance alone is not said to be no tighter', () => {
  const clouds = Array.from({ length: 6 }, (_, seed) => {
    const rng = seededRng(`cloud ${seed}`)
    const points = { values: Float64Array.from({ length: 300 }, () => rng.next() ** 2), width: 2 }
    return chooseSegments(points, points, params, seededRng('choice'))
  })
  const byChance = clouds.flatMap(({ tried, oneGap }) =>
    tried.filter(({ gap, against }) => gap > oneGap && /structure/.test(against ?? '')),
  )
  expect(byChance.length).toBeGreaterThan(0)
  for (const { against } of byChance) expect(against).toMatch(/not by more than chance \(gap \d\.\d+, more than \d\.\d+ is needed\)/)
})

test('segments of a later period that fell apart are refused', async () => {
  const model = await fit(planted('a'))
  const rng = seededRng('apart')
  const shaken = frameOf(
    Array.from({ length: 400 }, (_, i) => customerId(i)),
    {
      days_since_last_order: Array.from({ length: 400 }, () => 1 + rng.below(20)),
      orders: Array.from({ length: 400 }, () => 1 + rng.below(3)),
      money: Array.from({ length: 400 }, () => 1000 + rng.below(9000)),
    },
  )
  const report = segments.judge([{ model, frame: shaken }], DEFINITION, params, seededRng('judge'))
  expect(report.verdict).toBe('refuse')
  expect(report.why).toMatch(/not stable/)
})

test('stages: prospect, responder, active, former; a slow rhythm of one’s own is respected', async () => {
  const model = await fit(planted('a'))
  const none = Number.NaN
  const frame = frameOf(['a', 'b', 'c', 'd', 'e', 'f'], {
    days_since_last_order: [none, none, 89, 91, 200, none],
    orders: [0, none, 2, 2, 4, 3],
    money: [none, none, 10, 10, 10, 10],
    tenure_days: [none, none, 300, 300, 800, 500],
    inbound_90d: [0, 2, 0, 0, 0, 0],
  })
  const scored = segments.score(model, frame, params)
  expect(scored.fields['lifecycle_stage']).toEqual(['Prospect', 'Responder', 'Active', 'Former', 'Active', null])
  expect((scored.fields['segment'] as string[])[0]).toBe('No order yet')
  expect(scored.unscored[5]).toMatch(/not known/)
})

test('money that is unknown is not zero: the customer gets no segment', async () => {
  const model = await fit(planted('a'))
  const frame = frameOf(['a', 'b'], { days_since_last_order: [5, 5], orders: [40, 40], money: [20_000, Number.NaN] })
  expect(segments.score(model, frame, params).fields['segment']).toEqual(['Frequent big buyers', null])
})

test('names never meet, however alike the centres are', () => {
  const near = Array.from({ length: 5 }, (_, i) => ({ days_since_last_order: 1, orders: -1, money: i / 10 }))
  expect(new Set(segmentNames(near)).size).toBe(5)
})

test('too few customers: an error that says how many there are', async () => {
  await expect(fit(planted('a', 20))).rejects.toThrow(/there are 20/)
})
