import { midRanks } from './mid-ranks.ts'

/**
 * Area under the ROC curve: the chance that a random positive scores above a random negative, ties counting half.
 * Mann-Whitney form with mid-ranks: (R+ - n+(n+ + 1)/2) / (n+ n-). NaN when only one class is there. O(n log n).
 *
 * @param scores higher means more likely
 * @param outcome 1 happened, 0 did not
 * @example auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) // 0.75
 */
export function auc(scores: ArrayLike<number>, outcome: ArrayLike<number>): number {
  const ranks = midRanks(scores)
  let positives = 0
  let sum = 0
  for (let i = 0; i < ranks.length; i++) {
    if (outcome[i] !== 1) continue
    positives++
    sum += ranks[i]!
  }
  const negatives = ranks.length - positives
  if (positives === 0 || negatives === 0) return Number.NaN
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives)
}
