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

/** Four differences at a time: they do not wait for each other. */
const squaredDistance = (a: Float64Array, ai: number, b: Float64Array, bi: number, width: number): number => {
  let sum = 0
  let j = 0
  for (; j + 3 < width; j += 4) {
    const d0 = a[ai + j]! - b[bi + j]!
    const d1 = a[ai + j + 1]! - b[bi + j + 1]!
    const d2 = a[ai + j + 2]! - b[bi + j + 2]!
    const d3 = a[ai + j + 3]! - b[bi + j + 3]!
    sum += d0 * d0 + d1 * d1 + (d2 * d2 + d3 * d3)
  }
  for (; j < width; j++) {
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

/** Sums of the points of each cluster, kept up as points move. */
interface Totals {
  readonly sums: Float64Array
  readonly sizes: Int32Array
}

function totalsOf({ values, width }: Points, labels: Int32Array, k: number): Totals {
  const sums = new Float64Array(k * width)
  const sizes = new Int32Array(k)
  for (let i = 0, at = 0; i < labels.length; i++) {
    const own = labels[i]!
    sizes[own]!++
    for (let to = own * width, end = to + width; to < end; to++) sums[to]! += values[at++]!
  }
  return { sums, sizes }
}

/** Means of the clusters; an empty one gets the point farthest from its own centre. */
function meanCentres(points: Points, centres: Float64Array, labels: Int32Array, { sums, sizes }: Totals): Float64Array {
  const { values, width } = points
  const means = new Float64Array(sums.length)
  for (let c = 0; c < sizes.length; c++) {
    const lonely = sizes[c] === 0 ? farthestPoint(points, centres, labels) * width : -1
    for (let j = 0; j < width; j++) {
      means[c * width + j] = lonely >= 0 ? values[lonely + j]! : sums[c * width + j]! / sizes[c]!
    }
  }
  return means
}

/** What is known of each point without measuring again: it is no farther from its own centre, and no nearer to another. */
interface Bounds {
  readonly labels: Int32Array
  readonly own: Float64Array
  readonly others: Float64Array
}

/** Rounding must not hide a tie: a bound counts only with this much to spare. */
const SPARE = 1 + 1e-9

/** For each centre the others, nearest first, and how far they are: `[c * (k - 1) + place]`. */
interface Neighbours {
  readonly centre: Int32Array
  readonly distance: Float64Array
}

function neighboursOf(centres: Float64Array, width: number): Neighbours {
  const k = centres.length / width
  const centre = new Int32Array(k * (k - 1))
  const distance = new Float64Array(k * (k - 1))
  for (let a = 0; a < k; a++) {
    const far = Array.from({ length: k }, (_, c) => Math.sqrt(squaredDistance(centres, a * width, centres, c * width, width)))
    const others = far.map((_, c) => c).filter((c) => c !== a)
    others.sort((x, y) => far[x]! - far[y]! || x - y)
    others.forEach((c, place) => {
      centre[a * (k - 1) + place] = c
      distance[a * (k - 1) + place] = far[c]!
    })
  }
  return { centre, distance }
}

/** The nearest and the second nearest centre of a point whose squared distance to the centre `from` is known. */
function measure(
  points: Points,
  centres: Float64Array,
  near: Neighbours,
  bounds: Bounds,
  i: number,
  from: number,
  squared: number,
): number {
  const { values, width } = points
  const others = centres.length / width - 1
  const own = Math.sqrt(squared)
  let label = from
  let least = squared
  let second = Infinity
  for (let place = from * others; place < (from + 1) * others; place++) {
    // By the triangle inequality no centre from here on can be nearer than the second nearest so far.
    const gap = near.distance[place]! - own
    if (gap > 0 && gap * gap > second * SPARE) break
    const c = near.centre[place]!
    const sum = squaredDistance(values, i * width, centres, c * width, width)
    if (sum < least || (sum === least && c < label)) {
      second = least
      least = sum
      label = c
    } else if (sum < second) second = sum
  }
  bounds.own[i] = Math.sqrt(least)
  bounds.others[i] = Math.sqrt(second)
  return label
}

/** Moves the bounds along with the centres, and measures the points that they cannot vouch for. Gives how many changed their cluster. */
function reassign(points: Points, before: Float64Array, centres: Float64Array, bounds: Bounds, totals: Totals): number {
  const { values, width } = points
  const k = centres.length / width
  const moved = Float64Array.from({ length: k }, (_, c) => Math.sqrt(squaredDistance(before, c * width, centres, c * width, width)))
  const far = moved.indexOf(Math.max(...moved))
  const farthest = moved[far]!
  const next = Math.max(0, ...moved.filter((_, c) => c !== far))
  const near = neighboursOf(centres, width)
  const halfWay = Float64Array.from({ length: k }, (_, c) => (k === 1 ? Infinity : near.distance[c * (k - 1)]! / 2))
  const { labels, own, others } = bounds
  let changed = 0
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!
    const upper = own[i]! + moved[label]!
    const lower = others[i]! - (label === far ? next : farthest)
    own[i] = upper
    others[i] = lower
    const safe = Math.max(halfWay[label]!, lower)
    if (upper * SPARE < safe) continue
    const squared = squaredDistance(values, i * width, centres, label * width, width)
    const exact = Math.sqrt(squared)
    own[i] = exact
    if (exact * SPARE < safe) continue
    const to = measure(points, centres, near, bounds, i, label, squared)
    if (to === label) continue
    changed++
    labels[i] = to
    totals.sizes[label]!--
    totals.sizes[to]!++
    for (let j = 0; j < width; j++) {
      const value = values[i * width + j]!
      totals.sums[label * width + j]! -= value
      totals.sums[to * width + j]! += value
    }
  }
  return changed
}

/**
 * Lloyd's k-means from given centres until no point changes its cluster (Lloyd 1982, "Least squares quantization in
 * PCM"), with the bounds of Hamerly 2010 ("Making k-means even faster", algorithm 1) and the nearest-first search of Newling
 * & Fleuret 2016 ("Fast k-means with accurate bounds", section 3), which spare most distances and change no assignment.
 * Deterministic; an empty cluster restarts at the farthest point. Cost: n k d a round at most.
 */
export function lloyd(points: Points, start: Float64Array, rounds = 300): Clustering {
  const { values, width } = points
  const k = start.length / width
  const n = values.length / width
  const bounds: Bounds = { labels: new Int32Array(n), own: new Float64Array(n), others: new Float64Array(n) }
  const near = neighboursOf(start, width)
  for (let i = 0; i < n; i++)
    bounds.labels[i] = measure(points, start, near, bounds, i, 0, squaredDistance(values, i * width, start, 0, width))
  let centres = start
  let totals = totalsOf(points, bounds.labels, k)
  let areExact = true
  for (let round = 0; round < rounds; round++) {
    const before = centres
    centres = meanCentres(points, before, bounds.labels, totals)
    if (reassign(points, before, centres, bounds, totals) > 0) {
      areExact = false
      continue
    }
    if (areExact) break
    // Sums that were kept up carry rounding: the end is judged on fresh ones.
    totals = totalsOf(points, bounds.labels, k)
    areExact = true
  }
  let inertia = 0
  for (let i = 0; i < n; i++) inertia += squaredDistance(values, i * width, centres, bounds.labels[i]! * width, width)
  return { centres, labels: bounds.labels, inertia }
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
