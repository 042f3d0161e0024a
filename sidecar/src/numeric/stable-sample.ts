import { hashUnit } from './rng.ts'

/** The given rows in the order of their ids: sums and seeds then do not depend on how a frame was sorted. */
export const rowsById = (ids: readonly string[], rows: Int32Array): Int32Array =>
  rows.toSorted((a, b) => (ids[a]! < ids[b]! ? -1 : ids[a]! > ids[b]! ? 1 : a - b))

/**
 * At most `most` of the given rows, by id, chosen by a hash of their ids: the same customers whatever order or source
 * they come from.
 */
export function sampleRows(ids: readonly string[], rows: Int32Array, most: number): Int32Array {
  if (rows.length <= most) return rowsById(ids, rows)
  const hashes = new Map(Array.from(rows, (row) => [row, hashUnit(ids[row]!)]))
  const hashed = rowsById(ids, rows).sort((a, b) => hashes.get(a)! - hashes.get(b)!)
  return rowsById(ids, hashed.slice(0, most))
}
