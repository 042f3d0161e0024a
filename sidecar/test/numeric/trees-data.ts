import type { InputColumn } from '../../src/numeric/boosting/inputs.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { sigmoid } from '../../src/numeric/sigmoid.ts'

export const numbers = (name: string, values: ArrayLike<number>): InputColumn => ({
  type: 'number',
  info: { name },
  values: Float64Array.from(values),
})

export const words = (name: string, values: readonly (string | null)[]): InputColumn => {
  const levels = [...new Set(values.filter((v) => v !== null))].sort()
  return { type: 'category', info: { name }, codes: Int32Array.from(values, (v) => (v === null ? -1 : levels.indexOf(v))), levels }
}

/** Some of the rows of columns. */
export const rowsOf = (columns: readonly InputColumn[], from: number, to: number): InputColumn[] =>
  columns.map((column) =>
    column.type === 'number' ? { ...column, values: column.values.slice(from, to) } : { ...column, codes: column.codes.slice(from, to) },
  )

/** Rows whose outcome follows a rule that no line can draw: steps, a product, a word, and what is missing means something. */
export function steppedWorld(rows: number, seed: string): { columns: InputColumn[]; outcome: Float64Array; truth: Float64Array } {
  const rng = seededRng(seed)
  const a = Float64Array.from({ length: rows }, () => rng.next() * 4 - 2)
  const b = Float64Array.from({ length: rows }, () => rng.next() * 4 - 2)
  const gap = Float64Array.from({ length: rows }, () => (rng.next() < 0.2 ? Number.NaN : Math.floor(rng.next() * 6)))
  const town = Array.from({ length: rows }, () => (rng.next() < 0.05 ? null : `town ${rng.below(8)}`))
  const noise = Float64Array.from({ length: rows }, () => rng.next())
  const effect: Record<string, number> = { 'town 1': 1.2, 'town 4': 1, 'town 6': -1.4 }
  const truth = a.map(
    (v, row) =>
      (v > 0.5 ? 1 : -0.6) + v * b[row]! + (Number.isNaN(gap[row]!) ? 1.1 : gap[row]! > 3 ? -0.7 : 0) + (effect[town[row] ?? ''] ?? 0),
  )
  const outcome = truth.map((f) => (rng.next() < sigmoid(f) ? 1 : 0))
  return { columns: [numbers('a', a), numbers('b', b), numbers('gap', gap), words('town', town), numbers('noise', noise)], outcome, truth }
}
