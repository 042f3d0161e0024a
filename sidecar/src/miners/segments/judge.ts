import type { EventDefinition, Frame, Report, Rng, Trial } from '@assay/shared'
import { clusterJaccards } from '../../numeric/cluster-agreement.ts'
import { assignPoints, lloyd, type Points } from '../../numeric/k-means.ts'
import { isoDay } from '../../numeric/iso-day.ts'
import { meanSilhouettes } from '../../numeric/silhouette.ts'
import { sampleRows } from '../../numeric/stable-sample.ts'
import { STABLE } from './choose-k.ts'
import { clusterAgain, pointsAt } from './clusters.ts'
import { scaledPoints } from './measures.ts'
import type { SegmentsModel } from './model.ts'
import { RFM_NAMES, rfmCells, rfmEdges, rfmScores } from './rfm.ts'
import { assignSegments } from './score.ts'
import { lifecycleStages } from './stage.ts'
import { valuesOf } from './measures.ts'

const MINER = 'segments'
const SILHOUETTE_ROWS = 2_000
const STARTS = 5
const LEAST_ROWS = 30

interface Judged {
  readonly rows: number
  readonly inertia: number
  readonly silhouette: number
  /** How well the same method, started anew on these rows, finds each segment again. */
  readonly overlaps: readonly number[]
  readonly bins: { readonly silhouette: number; readonly inertia: number }
  readonly one: number
}

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

function judgeTrial({ model, frame }: Trial<SegmentsModel>, rng: Rng): Judged | null {
  const { rows, labels } = assignSegments(model, frame)
  if (rows.length < LEAST_ROWS) return null
  const points = scaledPoints(frame, rows, model.scale)
  const cells = rfmCells(frame, rows, model.rfm)
  const sampled = sampleRows(
    Array.from(rows, (row) => frame.ids[row]!),
    Int32Array.from(rows, (_, i) => i),
    SILHOUETTE_ROWS,
  )
  const [silhouette, binSilhouette] = meanSilhouettes(
    pointsAt(points, sampled),
    [labels, cells].map((each) => sampled.map((i) => each[i]!)),
  )
  return {
    rows: rows.length,
    inertia:
      model.centres === null
        ? groupInertia(points, cells, RFM_NAMES.length)
        : assignPoints(points, Float64Array.from(model.centres.flat())).inertia,
    silhouette: silhouette!,
    overlaps: foundAgain(model, frame, rows, labels, points, rng),
    bins: { silhouette: binSilhouette!, inertia: groupInertia(points, cells, RFM_NAMES.length) },
    one: groupInertia(points, new Int32Array(rows.length), 1),
  }
}

function foundAgain(model: SegmentsModel, frame: Frame, rows: Int32Array, labels: Int32Array, points: Points, rng: Rng): number[] {
  if (model.centres === null) return clusterJaccards(labels, rfmCells(frame, rows, rfmEdges(frame, rows)), RFM_NAMES.length)
  const k = model.centres.length
  const sampled = sampleRows(
    Array.from(rows, (row) => frame.ids[row]!),
    Int32Array.from(rows, (_, i) => i),
    SILHOUETTE_ROWS * 2,
  )
  const anew = lloyd(points, clusterAgain(pointsAt(points, sampled), k, STARTS, rng).centres)
  return clusterJaccards(labels, anew.labels, k)
}

/** Mean of one figure, each trial weighing as many rows as it has. */
function pooled(judged: readonly Judged[], of: (each: Judged) => number): number {
  const rows = judged.reduce((sum, each) => sum + each.rows, 0)
  return rows === 0 ? 0 : judged.reduce((sum, each) => sum + of(each) * each.rows, 0) / rows
}

const mean = (values: readonly number[]): number => {
  const known = values.filter((value) => !Number.isNaN(value))
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length
}

