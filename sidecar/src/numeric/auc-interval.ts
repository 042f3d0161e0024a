import { midRanks } from './mid-ranks.ts'

export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
  /** Standard error; 0 where it cannot be told. */
  readonly error: number
}

/** 97.5 % point of the normal distribution: all intervals are 95 %. */
const Z = 1.959963984540054

interface Components {
  readonly value: number
  /** For a positive: the share of negatives below it; for a negative: the share of positives above it (ties half). */
  readonly shares: Float64Array
}

/** Structural components of the AUC by mid-ranks (Sun & Xu 2014, equation 5), O(n log n). */
function components(scores: ArrayLike<number>, outcome: ArrayLike<number>): Components {
  const n = scores.length
  const rank = midRanks(scores)
  const within = new Float64Array(n)
  const counts = [0, 0]
  for (const label of [0, 1] as const) {
    const rows: number[] = []
    for (let i = 0; i < n; i++) if ((outcome[i] === 1 ? 1 : 0) === label) rows.push(i)
    const own = midRanks(rows.map((i) => scores[i]!))
    rows.forEach((row, k) => (within[row] = own[k]!))
    counts[label] = rows.length
  }
  const negatives = counts[0]!
  const positives = counts[1]!
  const shares = new Float64Array(n)
  let sum = 0
  for (let i = 0; i < n; i++) {
    if (outcome[i] === 1) {
      shares[i] = (rank[i]! - within[i]!) / negatives
      sum += shares[i]!
    } else {
      shares[i] = 1 - (rank[i]! - within[i]!) / positives
    }
  }
  return { value: sum / positives, shares }
}

/**
 * Variance of the mean over positives plus the mean over negatives of `shares`, rows of one cluster being alike.
 * Obuchowski 1997 (Biometrics 53:567), section 2; with one row a cluster it is DeLong, DeLong & Clarke-Pearson 1988.
 */
function variance(value: number, shares: Float64Array, outcome: ArrayLike<number>, clusters: readonly string[] | null): number {
  const groups = new Map<string | number, { positive: number; negative: number; m: number; n: number }>()
  let positives = 0
  let negatives = 0
  for (let i = 0; i < shares.length; i++) {
    const key = clusters ? clusters[i]! : i
    let group = groups.get(key)
    if (!group) groups.set(key, (group = { positive: 0, negative: 0, m: 0, n: 0 }))
    if (outcome[i] === 1) {
      positives++
      group.m++
      group.positive += shares[i]! - value
    } else {
      negatives++
      group.n++
      group.negative += shares[i]! - value
    }
  }
  let withPositive = 0
  let withNegative = 0
  let s10 = 0
  let s01 = 0
  let s11 = 0
  for (const group of groups.values()) {
    if (group.m > 0) withPositive++
    if (group.n > 0) withNegative++
    s10 += group.positive * group.positive
    s01 += group.negative * group.negative
    s11 += group.positive * group.negative
  }
  if (withPositive < 2 || withNegative < 2) return Number.NaN
  s10 *= withPositive / ((withPositive - 1) * positives)
  s01 *= withNegative / ((withNegative - 1) * negatives)
  s11 *= groups.size / (groups.size - 1)
  return s10 / positives + s01 / negatives + (2 * s11) / (positives * negatives)
}

function interval(value: number, spread: number, floor: number): Interval {
  if (Number.isNaN(value)) return { value, low: Number.NaN, high: Number.NaN, error: Number.NaN }
  // Too few of one class to tell: everything is possible.
  if (Number.isNaN(spread)) return { value, low: floor, high: 1, error: Number.NaN }
  const error = Math.sqrt(Math.max(0, spread))
  return { value, low: Math.max(floor, value - Z * error), high: Math.min(1, value + Z * error), error }
}

/**
 * AUC with its 95 % interval: DeLong et al. 1988, or Obuchowski 1997 where rows with the same entry of `clusters` are
 * the same customer at several days. NaN with one class only.
 */
export function aucInterval(scores: ArrayLike<number>, outcome: ArrayLike<number>, clusters: readonly string[] | null = null): Interval {
  const { value, shares } = components(scores, outcome)
  return interval(value, variance(value, shares, outcome, clusters), 0)
}

/** AUC of `a` less AUC of `b` on the same rows, with its 95 % interval (paired: DeLong et al. 1988; clusters as above). */
export function aucDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  outcome: ArrayLike<number>,
  clusters: readonly string[] | null = null,
): Interval {
  const first = components(a, outcome)
  const second = components(b, outcome)
  const value = first.value - second.value
  const shares = first.shares.map((share, i) => share - second.shares[i]!)
  return interval(value, variance(value, shares, outcome, clusters), -1)
}
