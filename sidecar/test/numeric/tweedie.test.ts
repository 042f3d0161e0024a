import { describe, expect, it } from 'vitest'
import { seededRng } from '../../src/numeric/rng.ts'
import { tweedieDeviance, tweedieRegression } from '../../src/numeric/tweedie.ts'
import { gammaDraw } from './draws.ts'

describe('Tweedie deviance of power 1.5', () => {
  it('is the general formula (Jørgensen 1997), zero where said is what came, least at the mean', () => {
    const general = (mu: number, y: number, p = 1.5): number =>
      2 * (y ** (2 - p) / ((1 - p) * (2 - p)) - (y * mu ** (1 - p)) / (1 - p) + mu ** (2 - p) / (2 - p))
    for (const [mu, y] of [
      [1, 0],
      [2, 5],
      [0.3, 0.1],
    ] as const)
      expect(tweedieDeviance(mu, y)).toBeCloseTo(general(mu, y), 10)
    expect(tweedieDeviance(3, 3)).toBe(0)
    const came = [0, 0, 1, 7]
    const total = (mu: number): number => came.reduce((sum, y) => sum + tweedieDeviance(mu, y), 0)
    expect(total(2)).toBeLessThan(total(1.9))
    expect(total(2)).toBeLessThan(total(2.1))
  })
})

describe('Tweedie regression', () => {
  const rng = seededRng('tweedie')
  const rows = 4000
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: rows }, () => 3.4 * (rng.next() - 0.5)))
  const mean = (i: number): number => Math.exp(0.2 + 0.7 * columns[0]![i]! - 0.4 * columns[1]![i]!)
  // A Poisson number of gamma amounts.
  const outcome = Float64Array.from({ length: rows }, (_, i) => {
    let [sum, at] = [0, -Math.log(1 - rng.next())]
    for (; at < mean(i); at -= Math.log(1 - rng.next())) sum += gammaDraw(rng, 2, 2)
    return sum
  })

  it('finds the weights that the amounts were drawn with', () => {
    const { intercept, weights } = tweedieRegression(columns, outcome, 1)
    expect(intercept).toBeCloseTo(0.2, 1)
    ;[0.7, -0.4, 0].forEach((weight, j) => expect(Math.abs(weights[j]! - weight)).toBeLessThan(0.06))
  })

  it('ends where the penalised deviance rises in every direction', () => {
    const lambda = 50
    const fit = tweedieRegression(columns, outcome, lambda)
    const loss = (beta: readonly number[]): number => {
      let sum = 0
      for (let i = 0; i < rows; i++)
        sum += tweedieDeviance(Math.exp(beta[0]! + columns.reduce((eta, column, j) => eta + beta[j + 1]! * column[i]!, 0)), outcome[i]!) / 2
      return sum + (lambda / 2) * beta.slice(1).reduce((squares, b) => squares + b * b, 0)
    }
    const best = [fit.intercept, ...fit.weights]
    best.forEach((_, j) => {
      for (const step of [0.01, -0.01]) expect(loss(best.map((b, k) => (k === j ? b + step : b)))).toBeGreaterThan(loss(best))
    })
  })

  it('says the mean where columns say nothing, and survives a column that is constant', () => {
    const flat = tweedieRegression([new Float64Array(rows)], outcome, 1)
    const average = outcome.reduce((sum, y) => sum + y, 0) / rows
    expect(Math.exp(flat.intercept)).toBeCloseTo(average, 6)
    expect(flat.weights[0]).toBe(0)
  })
})
