import type { Frame } from '@assay/shared'
import { binOf, rankEdges } from '../../numeric/rank-bins.ts'
import { valuesOf } from './measures.ts'
import type { SegmentsModel } from './model.ts'
import { MEASURES } from './model.ts'

type RfmEdges = SegmentsModel['rfm']

const BINS = 5

/** Edges of the scores 1-5, of the rows given; equal values always score alike. */
export function rfmEdges(frame: Frame, rows: Int32Array): RfmEdges {
  const [recency, frequency, money] = MEASURES.map((measure) => {
    const values = valuesOf(frame, measure)
    return rankEdges(
      Float64Array.from(rows, (row) => values[row]!),
      BINS,
    )
  })
  return { days_since_last_order: recency!, orders: frequency!, money: money! }
}

/** 5 is good: bought lately, often, for much. NaN where it is not known. */
export function rfmScores(edges: RfmEdges, days: number, orders: number, money: number): [number, number, number] {
  return [BINS + 1 - binOf(days, edges.days_since_last_order), binOf(orders, edges.orders), binOf(money, edges.money)]
}

/** Named by recency (rows: lately, a while ago, long ago) and frequency (columns: often, now and then, rarely). */
export const RFM_NAMES = [
  'Buys often, bought lately',
  'Buys now and then, bought lately',
  'New or rare buyer, bought lately',
  'Buys often, slowing down',
  'Buys now and then, a while ago',
  'Rare buyer, a while ago',
  'Used to buy often, quiet now',
  'Used to buy now and then, quiet now',
  'Bought once or twice, long ago',
] as const

const third = (score: number): number => (score >= 4 ? 0 : score === 3 ? 1 : 2)

/** Number of the cell of the grid above; -1 where recency or frequency is not known. */
export function rfmCell(edges: RfmEdges, days: number, orders: number): number {
  const [recency, frequency] = rfmScores(edges, days, orders, Number.NaN)
  return Number.isNaN(recency) || Number.isNaN(frequency) ? -1 : third(recency) * 3 + third(frequency)
}

/** The cell of every given row. */
export function rfmCells(frame: Frame, rows: Int32Array, edges: RfmEdges): Int32Array {
  const days = valuesOf(frame, 'days_since_last_order')
  const orders = valuesOf(frame, 'orders')
  return Int32Array.from(rows, (row) => rfmCell(edges, days[row]!, orders[row]!))
}
