import { sigmoid } from './sigmoid.ts'

/** Log-odds of the event = slope x score + intercept. */
export interface Platt {
  readonly slope: number
  readonly intercept: number
}

/**
 * Platt's calibration: a logistic curve through scores that the model did not learn from, with the targets
 * (N+ + 1)/(N+ + 2) and 1/(N- + 2) in place of 1 and 0 (Platt 1999; Newton with backtracking as in Lin, Lin & Weng 2007).
 * A slope below zero says that the scores rank the wrong way round; it is given as it is.
 */
export function platt(scores: ArrayLike<number>, outcome: ArrayLike<number>): Platt {
  const n = scores.length
  let positives = 0
  for (let i = 0; i < n; i++) if (outcome[i] === 1) positives++
  const high = (positives + 1) / (positives + 2)
  const low = 1 / (n - positives + 2)
  const target = Float64Array.from({ length: n }, (_, i) => (outcome[i] === 1 ? high : low))
  const loss = (slope: number, intercept: number): number => {
    let sum = 0
    for (let i = 0; i < n; i++) {
      const f = slope * scores[i]! + intercept
      sum += (f >= 0 ? f : 0) - target[i]! * f + Math.log1p(Math.exp(-Math.abs(f)))
    }
    return sum
  }
  let slope = 0
  let intercept = Math.log((positives + 1) / (n - positives + 1))
  let current = loss(slope, intercept)
  for (let iteration = 0; iteration < 100; iteration++) {
    let [h11, h12, h22, g1, g2] = [1e-12, 0, 1e-12, 0, 0]
    for (let i = 0; i < n; i++) {
      const score = scores[i]!
      const p = sigmoid(slope * score + intercept)
      const curvature = p * (1 - p)
      h11 += score * score * curvature
      h12 += score * curvature
      h22 += curvature
      g1 += score * (p - target[i]!)
      g2 += p - target[i]!
    }
    const determinant = h11 * h22 - h12 * h12
    if (!(determinant > 0)) break
    const d1 = (h22 * g1 - h12 * g2) / determinant
    const d2 = (h11 * g2 - h12 * g1) / determinant
    let step = 1
    let next = loss(slope - d1, intercept - d2)
    while (!(next <= current + 1e-12 * Math.abs(current)) && step > 1e-8) {
      step /= 2
      next = loss(slope - step * d1, intercept - step * d2)
    }
    if (step <= 1e-8) break
    slope -= step * d1
    intercept -= step * d2
    current = next
    if (Math.abs(step * d1) + Math.abs(step * d2) < 1e-10) break
  }
  return { slope, intercept }
}
