import { describe, expect, it } from 'vitest'
import { aucDifference, aucInterval } from '../../src/numeric/auc-interval.ts'
import { auc } from '../../src/numeric/auc.ts'
import { brier } from '../../src/numeric/brier.ts'
import { clusterBootstrap } from '../../src/numeric/cluster-bootstrap.ts'
import { correlation } from '../../src/numeric/correlation.ts'
import { lift } from '../../src/numeric/lift.ts'
import { logLoss } from '../../src/numeric/log-loss.ts'
import { prAuc } from '../../src/numeric/pr-auc.ts'
import { moments } from '../../src/numeric/moments.ts'
import { quantile } from '../../src/numeric/quantile.ts'
import { calibrationError, reliability } from '../../src/numeric/reliability.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { sigmoid } from '../../src/numeric/sigmoid.ts'
import { sortOrder } from '../../src/numeric/sort-order.ts'
import { standardise } from '../../src/numeric/standardise.ts'

function sample(n: number, seed: string): { a: number[]; b: number[]; y: number[] } {
  const rng = seededRng(seed)
  const truth = Array.from({ length: n }, () => rng.next() * 4 - 2)
  return {
    a: truth.map((t) => Math.round((t + rng.next()) * 10) / 10),
    b: truth.map((t) => t + 3 * rng.next()),
    y: truth.map((t) => (rng.next() < sigmoid(t) ? 1 : 0)),
  }
}

describe('intervals of the AUC', () => {
  it('equals the double sum of DeLong 1988 with ties, and the paired difference too', () => {
    const { a, b, y } = sample(120, 'delong')
    const kernel = (p: number, q: number): number => (p > q ? 1 : p === q ? 0.5 : 0)
    const positive = y.flatMap((v, i) => (v === 1 ? [i] : []))
    const negative = y.flatMap((v, i) => (v === 0 ? [i] : []))
    const variance = (values: number[]): number => {
      const mean = values.reduce((s, v) => s + v, 0) / values.length
      return values.reduce((s, v) => s + (v - mean) ** 2, 0) / (values.length - 1)
    }
    const mean = (values: number[]): number => values.reduce((s, v) => s + v, 0) / values.length
    const v10 = (s: number[]): number[] => positive.map((i) => mean(negative.map((j) => kernel(s[i]!, s[j]!))))
    const v01 = (s: number[]): number[] => negative.map((j) => mean(positive.map((i) => kernel(s[i]!, s[j]!))))
    const single = Math.sqrt(variance(v10(a)) / positive.length + variance(v01(a)) / negative.length)
    expect(aucInterval(a, y).error).toBeCloseTo(single, 12)
    expect(aucInterval(a, y).value).toBeCloseTo(auc(a, y), 12)
    const gap = (p: number[], q: number[]): number[] => p.map((v, i) => v - q[i]!)
    const paired = Math.sqrt(variance(gap(v10(a), v10(b))) / positive.length + variance(gap(v01(a), v01(b))) / negative.length)
    const difference = aucDifference(a, b, y)
    expect(difference.error).toBeCloseTo(paired, 12)
    expect(difference.value).toBeCloseTo(auc(a, y) - auc(b, y), 12)
  })

  it('widens for repeated customers as a cluster bootstrap does', () => {
    const { a, y } = sample(250, 'clusters')
    // Every customer three times: the same information, three times the rows.
    const scores = [...a, ...a, ...a]
    const outcome = [...y, ...y, ...y]
    const ids = scores.map((_, i) => `c${i % 250}`)
    const naive = aucInterval(scores, outcome).error
    const clustered = aucInterval(scores, outcome, ids)
    const once = aucInterval(a, y).error
    expect(naive).toBeLessThan(0.65 * once)
    expect(clustered.error / once).toBeCloseTo(1, 1)
    const boot = clusterBootstrap(
      ids,
      (rows) =>
        auc(
          Array.from(rows, (i) => scores[i]!),
          Array.from(rows, (i) => outcome[i]!),
        ),
      seededRng('boot'),
      300,
    )
    expect((boot.high - boot.low) / (clustered.high - clustered.low)).toBeGreaterThan(0.85)
    expect((boot.high - boot.low) / (clustered.high - clustered.low)).toBeLessThan(1.15)
  })

  it('covers the truth about 95 times in 100', () => {
    // Positives N(1, 1), negatives N(0, 1): AUC is Phi(1 / sqrt 2) = .7602.
    const rng = seededRng('coverage')
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next())
    let covered = 0
    for (let draw = 0; draw < 400; draw++) {
      const y = Array.from({ length: 160 }, (_, i) => (i < 60 ? 1 : 0))
      const { low, high } = aucInterval(
        y.map((v) => v + normal()),
        y,
      )
      if (low <= 0.7602 && high >= 0.7602) covered++
    }
    expect(covered / 400).toBeGreaterThan(0.91)
    expect(covered / 400).toBeLessThan(0.98)
  })

  it('says that everything is possible with one positive', () => {
    expect(aucInterval([1, 2, 3], [0, 0, 1])).toMatchObject({ value: 1, low: 0, high: 1 })
  })
})

