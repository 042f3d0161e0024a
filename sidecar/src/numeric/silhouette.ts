import type { Points } from './k-means.ts'

/**
 * Mean silhouette (Rousseeuw 1987) of several clusterings of the same points: (b - a) / max(a, b) with `a` the mean
 * distance to the own cluster and `b` to the nearest other one; 0 for a cluster of one. The distances are worked out
 * once for all clusterings. Cost n² (d + number of clusterings); n² is why callers hand in a sample.
 * A clustering that has a single cluster gets 0.
 */
export function meanSilhouettes(points: Points, clusterings: readonly Int32Array[]): number[] {
  const { values, width } = points
  const n = values.length / width
  const sizes = clusterings.map(clusterSizes)
  const sums = sizes.map((of) => new Float64Array(of.length))
  const totals = new Float64Array(clusterings.length)
  for (let i = 0; i < n; i++) {
    for (const sum of sums) sum.fill(0)
    for (let p = 0; p < n; p++) {
      let square = 0
      for (let j = 0; j < width; j++) {
        const difference = values[i * width + j]! - values[p * width + j]!
        square += difference * difference
      }
      const distance = Math.sqrt(square)
      for (let s = 0; s < sums.length; s++) sums[s]![clusterings[s]![p]!]! += distance
    }
    for (let s = 0; s < sums.length; s++) totals[s]! += silhouetteOf(clusterings[s]![i]!, sums[s]!, sizes[s]!)
  }
  return [...totals].map((total) => (n > 0 ? total / n : 0))
}

function clusterSizes(labels: Int32Array): Int32Array {
  const sizes = new Int32Array(labels.reduce((most, label) => Math.max(most, label), -1) + 1)
  for (const label of labels) sizes[label]!++
  return sizes
}

/** Of one point, from the sums of its distances to each cluster. */
function silhouetteOf(own: number, sums: Float64Array, sizes: Int32Array): number {
  if (sizes[own]! < 2) return 0
  const within = sums[own]! / (sizes[own]! - 1)
  let nearest = Infinity
  for (let c = 0; c < sums.length; c++) {
    if (c !== own && sizes[c]! > 0) nearest = Math.min(nearest, sums[c]! / sizes[c]!)
  }
  const larger = Math.max(within, nearest)
  return larger === 0 || nearest === Infinity ? 0 : (nearest - within) / larger
}
