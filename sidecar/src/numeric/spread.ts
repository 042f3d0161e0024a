import { sortedKnown, sortedQuantile } from './quantile.ts'

/** Ends and quarters of what is not missing: quantiles .05, .25, .5, .75, .95, as a box plot draws them. Null where nothing is known. */
export function fiveNumbers(values: Float64Array): number[] | null {
  const sorted = sortedKnown(values)
  return sorted.length === 0 ? null : [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => sortedQuantile(sorted, share))
}

/** How many values (0 to 1) are in each of `bins` bins of equal width; 1 is in the last. */
export function histogram(values: ArrayLike<number>, bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0)
  for (let i = 0; i < values.length; i++) counts[Math.min(bins - 1, Math.max(0, Math.floor(values[i]! * bins)))]!++
  return counts
}

/** How probabilities lie where the event happened and where it did not. Plain JSON. */
export interface Spread {
  readonly happened: number[]
  readonly not: number[]
  readonly happenedBox: number[] | null
  readonly notBox: number[] | null
}

const BINS = 20

export function spreadByOutcome(probability: Float64Array, outcome: ArrayLike<number>): Spread {
  const [not, happened] = [0, 1].map((label) => probability.filter((_, row) => outcome[row] === label)) as [Float64Array, Float64Array]
  return {
    happened: histogram(happened, BINS),
    not: histogram(not, BINS),
    happenedBox: fiveNumbers(happened),
    notBox: fiveNumbers(not),
  }
}
