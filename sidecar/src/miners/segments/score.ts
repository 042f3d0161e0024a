import type { Frame, ScoreColumns } from '@assay/shared'
import { nearestCentre } from '../../numeric/k-means.ts'
import { knownRows, scaledPoints, valuesOf } from './measures.ts'
import type { SegmentsModel } from './model.ts'
import { rfmCells } from './rfm.ts'
import { lifecycleStages } from './stage.ts'

/** Said of customers who are known to have ordered nothing. */
export const NO_ORDER = 'No order yet'

/** Row numbers that a segment can be told for, and the segment of each. */
export function assignSegments(model: SegmentsModel, frame: Frame): { rows: Int32Array; labels: Int32Array } {
  if (model.centres === null) {
    const rows = knownRows(frame, ['days_since_last_order', 'orders'])
    return { rows, labels: rfmCells(frame, rows, model.rfm) }
  }
  const rows = knownRows(
    frame,
    model.scale.map((each) => each.measure),
  )
  const { values, width } = scaledPoints(frame, rows, model.scale)
  const centres = Float64Array.from(model.centres.flat())
  return { rows, labels: Int32Array.from(rows, (_, i) => nearestCentre(values, i * width, centres, width)) }
}

/** Segment and stage of every row; a customer who is new today is assigned like any other. */
export function score(model: SegmentsModel, now: Frame): ScoreColumns {
  const orders = valuesOf(now, 'orders')
  const segment: (string | null)[] = Array.from(orders, (count) => (count === 0 ? NO_ORDER : null))
  const { rows, labels } = assignSegments(model, now)
  rows.forEach((row, i) => {
    segment[row] = model.segments[labels[i]!]!.name
  })
  const stage = lifecycleStages(now, model.formerAfterDays)
  return {
    ids: now.ids,
    fields: { segment, lifecycle_stage: stage },
    signs: null,
    unscored: segment.map((name, row) => (name === null && stage[row] === null ? 'It is not known when the last order was.' : null)),
  }
}
