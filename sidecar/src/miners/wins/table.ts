import type { Column, Endings, Frame } from '@assay/shared'

/** Open deals on one or more days, below each other, with how they ended: what a model learns from. */
export interface Table {
  readonly size: number
  readonly ids: readonly string[]
  /** Epoch ms of the row's day; NaN where there is none. */
  readonly asOf: Float64Array
  /** As in `Endings`. */
  readonly how: Int8Array
  readonly days: Float64Array
  readonly value: Float64Array
  /** 1 won within the horizon, 0 not; NaN where not known yet. */
  readonly outcome: Float64Array
  /** Ascending by name. */
  readonly columns: readonly Column[]
}

/** A frame that only says whether it happened: won or lost within the first day, so that all of the horizon is in one interval. */
function endingsOf(frame: Frame): Endings {
  if (frame.endings) return frame.endings
  const outcome = frame.outcome ?? new Float64Array(frame.ids.length).fill(Number.NaN)
  return {
    how: Int8Array.from(outcome, (y) => (Number.isNaN(y) ? -1 : y === 1 ? 1 : 2)),
    days: new Float64Array(outcome.length).fill(1),
    value: new Float64Array(outcome.length).fill(Number.NaN),
  }
}

const byName = (a: Column, b: Column): number => (a.info.name < b.info.name ? -1 : 1)

export function tableOf(frame: Frame): Table {
  const size = frame.ids.length
  return {
    size,
    ids: frame.ids,
    asOf: new Float64Array(size).fill(frame.asOf ?? Number.NaN),
    ...endingsOf(frame),
    outcome: frame.outcome ?? new Float64Array(size).fill(Number.NaN),
    columns: [...frame.columns].sort(byName),
  }
}

/** All frames in one table, by day and id, so that no order of rows or columns leaves a trace. Rows of which the ending is unknown are left out. */
export function stack(frames: readonly Frame[]): Table {
  const joined = concat(frames.map(tableOf))
  const rows = Array.from({ length: joined.size }, (_, row) => row).filter((row) => joined.how[row] !== -1)
  rows.sort((i, j) => compare(joined.asOf[i]!, joined.asOf[j]!) || compare(joined.ids[i]!, joined.ids[j]!) || i - j)
  return take(joined, rows)
}

/** Tables below each other. */
export function concat(tables: readonly Table[]): Table {
  const names = [...new Set(tables.flatMap((table) => table.columns.map((c) => c.info.name)))].sort()
  const numbers = (of: (table: Table) => Float64Array): Float64Array => Float64Array.from(tables.flatMap((table) => [...of(table)]))
  return {
    size: tables.reduce((sum, table) => sum + table.size, 0),
    ids: tables.flatMap((table) => table.ids),
    asOf: numbers((table) => table.asOf),
    how: Int8Array.from(tables.flatMap((table) => [...table.how])),
    days: numbers((table) => table.days),
    value: numbers((table) => table.value),
    outcome: numbers((table) => table.outcome),
    columns: names.map((name) => join(tables, name)),
  }
}

export function take(table: Table, rows: readonly number[]): Table {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!)
  return {
    size: rows.length,
    ids: rows.map((row) => table.ids[row]!),
    asOf: pick(table.asOf),
    how: Int8Array.from(rows, (row) => table.how[row]!),
    days: pick(table.days),
    value: pick(table.value),
    outcome: pick(table.outcome),
    columns: table.columns.map((column): Column =>
      column.type === 'number'
        ? { ...column, values: pick(column.values) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) },
    ),
  }
}

const DAY = 86_400_000

/** The table with what was known of its endings on that day: what ended later was still open. Its outcomes are left as they are. */
export function censored(table: Table, knownAt: number): Table {
  const seen = table.asOf.map((day) => (knownAt - day) / DAY)
  return {
    ...table,
    how: table.how.map((kind, row) => (table.days[row]! > seen[row]! ? 0 : kind)),
    days: table.days.map((after, row) => Math.min(after, seen[row]!)),
  }
}

export const without = (table: Table, names: ReadonlySet<string>): Table => ({
  ...table,
  columns: table.columns.filter((column) => !names.has(column.info.name)),
})

export const columnOf = (table: Table, name: string): Column | undefined => table.columns.find((c) => c.info.name === name)

/** The numbers of that column, or null where it is absent or no number. */
export function numbersOf(table: Table, name: string): Float64Array | null {
  const found = columnOf(table, name)
  return found?.type === 'number' ? found.values : null
}

/** The word of a row, or null. */
export function wordAt(column: Column | undefined, row: number): string | null {
  return column?.type === 'category' && column.codes[row]! >= 0 ? column.levels[column.codes[row]!]! : null
}

export const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

/** A column of all tables; one that a table lacks, or holds as another type, is missing there. */
function join(tables: readonly Table[], name: string): Column {
  const parts = tables.map((table) => columnOf(table, name))
  const first = parts.find((part) => part !== undefined)!
  if (first.type === 'number') {
    const values = parts.flatMap((part, k) =>
      part?.type === 'number' ? [...part.values] : Array.from({ length: tables[k]!.size }, () => Number.NaN),
    )
    return { ...first, values: Float64Array.from(values) }
  }
  const levels = [...new Set(parts.flatMap((part) => (part?.type === 'category' ? part.levels : [])))].sort()
  const place = new Map(levels.map((level, code) => [level, code]))
  const codes = tables.flatMap((table, k) =>
    Array.from({ length: table.size }, (_, row) => {
      const word = wordAt(parts[k], row)
      return word === null ? -1 : place.get(word)!
    }),
  )
  return { ...first, codes: Int32Array.from(codes), levels }
}
