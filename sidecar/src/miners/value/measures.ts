import { correlation } from '../../numeric/correlation.ts'
import { midRanks } from '../../numeric/mid-ranks.ts'
import { sortOrder } from '../../numeric/sort-order.ts'
import { tweedieDeviance } from '../../numeric/tweedie.ts'

const total = (values: ArrayLike<number>): number =>
  Array.prototype.reduce.call(values, (sum, v) => (sum as number) + (v as number), 0) as number

/** Of all that was spent, the share of those tenth of the customers of whom most was said; ties by row. NaN where nothing was spent. */
export function topDecileShare(said: Float64Array, came: Float64Array): number {
  const order = sortOrder(said).reverse()
  const n = Math.max(1, Math.round(said.length / 10))
  let sum = 0
  for (let k = 0; k < n && k < order.length; k++) sum += came[order[k]!]!
  return sum / total(came)
}

/** Spearman's rank correlation, ties at their mid-rank. */
export const rankCorrelation = (said: Float64Array, came: Float64Array): number => correlation(midRanks(said), midRanks(came))

export function meanAbsoluteError(said: Float64Array, came: Float64Array): number {
  let sum = 0
  said.forEach((value, i) => (sum += Math.abs(value - came[i]!)))
  return sum / said.length
}

/** How little is ever said of somebody, as a share of the mean: a customer whom a candidate gives nothing must not cost it everything. */
const LEAST = 0.01

/** Deviance row by row, of the figures as they stand. Money in units of the mean that came. */
export function plainDeviance(said: Float64Array, came: Float64Array): Float64Array {
  const mean = total(came) / came.length
  if (!(mean > 0)) return new Float64Array(said.length)
  return said.map((value, i) => tweedieDeviance(Math.max(value / mean, LEAST), came[i]! / mean))
}

/**
 * Deviance row by row, after both were brought to the same total: whether a candidate knows who spends how much, apart from how
 * good the season is. Money in units of the mean.
 */
export function levelledDeviance(said: Float64Array, came: Float64Array): Float64Array {
  const mean = total(came) / came.length
  if (!(mean > 0)) return new Float64Array(said.length)
  const least = (LEAST * total(said)) / said.length || 1
  const floored = said.map((value) => Math.max(value, least))
  const factor = total(came) / total(floored)
  return floored.map((value, i) => tweedieDeviance((value * factor) / mean, came[i]! / mean))
}
