import { AssayError, type CategoryColumn, type Column, type Frame, type NumberColumn } from '@assay/shared'

/** Rows of one or more frames below each other, columns by name: what a model learns from. */
export interface Table {
  readonly size: number
  readonly ids: readonly string[]
  /** Epoch ms of the row's snapshot; NaN where there is no time. */
  readonly asOf: Float64Array
  /** 1 or 0; NaN where not known yet. */
  readonly outcome: Float64Array
  /** Days to the event; NaN where it did not happen, or nobody knows the day. */
  readonly eventAfter: Float64Array
  /** Ascending by name: the order in which a frame lists them leaves no trace. */
  readonly columns: readonly Column[]
}

const byName = (a: { info: { name: string } }, b: { info: { name: string } }): number => (a.info.name < b.info.name ? -1 : 1)

/** One frame as it stands, row by row. */
export function tableOf(frame: Frame): Table {
  const size = frame.ids.length
  return {
    size,
    ids: frame.ids,
    asOf: new Float64Array(size).fill(frame.asOf ?? Number.NaN),
    outcome: frame.outcome ?? new Float64Array(size).fill(Number.NaN),
    eventAfter: frame.eventAfter ?? new Float64Array(size).fill(Number.NaN),
    columns: [...frame.columns].sort(byName),
  }
}

/**
 * The labelled rows of all frames. Sorted by day and id, so that the order of rows leaves no trace either; a file
 * that stands in time order keeps it. A column that a frame lacks is missing there.
 */
export function stack(frames: readonly Frame[], keepOrder: boolean): Table {
  const tables = frames.map(tableOf)
  const names = [...new Set(tables.flatMap((table) => table.columns.map((c) => c.info.name)))].sort()
  const size = tables.reduce((sum, table) => sum + table.size, 0)
  const joined: Table = {
    size,
    ids: tables.flatMap((table) => table.ids),
    asOf: join(tables, (table) => table.asOf),
    outcome: join(tables, (table) => table.outcome),
    eventAfter: join(tables, (table) => table.eventAfter),
    columns: names.map((name) => joinColumn(tables, name, size)),
  }
  const rows = Array.from({ length: size }, (_, row) => row).filter((row) => !Number.isNaN(joined.outcome[row]!))
  if (!keepOrder)
    rows.sort((i, j) => compareTimes(joined.asOf[i]!, joined.asOf[j]!) || compareText(joined.ids[i]!, joined.ids[j]!) || i - j)
  return take(joined, Uint32Array.from(rows))
}

/** Some rows of a table, in that order. */
export function take(table: Table, rows: Uint32Array): Table {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!)
  return {
    size: rows.length,
    ids: Array.from(rows, (row) => table.ids[row]!),
    asOf: pick(table.asOf),
    outcome: pick(table.outcome),
    eventAfter: pick(table.eventAfter),
    columns: table.columns.map((column) =>
      column.type === 'number'
        ? { ...column, values: pick(column.values) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) },
    ),
  }
}

/** The table with one number column more. */
export const withColumn = (table: Table, column: NumberColumn): Table => ({ ...table, columns: [...table.columns, column].sort(byName) })

/** The table without those columns. */
export const without = (table: Table, names: ReadonlySet<string>): Table => ({
  ...table,
  columns: table.columns.filter((column) => !names.has(column.info.name)),
})

/** The column of that name, or undefined. */
export const columnOf = (table: Table, name: string): Column | undefined => table.columns.find((c) => c.info.name === name)

/** The numbers of that column, or null where it is absent or no number. */
export function numbersOf(table: Table, name: string): Float64Array | null {
  const found = columnOf(table, name)
  return found?.type === 'number' ? found.values : null
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const compareTimes = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)

function join(tables: readonly Table[], part: (table: Table) => Float64Array): Float64Array {
  const all = new Float64Array(tables.reduce((sum, table) => sum + table.size, 0))
  let start = 0
  for (const table of tables) {
    all.set(part(table), start)
    start += table.size
  }
  return all
}

function joinColumn(tables: readonly Table[], name: string, size: number): Column {
  const parts = tables.map((table) => columnOf(table, name))
  const known = parts.filter((part) => part !== undefined)
  const { info, type } = known[0]!
  if (known.some((part) => part.type !== type))
    throw new AssayError('data', `the column "${name}" holds numbers in one period and words in another`, {
      hint: 'Leave it out, or give it one type in all periods.',
    })
  if (type === 'number') {
    const values = new Float64Array(size).fill(Number.NaN)
    let start = 0
    tables.forEach((table, k) => {
      const part = parts[k] as NumberColumn | undefined
      if (part) values.set(part.values, start)
      start += table.size
    })
    return { type: 'number', info, values }
  }
  const levels = [...new Set((known as CategoryColumn[]).flatMap((part) => part.levels))].sort()
  const place = new Map(levels.map((level, code) => [level, code]))
  const codes = new Int32Array(size).fill(-1)
  let start = 0
  tables.forEach((table, k) => {
    const part = parts[k] as CategoryColumn | undefined
    part?.codes.forEach((code, row) => {
      if (code >= 0) codes[start + row] = place.get(part.levels[code]!)!
    })
    start += table.size
  })
  return { type: 'category', info, codes, levels }
}
