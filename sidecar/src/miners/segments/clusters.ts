import type { Parallel, Rng } from '@assay/shared'
import { kmeans } from 'ml-kmeans'
import { clusterJaccards } from '../../numeric/cluster-agreement.ts'
import { assignPoints, lloyd, seedCentres, type Clustering, type Points } from '../../numeric/k-means.ts'

/** Rows a resample draws: enough for three to eight segments, and the same cost for any company. */
const RESAMPLE_ROWS = 2_000

export function pointsAt(points: Points, at: Int32Array): Points {
  const { values, width } = points
  const taken = new Float64Array(at.length * width)
  at.forEach((from, i) => taken.set(values.subarray(from * width, (from + 1) * width), i * width))
  return { values: taken, width }
}

/** How many of the points differ, counted up to `enough`. */
export function distinctPoints(points: Points, enough: number): number {
  const seen = new Set<string>()
  for (let at = 0; at < points.values.length && seen.size < enough; at += points.width) {
    seen.add(points.values.subarray(at, at + points.width).join(' '))
  }
  return seen.size
}

/** The best of several starts of ml-kmeans on the sample, carried on by our own kernel over all points. */
export function clusterFromSample(sample: Points, all: Points, k: number, restarts: number, rng: Rng, parallel: Parallel): Clustering {
  const rows = Array.from({ length: sample.values.length / sample.width }, (_, i) =>
    Array.from(sample.values.subarray(i * sample.width, (i + 1) * sample.width)),
  )
  let best: Clustering | null = null
  for (let restart = 0; restart < restarts; restart++) {
    const seed = rng.fork(`start ${restart}`).below(2 ** 31)
    const start = kmeans(rows, k, { initialization: 'kmeans++', seed, maxIterations: 50 })
    const settled = lloyd(sample, Float64Array.from(start.centroids.flat()))
    if (best === null || settled.inertia < best.inertia) best = settled
  }
  return lloyd(all, best!.centres, undefined, parallel)
}

/** The best of a few starts of our own kernel: for resamples and for what a later period looks like by itself. */
export function clusterAgain(points: Points, k: number, starts: number, rng: Rng): Clustering {
  let best: Clustering | null = null
  for (let start = 0; start < starts; start++) {
    const found = lloyd(points, seedCentres(points, k, rng.fork(`start ${start}`)))
    if (best === null || found.inertia < best.inertia) best = found
  }
  return best!
}

/**
 * How well each cluster is found again when customers are drawn anew, with replacement: mean Jaccard over the
 * resamples, one number a cluster (Hennig 2007).
 */
export function bootstrapStability(sample: Points, centres: Float64Array, resamples: number, rng: Rng): number[] {
  const k = centres.length / sample.width
  const n = sample.values.length / sample.width
  const reference = assignPoints(sample, centres).labels
  const sums = new Float64Array(k)
  const seen = new Int32Array(k)
  for (let resample = 0; resample < resamples; resample++) {
    const own = rng.fork(`resample ${resample}`)
    const drawn = Int32Array.from({ length: Math.min(n, RESAMPLE_ROWS) }, () => own.below(n))
    const found = clusterAgain(pointsAt(sample, drawn), k, 2, own)
    clusterJaccards(reference, assignPoints(sample, found.centres).labels, k).forEach((value, c) => {
      if (Number.isNaN(value)) return
      sums[c]! += value
      seen[c]!++
    })
  }
  return Array.from(sums, (sum, c) => (seen[c] === 0 ? 0 : sum / seen[c]!))
}
