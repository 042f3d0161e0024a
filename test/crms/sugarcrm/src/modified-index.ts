import type { ModuleName } from './modules.ts'
import type { Row } from './values.ts'

/** Which rows of the source were last modified when: what the index on date_modified is in Sugar's database. */
export interface ModifiedIndex {
  /** Ids of the rows modified in [from, to], by instant and id. */
  between(module: ModuleName, from: number, to: number, backwards: boolean): Iterable<string>
}

/** One pass over all rows; the id and the instant of each of them stay. */
export function modifiedIndex(rows: Iterable<{ readonly module: ModuleName; readonly row: Row }>): ModifiedIndex {
  const found = new Map<ModuleName, { at: number[]; ids: string[] }>()
  for (const { module, row } of rows) {
    let entry = found.get(module)
    if (entry === undefined) found.set(module, (entry = { at: [], ids: [] }))
    entry.at.push(Number(row['date_modified']))
    entry.ids.push(String(row['id']))
  }
  const sorted = new Map<ModuleName, { readonly at: Float64Array; readonly ids: readonly string[] }>()
  for (const [module, { at, ids }] of found) {
    const order = Uint32Array.from(at.keys()).sort(
      (left, right) => (at[left] ?? 0) - (at[right] ?? 0) || ((ids[left] ?? '') < (ids[right] ?? '') ? -1 : 1),
    )
    sorted.set(module, {
      at: Float64Array.from(order, (position) => at[position] ?? 0),
      ids: Array.from(order, (position) => ids[position] ?? ''),
    })
  }
  return {
    *between(module, from, to, backwards) {
      const entry = sorted.get(module)
      if (entry === undefined) return
      const [first, end] = [lowerBound(entry.at, from), upperBound(entry.at, to)]
      if (backwards) for (let position = end - 1; position >= first; position -= 1) yield entry.ids[position] ?? ''
      else for (let position = first; position < end; position += 1) yield entry.ids[position] ?? ''
    },
  }
}

const lowerBound = (values: Float64Array, value: number): number => bound(values, (each) => each < value)
const upperBound = (values: Float64Array, value: number): number => bound(values, (each) => each <= value)

function bound(values: Float64Array, isBefore: (value: number) => boolean): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(values[middle] ?? Infinity)) low = middle + 1
    else high = middle
  }
  return low
}
