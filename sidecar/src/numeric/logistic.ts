import { cholesky, choleskySolve } from './cholesky.ts'
import { sigmoid } from './sigmoid.ts'

export interface LogisticOptions {
  /** Strength of the L2 penalty on the coefficients (never on the intercept): lambda / 2 |beta|^2. */
  readonly lambda: number
  /** One weight a row; 1 when left out. */
  readonly weights?: ArrayLike<number>
  /** Added to the linear predictor of each row, with a coefficient fixed to 1. */
  readonly offset?: ArrayLike<number>
  readonly maxIterations?: number
}

export interface LogisticFit {
  readonly intercept: number
  readonly coefficients: Float64Array
  readonly converged: boolean
  readonly iterations: number
  /** Penalised negative log-likelihood at the solution. */
  readonly loss: number
}

const BLOCK = 1024

/**
 * Logistic regression: minimises sum w_i log(1 + exp(-y_i f_i)) + lambda/2 |beta|^2 with y in {-1, 1}, intercept free,
 * by Newton steps (iteratively reweighted least squares: McCullagh & Nelder 1989, 2.5), halved while the loss rises.
 * Ends when the largest Newton step is below 1e-10. O(n p^2) a step.
 *
 * @param columns p columns of n finite numbers
 * @param outcome n times 0 or 1
 */
export function logistic(columns: readonly Float64Array[], outcome: ArrayLike<number>, options: LogisticOptions): LogisticFit {
  const { lambda, weights, offset, maxIterations = 100 } = options
  const n = outcome.length
  const p = columns.length
  const d = p + 1
  const beta = new Float64Array(d)
  const linear = new Float64Array(n)

  const predict = (b: Float64Array, into: Float64Array): void => {
    for (let i = 0; i < n; i++) into[i] = b[0]! + (offset ? offset[i]! : 0)
    for (let j = 0; j < p; j++) {
      const coefficient = b[j + 1]!
      if (coefficient === 0) continue
      const column = columns[j]!
      for (let i = 0; i < n; i++) into[i]! += coefficient * column[i]!
    }
  }
  const lossOf = (b: Float64Array, f: Float64Array): number => {
    let sum = 0
    for (let i = 0; i < n; i++) {
      const margin = outcome[i] === 1 ? f[i]! : -f[i]!
      sum += (weights ? weights[i]! : 1) * (margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin)
    }
    for (let j = 1; j < d; j++) sum += (lambda / 2) * b[j]! * b[j]!
    return sum
  }

  predict(beta, linear)
  let loss = lossOf(beta, linear)
  let converged = false
  let iterations = 0
  const trial = new Float64Array(d)
  const trialLinear = new Float64Array(n)
  while (iterations < maxIterations && !converged) {
    iterations++
    const { gradient, hessian } = derivatives(columns, outcome, linear, weights)
    for (let j = 1; j < d; j++) {
      gradient[j]! += lambda * beta[j]!
      hessian[j * d + j]! += lambda
    }
    const step = solve(hessian, gradient, d)
    let scale = 1
    let next = loss
    for (;;) {
      for (let j = 0; j < d; j++) trial[j] = beta[j]! - scale * step[j]!
      predict(trial, trialLinear)
      next = lossOf(trial, trialLinear)
      // Near the optimum the loss cannot fall by more than its own rounding: such a step is taken as it is.
      if (next <= loss + 1e-12 * Math.abs(loss) || scale < 1e-6) break
      scale /= 2
    }
    if (!Number.isFinite(next)) break
    let largest = 0
    for (let j = 0; j < d; j++) largest = Math.max(largest, Math.abs(scale * step[j]!))
    beta.set(trial)
    linear.set(trialLinear)
    loss = next
    converged = largest < 1e-10
  }
  return { intercept: beta[0]!, coefficients: beta.slice(1), converged, iterations, loss }
}

/** Gradient and Hessian (lower triangle) of the unpenalised loss; index 0 is the intercept. */
function derivatives(
  columns: readonly Float64Array[],
  outcome: ArrayLike<number>,
  linear: Float64Array,
  weights: ArrayLike<number> | undefined,
): { gradient: Float64Array; hessian: Float64Array } {
  const n = outcome.length
  const d = columns.length + 1
  const gradient = new Float64Array(d)
  const hessian = new Float64Array(d * d)
  const residual = new Float64Array(BLOCK)
  const curvature = new Float64Array(BLOCK)
  const weighted = new Float64Array(BLOCK)
  // In blocks that stay in the processor's cache while all pairs of columns pass over them.
  for (let start = 0; start < n; start += BLOCK) {
    const size = Math.min(BLOCK, n - start)
    for (let i = 0; i < size; i++) {
      const mean = sigmoid(linear[start + i]!)
      const weight = weights ? weights[start + i]! : 1
      residual[i] = weight * (mean - outcome[start + i]!)
      curvature[i] = weight * mean * (1 - mean)
      gradient[0]! += residual[i]!
      hessian[0]! += curvature[i]!
    }
    for (let j = 1; j < d; j++) {
      const column = columns[j - 1]!
      let slope = 0
      let cross = 0
      for (let i = 0; i < size; i++) {
        const x = column[start + i]!
        slope += residual[i]! * x
        weighted[i] = curvature[i]! * x
        cross += weighted[i]!
      }
      gradient[j]! += slope
      hessian[j * d]! += cross
      for (let k = 1; k <= j; k++) {
        const other = columns[k - 1]!
        let sum = 0
        for (let i = 0; i < size; i++) sum += weighted[i]! * other[start + i]!
        hessian[j * d + k]! += sum
      }
    }
  }
  return { gradient, hessian }
}

/** Solves with a growing ridge where the matrix is not positive definite (separable or collinear columns without penalty). */
function solve(hessian: Float64Array, gradient: Float64Array, d: number): Float64Array {
  for (let ridge = 0; ridge < 1e12; ridge = ridge === 0 ? 1e-10 : ridge * 10) {
    const damped = Float64Array.from(hessian)
    for (let j = 0; j < d; j++) damped[j * d + j]! += ridge
    const lower = cholesky(damped, d)
    if (lower) return choleskySolve(lower, gradient)
  }
  return new Float64Array(d)
}
