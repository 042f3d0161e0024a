import { describe, expect, it } from 'vitest'
import { aucPower } from '../../src/numeric/auc-power.ts'
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
  it.each([
    [20, 0.2],
    [40, 0.35],
    [60, 0.53],
    [100, 0.76],
  ])('with %i lost customers .744 against .684 passes in about the share of the draws that did', (positives, share) => {
    expect(Math.abs(aucPower(0.744, 0.684, positives, Math.round((positives * 0.567) / 0.433)) - share)).toBeLessThan(0.04)
  })

  it('grows with the data, shrinks where rows belong together, and is 0 where there is nothing to find', () => {
    expect(aucPower(0.75, 0.69, 2000, 2000)).toBeGreaterThan(0.999)
    expect(aucPower(0.75, 0.69, 100, 300, 2)).toBeLessThan(aucPower(0.75, 0.69, 100, 300))
    expect(aucPower(0.6, 0.7, 1000, 1000)).toBe(0)
    expect(aucPower(0.7, 0.5, 0, 1000)).toBe(0)
  })
})
