import { sortOrder } from './sort-order.ts'

/** A rising curve through points; straight between them, flat outside. */
export interface Isotonic {
  readonly scores: number[]
  readonly probabilities: number[]
}

/**
 * Isotonic calibration by pool adjacent violators (Ayer et al. 1955; Zadrozny & Elkan 2002): the rising step function
 * nearest to the outcomes, drawn through the mean score of each block and clipped to [1/(N+2), 1 - 1/(N+2)].
 */
export function isotonic(scores: ArrayLike<number>, outcome: ArrayLike<number>): Isotonic {
  const order = sortOrder(scores)
  const blocks: { score: number; sum: number; n: number }[] = []
  for (let start = 0; start < order.length;) {
    let end = start
    let sum = 0
    const score = scores[order[start]!]!
    while (end < order.length && scores[order[end]!] === score) sum += outcome[order[end++]!]!
    let block = { score: score * (end - start), sum, n: end - start }
    let last = blocks.at(-1)
    while (last && last.sum / last.n >= block.sum / block.n) {
      blocks.pop()
      block = { score: last.score + block.score, sum: last.sum + block.sum, n: last.n + block.n }
      last = blocks.at(-1)
    }
    blocks.push(block)
    start = end
  }
  const floor = 1 / (order.length + 2)
  return {
    scores: blocks.map((b) => b.score / b.n),
    probabilities: blocks.map((b) => Math.min(1 - floor, Math.max(floor, b.sum / b.n))),
  }
}

/** The value of that curve at a score. O(log blocks). */
export function isotonicAt(curve: Isotonic, score: number): number {
  const { scores, probabilities } = curve
  let low = 0
  let high = scores.length - 1
  if (high < 0) return Number.NaN
  if (score <= scores[0]!) return probabilities[0]!
  if (score >= scores[high]!) return probabilities[high]!
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (scores[middle]! <= score) low = middle
    else high = middle
  }
  const share = (score - scores[low]!) / (scores[high]! - scores[low]!)
  return probabilities[low]! + share * (probabilities[high]! - probabilities[low]!)
}
