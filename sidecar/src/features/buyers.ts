import type { Buyers, Frame } from '@assay/shared'
import { sampleRows } from '../numeric/stable-sample.ts'
import { sharedNumbers } from './shared-numbers.ts'

/** The few parameters of a buying model need no more customers than this. */
const MOST_BUYERS = 3000
const MEMBERS = { orderDays: 'order_days', spanDays: 'span_days', tenureDays: 'tenure_days' } as const

/** When everybody of a frame bought who ever did, a sample by id where they are many; undefined where the frame does not tell. */
export function buyersOf(frame: Frame): Buyers | undefined {
  const numbers = (name: string): Float64Array | null => {
    const found = frame.columns.find((column) => column.info.name === name)
    return found?.type === 'number' ? found.values : null
  }
  const orderDays = numbers(MEMBERS.orderDays)
  const spanDays = numbers(MEMBERS.spanDays)
  const tenureDays = numbers(MEMBERS.tenureDays)
  if (!orderDays || !spanDays || !tenureDays) return undefined
  const everybody = Int32Array.from(frame.ids.keys()).filter((row) => orderDays[row]! > 0)
  const rows = sampleRows(frame.ids, everybody, MOST_BUYERS)
  const pick = (from: Float64Array): Float64Array => {
    const to = sharedNumbers(rows.length)
    rows.forEach((row, i) => (to[i] = from[row]!))
    return to
  }
  return { orderDays: pick(orderDays), spanDays: pick(spanDays), tenureDays: pick(tenureDays) }
}
