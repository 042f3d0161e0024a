import { describe, expect, it } from 'vitest'
import { cholesky, choleskySolve } from '../../src/numeric/cholesky.ts'
import { logistic } from '../../src/numeric/logistic.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { sigmoid } from '../../src/numeric/sigmoid.ts'

function sample(n: number): { columns: Float64Array[]; outcome: Float64Array } {
  const rng = seededRng('logistic')
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: n }, () => rng.next() * 2 - 1))
  const outcome = Float64Array.from({ length: n }, (_, i) => (rng.next() < sigmoid(0.5 + 2 * columns[0]![i]! - columns[1]![i]!) ? 1 : 0))
  return { columns, outcome }
}

describe('logistic', () => {
  it('fits one yes-or-no column exactly as the 2x2 table says', () => {
    // 30 of 100 without, 60 of 100 with: intercept ln(30/70), slope ln(60/40) - ln(30/70).
    const x = Float64Array.from({ length: 200 }, (_, i) => (i < 100 ? 0 : 1))
    const y = Float64Array.from({ length: 200 }, (_, i) => ((i < 100 ? i < 30 : i < 160) ? 1 : 0))
    const fit = logistic([x], y, { lambda: 0 })
    expect(fit.converged).toBe(true)
    expect(fit.intercept).toBeCloseTo(Math.log(30 / 70), 10)
    expect(fit.coefficients[0]).toBeCloseTo(Math.log(60 / 40) - Math.log(30 / 70), 10)
  })

  it('ends where the gradient of the penalised loss is zero, and whole weights are repeated rows', () => {
    const { columns, outcome } = sample(400)
    const weights = outcome.map((_, i) => 1 + (i % 3))
    const fit = logistic(columns, outcome, { lambda: 5, weights })
    const gradient = [0, 0, 0, 0]
    for (let i = 0; i < 400; i++) {
      let f = fit.intercept
      for (let j = 0; j < 3; j++) f += fit.coefficients[j]! * columns[j]![i]!
      const residual = weights[i]! * (sigmoid(f) - outcome[i]!)
      gradient[0]! += residual
      for (let j = 0; j < 3; j++) gradient[j + 1]! += residual * columns[j]![i]!
    }
    for (let j = 0; j < 3; j++) gradient[j + 1]! += 5 * fit.coefficients[j]!
    for (const g of gradient) expect(Math.abs(g)).toBeLessThan(1e-8)

    const repeat = [...weights].flatMap((w, i) => Array.from({ length: w }, () => i))
    const repeated = logistic(
      columns.map((c) => Float64Array.from(repeat, (i) => c[i]!)),
      Float64Array.from(repeat, (i) => outcome[i]!),
      { lambda: 5 },
    )
    expect(repeated.intercept).toBeCloseTo(fit.intercept, 9)
  })

  it('stays finite on separable data and on two equal columns', () => {
    const x = Float64Array.from([1, 2, 3, 4, 5, 6])
    const fit = logistic([x, x], [0, 0, 0, 1, 1, 1], { lambda: 1e-3 })
    expect(fit.coefficients.every(Number.isFinite)).toBe(true)
    expect(fit.coefficients[0]).toBeCloseTo(fit.coefficients[1]!, 6)
    expect(logistic([x, x], [0, 0, 0, 1, 1, 1], { lambda: 0 }).coefficients.every(Number.isFinite)).toBe(true)
  })

  it('shifts the intercept by an offset', () => {
    const { columns, outcome } = sample(300)
    const plain = logistic(columns, outcome, { lambda: 1 })
    const moved = logistic(columns, outcome, { lambda: 1, offset: new Float64Array(300).fill(0.7) })
    expect(moved.intercept).toBeCloseTo(plain.intercept - 0.7, 9)
  })
})

describe('cholesky', () => {
  it('factors and solves', () => {
    const a = Float64Array.from([4, 2, 2, 2, 5, 3, 2, 3, 6])
    const lower = cholesky(a, 3)!
    const x = choleskySolve(lower, [8, 10, 11])
    expect([0, 1, 2].map((i) => a[i * 3]! * x[0]! + a[i * 3 + 1]! * x[1]! + a[i * 3 + 2]! * x[2]!)).toEqual(
      [8, 10, 11].map((v) => expect.closeTo(v, 12)),
    )
    expect(cholesky(Float64Array.from([1, 2, 2, 1]), 2)).toBeNull()
  })
})
