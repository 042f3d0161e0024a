import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bgBb } from '../../src/numeric/buying/bg-bb.ts'
import type { History } from '../../src/numeric/buying/buying-model.ts'
import { fitBuying } from '../../src/numeric/buying/fit-buying.ts'
import { expectedSpending, fitGammaGamma, type Spending } from '../../src/numeric/buying/gamma-gamma.ts'
import { mbgCnbd } from '../../src/numeric/buying/mbg-cnbd-k.ts'
import { mbgNbd } from '../../src/numeric/buying/mbg-nbd.ts'
import { regularity } from '../../src/numeric/buying/regularity.ts'
import { lnBeta } from '../../src/numeric/ln-gamma.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { dataFile } from './data.ts'
import { betaDraw, gammaDraw } from './draws.ts'

/** Fits take seconds where the machine is busy. */
const PATIENCE = 60_000

const summaryFile = dataFile('cdnow/cdnow_customers_summary_with_transactions.csv')
const donationsFile = dataFile('cdnow/donations.csv')
const lines = (file: string): number[][] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))

describe('Gamma-Gamma', () => {
  it.runIf(summaryFile !== null)('gives the published parameters and means of CDNOW (Fader & Hardie 2013; lifetimes tests)', () => {
    const all = lines(summaryFile!)
    const repeaters = all.flatMap(([, x, , , mean]) => (x! > 0 ? [{ purchases: x!, mean: mean! }] : []))
    expect(repeaters).toHaveLength(946)
    const fit = fitGammaGamma(repeaters)
    expect(fit.degenerate).toBeNull()
    expect(fit.p).toBeCloseTo(6.25, 2)
    expect(fit.q).toBeCloseTo(3.744, 2)
    expect(Math.abs(fit.v - 15.447)).toBeLessThan(0.02)
    expect(Math.abs(fit.logLikelihood - -4055.9)).toBeLessThan(0.06)
    const published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    all.slice(0, 10).forEach(([, x, , , mean], row) => {
      const said = expectedSpending({ p: 6.25, q: 3.74, v: 15.44 }, { purchases: x!, mean: mean! })
      expect(Math.abs(said - published[row]!), `customer ${row + 1}`).toBeLessThan(0.08)
    })
  })

  it('finds the parameters that customers were drawn with, and their means', () => {
    const rng = seededRng('gamma-gamma')
    const truth = { p: 4, q: 3, v: 20 }
    const drawn = Array.from({ length: 6000 }, (): Spending & { own: number } => {
      const rate = gammaDraw(rng, truth.q, truth.v)
      const purchases = 1 + rng.below(5)
      let sum = 0
      for (let k = 0; k < purchases; k++) sum += gammaDraw(rng, truth.p, rate)
      return { purchases, mean: sum / purchases, own: truth.p / rate }
    })
    const fit = fitGammaGamma(drawn)
    expect(fit.p / truth.p).toBeCloseTo(1, 0)
    expect(fit.q / truth.q).toBeCloseTo(1, 0)
    // Whoever spent much before is expected to spend less than that, and does.
    const high = drawn.filter((one) => one.mean > 15)
    const mean = (of: (one: (typeof drawn)[number]) => number): number => high.reduce((sum, one) => sum + of(one), 0) / high.length
    expect(mean((one) => expectedSpending(fit, one)) / mean((one) => one.own)).toBeGreaterThan(0.95)
    expect(mean((one) => expectedSpending(fit, one)) / mean((one) => one.own)).toBeLessThan(1.05)
  })

  it('says where it cannot be used: equal amounts, two customers', () => {
    const equal = fitGammaGamma(Array.from({ length: 50 }, (_, k) => ({ purchases: 1 + (k % 4), mean: 25 })))
    expect(equal.degenerate).not.toBeNull()
    for (const value of [equal.p, equal.q, equal.v, equal.logLikelihood]) expect(Number.isFinite(value)).toBe(true)
    const two = fitGammaGamma([
      { purchases: 1, mean: 5 },
      { purchases: 2, mean: 500 },
    ])
    for (const value of [two.p, two.q, two.v, two.logLikelihood]) expect(Number.isFinite(value)).toBe(true)
  })
})

