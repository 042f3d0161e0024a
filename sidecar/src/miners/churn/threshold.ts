import { sortOrder } from '../../numeric/sort-order.ts'

/** The probability from which warning gives the best balance of right and complete (largest F1) on those rows. */
export function bestThreshold(probability: Float64Array, outcome: Float64Array): number {
  const order = sortOrder(probability)
  const positives = outcome.reduce((sum, y) => sum + y, 0)
  let hits = 0
  let best = { f1: -1, at: 1 }
  for (let k = order.length - 1; k >= 0; k--) {
    hits += outcome[order[k]!]!
    const at = probability[order[k]!]!
    if (k > 0 && probability[order[k - 1]!] === at) continue
    const f1 = (2 * hits) / (order.length - k + positives)
    if (f1 > best.f1) best = { f1, at }
  }
  return best.at
}