describe('figures of probabilities', () => {
  it('equals the examples of scikit-learn', () => {
    expect(prAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo(0.8333333333, 10)
    expect(logLoss([0.9, 0.1, 0.2, 0.65], [1, 0, 0, 1])).toBeCloseTo(0.21616187468057912, 12)
    expect(brier([0.1, 0.9, 0.8, 0.3], [0, 1, 1, 0])).toBeCloseTo(0.0375, 12)
  })

  it('gives all ties one precision: a constant score has the base rate', () => {
    expect(prAuc([1, 1, 1, 1], [0, 1, 0, 0])).toBe(0.25)
    expect(lift([1, 1, 1, 1], [0, 1, 0, 0], 0.25)).toMatchObject({ n: 1, rate: 0.25, lift: 1, gain: 0.25 })
  })

  it('counts lift in the top share', () => {
    expect(lift([5, 4, 3, 2, 1, 0, 0, 0, 0, 0], [1, 1, 0, 0, 1, 0, 0, 0, 0, 0], 0.2)).toMatchObject({ n: 2, rate: 1, gain: 2 / 3 })
  })

  it('cuts reliability into equal bins without splitting ties', () => {
    const p = [0.1, 0.1, 0.1, 0.1, 0.6, 0.7, 0.8, 0.9]
    const y = [0, 0, 1, 0, 1, 0, 1, 1]
    const bins = reliability(p, y, 4)
    expect(bins.map((b) => b.n)).toEqual([4, 2, 2])
    expect(bins[0]).toMatchObject({ said: expect.closeTo(0.1, 12), happened: 0.25 })
    expect(calibrationError(p, y, 4)).toBeCloseTo((4 * 0.15 + 2 * 0.15 + 2 * 0.15) / 8, 12)
  })
})

describe('small statistics', () => {
  it('has quantiles of type 7, missing left out', () => {
    expect(quantile(Float64Array.from([4, Number.NaN, 1, 3, 2]), 0.5)).toBe(2.5)
    expect(quantile(Float64Array.from([1, 2, 3, 4]), 0.25)).toBe(1.75)
    expect(quantile(new Float64Array(0), 0.5)).toBeNaN()
  })

  it('has moments, standard scores and correlations', () => {
    expect(moments([2, 4, 4, 4, 5, 5, 7, 9, Number.NaN])).toMatchObject({ n: 8, mean: 5, deviation: 2 })
    expect([...standardise(Float64Array.from([1, 2, 3])).values].map((v) => Math.round(v * 1e4) / 1e4)).toEqual([-1.2247, 0, 1.2247])
    expect([...standardise(Float64Array.from([3, 3])).values]).toEqual([0, 0])
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12)
    expect(correlation([1, 1, 1], [2, 4, 6])).toBe(0)
  })

  it('sorts stably with missing last', () => expect([...sortOrder([2, Number.NaN, 1, 2])]).toEqual([2, 0, 3, 1]))
})
