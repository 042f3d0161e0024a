import { alone, type Job, type Parallel, type Rng } from '@assay/shared'
import { floats, integers } from './shared-arrays.ts'

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

/** Points of one part of the work: sums are added part by part, so that they do not depend on who does which. */
const BLOCK = 16_384

/** What one run of Lloyd works on, in shared memory. */
interface Ground {
  readonly values: Float64Array
  readonly width: number
  readonly labels: Int32Array
  /** What is known of each point without measuring again: it is no farther from its own centre, and no nearer to another. */
  readonly own: Float64Array
  readonly others: Float64Array
  readonly centres: Float64Array
  /** For each centre the others, nearest first, and how far they are: `[c * (k - 1) + place]`. */
  readonly neighbour: Int32Array
  readonly apart: Float64Array
  /** How far each centre moved, and half the way to its nearest neighbour. */
  readonly moved: Float64Array
  readonly halfWay: Float64Array
  /** By part: sums and sizes of the clusters, kept up as points move; how many moved; the sum of squared distances. */
  readonly sums: Float64Array
  readonly sizes: Int32Array
  readonly changed: Int32Array
  readonly inertia: Float64Array
}

function groundOf({ values, width }: Points, start: Float64Array): Ground {
  const k = start.length / width
  const n = values.length / width
  const parts = Math.ceil(n / BLOCK)
  const shared = values.buffer instanceof SharedArrayBuffer ? values : floats(values.length)
  if (shared !== values) shared.set(values)
  const centres = floats(start.length)
  centres.set(start)
  return {
    values: shared,
    width,
    labels: integers(n),
    own: floats(n),
    others: floats(n),
    centres,
    neighbour: integers(k * (k - 1)),
    apart: floats(k * (k - 1)),
    moved: floats(k),
    halfWay: floats(k),
    sums: floats(parts * start.length),
    sizes: integers(parts * k),
    changed: integers(parts),
    inertia: floats(parts),
  }
}

/** Rounding must not hide a tie: a bound counts only with this much to spare. */
const SPARE = 1 + 1e-9

function learnNeighbours({ centres, width, neighbour, apart, halfWay }: Ground): void {
  const k = centres.length / width
  for (let a = 0; a < k; a++) {
    const far = Array.from({ length: k }, (_, c) => Math.sqrt(squaredDistance(centres, a * width, centres, c * width, width)))
    const others = far.map((_, c) => c).filter((c) => c !== a)
    others.sort((x, y) => far[x]! - far[y]! || x - y)
    others.forEach((c, place) => {
      neighbour[a * (k - 1) + place] = c
      apart[a * (k - 1) + place] = far[c]!
    })
    halfWay[a] = k === 1 ? Infinity : apart[a * (k - 1)]! / 2
  }
}

/** The nearest and the second nearest centre of a point whose squared distance to the centre `from` is known. */
function measure({ values, width, centres, neighbour, apart, own, others }: Ground, i: number, from: number, squared: number): number {
  const rest = centres.length / width - 1
  const near = Math.sqrt(squared)
  let label = from
  let least = squared
  let second = Infinity
  for (let place = from * rest; place < (from + 1) * rest; place++) {
    // By the triangle inequality no centre from here on can be nearer than the second nearest so far.
    const gap = apart[place]! - near
    if (gap > 0 && gap * gap > second * SPARE) break
    const c = neighbour[place]!
    const sum = squaredDistance(values, i * width, centres, c * width, width)
    if (sum < least || (sum === least && c < label)) {
      second = least
      least = sum
      label = c
    } else if (sum < second) second = sum
  }
  own[i] = Math.sqrt(least)
  others[i] = Math.sqrt(second)
  return label
}

/** The points of one part: `[first, end)`. */
const firstOf = (part: number): number => part * BLOCK
const endOf = (part: number, { labels }: Ground): number => Math.min(labels.length, (part + 1) * BLOCK)

const assign: Job<Ground> = {
  name: 'k-means: assign',
  part(ground, part) {
    const { values, width, centres, labels } = ground
    for (let i = firstOf(part); i < endOf(part, ground); i++)
      labels[i] = measure(ground, i, 0, squaredDistance(values, i * width, centres, 0, width))
  },
}

