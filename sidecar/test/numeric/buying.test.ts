import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Rng } from '@assay/shared'
import { bgNbd } from '../../src/numeric/buying/bg-nbd.ts'
import { type BuyingModel, chanceOfSilence, type History } from '../../src/numeric/buying/buying-model.ts'
import { buyingModels, fitAllBuying, fitBuying } from '../../src/numeric/buying/fit-buying.ts'
import { mbgNbd } from '../../src/numeric/buying/mbg-nbd.ts'
import { nbd } from '../../src/numeric/buying/nbd.ts'
import { paretoNbd } from '../../src/numeric/buying/pareto-nbd.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { dataFile } from './data.ts'
import { gammaDraw as gamma } from './draws.ts'

const exponential = (rng: Rng, rate: number): number => -Math.log(1 - rng.next()) / rate

/** When a simulated customer buys again after the first purchase at 0, until `end`. */
function purchases(model: BuyingModel, p: number[], end: number, rng: Rng): number[] {
  const rate = gamma(rng, p[0]!, p[1]!)
  const times: number[] = []
  if (model.id === 'pareto-nbd') {
    const life = exponential(rng, gamma(rng, p[2]!, p[3]!))
    for (let t = exponential(rng, rate); t < Math.min(end, life); t += exponential(rng, rate)) times.push(t)
    return times
  }
  let stop = 0
  if (model.id !== 'nbd') {
    const a = gamma(rng, p[2]!, 1)
    stop = a / (a + gamma(rng, p[3]!, 1))
  }
  if (model.id === 'mbg-nbd' && rng.next() < stop) return times
  for (let t = exponential(rng, rate); t < end; t += exponential(rng, rate)) {
    times.push(t)
    if (rng.next() < stop) break
  }
  return times
}

const examples: readonly (readonly [BuyingModel, number[]])[] = [
  [nbd, [0.8, 6]],
  [bgNbd, [0.9, 5, 0.8, 2.4]],
  [mbgNbd, [0.9, 5, 0.8, 2.4]],
  [paretoNbd, [0.9, 6, 0.7, 9]],
]

/** Fits take seconds where the machine is busy. */
const PATIENCE = 60_000

describe('buying models against simulated customers', () => {
  it.each(examples)('%o: silence, being alive, expected purchases', (model, parameters) => {
    const rng = seededRng(`simulate ${model.id}`)
    const [age, horizon, n] = [20, 8, 40_000]
    let [silent, saidSilent, later, saidLater, saidAlive] = [0, 0, 0, 0, 0]
    // Two halves apart, so that the check is of the conditional chance and not only of its mean.
    const halves = [
      { n: 0, happened: 0, said: 0 },
      { n: 0, happened: 0, said: 0 },
    ]
    for (let i = 0; i < n; i++) {
      const all = purchases(model, parameters, age + horizon, rng)
      const known = all.filter((t) => t <= age)
      const history: History = { repeats: known.length, recency: known.at(-1) ?? 0, age }
      const said = chanceOfSilence(model, parameters, history, horizon)
      const happened = all.length === known.length ? 1 : 0
      silent += happened
      saidSilent += said
      later += all.length - known.length
      saidLater += model.expected(parameters, history, horizon)
      saidAlive += model.alive(parameters, history)
      const half = halves[said > 0.7 ? 1 : 0]!
      half.n++
      half.happened += happened
      half.said += said
    }
    expect(saidSilent / n).toBeCloseTo(silent / n, 2)
    expect(saidLater / later).toBeGreaterThan(0.96)
    expect(saidLater / later).toBeLessThan(1.04)
    expect(saidAlive / n).toBeLessThanOrEqual(1)
    for (const half of halves) if (half.n > 1000) expect(Math.abs(half.happened - half.said) / half.n).toBeLessThan(0.012)
  })

  it('has the closed form of silence: gone, or alive and quiet', () => {
    for (const [model, p] of examples.filter(([m]) => m.id !== 'pareto-nbd'))
      for (const history of [
        { repeats: 0, recency: 0, age: 12 },
        { repeats: 3, recency: 9, age: 12 },
        { repeats: 40, recency: 11, age: 12 },
      ]) {
        const alive = model.alive(p, history)
        const quiet = ((p[1]! + 12) / (p[1]! + 12 + 5)) ** (p[0]! + history.repeats)
        expect(chanceOfSilence(model, p, history, 5)).toBeCloseTo(1 - alive + alive * quiet, 10)
      }
  })

  it(
    'is without stopping where nobody stops, and says so',
    () => {
      const rng = seededRng('nobody stops')
      const histories = Array.from({ length: 1500 }, (): History => {
        const times = purchases(nbd, [0.8, 6], 30, rng)
        return { repeats: times.length, recency: times.at(-1) ?? 0, age: 30 }
      })
      const fits = fitAllBuying(histories)
      expect(fits[0]!.degenerate).toBeNull()
      expect(fits[0]!.parameters[0]).toBeCloseTo(0.8, 0)
      for (const fit of fits.slice(1)) expect(fit.degenerate, fit.model).not.toBeNull()
    },
    PATIENCE,
  )

  it(
    'finds stopping where it is',
    () => {
      const rng = seededRng('some stop')
      const histories = Array.from({ length: 3000 }, (): History => {
        const age = 20 + 10 * rng.next()
        const times = purchases(bgNbd, [0.9, 2, 0.8, 2.4], age, rng)
        return { repeats: times.length, recency: times.at(-1) ?? 0, age }
      })
      const fits = fitAllBuying(histories)
      expect(fits.map((fit) => fit.model)).toEqual(['nbd', 'mbg-nbd', 'bg-nbd', 'pareto-nbd'])
      for (const fit of fits) expect(fit.degenerate, fit.model).toBeNull()
    },
    PATIENCE,
  )
})

