import type { CategoryColumn, Column, NumberColumn } from '@assay/shared'
import { correlation } from '../../numeric/correlation.ts'
import { moments } from '../../numeric/moments.ts'
import { sortedKnown, sortedQuantile } from '../../numeric/quantile.ts'
import type { Slot } from './model.ts'
import { columnOf, type Table } from './table.ts'

/** Outermost share on either side that is pulled in, so that one giant customer does not bend the line. */
const WINSOR = 0.005
/** A column with fewer different values is left as it is: the rare ones are the news. */
const FEW_VALUES = 10
const SAME = 0.98
const LOOKED_AT = 4000

const signedLog = (x: number): number => (x < 0 ? -Math.log1p(-x) : Math.log1p(x))

/** The inputs that the columns of a table give, learned from its rows: transformed, centred, scaled, without doubles. */
export function learnSlots(table: Table): Slot[] {
  const least = table.size < 500 ? 5 : 10
  const slots = table.columns.flatMap((column) =>
    column.type === 'number' ? numberSlots(column, table, least) : categorySlots(column, least),
  )
  return dropDoubles(slots, table)
}

/** The encoded values of one slot. A column that the table lacks is missing in every row. */
export function encode(slot: Slot, table: Table): Float64Array {
  const column = columnOf(table, slot.column)
  const result = new Float64Array(table.size)
  const level = column?.type === 'category' ? column.levels.indexOf(slot.level) : -1
  const kept =
    slot.part === 'other' && column?.type === 'category' ? column.levels.map((word) => !slot.level.split('\n').includes(word)) : []
  for (let row = 0; row < table.size; row++) result[row] = (partOf(slot, column, row, level, kept) - slot.centre) / slot.scale
  return result
}

function partOf(slot: Slot, column: Column | undefined, row: number, level: number, isOther: readonly boolean[]): number {
  if (column?.type === 'category') {
    const code = column.codes[row]!
    if (slot.part === 'missing') return code < 0 ? 1 : 0
    if (slot.part === 'level') return code >= 0 && code === level ? 1 : 0
    return code >= 0 && isOther[code] ? 1 : 0
  }
  const value = column ? column.values[row]! : Number.NaN
  const absent = Number.isNaN(value)
  if (slot.part === 'missing') return absent ? 1 : 0
  if (slot.part !== 'value') return 0
  const known = absent ? slot.fill : value
  return Math.min(slot.high, Math.max(slot.low, slot.log ? signedLog(known) : known))
}

const plain: Slot = { column: '', part: 'value', level: '', log: false, low: 0, high: 1, fill: 0, centre: 0, scale: 1 }

function numberSlots(column: NumberColumn, table: Table, least: number): Slot[] {
  const sorted = sortedKnown(column.values)
  if (sorted.length === 0 || !sorted.every(Number.isFinite)) return []
  const name = column.info.name
  const fill = sortedQuantile(sorted, 0.5)
  const options = [false, true]
    .filter((log) => !log || mayTakeLog(column, sorted))
    .map((log) => {
      const moved = log ? sorted.map(signedLog) : sorted
      const few = new Set(sorted).size <= FEW_VALUES
      const raw = {
        ...plain,
        column: name,
        log,
        fill,
        low: few ? moved[0]! : sortedQuantile(moved, WINSOR),
        high: few ? moved.at(-1)! : sortedQuantile(moved, 1 - WINSOR),
      }
      const values = encode(raw, table)
      const { mean, deviation } = moments(values)
      return { slot: { ...raw, centre: mean, scale: deviation }, deviation, strength: Math.abs(correlation(values, table.outcome)) }
    })
  // The shape that goes with the outcome better; the plain one where both are alike.
  const best = options.reduce((a, b) => (b.strength > a.strength + 1e-9 ? b : a))
  const rest = table.size - countOf(column.values, mostCommon(sorted))
  const slots: Slot[] = best.deviation > 1e-9 && rest >= least ? [best.slot] : []
  const missing = table.size - sorted.length
  if (missing >= least && sorted.length >= least)
    slots.push({ ...plain, column: name, part: 'missing', centre: missing / table.size, scale: spread(missing, table.size) })
  return slots
}

/** Logarithms are for what cannot be negative, or for money, and leans to the right. */
function mayTakeLog(column: NumberColumn, sorted: Float64Array): boolean {
  return (sorted[0]! >= 0 || column.info.unit === 'money') && moments(sorted).skewness > 0.5
}

function categorySlots(column: CategoryColumn, least: number): Slot[] {
  const size = column.codes.length
  const counts = new Int32Array(column.levels.length)
  let missing = 0
  for (const code of column.codes) {
    if (code < 0) missing++
    else counts[code]!++
  }
  const slot = (part: Slot['part'], level: string, n: number): Slot => ({
    ...plain,
    column: column.info.name,
    part,
    level,
    centre: n / size,
    scale: 1,
  })
  const often = column.levels.map((level, code) => ({ level, n: counts[code]! })).filter(({ n }) => n >= least)
  const kept = often.filter(({ n }) => size - n >= least).sort((a, b) => (a.level < b.level ? -1 : 1))
  const other = size - missing - often.reduce((sum, { n }) => sum + n, 0)
  const slots = kept.map(({ level, n }) => slot('level', level, n))
  // The words that are not "other" travel in the slot itself, one a line: words that come up later are "other" too.
  if (other >= least)
    slots.push(
      slot(
        'other',
        often
          .map(({ level }) => level)
          .sort()
          .join('\n'),
        other,
      ),
    )
  if (missing >= least && size - missing >= least) slots.push(slot('missing', '', missing))
  return slots
}

const spread = (n: number, size: number): number => Math.sqrt((n / size) * (1 - n / size))

function mostCommon(sorted: Float64Array): number {
  let best = sorted[0]!
  let most = 0
  for (let start = 0; start < sorted.length;) {
    let end = start
    while (end < sorted.length && sorted[end] === sorted[start]) end++
    if (end - start > most) {
      most = end - start
      best = sorted[start]!
    }
    start = end
  }
  return best
}

const countOf = (values: Float64Array, wanted: number): number =>
  values.reduce((n, value) => n + (value === wanted || Number.isNaN(value) ? 1 : 0), 0)

/** Of inputs that say the same, the one nearer to the outcome stays. Looked at on evenly spaced rows. */
function dropDoubles(slots: readonly Slot[], table: Table): Slot[] {
  const step = Math.max(1, Math.ceil(table.size / LOOKED_AT))
  const thin = (values: Float64Array): Float64Array => values.filter((_, row) => row % step === 0)
  const outcome = thin(table.outcome)
  const looked = slots.map((slot) => {
    const values = thin(encode(slot, table))
    return { slot, values, key: keyOf(slot), strength: Math.abs(correlation(values, outcome)) }
  })
  looked.sort((a, b) => b.strength - a.strength || (a.key < b.key ? -1 : 1))
  const kept: typeof looked = []
  for (const one of looked) if (kept.every((other) => Math.abs(correlation(one.values, other.values)) <= SAME)) kept.push(one)
  return kept.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ slot }) => slot)
}

const keyOf = (slot: Slot): string => `${slot.column}\u0000${slot.part}\u0000${slot.level}`
