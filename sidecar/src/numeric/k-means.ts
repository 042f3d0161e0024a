import type { Rng } from '@assay/shared'

/** Points in rows: `values[i * width + j]`. Every function here reads them and writes none. */
export interface Points {
  readonly values: Float64Array
  readonly width: number
}

export interface Clustering {
  /** Row-major, one centre of `width` numbers a cluster. */
  readonly centres: Float64Array
  /** Cluster of each point. */
  readonly labels: Int32Array
  /** Sum of squared distances to the own centre. */
  readonly inertia: number
}

const squaredDistance = (a: Float64Array, ai: number, b: Float64Array, bi: number, width: number): number => {
  let sum = 0
  for (let j = 0; j < width; j++) {
    const difference = a[ai + j]! - b[bi + j]!
    sum += difference * difference
  }
  return sum
}

/** The number of the nearest of `k` centres; of equally near ones the first. */
export function nearestCentre(values: Float64Array, at: number, centres: Float64Array, width: number): number {
  let best = 0
  let least = Infinity
  for (let c = 0; c * width < centres.length; c++) {
    const distance = squaredDistance(values, at, centres, c * width, width)
    if (distance < least) {
      least = distance
      best = c
    }
  }
  return best
}

/** Gives every point to its nearest centre. Cost n k d. */
export function assignPoints(points: Points, centres: Float64Array): Clustering {
  const { values, width } = points
  const labels = new Int32Array(values.length / width)
  let inertia = 0
  for (let i = 0; i < labels.length; i++) {
    const own = nearestCentre(values, i * width, centres, width)
    labels[i] = own
    inertia += squaredDistance(values, i * width, centres, own * width, width)
  }
  return { centres, labels, inertia }
}

/** The point farthest from its own centre: where an empty cluster starts again. */
function farthestPoint(points: Points, centres: Float64Array, labels: Int32Array): number {
  const { values, width } = points
  let farthest = 0
  let most = -1
  for (let i = 0; i < labels.length; i++) {
    const distance = squaredDistance(values, i * width, centres, labels[i]! * width, width)
    if (distance > most) {
      most = distance
      farthest = i
    }
  }
  return farthest
}

function meanCentres(points: Points, from: Clustering): Float64Array {
  const { values, width } = points
  const k = from.centres.length / width
  const sums = new Float64Array(k * width)
  const sizes = new Int32Array(k)
  from.labels.forEach((c, i) => {
    sizes[c]!++
    for (let j = 0; j < width; j++) sums[c * width + j]! += values[i * width + j]!
  })
  for (let c = 0; c < k; c++) {
    const lonely = sizes[c] === 0 ? farthestPoint(points, from.centres, from.labels) * width : -1
    for (let j = 0; j < width; j++) {
      sums[c * width + j] = lonely >= 0 ? values[lonely + j]! : sums[c * width + j]! / sizes[c]!
    }
  }
  return sums
}

/**
 * Lloyd's k-means from given centres until no point changes its cluster (Lloyd 1982, "Least squares quantization in
 * PCM"). Deterministic; an empty cluster restarts at the farthest point. Cost: n k d a round.
 */
export function lloyd(points: Points, start: Float64Array, rounds = 300): Clustering {
  let now = assignPoints(points, start)
  for (let round = 0; round < rounds; round++) {
    const next = assignPoints(points, meanCentres(points, now))
    const settled = next.labels.every((label, i) => label === now.labels[i])
    now = next
    if (settled) break
  }
  return now
}

/**
 * Greedy k-means++ (Arthur & Vassilvitskii 2007): each next centre is the best of a few points that were drawn with
 * probability proportional to the squared distance to the nearest centre so far.
 */
export function seedCentres(points: Points, k: number, rng: Rng): Float64Array {
  const { values, width } = points
  const n = values.length / width
  const centres = new Float64Array(k * width)
  const take = (c: number, i: number) => centres.set(values.subarray(i * width, (i + 1) * width), c * width)
  const nearest = new Float64Array(n).fill(Infinity)
  const closer = (i: number) => nearest.map((d, p) => Math.min(d, squaredDistance(values, p * width, values, i * width, width)))
  const first = rng.below(n)
  take(0, first)
  nearest.set(closer(first))
  for (let c = 1; c < k; c++) {
    let best: { point: number; distances: Float64Array; potential: number } | null = null
    for (let trial = 0; trial < 2 + Math.floor(Math.log(k)); trial++) {
      const point = drawProportionally(nearest, rng)
      const distances = closer(point)
      const potential = distances.reduce((sum, d) => sum + d, 0)
      if (best === null || potential < best.potential) best = { point, distances, potential }
    }
    if (best === null) break
    take(c, best.point)
    nearest.set(best.distances)
  }
  return centres
}

function drawProportionally(weights: Float64Array, rng: Rng): number {
  const total = weights.reduce((sum, w) => sum + w, 0)
  let left = rng.next() * total
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i]!
    if (left < 0) return i
  }
  return weights.length - 1
}
