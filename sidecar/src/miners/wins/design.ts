import type { CategoryColumn, NumberColumn } from '@assay/shared'
import { moments } from '../../numeric/moments.ts'
import { sortedKnown, sortedQuantile } from '../../numeric/quantile.ts'
import type { Slot } from './model.ts'
import { columnOf, numbersOf, type Table } from './table.ts'

/** Outermost share on either side that is pulled in, so that one giant deal does not bend the line. */
const WINSOR = 0.005
/** Fewer rows than this teach nothing about a word, or about a gap. */
const LEAST = 20
const MOST_LEVELS = 40

const plain: Slot = { column: '', part: 'value', level: '', log: false, low: 0, high: 1, fill: 0, centre: 0, scale: 1 }

/** The inputs that the columns of a table give to a linear head. Constant columns give none. */
export function learnSlots(table: Table): Slot[] {
  return table.columns.flatMap((column) => (column.type === 'number' ? numberSlots(column, table) : categorySlots(column)))
}

function numberSlots(column: NumberColumn, table: Table): Slot[] {
  const sorted = sortedKnown(column.values)
  if (sorted.length < LEAST || !sorted.every(Number.isFinite)) return []
  const name = column.info.name
  const log = sorted[0]! >= 0 && moments(sorted).skewness > 0.5
  const moved = log ? sorted.map(Math.log1p) : sorted
  const raw: Slot = {
    ...plain,
    column: name,
    log,
    fill: sortedQuantile(sorted, 0.5),
    low: sortedQuantile(moved, WINSOR),
    high: sortedQuantile(moved, 1 - WINSOR),
  }
  const slots = [raw]
  const missing = table.size - sorted.length
  if (missing >= LEAST) slots.push({ ...plain, column: name, part: 'missing' })
  return slots.flatMap((slot) => {
    const { mean, deviation } = moments(encode(slot, table))
    return deviation > 1e-9 ? [{ ...slot, centre: mean, scale: deviation }] : []
  })
}

function categorySlots(column: CategoryColumn): Slot[] {
  const size = column.codes.length
  const counts = new Int32Array(column.levels.length)
  for (const code of column.codes) if (code >= 0) counts[code]!++
  const often = column.levels
    .map((level, code) => ({ level, n: counts[code]! }))
    .filter(({ n }) => n >= LEAST && size - n >= LEAST)
    .sort((a, b) => b.n - a.n || (a.level < b.level ? -1 : 1))
    .slice(0, MOST_LEVELS)
  return often.map(({ level, n }) => ({ ...plain, column: column.info.name, part: 'level', level, centre: n / size }))
}

/** The encoded values of one slot. A column that the table lacks is missing in every row. */
export function encode(slot: Slot, table: Table): Float64Array {
  const column = columnOf(table, slot.column)
  const level = column?.type === 'category' ? column.levels.indexOf(slot.level) : -1
  return Float64Array.from({ length: table.size }, (_, row) => {
    if (slot.part === 'level')
      return ((level >= 0 && column?.type === 'category' && column.codes[row] === level ? 1 : 0) - slot.centre) / slot.scale
    const value = column?.type === 'number' ? column.values[row]! : Number.NaN
    const absent = Number.isNaN(value)
    if (slot.part === 'missing') return ((absent ? 1 : 0) - slot.centre) / slot.scale
    const known = absent ? slot.fill : value
    const moved = slot.log ? Math.log1p(Math.max(0, known)) : known
    return (Math.min(slot.high, Math.max(slot.low, moved)) - slot.centre) / slot.scale
  })
}

/** What stands for the planned close date; its signs are those of this feature. */
export const PLAN = 'days_to_plan'

/** Days from a row's day to the planned close, below zero where that is past; NaN where there is no plan. */
export function plannedIn(table: Table): Float64Array {
  const ahead = numbersOf(table, PLAN)
  const overdue = numbersOf(table, 'days_overdue')
  return Float64Array.from({ length: table.size }, (_, row) => {
    const days = ahead?.[row] ?? Number.NaN
    if (!Number.isNaN(days)) return days
    const late = overdue?.[row] ?? Number.NaN
    return late > 0 ? -late : Number.NaN
  })
}
