import { expect, test } from 'vitest'
import { auc } from '../../src/numeric/auc.ts'
import { errorOfAuc } from '../../src/numeric/auc-power.ts'
import { logLoss } from '../../src/numeric/log-loss.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import type { Pool } from '../../src/miners/churn/pool.ts'
import { powerOf } from '../../src/miners/churn/power.ts'
import type { Rival } from '../../src/miners/churn/verdict.ts'

/** 400 rows of which nothing can be learned: the baseline says the average, and so does nearly every candidate. */
const rng = seededRng('noise')
const outcome = Float64Array.from({ length: 400 }, () => (rng.next() < 0.3 ? 1 : 0))
const flat = outcome.map(() => 0.3)
const nearlyFlat = outcome.map((_, row) => (row % 100 === 0 ? 0.31 : 0.3))
const positives = outcome.reduce((sum, y) => sum + y, 0)
const pool: Pool = {
  ids: Array.from(outcome, (_, row) => `c${row}`),
  outcome,
  positives,
  probability: nearlyFlat,
  trial: new Int32Array(400),
  clusters: null,
  names: ['base rate', 'trees'],
  baselines: new Set(['base rate']),
  said: new Map([
    ['base rate', flat],
    ['trees', nearlyFlat],
  ]),
  periods: [],
}
const rival = (name: string, probability: Float64Array): Rival => ({
  name,
  baseline: pool.baselines.has(name),
  probability,
  auc: auc(probability, outcome),
  logLoss: logLoss(probability, outcome),
})

test('where nothing was learned, power is that of a model that did learn something, not of scores that hardly vary', () => {
  const {
    power,
    detectable,
    auc: good,
  } = powerOf(
    pool,
    [...pool.said].map(([name, said]) => rival(name, said)),
  )
  const error = errorOfAuc(good, positives, 400 - positives)
  expect(detectable!).toBeCloseTo(2.8 * error, 2)
  expect(detectable!).toBeGreaterThan(0.05)
  expect(power).toBeGreaterThan(0.5)
  expect(power).toBeLessThan(0.99)
})
