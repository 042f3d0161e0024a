import { column, type Frame } from '@assay/shared'
import type { Measure, SegmentsModel } from './model.ts'
import { MEASURES } from './model.ts'

type Scale = SegmentsModel['scale']

/** The numbers of that name; all missing where the frame does not have them. */
export function valuesOf(frame: Frame, name: string): Float64Array {
  const found = column(frame, name)
  return found?.type === 'number' ? found.values : new Float64Array(frame.ids.length).fill(Number.NaN)
}

/** Large numbers count by their ratio; below zero nothing is told apart. */
export const logged = (value: number): number => Math.log1p(Math.max(0, value))

/** Rows that ordered and of which all given measures are known. */
export function knownRows(frame: Frame, measures: readonly Measure[]): Int32Array {
  const orders = valuesOf(frame, 'orders')
  const columns = measures.map((measure) => valuesOf(frame, measure))
  const rows: number[] = []
  for (let row = 0; row < frame.ids.length; row++) {
    if (orders[row]! > 0 && columns.every((values) => !Number.isNaN(values[row]!))) rows.push(row)
  }
  return Int32Array.from(rows)
}

/** Recency and frequency always; money where at least half of those who ordered have it. */
export function usedMeasures(frame: Frame): Measure[] {
  const ordered = knownRows(frame, ['days_since_last_order', 'orders']).length
  return MEASURES.filter((measure) => measure !== 'money' || knownRows(frame, MEASURES).length * 2 >= ordered)
}

/** Mean and standard deviation (of the population) of log(1 + value); what does not vary is left out. */
export function scaleOf(frame: Frame, rows: Int32Array, measures: readonly Measure[]): Scale {
  return measures
    .map((measure) => {
      const values = valuesOf(frame, measure)
      const mean = rows.reduce((sum, row) => sum + logged(values[row]!), 0) / rows.length
      const square = rows.reduce((sum, row) => sum + (logged(values[row]!) - mean) ** 2, 0)
      return { measure, mean, deviation: Math.sqrt(square / rows.length) }
    })
    .filter((each) => each.deviation > 1e-9)
}

/** The given rows in a model's scale, row-major. */
export function scaledPoints(frame: Frame, rows: Int32Array, scale: Scale): { values: Float64Array; width: number } {
  const width = scale.length
  const values = new Float64Array(rows.length * width)
  scale.forEach(({ measure, mean, deviation }, j) => {
    const from = valuesOf(frame, measure)
    rows.forEach((row, i) => {
      values[i * width + j] = (logged(from[row]!) - mean) / deviation
    })
  })
  return { values, width }
}
