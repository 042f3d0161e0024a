import { sortOrder } from './sort-order.ts'

export interface ReliabilityBin {
  /** Mean probability that was said. */
  readonly said: number
  /** Share in which it happened. */
  readonly happened: number
  readonly n: number
}

/**
 * Reliability curve: rows sorted by probability, cut into at most `bins` groups of equal size. Equal probabilities are
 * never cut apart, so there may be fewer groups.
 */
export function reliability(probability: ArrayLike<number>, outcome: ArrayLike<number>, bins = 10): ReliabilityBin[] {
  const order = sortOrder(probability)
  const n = order.length
  const result: ReliabilityBin[] = []
  for (let bin = 0, start = 0; bin < bins && start < n; bin++) {
    let end = Math.max(start, Math.round((n * (bin + 1)) / bins))
    while (end > start && end < n && probability[order[end]!] === probability[order[end - 1]!]) end++
    if (end === start) continue
    let said = 0
    let happened = 0
    for (let k = start; k < end; k++) {
      said += probability[order[k]!]!
      happened += outcome[order[k]!]!
    }
    result.push({ said: said / (end - start), happened: happened / (end - start), n: end - start })
    start = end
  }
  return result
}

/** Expected calibration error on quantile bins: sum n_b / n |happened - said| (Naeini et al. 2015, with equal-count bins). */
export function calibrationError(probability: ArrayLike<number>, outcome: ArrayLike<number>, bins = 10): number {
  const n = probability.length
  return reliability(probability, outcome, bins).reduce((sum, bin) => sum + (bin.n / n) * Math.abs(bin.happened - bin.said), 0)
}