function verdictOf(model: SegmentsModel, judged: readonly Judged[], stability: number): Pick<Report, 'verdict' | 'why'> {
  if (judged.length === 0) return { verdict: 'refuse', why: `No period has ${LEAST_ROWS} customers with an order: nothing to judge by.` }
  const found = `found again on rows the model had not seen with an overlap of ${stability.toFixed(2)} (at least ${STABLE} needed)`
  if (stability < STABLE) return { verdict: 'refuse', why: `The segments are not stable: ${found}.` }
  if (model.centres === null) return { verdict: 'publish', why: `${model.choice}; the bins are ${found}.` }
  const ours = pooled(judged, (each) => each.silhouette)
  const bins = pooled(judged, (each) => each.bins.silhouette)
  return ours > bins
    ? {
        verdict: 'publish',
        why: `${model.segments.length} segments, ${found}; silhouette ${ours.toFixed(3)} against ${bins.toFixed(3)} of RFM bins.`,
      }
    : {
        verdict: 'refuse',
        why: `The segments separate customers no better than RFM bins: silhouette ${ours.toFixed(3)} against ${bins.toFixed(3)}.`,
      }
}

function stageCounts({ model, frame }: Trial<SegmentsModel>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const stage of lifecycleStages(frame, model.formerAfterDays)) if (stage !== null) counts[stage] = (counts[stage] ?? 0) + 1
  return counts
}

/** How many customers score 1 to 5 on each measure: shows at a glance whether the edges still fit. */
function rfmCounts({ model, frame }: Trial<SegmentsModel>): Record<string, number[]> {
  const columns = [valuesOf(frame, 'days_since_last_order'), valuesOf(frame, 'orders'), valuesOf(frame, 'money')] as const
  const counts = { recency: [0, 0, 0, 0, 0], frequency: [0, 0, 0, 0, 0], money: [0, 0, 0, 0, 0] }
  for (let row = 0; row < frame.ids.length; row++) {
    const scores = rfmScores(model.rfm, columns[0][row]!, columns[1][row]!, columns[2][row]!)
    Object.values(counts).forEach((of, i) => {
      if (!Number.isNaN(scores[i]!)) of[scores[i]! - 1]!++
    })
  }
  return counts
}

/** Whether the segments hold on rows the model did not see, and separate customers better than RFM bins do. */
export function judge(trials: readonly Trial<SegmentsModel>[], definition: EventDefinition, rng: Rng, version: number): Report {
  const judged = trials.map((trial, i) => judgeTrial(trial, rng.fork(`trial ${i}`))).filter((each) => each !== null)
  const stability = pooled(judged, (each) => mean(each.overlaps))
  const last = trials.at(-1)
  const later =
    trials.length > 0 && trials.every(({ model, frame }) => model.asOf !== null && frame.asOf !== null && frame.asOf > model.asOf)
  const rows = judged.reduce((sum, each) => sum + each.rows, 0)
  return {
    miner: MINER,
    version,
    event: definition.event,
    ...(last === undefined
      ? { verdict: 'refuse' as const, why: 'There is nothing to judge by.' }
      : verdictOf(last.model, judged, stability)),
    protocol: later ? 'later-period' : 'resampling',
    population: { who: 'customers with an order', rows, positives: 0 },
    judgedAt: trials.flatMap(({ frame }) => (frame.asOf === null ? [] : [isoDay(frame.asOf)])),
    metrics: {
      k: last?.model.segments.length ?? 0,
      silhouette: pooled(judged, (each) => each.silhouette),
      stability,
      inertia: pooled(judged, (each) => each.inertia),
    },
    baselines: [
      {
        name: 'RFM bins',
        silhouette: pooled(judged, (each) => each.bins.silhouette),
        inertia: pooled(judged, (each) => each.bins.inertia),
      },
      { name: 'one segment', silhouette: 0, inertia: pooled(judged, (each) => each.one) },
    ],
    candidates: (last?.model.tried ?? []).map((each) => ({ name: `${each.k} segments`, ...each })),
    details: last === undefined ? {} : detailsOf(last, judged),
  }
}

function detailsOf(last: Trial<SegmentsModel>, judged: readonly Judged[]): Report['details'] {
  const { model } = last
  return {
    choice: model.choice,
    // Of the training rows: inertia, silhouette and stability for each number of segments.
    table: model.tried,
    segments: model.segments,
    overlaps: judged.map((each) => each.overlaps.map((value) => (Number.isNaN(value) ? null : value))),
    rfmEdges: model.rfm,
    rfmCounts: rfmCounts(last),
    formerAfterDays: model.formerAfterDays,
    stages: stageCounts(last),
  }
}