/** Repeat purchases, recency and age in weeks at `end`, from days of purchase (one a day). */
function weekly(days: Map<string, number[]>, end: number): History[] {
  return [...days.values()].map((list) => {
    const distinct = [...new Set(list.filter((d) => d <= end))].sort((a, b) => a - b)
    return { repeats: distinct.length - 1, recency: (distinct.at(-1)! - distinct[0]!) / 7, age: (end - distinct[0]!) / 7 }
  })
}

const sampleFile = dataFile('cdnow/cdnow_customers_summary.csv')
const masterFile = dataFile('cdnow/CDNOW_master.txt')

describe('CDNOW goldens (Fader, Hardie & Lee 2005; lifetimes tests/test_estimation.py; measured)', () => {
  it.runIf(sampleFile !== null)(
    'the sample of 2,357 customers gives the published parameters and likelihoods',
    () => {
      const histories = readFileSync(sampleFile!, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => {
          const [, x, recency, age] = line.split(',').map(Number)
          return { repeats: x!, recency: recency!, age: age! }
        })
      const golden = {
        'bg-nbd': { parameters: [0.2426, 4.4136, 0.7929, 2.4259], logLikelihood: -9582.4 },
        'pareto-nbd': { parameters: [0.5533, 10.578, 0.6062, 11.669], logLikelihood: -9595.0 },
        'mbg-nbd': { parameters: [0.5248, 6.183, 0.8914, 1.614], logLikelihood: -9582.1 },
      } as const
      for (const model of buyingModels.filter((m) => m.id !== 'nbd')) {
        const fit = fitBuying(model, histories)
        const { parameters, logLikelihood } = golden[model.id as keyof typeof golden]
        expect(Math.abs(fit.logLikelihood - logLikelihood), model.id).toBeLessThan(0.06)
        parameters.forEach((value, j) =>
          expect(Math.abs(fit.parameters[j]! - value), `${model.id} ${j}`).toBeLessThan(value > 3 ? 0.002 : 0.0006),
        )
        expect(fit.degenerate).toBeNull()
      }
    },
    PATIENCE,
  )

  it('expects 1.226 purchases of the published customer (x 2, t_x 30.43, T 38.86) in 39 weeks', () => {
    expect(bgNbd.expected([0.243, 4.414, 0.793, 2.426], { repeats: 2, recency: 30.43, age: 38.86 }, 39)).toBeCloseTo(1.226, 3)
  })

  it('expects the published purchases of a new customer', () => {
    const goldens = [
      [0.1429, 0.0078],
      [1, 0.0532],
      [3, 0.1506],
      [31.8571, 1.0405],
      [32, 1.0437],
      [78, 1.8576],
    ] as const
    for (const [time, purchased] of goldens)
      expect(bgNbd.expected([0.2426, 4.4136, 0.7929, 2.4259], { repeats: 0, recency: 0, age: 0 }, time)).toBeCloseTo(purchased, 3)
  })

  it.runIf(masterFile !== null)(
    'the whole file of 23,570 customers gives the measured parameters',
    () => {
      const days = new Map<string, number[]>()
      const start = Date.UTC(1997, 0, 1)
      for (const line of readFileSync(masterFile!, 'utf8').trim().split('\n').slice(1)) {
        const [id, date] = line.trim().split(/\s+/)
        const day = (Date.UTC(+date!.slice(0, 4), +date!.slice(4, 6) - 1, +date!.slice(6, 8)) - start) / 86_400_000
        days.set(id!, [...(days.get(id!) ?? []), day])
      }
      // 39 weeks: the calibration period of the paper ends on 30 September 1997.
      const histories = weekly(days, (Date.UTC(1997, 8, 30) - start) / 86_400_000)
      expect(histories).toHaveLength(23_570)
      const bg = fitBuying(bgNbd, histories)
      const mbg = fitBuying(mbgNbd, histories)
      console.log(`CDNOW, all: BG/NBD ${bg.parameters.map((v) => v.toFixed(4)).join()} ${bg.logLikelihood.toFixed(1)}`)
      console.log(`CDNOW, all: MBG/NBD ${mbg.parameters.map((v) => v.toFixed(4)).join()} ${mbg.logLikelihood.toFixed(1)}`)
      expect(Math.abs(bg.logLikelihood - -95368.4)).toBeLessThan(0.2)
      expect(Math.abs(mbg.logLikelihood - -95337.0)).toBeLessThan(0.2)
      ;[0.2516, 4.789, 0.7234, 2.161].forEach((value, j) => expect(bg.parameters[j]! / value).toBeCloseTo(1, 2))
      ;[0.6371, 7.31, 0.8075, 1.228].forEach((value, j) => expect(mbg.parameters[j]! / value).toBeCloseTo(1, 2))
    },
    PATIENCE,
  )
})
