import { expect, it, vi } from 'vitest'
import { b2bWorld, judgeOracle } from '../src/index.ts'
import { auc } from './bundles.ts'

vi.setConfig({ testTimeout: 60_000 })

const DAY = 86_400_000
const world = b2bWorld({ accounts: 800 })
const DAYS = [200, 320, 440].map((days) => world.today - days * DAY)

it.each([90, 180])('the oracle tells who stays silent for %i days, clearly better than recency', (horizon) => {
  const oracle: number[] = []
  const recency: number[] = []
  const silent: boolean[] = []
  for (let index = 0; index < world.size; index++) {
    const truth = world.truth(index)
    const won = world
      .bundle(index)
      .deals.flatMap(({ body }) => (body.isWon === true ? [body.closedAt!] : []))
      .toSorted((a, b) => a - b)
    for (const at of DAYS) {
      const last = won.findLast((order) => order <= at)
      if (last === undefined || at - last > 365 * DAY) continue
      oracle.push(truth.silence(at, horizon))
      recency.push(at - last)
      silent.push(!won.some((order) => order > at && order <= at + horizon * DAY))
    }
  }
  const rate = silent.filter(Boolean).length / silent.length
  const expected = oracle.reduce((a, b) => a + b, 0) / oracle.length
  const [ours, naive] = [auc(oracle, silent), auc(recency, silent)]
  console.log(
    `no order within ${horizon} days: ${silent.length} customer-days, ${(100 * rate).toFixed(1)} % silent, oracle AUC ${ours.toFixed(3)}, recency only ${naive.toFixed(3)}`,
  )
  expect(ours).toBeGreaterThan(naive + 0.03)
  expect(ours).toBeGreaterThan(0.78)
  expect(ours).toBeLessThan(0.92)
  const judged = judgeOracle(world, DAYS, horizon, 365)
  expect([judged.rows, judged.silent]).toEqual([silent.length, silent.filter(Boolean).length])
  expect(judged.auc).toBeCloseTo(ours, 12)
  // Calibrated, or it would be no probability.
  expect(Math.abs(expected - rate)).toBeLessThan(0.03)
})

it('gives the same probability again, and a longer horizon no higher one', () => {
  const at = world.today - 200 * DAY
  for (let index = 0; index < 40; index++) {
    const truth = world.truth(index)
    expect(truth.silence(at, 90)).toBe(world.truth(index).silence(at, 90))
    expect(truth.silence(at, 180)).toBeLessThanOrEqual(truth.silence(at, 90) + 1e-9)
  }
})
