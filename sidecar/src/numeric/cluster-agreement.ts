/**
 * How well another clustering of the same points finds each of the first one's `k` clusters again: for each, the best
 * Jaccard overlap |A ∩ B| / |A ∪ B| (Hennig 2007, "Cluster-wise assessment of cluster stability"). An absent cluster
 * gives NaN. Above .75 is stable, below .6 is not.
 */
export function clusterJaccards(first: Int32Array, second: Int32Array, k: number): number[] {
  const others = second.reduce((most, label) => Math.max(most, label), -1) + 1
  const both = new Int32Array(k * others)
  const sizes = new Int32Array(k)
  const otherSizes = new Int32Array(others)
  first.forEach((a, i) => {
    const b = second[i]!
    both[a * others + b]!++
    sizes[a]!++
    otherSizes[b]!++
  })
  return Array.from(sizes, (size, a) => {
    if (size === 0) return Number.NaN
    let best = 0
    for (let b = 0; b < others; b++) {
      const shared = both[a * others + b]!
      best = Math.max(best, shared / (size + otherSizes[b]! - shared))
    }
    return best
  })
}

/** How many points have label a in the first and b in the second clustering: `[a][b]`. */
export function sharedCounts(first: Int32Array, second: Int32Array, k: number, others: number): number[][] {
  const counts = Array.from({ length: k }, () => Array.from({ length: others }, () => 0))
  first.forEach((a, i) => counts[a]![second[i]!]!++)
  return counts
}

/** Adjusted Rand index of a table of shared counts (Hubert & Arabie 1985, equation 5): 1 is the same, about 0 is chance. */
export function adjustedRand(counts: readonly (readonly number[])[]): number {
  const pairs = (n: number) => (n * (n - 1)) / 2
  const rows = counts.map((row) => row.reduce((sum, n) => sum + n, 0))
  const columns = (counts[0] ?? []).map((_, j) => counts.reduce((sum, row) => sum + row[j]!, 0))
  const both = counts.reduce((sum, row) => sum + row.reduce((inner, n) => inner + pairs(n), 0), 0)
  const first = rows.reduce((sum, n) => sum + pairs(n), 0)
  const second = columns.reduce((sum, n) => sum + pairs(n), 0)
  const all = pairs(rows.reduce((sum, n) => sum + n, 0))
  if (all === 0) return 1
  const expected = (first * second) / all
  const most = (first + second) / 2
  return most === expected ? 1 : (both - expected) / (most - expected)
}