describe('BG/BB', () => {
  it.runIf(donationsFile !== null)(
    'gives the published parameters, chances and totals of the 1995 donors (Fader, Hardie & Shang 2010; lifetimes tests)',
    () => {
      const rows = lines(donationsFile!)
      const histories = rows.flatMap(([repeats, recency, age, weight]) =>
        Array.from({ length: weight! }, (): History => ({ repeats: repeats!, recency: recency!, age: age! })),
      )
      expect(histories).toHaveLength(11_104)
      const fit = fitBuying(bgBb, histories)
      ;[1.2035, 0.7497, 0.6567, 2.7834].forEach((value, j) => expect(fit.parameters[j]! / value).toBeCloseTo(1, 2))
      expect(Math.abs(fit.logLikelihood - -33225.6)).toBeLessThan(0.06)
      expect(fit.degenerate).toBeNull()
      const chance = (repeats: number, recency: number): number => bgBb.alive(fit.parameters, { repeats, recency, age: 6 })
      expect(chance(0, 0)).toBeCloseTo(0.11, 2)
      expect(chance(2, 4)).toBeCloseTo(0.59, 2)
      expect(chance(6, 6)).toBeCloseTo(0.93, 2)
      const expected = histories.reduce((sum, history) => sum + bgBb.expected(fit.parameters, history, 5), 0)
      expect(expected / 12_884.2).toBeCloseTo(1, 3)
    },
    PATIENCE,
  )

  it('adds up to 1 over all histories, and equals the sum over when a customer stops', () => {
    const p = [1.2, 0.75, 0.66, 2.78]
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k)
    const age = 5
    let total = Math.exp(bgBb.logLikelihood(p, { repeats: 0, recency: 0, age }))
    for (let recency = 1; recency <= age; recency++)
      for (let repeats = 1; repeats <= recency; repeats++)
        total += choose(recency - 1, repeats - 1) * Math.exp(bgBb.logLikelihood(p, { repeats, recency, age }))
    expect(total).toBeCloseTo(1, 10)
    // Brute force: alive through `lasts` periods, then gone (or through all of them).
    const history = { repeats: 2, recency: 3, age }
    let sum = 0
    for (let lasts = 3; lasts <= age; lasts++) {
      const buys = lnBeta(p[0]! + 2, p[1]! + lasts - 2) - lnBeta(p[0]!, p[1]!)
      const stops = (lasts === age ? lnBeta(p[2]!, p[3]! + age) : lnBeta(p[2]! + 1, p[3]! + lasts)) - lnBeta(p[2]!, p[3]!)
      sum += Math.exp(buys + stops)
    }
    expect(bgBb.logLikelihood(p, history)).toBeCloseTo(Math.log(sum), 12)
  })
})

describe('MBG/CNBD-k', () => {
  it('is MBG/NBD with k = 1', () => {
    const one = mbgCnbd(1)
    const p = [0.5, 6.2, 0.9, 1.6]
    for (const history of [
      { repeats: 0, recency: 0, age: 30 },
      { repeats: 3, recency: 20, age: 30, lnGaps: 5 },
    ]) {
      expect(one.logLikelihood(p, history)).toBeCloseTo(mbgNbd.logLikelihood(p, history), 10)
      expect(one.alive(p, history)).toBeCloseTo(mbgNbd.alive(p, history), 10)
      expect(one.expected(p, history, 12)).toBeCloseTo(mbgNbd.expected(p, history, 12), 10)
    }
  })

  const simulated = (k: number, n: number, end: number): { gaps: number[]; later: number }[] => {
    const rng = seededRng(`clockwork ${k}`)
    return Array.from({ length: n }, () => {
      const rate = gammaDraw(rng, 1.2, 3 / k)
      const stop = betaDraw(rng, 0.9, 3)
      const gaps: number[] = []
      let [at, later] = [0, 0]
      while (rng.next() >= stop) {
        const gap = gammaDraw(rng, k, rate)
        at += gap
        if (at > end + 15) break
        if (at > end) later++
        else gaps.push(gap)
      }
      return { gaps, later }
    })
  }

  it(
    'finds out how regular simulated customers buy, by the likelihood and by Wheat and Morrison, and what they will buy',
    () => {
      const end = 40
      const customers = simulated(3, 3000, end)
      const histories = customers.map(({ gaps }): History => ({
        repeats: gaps.length,
        recency: gaps.reduce((sum, gap) => sum + gap, 0),
        age: end,
        lnGaps: gaps.reduce((sum, gap) => sum + Math.log(gap), 0),
      }))
      const shares = customers.map(({ gaps }) => (gaps.length < 2 ? Number.NaN : gaps[0]! / (gaps[0]! + gaps[1]!)))
      expect(Math.round(regularity(shares))).toBe(3)
      const fits = [1, 2, 3, 4].map((k) => fitBuying(mbgCnbd(k), histories))
      const best = fits.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a))
      expect(fits.indexOf(best) + 1).toBe(3)
      expect(best.parameters[2]! / best.parameters[3]!).toBeCloseTo(0.3, 1)
      const model = mbgCnbd(3)
      const said = histories.reduce((sum, history) => sum + model.expected(best.parameters, history, 15), 0)
      const came = customers.reduce((sum, { later }) => sum + later, 0)
      expect(said / came).toBeGreaterThan(0.9)
      expect(said / came).toBeLessThan(1.1)
    },
    PATIENCE,
  )

  it('calls purchases at random random, and too few customers nothing', () => {
    const rng = seededRng('at random')
    expect(regularity(Array.from({ length: 4000 }, () => rng.next()))).toBeCloseTo(1, 0)
    expect(regularity([0.5, 0.5])).toBeNaN()
    expect(regularity(new Float64Array(40).fill(0.5))).toBeGreaterThan(50)
  })
})
