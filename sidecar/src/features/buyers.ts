import type { Buyers, Frame } from '@assay/shared'
import { hashUnit } from '../numeric/rng.ts'
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
  const rows = [...frame.ids.keys()].filter((row) => orderDays[row]! > 0)
  if (rows.length > MOST_BUYERS) {
    const place = new Map(rows.map((row) => [row, hashUnit(frame.ids[row]!)]))
    rows.sort((a, b) => place.get(a)! - place.get(b)! || a - b)
    rows.length = MOST_BUYERS
  }
  const pick = (from: Float64Array): Float64Array => {
    const to = sharedNumbers(rows.length)
    rows.forEach((row, i) => (to[i] = from[row]!))
    return to
  }
  return { orderDays: pick(orderDays), spanDays: pick(spanDays), tenureDays: pick(tenureDays) }
}
