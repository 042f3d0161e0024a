import type { Frame, NumberColumn } from '@assay/shared'
import type { History } from '../../numeric/buying/buying-model.ts'
import { rowsById } from '../../numeric/stable-sample.ts'

export const WEEK = 7

/** Customers of one frame as forecasts see them: by id, only those with an order. Money less returns. */
export interface Customers {
  readonly asOf: number | null
  readonly frame: Frame
  /** Rows of the frame. */
  readonly rows: Int32Array
  readonly ids: readonly string[]
  /** Time in weeks. */
  readonly histories: readonly History[]
  readonly columns: ReadonlyMap<string, Float64Array>
  /** Whether somebody ordered on the very day of the frame: then that day had been seen. */
  readonly wholeDay: boolean
}

/** The numbers of one column, by row of `Customers`; NaN where there is no such column. */
export const valuesOf = (customers: Customers, name: string): Float64Array =>
  customers.columns.get(name) ?? new Float64Array(customers.ids.length).fill(Number.NaN)

const numbersOf = (frame: Frame, name: string): Float64Array | null => {
  const found = frame.columns.find((column) => column.info.name === name)
  return found?.type === 'number' ? found.values : null
}

/**
 * Sorted by id, so that the order of rows leaves no trace. `wholeDay` is taken from the model when a part of a frame is
 * scored: a part cannot tell.
 */
export function customersOf(frame: Frame, wholeDay?: boolean): Customers {
  const [orderDays, span, tenure] = ['order_days', 'span_days', 'tenure_days'].map((name) => numbersOf(frame, name))
  const gaps = numbersOf(frame, 'ln_gaps')
  const known = Int32Array.from(
    frame.ids.flatMap((_, row) =>
      orderDays && span && tenure && orderDays[row]! >= 1 && tenure[row]! >= span[row]! && span[row]! >= 0 ? [row] : [],
    ),
  )
  const rows = rowsById(frame.ids, known)
  const seen = wholeDay ?? rows.some((row) => tenure![row] === span![row])
  const histories = Array.from(rows, (row): History => {
    const repeats = orderDays![row]! - 1
    const recency = repeats === 0 ? 0 : span![row]! / WEEK
    // Ages count to the last day that was seen whole; an order on the day itself makes it one.
    const age = Math.max(recency, (tenure![row]! - (seen ? 0 : 1)) / WEEK)
    const lnGaps = gaps ? gaps[row]! - repeats * Math.log(WEEK) : Number.NaN
    return { repeats, recency, age, lnGaps: Number.isNaN(lnGaps) ? 0 : lnGaps }
  })
  const columns = new Map(
    frame.columns
      .filter((column): column is NumberColumn => column.type === 'number')
      .map((column) => [column.info.name, Float64Array.from(rows, (row) => column.values[row]!)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  return { asOf: frame.asOf, frame, rows, ids: Array.from(rows, (row) => frame.ids[row]!), histories, columns, wholeDay: seen }
}

/** What they did in the window of that many days, by row of `Customers`; null where that window was not over. Money never below 0. */
export function followedOf(customers: Customers, days: number): { money: Float64Array; orderDays: Float64Array } | null {
  const found = customers.frame.followed?.find((one) => one.days === days)
  if (found === undefined) return null
  return {
    money: Float64Array.from(customers.rows, (row) => Math.max(0, found.money[row]!)),
    orderDays: Float64Array.from(customers.rows, (row) => found.orderDays[row]!),
  }
}
