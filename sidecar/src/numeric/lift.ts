import { sortOrder } from './sort-order.ts'

export interface LiftRow {
  /** Share of the rows, those with the highest scores. */
  readonly share: number
  readonly n: number
  /** Share of them in which it happened. */
  readonly rate: number
  /** `rate` over the rate of all. */
  readonly lift: number
  /** Share of all positives that are among them. */
  readonly gain: number
}

/**
 * What the top of the list holds. Rows tied at the edge count by their share, so the order of equal scores does not
 * matter. NaN lift without positives.
 */
export function lift(scores: ArrayLike<number>, outcome: ArrayLike<number>, share: number): LiftRow {
  const order = sortOrder(scores)
  const n = order.length
  const size = Math.max(1, Math.ceil(n * share))
  let positives = 0
  for (let i = 0; i < n; i++) if (outcome[i] === 1) positives++
  let hits = 0
  let left = size
  for (let end = n; end > 0 && left > 0;) {
    let start = end - 1
    while (start > 0 && scores[order[start - 1]!] === scores[order[end - 1]!]) start--
    let found = 0
    for (let k = start; k < end; k++) if (outcome[order[k]!] === 1) found++
    const taken = Math.min(left, end - start)
    hits += (found * taken) / (end - start)
    left -= taken
    end = start
  }
  const rate = hits / size
  return { share, n: size, rate, lift: rate / (positives / n), gain: hits / positives }
}
