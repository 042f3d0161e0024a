import { alone, type Job, type Parallel, type Rng } from '@assay/shared'
import { clusteringMemory, type KernelMemory, kernelOn } from './k-means-kernel.ts'

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

/** Added in the order of the columns, as the kernel does: who measures a distance does not change its last digit. */
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
export const assignPoints = (points: Points, centres: Float64Array): Clustering => lloyd(points, centres, 0)

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

/** What one run of Lloyd works on. All of it lies in the kernel's memory. */
interface Ground {
  readonly memory: KernelMemory
  readonly width: number
  readonly values: Float64Array
  readonly labels: Int32Array
  readonly centres: Float64Array
  /** The centres by fours, each column of four side by side; what is missing in the last four lies infinitely far. */
  readonly fours: Float64Array
  /** By part: sums and sizes of the clusters, how many points changed theirs, the sum of squared distances to the own centres. */
  readonly sums: Float64Array
  readonly sizes: Int32Array
  readonly changed: Int32Array
  readonly inertia: Float64Array
}

function groundOf({ values, width }: Points, start: Float64Array): Ground {
  const k = start.length / width
  const n = values.length / width
  const parts = Math.ceil(n / BLOCK)
  const fours = 4 * Math.ceil(k / 4) * width
  const { memory, floats, integers } = clusteringMemory(
    values.length + start.length + fours + parts * (start.length + 1),
    n + parts * (k + 1),
  )
  const ground: Ground = {
    memory,
    width,
    values: floats(values.length),
    labels: integers(n),
    centres: floats(start.length),
    fours: floats(fours),
    sums: floats(parts * start.length),
    sizes: integers(parts * k),
    changed: integers(parts),
    inertia: floats(parts),
  }
  ground.values.set(values)
  ground.centres.set(start)
  return ground
}

const assign: Job<Ground> = {
  name: 'k-means: assign',
  part({ memory, width, values, labels, centres, fours, sums, sizes, changed, inertia }, part) {
    const first = part * BLOCK
    const k = centres.length / width
    changed[part] = kernelOn(memory).assign(
      values.byteOffset,
      width,
      first,
      Math.min(labels.length, first + BLOCK),
      fours.byteOffset,
      k,
      labels.byteOffset,
      sums.byteOffset + part * centres.byteLength,
      sizes.byteOffset + part * k * sizes.BYTES_PER_ELEMENT,
      inertia.byteOffset + part * inertia.BYTES_PER_ELEMENT,
    )
  },
}

/** What threads can do of `lloyd`. */
export const kMeansJobs = [assign] as const

function layByFours({ centres, width, fours }: Ground): void {
  for (let c = 0; c < fours.length / width; c++)
    for (let j = 0; j < width; j++)
      fours[((c >> 2) * width + j) * 4 + (c & 3)] = c * width < centres.length ? centres[c * width + j]! : Infinity
}

/** Moves the centres to the means of their clusters; an empty one goes to the point farthest from its own centre. */
function moveCentres({ values, width, centres, labels, changed, sums, sizes }: Ground): void {
  const before = centres.slice()
  const k = centres.length / width
  for (let c = 0; c < k; c++) {
    let size = 0
    for (let part = 0; part < changed.length; part++) size += sizes[part * k + c]!
    const lonely = size === 0 ? farthestPoint({ values, width }, before, labels) * width : -1
    for (let j = 0; j < width; j++) {
      let sum = 0
      for (let part = 0; part < changed.length; part++) sum += sums[(part * k + c) * width + j]!
      centres[c * width + j] = lonely >= 0 ? values[lonely + j]! : sum / size
    }
  }
}

/**
 * Lloyd's k-means from given centres until no point changes its cluster (Lloyd 1982, "Least squares quantization in PCM").
 * Deterministic, however many threads there are; an empty cluster restarts at the farthest point. Cost: n k d a round.
 */
export function lloyd(points: Points, start: Float64Array, rounds = 300, parallel: Parallel = alone): Clustering {
  const ground = groundOf(points, start)
  const work = parallel.begin(ground)
  const assignAll = (): void => {
    layByFours(ground)
    work.run(assign, ground.changed.length)
  }
  assignAll()
  for (let round = 0; round < rounds; round++) {
    moveCentres(ground)
    assignAll()
    if (ground.changed.every((count) => count === 0)) break
  }
  work.end()
  const { centres, labels, inertia } = ground
  // The memory belongs to whoever clusters next.
  return { centres: new Float64Array(centres), labels: new Int32Array(labels), inertia: inertia.reduce((sum, one) => sum + one, 0) }
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
