import type { Baskets, Column, Endings, Frame, NumberColumn } from '@assay/shared'

/** Some rows of a frame, in that order, baskets included; repeats allowed. */
export function pickRows(frame: Frame, rows: readonly number[]): Frame {
  return {
    ...frame,
    ids: rows.map((row) => frame.ids[row]!),
    outcome: frame.outcome && Float64Array.from(rows, (row) => frame.outcome![row]!),
    columns: frame.columns.map((column): Column =>
      column.type === 'number'
        ? { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) },
    ),
    baskets: frame.baskets && pickBaskets(frame.baskets, rows),
    next: frame.next && pickBaskets(frame.next, rows),
    ...(frame.followed === undefined
      ? {}
      : {
          followed: frame.followed.map((one) => ({
            ...one,
            money: Float64Array.from(rows, (row) => one.money[row]!),
            orderDays: Float64Array.from(rows, (row) => one.orderDays[row]!),
          })),
        }),
    ...(frame.endings ? { endings: pickEndings(frame.endings, rows) } : {}),
  }
}

const pickEndings = (from: Endings, rows: readonly number[]): Endings => ({
  how: Int8Array.from(rows, (row) => from.how[row]!),
  days: Float64Array.from(rows, (row) => from.days[row]!),
  value: Float64Array.from(rows, (row) => from.value[row]!),
})

function pickBaskets(from: Baskets, rows: readonly number[]): Baskets {
  const ends = [0]
  const times: number[] = []
  const offsets = [0]
  const items: number[] = []
  for (const row of rows) {
    for (let basket = from.rows[row]!; basket < from.rows[row + 1]!; basket++) {
      times.push(from.times[basket]!)
      for (let k = from.offsets[basket]!; k < from.offsets[basket + 1]!; k++) items.push(from.items[k]!)
      offsets.push(items.length)
    }
    ends.push(times.length)
  }
  return {
    ...from,
    rows: Int32Array.from(ends),
    times: Float64Array.from(times),
    offsets: Int32Array.from(offsets),
    items: Int32Array.from(items),
  }
}

export const rowsOf = (frame: Frame): number[] => frame.ids.map((_, row) => row)

/** The same rows, the other way round. */
export const reverseRows = (frame: Frame): Frame => pickRows(frame, rowsOf(frame).reverse())

/** The same columns, the other way round. */
export const reverseColumns = (frame: Frame): Frame => ({ ...frame, columns: [...frame.columns].reverse() })

/** One number column with other values. */
export const setNumbers = (frame: Frame, name: string, of: (value: number, row: number) => number): Frame => ({
  ...frame,
  columns: frame.columns.map((column) =>
    column.type === 'number' && column.info.name === name ? { ...column, values: column.values.map(of) } : column,
  ),
})

/** With a number column more, the same value in every row. */
export const addNumbers = (frame: Frame, name: string, value: number): Frame => {
  const info = {
    name,
    label: name,
    unit: 'number',
    phrase: `${name} {value}`,
    sourceFields: [`account.${name}`],
    restricted: false,
  } as const
  const column: NumberColumn = { type: 'number', info, values: new Float64Array(frame.ids.length).fill(value) }
  return { ...frame, columns: [...frame.columns, column] }
}

/** Every column says the same in every row. */
export const flatten = (frame: Frame): Frame => ({
  ...frame,
  columns: frame.columns.map((column) =>
    column.type === 'number' ? { ...column, values: column.values.map(() => 7) } : { ...column, codes: column.codes.map(() => 0) },
  ),
})

/** With other outcomes; how open deals ended does not go with these and is taken away. */
export const setOutcome = (frame: Frame, of: (row: number) => number): Frame => ({
  ...frame,
  ...(frame.endings === undefined ? {} : { endings: null }),
  outcome: Float64Array.from(frame.ids, (_, row) => of(row)),
})
