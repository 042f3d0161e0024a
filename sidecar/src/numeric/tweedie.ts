import { cholesky, choleskySolve } from './cholesky.ts'

/** Predictions are never nearer to zero than this share of the mean: nobody is surely worth nothing. */
const FLOOR = 1e-6

/**
 * Deviance of a Tweedie distribution of power 1.5 (a Poisson number of gamma amounts: what spending is): how badly `said` foretold
 * `came`. Lower is better; the expected deviance is least where `said` is the mean (Jørgensen 1997, 4.2.1 with p = 3/2).
 *
 * @param said above 0
 * @param came 0 or more
 */
export const tweedieDeviance = (said: number, came: number): number => (4 * (Math.sqrt(came) - Math.sqrt(said)) ** 2) / Math.sqrt(said)

export interface TweedieFit {
  readonly intercept: number
  readonly weights: Float64Array
}

/**
 * ln mean = intercept + columns x weights, by least Tweedie deviance of power 1.5 with an L2 penalty on the weights: iteratively
 * re-weighted least squares (McCullagh & Nelder 1989, 2.5), steps halved while they make it worse.
 *
 * @param columns standardised, one value a row
 * @param outcome 0 or more, with a mean above 0; scale it to about 1
 */
export function tweedieRegression(columns: readonly Float64Array[], outcome: Float64Array, lambda: number): TweedieFit {
  const rows = outcome.length
  const d = columns.length + 1
  const mean = outcome.reduce((sum, y) => sum + y, 0) / rows
  let beta = new Float64Array(d)
  beta[0] = Math.log(Math.max(mean, FLOOR))
  const linear = (b: Float64Array): Float64Array => {
    const eta = new Float64Array(rows).fill(b[0]!)
    columns.forEach((column, j) => {
      const w = b[j + 1]!
      if (w !== 0) for (let i = 0; i < rows; i++) eta[i]! += w * column[i]!
    })
    return eta
  }
  const loss = (b: Float64Array): number => {
    const eta = linear(b)
    let sum = 0
    for (let i = 0; i < rows; i++) sum += tweedieDeviance(Math.exp(Math.max(-30, Math.min(30, eta[i]!))), outcome[i]!) / 2
    for (let j = 1; j < d; j++) sum += (lambda / 2) * b[j]! ** 2
    return sum
  }
  let best = loss(beta)
  for (let iteration = 0; iteration < 50; iteration++) {
    const step = newtonStep(columns, outcome, lambda, beta, linear(beta))
    if (step === null) break
    let share = 1
    let next = beta
    let value = Number.POSITIVE_INFINITY
    for (; share > 1e-4; share /= 2) {
      next = beta.map((b, j) => b + share * step[j]!)
      value = loss(next)
      if (value < best) break
    }
    if (!(value < best)) break
    const gained = best - value
    beta = next
    best = value
    if (gained < 1e-8 * (1 + Math.abs(best))) break
  }
  return { intercept: beta[0]!, weights: beta.slice(1) }
}

/** One step of Fisher scoring: (X'WX + lambda) step = X'W (y - mu) / mu - lambda beta, W = sqrt(mu). */
function newtonStep(
  columns: readonly Float64Array[],
  outcome: Float64Array,
  lambda: number,
  beta: Float64Array,
  eta: Float64Array,
): Float64Array | null {
  const rows = outcome.length
  const d = columns.length + 1
  const weight = eta.map((e) => Math.exp(Math.max(-30, Math.min(30, e)) / 2))
  const pull = weight.map((w, i) => (outcome[i]! - w * w) / w)
  const column = (j: number): Float64Array | null => (j === 0 ? null : columns[j - 1]!)
  const matrix = new Float64Array(d * d)
  const right = new Float64Array(d)
  const weighted = new Float64Array(rows)
  for (let j = 0; j < d; j++) {
    const xj = column(j)
    let sum = 0
    for (let i = 0; i < rows; i++) {
      const x = xj === null ? 1 : xj[i]!
      weighted[i] = weight[i]! * x
      sum += pull[i]! * x
    }
    right[j] = sum - (j === 0 ? 0 : lambda * beta[j]!)
    for (let k = 0; k <= j; k++) {
      const xk = column(k)
      let cross = 0
      if (xk === null) for (let i = 0; i < rows; i++) cross += weighted[i]!
      else for (let i = 0; i < rows; i++) cross += weighted[i]! * xk[i]!
      matrix[j * d + k] = cross + (j === k ? (j === 0 ? 1e-9 : lambda) : 0)
    }
  }
  const lower = cholesky(matrix, d)
  return lower === null ? null : choleskySolve(lower, right)
}
