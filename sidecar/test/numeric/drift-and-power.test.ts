import { describe, expect, it } from 'vitest'
import { auc } from '../../src/numeric/auc.ts'
import { aucDifference } from '../../src/numeric/auc-interval.ts'
import { chanceToPass, detectable, errorOfAuc, goodAuc, timesTheRows } from '../../src/numeric/auc-power.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { numbersIndex, stabilityIndex, wordsIndex } from '../../src/numeric/stability-index.ts'
import { readCsv } from '../churn/csv.ts'
import { dataFile } from './data.ts'

describe('population stability index', { timeout: 60_000 }, () => {
  it('is the sum by hand, 0 for the same shares, and finite where a bin is empty', () => {
    expect(stabilityIndex([50, 50], [80, 20])).toBeCloseTo(0.3 * Math.log(1.6) - 0.3 * Math.log(0.4), 12)
    expect(stabilityIndex([5, 10, 15], [1, 2, 3])).toBeCloseTo(0, 12)
    expect(stabilityIndex([10, 0], [5, 5])).toBeCloseTo(-0.5 * Math.log(0.5) + (0.5 - 1e-4) * Math.log(0.5 / 1e-4), 10)
    expect(stabilityIndex([], [])).toBe(0)
  })

  it('counts missing values and new words as bins of their own', () => {
    const known = Float64Array.from({ length: 100 }, (_, k) => k)
    expect(numbersIndex(known, known)).toBeCloseTo(0, 12)
    expect(
      numbersIndex(
        known,
        known.map((v) => (v % 2 === 0 ? Number.NaN : v)),
      ),
    ).toBeGreaterThan(1)
    const rare = (share: number): Float64Array => Float64Array.from({ length: 1000 }, (_, k) => (k < share * 1000 ? 1 : 0))
    expect(numbersIndex(rare(0.02), rare(0.06))).toBeCloseTo(0.04 * Math.log(3) - 0.04 * Math.log(0.94 / 0.98), 10)
    expect(wordsIndex(['a', 'b', null], ['a', 'b', null])).toBeCloseTo(0, 12)
    expect(wordsIndex(['a', 'b'], ['a', 'c'])).toBeGreaterThan(1)
  })

  const bank = dataFile('bank-marketing/bank-additional-full.csv')
  it.runIf(bank !== null)(
    'equals the figures measured on bank marketing, first 70 % against last 30 %: euribor3m 8.49, age .116, campaign .050',
    () => {
      const { header, rows } = readCsv(bank!, ';')
      const edge = Math.floor(rows.length * 0.7)
      const index = (name: string): number => {
        const values = Float64Array.from(rows, (row) => Number(row[header.indexOf(name)]))
        return numbersIndex(values.slice(0, edge), values.slice(edge))
      }
      expect(index('euribor3m')).toBeCloseTo(8.49, 2)
      expect(index('age')).toBeCloseTo(0.116, 2)
      expect(index('campaign')).toBeCloseTo(0.05, 2)
    },
  )
})

describe('power of a verdict', () => {
  it('is the share of samples whose interval leaves zero out, from the error that one sample shows', () => {
    const rng = seededRng('power')
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next())
    const draws = Array.from({ length: 250 }, () => {
      const outcome = Array.from({ length: 240 }, (_, row) => (row < 80 ? 1 : 0))
      const baseline = outcome.map((y) => y * 0.7 + normal())
      const model = outcome.map((y, row) => 0.5 * baseline[row]! + y * 0.55 + 0.8 * normal())
      return aucDifference(model, baseline, outcome)
    })
    const mean = (of: (draw: (typeof draws)[number]) => number): number => draws.reduce((sum, draw) => sum + of(draw), 0) / draws.length
    const passed = mean(({ low }) => (low > 0 ? 1 : 0))
    expect(passed).toBeGreaterThan(0.2)
    expect(passed).toBeLessThan(0.9)
    expect(
      Math.abs(
        chanceToPass(
          mean(({ value }) => value),
          mean(({ error }) => error),
        ) - passed,
      ),
    ).toBeLessThan(0.08)
  })

  it('is .8 at the smallest detectable difference, and 0 where there is nothing to find or nothing is known', () => {
    expect(chanceToPass(detectable(0.03), 0.03)).toBeCloseTo(0.8, 9)
    expect(chanceToPass(0.06, 0.001)).toBeGreaterThan(0.999)
    expect([chanceToPass(-0.1, 0.03), chanceToPass(0.1, Number.NaN), chanceToPass(0.1, 0)]).toEqual([0, 0, 0])
    expect([goodAuc(0.5), goodAuc(0.9), goodAuc(1)].map((x) => x.toFixed(2))).toEqual(['0.60', '0.92', '1.00'])
  })

  it('knows the error of an AUC that nobody measured: of exponential scores, for which the formula is exact', () => {
    const rng = seededRng('exponential')
    const outcome = Array.from({ length: 90 }, (_, row) => (row < 30 ? 1 : 0))
    const draws = Array.from({ length: 2000 }, () =>
      auc(
        outcome.map((y) => -Math.log(1 - rng.next()) * (y === 1 ? 2 : 1)),
        outcome,
      ),
    )
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length
    const error = Math.sqrt(draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws.length - 1))
    expect(mean).toBeCloseTo(2 / 3, 2)
    expect(Math.abs(error / errorOfAuc(2 / 3, 30, 60) - 1)).toBeLessThan(0.05)
  })

  it('counts no rows from a difference that is smaller than its error', () => {
    expect(timesTheRows({ value: 0.02, error: 0.02 })).toBeCloseTo(1.96 ** 2, 3)
    expect(timesTheRows({ value: 0.0001, error: 0.02 })).toBeNull()
    expect(timesTheRows({ value: 0.02, error: Number.NaN })).toBeNull()
    expect(timesTheRows({ value: 0.1, error: 0.01 })).toBe(1)
  })
})
