import type { ObjectName } from './objects.ts'
import type { Row } from './values.ts'

/** Which rows of the source were last modified when: what the index on SystemModstamp is in Salesforce. */
export interface ModifiedIndex {
  /** Ids of the rows modified in [from, to), oldest first. */
  between(object: ObjectName, from: number, to: number): readonly string[]
}

/** One pass over all rows; 30-odd bytes for each of them stay. */
export function modifiedIndex(
  objects: readonly ObjectName[],
  rows: Iterable<{ readonly object: ObjectName; readonly row: Row }>,
): ModifiedIndex {
  const found = new Map<ObjectName, { at: number[]; ids: string[] }>(objects.map((object) => [object, { at: [], ids: [] }]))
  for (const { object, row } of rows) {
    const entry = found.get(object)
    entry?.at.push(Number(row['SystemModstamp'] ?? row['CreatedDate']))
    entry?.ids.push(String(row['Id']))
  }
  const sorted = new Map<ObjectName, { readonly at: Float64Array; readonly ids: readonly string[] }>()
  for (const [object, { at, ids }] of found) {
    const order = Uint32Array.from(at.keys()).sort((left, right) => (at[left] ?? 0) - (at[right] ?? 0))
    sorted.set(object, {
      at: Float64Array.from(order, (position) => at[position] ?? 0),
      ids: Array.from(order, (position) => ids[position] ?? ''),
    })
  }
  return {
    between(object, from, to) {
      const entry = sorted.get(object)
      return entry === undefined ? [] : entry.ids.slice(lowerBound(entry.at, from), lowerBound(entry.at, to))
    },
  }
}

function lowerBound(values: Float64Array, value: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] ?? Infinity) < value) low = middle + 1
    else high = middle
  }
  return low
}
