import { alone, AssayError, type Frame, type Meter, type Parallel, type Rng, type Training } from '@assay/shared'
import type { Clustering } from '../../numeric/k-means.ts'
import { rowsById, sampleRows } from '../../numeric/stable-sample.ts'
import { chooseSegments } from './choose-k.ts'
import { pointsAt } from './clusters.ts'
import { comparable, descent, keptNames, labelsBy } from './lineage.ts'
import { knownRows, scaledPoints, scaleOf, usedMeasures } from './measures.ts'
import type { Segment, SegmentsModel, SegmentsParams } from './model.ts'
import { segmentNames, type Centre } from './names.ts'
import { profileOf } from './profile.ts'
import { RFM_NAMES, rfmCells, rfmEdges } from './rfm.ts'
import { groupRules } from './rules.ts'
import { formerAfter } from './stage.ts'

const LEAST_CUSTOMERS = 30

/** Members of each of `k` groups, as row numbers. */
function membersOf(rows: Int32Array, labels: Int32Array, k: number): Int32Array[] {
  return Array.from({ length: k }, (_, c) => rows.filter((_row, i) => labels[i] === c))
}

/** Centres with the best customers first: a lasting order, whatever number k-means gave them. */
function inOrder(clustering: Clustering, scale: SegmentsModel['scale']): { centres: number[][]; places: Int32Array; named: Centre[] } {
  const width = scale.length
  const centres = Array.from({ length: clustering.centres.length / width }, (_, c) =>
    Array.from(clustering.centres.subarray(c * width, (c + 1) * width)),
  )
  const worth = (centre: readonly number[]) =>
    centre.reduce((sum, value, j) => sum + (scale[j]!.measure === 'days_since_last_order' ? -value : value), 0)
  const order = centres.map((_, c) => c).sort((a, b) => worth(centres[b]!) - worth(centres[a]!) || a - b)
  return {
    centres: order.map((c) => centres[c]!),
    places: Int32Array.from(centres, (_, c) => order.indexOf(c)),
    named: order.map((c) => Object.fromEntries(centres[c]!.map((value, j) => [scale[j]!.measure, value]))),
  }
}

function profiles(frame: Frame, rows: Int32Array, labels: Int32Array, names: readonly string[], measures: readonly string[]): Segment[] {
  const rules = groupRules(frame, rows, labels, names.length, measures)
  return membersOf(rows, labels, names.length).map((members, c) => ({ ...profileOf(frame, rows, members, names[c]!), ...rules[c]! }))
}

/** Learns segments from the newest frame: today's customers are what they are compared with. */
// eslint-disable-next-line typescript/require-await -- the contract is asynchronous
export async function fit(
  training: Training,
  params: SegmentsParams,
  rng: Rng,
  _meter?: Meter,
  parallel: Parallel = alone,
): Promise<SegmentsModel> {
  const frame = training.frames.at(-1)
  const measures = frame === undefined ? [] : usedMeasures(frame)
  const rows = frame === undefined ? new Int32Array() : rowsById(frame.ids, knownRows(frame, measures))
  if (frame === undefined || rows.length < LEAST_CUSTOMERS) {
    throw new AssayError('data', `segments need ${LEAST_CUSTOMERS} customers with an order whose day is known; there are ${rows.length}`, {
      hint: 'Read more history, or check that won deals carry a close date.',
    })
  }
  const scale = scaleOf(frame, rows, measures)
  const all = scaledPoints(frame, rows, scale)
  const sampled = sampleRows(
    Array.from(rows, (row) => frame.ids[row]!),
    Int32Array.from(rows, (_, i) => i),
    params.sample,
  )
  const previous = comparable(training.previous, scale)
  const choice = chooseSegments(pointsAt(all, sampled), all, params, rng, previous?.segments.length ?? null, parallel)
  const rfm = rfmEdges(frame, rows)
  const shared = {
    asOf: frame.asOf,
    rows: rows.length,
    rfm,
    scale,
    choice: choice.why,
    oneGap: choice.oneGap,
    tried: choice.tried,
    formerAfterDays: params.formerAfterDays ?? training.definition.horizonDays ?? formerAfter(frame),
  }
  if (choice.clustering === null) {
    const bins = profiles(frame, rows, rfmCells(frame, rows, rfm), RFM_NAMES, ['days_since_last_order', 'orders'])
    return { ...shared, centres: null, segments: bins, lineage: null }
  }
  const ordered = inOrder(choice.clustering, scale)
  const labels = choice.clustering.labels.map((c) => ordered.places[c]!)
  const { names, lineage } = namesOf(segmentNames(ordered.named), previous, frame, rows, labels)
  return { ...shared, centres: ordered.centres, segments: profiles(frame, rows, labels, names, measures), lineage }
}

/** The names that the segments had, where they go on. */
function namesOf(
  fresh: string[],
  previous: SegmentsModel | null,
  frame: Frame,
  rows: Int32Array,
  labels: Int32Array,
): { names: string[]; lineage: SegmentsModel['lineage'] } {
  if (previous === null) return { names: fresh, lineage: null }
  const earlierNames = previous.segments.map((each) => each.name)
  const found = descent(labelsBy(previous, frame, rows), labels, earlierNames.length, fresh.length)
  const names = keptNames(fresh, earlierNames, found)
  return {
    names,
    lineage: {
      agreement: found.agreement,
      from: names.map((name, a) => ({
        name,
        earlier: found.earlier[a]! < 0 ? null : earlierNames[found.earlier[a]!]!,
        overlap: found.overlaps[a]!,
      })),
      gone: earlierNames.filter((_, b) => !found.earlier.includes(b)),
    },
  }
}
