import { logistic } from '../../numeric/logistic.ts'
import { encode } from './encoding.ts'
import type { Slot } from './model.ts'
import type { Table } from './table.ts'

export interface Linear {
  readonly slots: readonly Slot[]
  readonly weights: readonly number[]
  readonly intercept: number
}

/** The encoded columns of a table. */
export const matrix = (slots: readonly Slot[], table: Table): Float64Array[] => slots.map((slot) => encode(slot, table))

export function fitLinear(slots: readonly Slot[], columns: readonly Float64Array[], outcome: Float64Array, lambda: number): Linear {
  const fit = logistic(columns, outcome, { lambda })
  return { slots, weights: [...fit.coefficients], intercept: fit.intercept }
}

/** Log-odds before calibration. */
export function rawScores(linear: Linear, columns: readonly Float64Array[], size: number): Float64Array {
  const raw = new Float64Array(size).fill(linear.intercept)
  columns.forEach((column, j) => {
    const weight = linear.weights[j]!
    if (weight !== 0) for (let row = 0; row < size; row++) raw[row]! += weight * column[row]!
  })
  return raw
}

/** What each column adds to the intercept, row by row: nothing at the training mean. */
export function linearParts(linear: Linear, table: Table): Map<string, Float64Array> {
  const parts = new Map<string, Float64Array>()
  linear.slots.forEach((slot, j) => {
    const part = parts.get(slot.column) ?? new Float64Array(table.size)
    const weight = linear.weights[j]!
    encode(slot, table).forEach((value, row) => (part[row]! += weight * value))
    parts.set(slot.column, part)
  })
  return parts
}
