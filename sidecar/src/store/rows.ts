import type { Block } from './store.ts'

/** A small answer as row objects: numbers (instants as epoch ms), strings, null. */
export async function rowsOf<T>(blocks: AsyncIterable<Block>): Promise<T[]> {
  const rows: T[] = []
  for await (const block of blocks) {
    const columns = Object.entries(block.columns)
    for (let row = 0; row < block.size; row++) {
      rows.push(Object.fromEntries(columns.map(([name, values]) => [name, valueAt(values, row)])) as T)
    }
  }
  return rows
}

function valueAt(values: Float64Array | readonly (string | null)[], row: number): string | number | null {
  const value = values[row] ?? null
  return typeof value === 'number' && Number.isNaN(value) ? null : value
}
