import type { Frame, Rng, Trial } from '@assay/shared'
import { clusterJaccards } from '../../numeric/cluster-agreement.ts'
import { assignPoints, lloyd, type Points } from '../../numeric/k-means.ts'
import { meanSilhouettes } from '../../numeric/silhouette.ts'
import { sampleRows } from '../../numeric/stable-sample.ts'
import { bootstrapStability, clusterAgain, pointsAt } from './clusters.ts'
import { knownRows, scaledPoints } from './measures.ts'
import type { SegmentsModel, SegmentsParams } from './model.ts'
import { RFM_NAMES, rfmCells, rfmEdges } from './rfm.ts'

const SILHOUETTE_ROWS = 2_000
const STARTS = 5
export const LEAST_ROWS = 30

/** What one trial showed. */
export interface Judged {
  readonly rows: number
  readonly inertia: number
  readonly silhouette: number
  /** How well the same method, started anew on these rows, finds each segment again. */
  readonly overlaps: readonly number[]
  readonly bins: { readonly silhouette: number; readonly inertia: number }
  readonly one: number
}

const sampleOf = (frame: Frame, rows: Int32Array, most: number): Int32Array =>
  sampleRows(
    Array.from(rows, (row) => frame.ids[row]!),
    Int32Array.from(rows, (_, i) => i),
    most,
  )

/** Sum of squared distances to the mean of each group. */
function groupInertia(points: Points, labels: Int32Array, groups: number): number {
  const { values, width } = points
  const sums = new Float64Array(groups * width)
  const sizes = new Int32Array(groups)
  labels.forEach((group, i) => {
    sizes[group]!++
    for (let j = 0; j < width; j++) sums[group * width + j]! += values[i * width + j]!
  })
  let inertia = 0
  labels.forEach((group, i) => {
    for (let j = 0; j < width; j++) inertia += (values[i * width + j]! - sums[group * width + j]! / sizes[group]!) ** 2
  })
  return inertia
}

/** Null where too few rows have a segment. */
export function judgeTrial(trial: Trial<SegmentsModel>, params: SegmentsParams, rng: Rng): Judged | null {
  const { model, frame } = trial
  const rows = knownRows(frame, ['days_since_last_order', 'orders', ...model.scale.map((each) => each.measure)])
  if (rows.length < LEAST_ROWS) return null
  const points = scaledPoints(frame, rows, model.scale)
  const cells = rfmCells(frame, rows, model.rfm)
  const clustering = model.centres === null ? null : assignPoints(points, Float64Array.from(model.centres.flat()))
  const labels = clustering?.labels ?? cells
  const sampled = sampleOf(frame, rows, SILHOUETTE_ROWS)
  const [silhouette, binSilhouette] = meanSilhouettes(
    pointsAt(points, sampled),
    [labels, cells].map((each) => sampled.map((i) => each[i]!)),
  )
  return {
    rows: rows.length,
    inertia: clustering?.inertia ?? groupInertia(points, cells, RFM_NAMES.length),
    silhouette: silhouette!,
    overlaps: foundAgain(trial, rows, labels, points, params, rng),
    bins: { silhouette: binSilhouette!, inertia: groupInertia(points, cells, RFM_NAMES.length) },
    one: groupInertia(points, new Int32Array(rows.length), 1),
  }
}

/** Whether the rows are of a later day than the model. */
export const isLater = ({ model, frame }: Trial<SegmentsModel>): boolean =>
  model.asOf !== null && frame.asOf !== null && frame.asOf > model.asOf

/** On a later day the method is started anew; on the model's own day it is, many times, on customers drawn anew. */
function foundAgain(
  trial: Trial<SegmentsModel>,
  rows: Int32Array,
  labels: Int32Array,
  points: Points,
  params: SegmentsParams,
  rng: Rng,
): number[] {
  const { model, frame } = trial
  const sampled = sampleOf(frame, rows, SILHOUETTE_ROWS * 2)
  if (model.centres === null) return binsFoundAgain(trial, rows, labels, params, rng)
  if (!isLater(trial)) return bootstrapStability(pointsAt(points, sampled), Float64Array.from(model.centres.flat()), params.resamples, rng)
  const k = model.centres.length
  const anew = lloyd(points, clusterAgain(pointsAt(points, sampled), k, STARTS, rng).centres)
  return clusterJaccards(labels, anew.labels, k)
}

function binsFoundAgain(trial: Trial<SegmentsModel>, rows: Int32Array, labels: Int32Array, params: SegmentsParams, rng: Rng): number[] {
  const { frame } = trial
  const again = (drawn: Int32Array) => clusterJaccards(labels, rfmCells(frame, rows, rfmEdges(frame, drawn)), RFM_NAMES.length)
  if (isLater(trial)) return again(rows)
  const resamples = Array.from({ length: params.resamples }, (_, i) => {
    const own = rng.fork(`resample ${i}`)
    return again(rows.map(() => rows[own.below(rows.length)]!))
  })
  return resamples[0]!.map((_, bin) => resamples.reduce((sum, each) => sum + each[bin]!, 0) / resamples.length)
}
