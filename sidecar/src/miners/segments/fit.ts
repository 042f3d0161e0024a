import { AssayError, type Frame, type Rng, type Training } from '@assay/shared'
import type { Clustering } from '../../numeric/k-means.ts'
import { rowsById, sampleRows } from '../../numeric/stable-sample.ts'
import { chooseSegments } from './choose-k.ts'
import { pointsAt } from './clusters.ts'
import { knownRows, scaledPoints, scaleOf, usedMeasures } from './measures.ts'
import type { Segment, SegmentsModel, SegmentsParams } from './model.ts'
import { segmentNames, type Centre } from './names.ts'
import { profileOf } from './profile.ts'
import { RFM_NAMES, rfmCells, rfmEdges } from './rfm.ts'
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

function profiles(frame: Frame, rows: Int32Array, labels: Int32Array, names: readonly string[]): Segment[] {
  return membersOf(rows, labels, names.length).map((members, c) => profileOf(frame, rows, members, names[c]!))
}

/** Learns segments from the newest frame: today's customers are what they are compared with. */
// eslint-disable-next-line typescript/require-await -- the contract is asynchronous
export async function fit(training: Training, params: SegmentsParams, rng: Rng): Promise<SegmentsModel> {
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
  const choice = chooseSegments(pointsAt(all, sampled), all, params, rng)
  const ordered = choice.clustering === null ? null : inOrder(choice.clustering, scale)
  const rfm = rfmEdges(frame, rows)
  return {
    asOf: frame.asOf,
    rows: rows.length,
    rfm,
    scale,
    centres: ordered?.centres ?? null,
    segments:
      ordered === null
        ? profiles(frame, rows, rfmCells(frame, rows, rfm), RFM_NAMES)
        : profiles(
            frame,
            rows,
            choice.clustering!.labels.map((c) => ordered.places[c]!),
            segmentNames(ordered.named),
          ),
    choice: choice.why,
    tried: choice.tried,
    formerAfterDays: params.formerAfterDays ?? training.definition.horizonDays ?? formerAfter(frame),
  }
}
