import type { Column, Frame } from '@assay/shared'

/** A frame with number columns only, ids ascending. */
export function frameOf(ids: readonly string[], numbers: Readonly<Record<string, ArrayLike<number>>>, asOf: number | null = null): Frame {
  const columns = Object.entries(numbers).map(([name, values]): Column => ({
    type: 'number',
    info: { name, label: name, unit: 'number', phrase: '{value}', sourceFields: [], restricted: false },
    values: Float64Array.from(values),
  }))
  return { asOf, ids, columns, outcome: null, baskets: null, next: null }
}
