import { sortOrder } from './sort-order.ts'

/**
 * Ranks 1..n of `values`; equal values share the mean of their ranks.
 *
 * @example midRanks([10, 20, 20, 30]) // 1, 2.5, 2.5, 4
 */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = sortOrder(values)
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length;) {
    let end = start + 1
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++
    for (let k = start; k < end; k++) ranks[order[k]!] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}
