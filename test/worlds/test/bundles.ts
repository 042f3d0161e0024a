import type { LiveRecord } from '@assay/shared'
import type { Bundle, World } from '../src/index.ts'

export const bundlesOf = (world: World, indices = Array.from({ length: world.size }, (_, index) => index)): Bundle[] =>
  indices.map((index) => world.bundle(index))

/** Every live record of a bundle. */
export const liveOf = (bundle: Bundle): LiveRecord[] => [
  bundle.account,
  ...bundle.contacts,
  ...bundle.deals,
  ...bundle.dealHistory,
  ...bundle.lineItems,
  ...bundle.activities,
  ...bundle.cases,
  ...bundle.subscriptions,
]

/** Area under the ROC curve by the Mann-Whitney statistic, ties counted half. */
export function auc(scores: readonly number[], outcomes: readonly boolean[]): number {
  const order = scores.map((score, i) => ({ score, hit: outcomes[i]! })).toSorted((a, b) => a.score - b.score)
  let ranks = 0
  let hits = 0
  for (let from = 0; from < order.length;) {
    let to = from
    while (to < order.length && order[to]!.score === order[from]!.score) to++
    for (const { hit } of order.slice(from, to))
      if (hit) {
        ranks += (from + to + 1) / 2
        hits++
      }
    from = to
  }
  return (ranks - (hits * (hits + 1)) / 2) / (hits * (order.length - hits))
}
