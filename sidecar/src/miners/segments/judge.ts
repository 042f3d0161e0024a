import type { EventDefinition, Report, Rng, Trial } from '@assay/shared'
import { isoDay } from '../../numeric/iso-day.ts'
import { FOUND_AGAIN, STABLE } from './choose-k.ts'
import { isLater, judgeTrial, LEAST_ROWS, type Judged } from './judge-trial.ts'
import { valuesOf } from './measures.ts'
import type { SegmentsModel, SegmentsParams } from './model.ts'
import { rfmScores } from './rfm.ts'
import { lifecycleStages } from './stage.ts'

const MINER = 'segments'

/** Mean of one figure, each trial weighing as many rows as it has. */
function pooled(judged: readonly Judged[], of: (each: Judged) => number): number {
  const rows = judged.reduce((sum, each) => sum + each.rows, 0)
  return rows === 0 ? 0 : judged.reduce((sum, each) => sum + of(each) * each.rows, 0) / rows
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const mean = (values: readonly number[]): number => {
  const known = values.filter((value) => !Number.isNaN(value))
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length
}

function verdictOf(model: SegmentsModel, judged: readonly Judged[], stability: number, later: boolean): Pick<Report, 'verdict' | 'why'> {
  if (judged.length === 0) return { verdict: 'refuse', why: `No period has ${LEAST_ROWS} customers with an order: nothing to judge by.` }
  if (model.centres === null) return { verdict: 'refuse', why: capital(`${model.choice}.`) }
  // Between two days customers move as well, so less is asked of a later one.
  const needed = later ? FOUND_AGAIN : STABLE
  const found = `found again ${later ? 'on a later day' : 'in resamples'} with an overlap of ${stability.toFixed(2)} (at least ${needed} needed)`
  if (stability < needed) return { verdict: 'refuse', why: `The segments are not stable: ${found}.` }
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
export function judge(
  trials: readonly Trial<SegmentsModel>[],
  definition: EventDefinition,
  params: SegmentsParams,
  rng: Rng,
  version: number,
): Report {
  const judged = trials.map((trial, i) => judgeTrial(trial, params, rng.fork(`trial ${i}`))).filter((each) => each !== null)
  const stability = pooled(judged, (each) => mean(each.overlaps))
  const last = trials.at(-1)
  const later = trials.length > 0 && trials.every(isLater)
  const rows = judged.reduce((sum, each) => sum + each.rows, 0)
  return {
    miner: MINER,
    version,
    event: definition.event,
    ...(last === undefined
      ? { verdict: 'refuse' as const, why: 'There is nothing to judge by.' }
      : verdictOf(last.model, judged, stability, later)),
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
    lineage: model.lineage,
    // Of one segment: the gap that structure has to exceed.
    oneGap: model.oneGap,
    overlaps: judged.map((each) => each.overlaps.map((value) => (Number.isNaN(value) ? null : value))),
    rfmEdges: model.rfm,
    rfmCounts: rfmCounts(last),
    formerAfterDays: model.formerAfterDays,
    stages: stageCounts(last),
  }
}
