import { gaussLegendre } from '../../numeric/shap/gauss-legendre.ts'
import { logit, sigmoid } from '../../numeric/sigmoid.ts'

/** How one deal will have ended by the end of the horizon. Together 1. */
export interface Incidence {
  readonly won: number
  readonly lost: number
  readonly open: number
  /** Won within the horizon, or later if it ends then as deals do that end in the last interval. */
  readonly ever: number
}

/**
 * Cumulative incidence of two competing risks in discrete time: P(won by K) = sum_k S(k-1) h_k q_k, where h_k is the chance that the
 * deal ends in interval k having got there, q_k that it is won then, and S(k) = prod (1 - h) (Tutz & Schmid 2016, 8.1).
 *
 * @param ends log-odds of h, one an interval
 * @param wins log-odds of q
 */
export function incidence(ends: ArrayLike<number>, wins: ArrayLike<number>): Incidence {
  let open = 1
  let won = 0
  for (let k = 0; k < ends.length; k++) {
    const h = sigmoid(ends[k]!)
    won += open * h * sigmoid(wins[k]!)
    open *= 1 - h
  }
  return { won, lost: Math.max(0, 1 - won - open), open, ever: won + open * sigmoid(wins[wins.length - 1]!) }
}

const CERTAIN = 1e-6
export const clipped = (p: number): number => Math.min(1 - CERTAIN, Math.max(CERTAIN, p))
/** Log-odds of being won within the horizon. */
export const wonOdds = (ends: ArrayLike<number>, wins: ArrayLike<number>): number => logit(clipped(incidence(ends, wins).won))

const POINTS = gaussLegendre(6)

/** By how much a step in each log-odds moves the log-odds of being won, on the way from one deal to another. */
export interface Slopes {
  readonly ends: Float64Array
  readonly wins: Float64Array
}

/**
 * Mean gradient of the log-odds of being won along the straight line between two deals: parts of the log-odds times these are
 * Aumann-Shapley values, which add up to the difference (Sundararajan, Taly & Yan 2017, proposition 1), by Gauss-Legendre.
 */
export function slopesBetween(from: { ends: ArrayLike<number>; wins: ArrayLike<number> }, to: typeof from): Slopes {
  const size = from.ends.length
  const slopes: Slopes = { ends: new Float64Array(size), wins: new Float64Array(size) }
  const h = new Float64Array(size)
  const q = new Float64Array(size)
  const later = new Float64Array(size + 1)
  for (let point = 0; point < POINTS.points.length; point++) {
    const t = POINTS.points[point]!
    for (let k = 0; k < size; k++) {
      h[k] = sigmoid(from.ends[k]! + t * (to.ends[k]! - from.ends[k]!))
      q[k] = sigmoid(from.wins[k]! + t * (to.wins[k]! - from.wins[k]!))
    }
    // The chance of being won from each interval on, for a deal that got there.
    later[size] = 0
    for (let k = size - 1; k >= 0; k--) later[k] = h[k]! * q[k]! + (1 - h[k]!) * later[k + 1]!
    const won = clipped(later[0]!)
    const weight = POINTS.weights[point]! / (won * (1 - won))
    let there = 1
    for (let k = 0; k < size; k++) {
      slopes.ends[k]! += weight * there * (q[k]! - later[k + 1]!) * h[k]! * (1 - h[k]!)
      slopes.wins[k]! += weight * there * h[k]! * q[k]! * (1 - q[k]!)
      there *= 1 - h[k]!
    }
  }
  return slopes
}
