import type { Column } from '@assay/shared'

/** Rows that agree by chance so rarely (expected number of others like them) are copies of one another. */
const BY_CHANCE = 0.01

/**
 * For each row the first row of which it is a copy, itself where it is none. Copies say the same in every column, and are so particular
 * that by chance nobody would: customers of few traits are often alike without being the same. What became of them is not looked at.
 */
export function firstOfCopies(columns: readonly Column[], size: number): Int32Array {
  const texts = columns.map((column) => (row: number) => String(column.type === 'number' ? column.values[row]! : column.codes[row]!))
  const heads = new Map<string, number>()
  const first = Int32Array.from({ length: size }, (_, row) => {
    const key = texts.map((text) => text(row)).join(' ')
    const head = heads.get(key) ?? row
    heads.set(key, head)
    return head
  })
  if (heads.size === size) return first
  const chance = chances(texts, [...heads.values()])
  return first.map((head, row) => (head === row || chance(head) < BY_CHANCE ? head : row))
}

/** How many of those rows would agree with a row in every column if the columns knew nothing of each other. */
function chances(texts: readonly ((row: number) => string)[], rows: readonly number[]): (row: number) => number {
  const counts = texts.map((text) => {
    const found = new Map<string, number>()
    for (const row of rows) found.set(text(row), (found.get(text(row)) ?? 0) + 1)
    return found
  })
  return (row) => texts.reduce((expected, text, k) => (expected * counts[k]!.get(text(row))!) / rows.length, rows.length)
}
