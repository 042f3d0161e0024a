/**
 * Quantile of sorted numbers by linear interpolation (Hyndman & Fan 1996, type 7: what R and NumPy do). NaN when empty.
 *
 * @example sortedQuantile([1, 2, 3, 4], 0.5) // 2.5
 */
export function sortedQuantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = (sorted.length - 1) * share
  const below = Math.floor(at)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!)
}

/** The numbers that are not missing (NaN), ascending; a copy. */
export const sortedKnown = (values: Float64Array): Float64Array => values.filter((v) => !Number.isNaN(v)).sort()

/** Quantile of what is not missing. O(n log n). */
export const quantile = (values: Float64Array, share: number): number => sortedQuantile(sortedKnown(values), share)
