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
