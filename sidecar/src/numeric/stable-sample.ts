import { hashUnit } from './rng.ts'

/**
 * At most `most` of the given rows, ascending, chosen by a hash of their ids: the same customers whatever order or
 * source they come from.
 */
export function sampleRows(ids: readonly string[], rows: Int32Array, most: number): Int32Array {
  if (rows.length <= most) return rows
  const hashed = Array.from(rows, (row) => ({ row, id: ids[row]!, hash: hashUnit(ids[row]!) }))
  hashed.sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1))
  return Int32Array.from(hashed.slice(0, most), (each) => each.row).sort()
}