const addUp: Job<Ground> = {
  name: 'k-means: add up',
  part(ground, part) {
    const { values, width, labels } = ground
    const k = ground.centres.length / width
    const sums = ground.sums.subarray(part * k * width, (part + 1) * k * width).fill(0)
    const sizes = ground.sizes.subarray(part * k, (part + 1) * k).fill(0)
    for (let i = firstOf(part), at = i * width; i < endOf(part, ground); i++) {
      const own = labels[i]!
      sizes[own]!++
      for (let to = own * width, end = to + width; to < end; to++) sums[to]! += values[at++]!
    }
  },
}

/** Moves the bounds along with the centres, and measures the points that they cannot vouch for. */
const reassign: Job<Ground> = {
  name: 'k-means: reassign',
  part(ground, part) {
    const { values, width, labels, own, others, centres, moved, halfWay } = ground
    const k = centres.length / width
    const sums = ground.sums.subarray(part * k * width, (part + 1) * k * width)
    const sizes = ground.sizes.subarray(part * k, (part + 1) * k)
    let far = 0
    for (let c = 1; c < k; c++) if (moved[c]! > moved[far]!) far = c
    let next = 0
    for (let c = 0; c < k; c++) if (c !== far && moved[c]! > next) next = moved[c]!
    const farthest = moved[far]!
    let changed = 0
    for (let i = firstOf(part), end = endOf(part, ground); i < end; i++) {
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
      const to = measure(ground, i, label, squared)
      if (to === label) continue
      changed++
      labels[i] = to
      sizes[label]!--
      sizes[to]!++
      for (let j = 0; j < width; j++) {
        const value = values[i * width + j]!
        sums[label * width + j]! -= value
        sums[to * width + j]! += value
      }
    }
    ground.changed[part] = changed
  },
}

const addDistances: Job<Ground> = {
  name: 'k-means: inertia',
  part(ground, part) {
    const { values, width, centres, labels } = ground
    let sum = 0
    for (let i = firstOf(part); i < endOf(part, ground); i++) sum += squaredDistance(values, i * width, centres, labels[i]! * width, width)
    ground.inertia[part] = sum
  },
}

/** What threads can do of `lloyd`. */
export const kMeansJobs = [assign, addUp, reassign, addDistances] as const

/** Moves the centres to the means of their clusters; an empty one goes to the point farthest from its own centre. */
function moveCentres(ground: Ground): void {
  const { values, width, centres, labels, moved } = ground
  const before = centres.slice()
  const k = moved.length
  const parts = ground.changed.length
  for (let c = 0; c < k; c++) {
    let size = 0
    for (let part = 0; part < parts; part++) size += ground.sizes[part * k + c]!
    const lonely = size === 0 ? farthestPoint(ground, before, labels) * width : -1
    for (let j = 0; j < width; j++) {
      let sum = 0
      for (let part = 0; part < parts; part++) sum += ground.sums[(part * k + c) * width + j]!
      centres[c * width + j] = lonely >= 0 ? values[lonely + j]! : sum / size
    }
    moved[c] = Math.sqrt(squaredDistance(before, c * width, centres, c * width, width))
  }
  learnNeighbours(ground)
}

/**
 * Lloyd's k-means from given centres until no point changes its cluster (Lloyd 1982, "Least squares quantization in
 * PCM"), with the bounds of Hamerly 2010 ("Making k-means even faster", algorithm 1) and the nearest-first search of Newling
 * & Fleuret 2016 ("Fast k-means with accurate bounds", section 3), which spare most distances and change no assignment.
 * Deterministic, however many threads there are; an empty cluster restarts at the farthest point. Cost: n k d a round at most.
 */
export function lloyd(points: Points, start: Float64Array, rounds = 300, parallel: Parallel = alone): Clustering {
  const ground = groundOf(points, start)
  const parts = ground.changed.length
  const work = parallel.begin(ground)
  learnNeighbours(ground)
  work.run(assign, parts)
  work.run(addUp, parts)
  let areExact = true
  for (let round = 0; round < rounds; round++) {
    moveCentres(ground)
    work.run(reassign, parts)
    if (ground.changed.some((count) => count > 0)) {
      areExact = false
      continue
    }
    if (areExact) break
    // Sums that were kept up carry rounding: the end is judged on fresh ones.
    work.run(addUp, parts)
    areExact = true
  }
  work.run(addDistances, parts)
  work.end()
  return { centres: ground.centres.slice(), labels: ground.labels, inertia: ground.inertia.reduce((sum, one) => sum + one, 0) }
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
