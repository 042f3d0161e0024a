import type { Minimum } from './nelder-mead.ts'

/**
 * Minimises a smooth function with central-difference gradients and the BFGS update of the inverse Hessian (Nocedal &
 * Wright 2006, algorithm 6.1, backtracking with the Armijo rule). Starts where `nelderMead` ended, to sharpen the digits.
 */
export function bfgs(
  f: (x: Float64Array) => number,
  start: ArrayLike<number>,
  options: { readonly tolerance?: number; readonly maxIterations?: number } = {},
): Minimum {
  const { tolerance = 1e-6, maxIterations = 100 } = options
  const d = start.length
  let evaluations = 0
  const evaluate = (x: Float64Array): number => {
    evaluations++
    const value = f(x)
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY
  }
  const gradientAt = (x: Float64Array): Float64Array =>
    x.map((v, j) => {
      const h = 1e-5 * Math.max(1, Math.abs(v))
      const moved = Float64Array.from(x)
      moved[j] = v + h
      const above = evaluate(moved)
      moved[j] = v - h
      return (above - evaluate(moved)) / (2 * h)
    })
  const identity = (): number[][] => Array.from({ length: d }, (_, i) => Array.from(start, (__, j) => (i === j ? 1 : 0)))
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
    let sum = 0
    for (let j = 0; j < d; j++) sum += a[j]! * b[j]!
    return sum
  }

  let x = Float64Array.from(start)
  let value = evaluate(x)
  let gradient = gradientAt(x)
  let inverse = identity()
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (!gradient.every(Number.isFinite) || Math.max(...gradient.map(Math.abs)) < tolerance * (1 + Math.abs(value))) break
    let direction = Float64Array.from(inverse, (row) => -dot(row, gradient))
    if (dot(direction, gradient) >= 0) {
      inverse = identity()
      direction = gradient.map((g) => -g)
    }
    const slope = dot(direction, gradient)
    let step = 1
    let next = x
    let nextValue = Number.POSITIVE_INFINITY
    for (; step > 1e-12; step /= 2) {
      next = x.map((v, j) => v + step * direction[j]!)
      nextValue = evaluate(next)
      if (nextValue <= value + 1e-4 * step * slope) break
    }
    if (!(nextValue < value)) break
    const nextGradient = gradientAt(next)
    const s = next.map((v, j) => v - x[j]!)
    const y = nextGradient.map((g, j) => g - gradient[j]!)
    const sy = dot(s, y)
    if (sy > 1e-12) {
      const hy = inverse.map((row) => dot(row, y))
      const factor = (1 + dot(y, hy) / sy) / sy
      inverse = inverse.map((row, i) => row.map((h, j) => h + factor * s[i]! * s[j]! - (s[i]! * hy[j]! + hy[i]! * s[j]!) / sy))
    }
    x = next
    value = nextValue
    gradient = nextGradient
  }
  return { at: x, value, evaluations }
}
