import { sortOrder } from './sort-order.ts'

/**
 * Area under the precision-recall curve as average precision: sum over distinct thresholds of (recall step) x precision
 * (what scikit-learn calls average_precision_score). Ties enter together. NaN without positives.
 *
 * @example prAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) // 0.8333…
 */
export function prAuc(scores: ArrayLike<number>, outcome: ArrayLike<number>): number {
  const order = sortOrder(scores)
  let total = 0
  for (let i = 0; i < order.length; i++) if (outcome[i] === 1) total++
  if (total === 0) return Number.NaN
  let hits = 0
  let seen = 0
  let area = 0
  for (let end = order.length; end > 0;) {
    let start = end - 1
    while (start > 0 && scores[order[start - 1]!] === scores[order[end - 1]!]) start--
    let found = 0
    for (let k = start; k < end; k++) if (outcome[order[k]!] === 1) found++
    hits += found
    seen += end - start
    area += (found / total) * (hits / seen)
    end = start
  }
  return area
}
