import { firstOfCopies } from '../../numeric/copies.ts'
import { hashUnit } from '../../numeric/rng.ts'
import { compareText, type Table } from './table.ts'

const DAY = 86_400_000
/** Only the latest origins are tried: what happened long ago says least about now. */
const MOST_ORIGINS = 3
/** A file in time order is cut into this many equal blocks. */
const BLOCKS = 5
/** A side with fewer events (or fewer others) teaches and proves nothing. */
const LEAST_OF_A_CLASS = 5

/** Rows to learn from and rows to try it on, inside the training data. */
export interface Split {
  readonly train: Uint32Array
  readonly validate: Uint32Array
}

export interface Splits {
  readonly kind: 'later periods' | 'later rows' | 'folds' | 'none'
  readonly splits: readonly Split[]
  /** How many of them, the first ones, look at later rows; the others are folds. */
  readonly later: number
}

/**
 * How candidates are compared without touching what the verdict looks at. With days: each late period is predicted from
 * periods whose outcome windows had closed by then (embargo). With a file in time order: each block from those before it.
 * Else, or where the periods are too few: folds, all rows of a customer in one.
 */
export function splitsOf(table: Table, order: 'time' | 'file' | 'none', horizonDays: number | null, folds: number, seed: string): Splits {
  if (order === 'time') {
    const splits = laterPeriods(table, (horizonDays ?? 0) * DAY).filter((split) => isUsable(table, split))
    const latest = splits.slice(-MOST_ORIGINS)
    // One later period alone is too thin to choose by: customers left out of the rest stand beside it.
    const beside = latest.length === 1 ? drawFolds(table, folds, seed).filter((split) => isUsable(table, split)) : []
    if (latest.length > 0) return { kind: 'later periods', splits: [...latest, ...beside], later: latest.length }
  }
  if (order === 'file') {
    const splits = laterRows(table).filter((split) => isUsable(table, split))
    if (splits.length > 0) return { kind: 'later rows', splits, later: splits.length }
  }
  const splits = drawFolds(table, folds, seed).filter((split) => isUsable(table, split))
  return { kind: splits.length > 0 ? 'folds' : 'none', splits, later: 0 }
}

/** The newest part of a table: its last period, the last block of a file, or all of it. */
export function newestRows(table: Table, order: 'time' | 'file' | 'none'): Uint32Array {
  const all = Array.from({ length: table.size }, (_, row) => row)
  if (order === 'file') return Uint32Array.from(all.slice(Math.floor((table.size * (BLOCKS - 1)) / BLOCKS)))
  const newest = table.asOf.reduce((most, day) => (day > most ? day : most), Number.NEGATIVE_INFINITY)
  return Uint32Array.from(order === 'time' && Number.isFinite(newest) ? all.filter((row) => table.asOf[row] === newest) : all)
}

function laterPeriods(table: Table, horizon: number): Split[] {
  const days = [...new Set(table.asOf)].filter((day) => !Number.isNaN(day)).sort((a, b) => a - b)
  return days.map((day) =>
    rowsWhere(
      table,
      (row) => table.asOf[row]! + horizon <= day && table.asOf[row]! < day,
      (row) => table.asOf[row] === day,
    ),
  )
}

function laterRows(table: Table): Split[] {
  const edge = (block: number): number => Math.floor((table.size * block) / BLOCKS)
  return Array.from({ length: BLOCKS - 2 }, (_, k) => k + 2).map((block) =>
    rowsWhere(
      table,
      (row) => row < edge(block),
      (row) => row >= edge(block) && row < edge(block + 1),
    ),
  )
}

/** Customers drawn by a hash of their id, events and others dealt out evenly; a copy goes where the first of its kind goes. */
export function drawFolds(table: Table, folds: number, seed: string): Split[] {
  const everHappened = new Map<string, number>()
  const who = Array.from(firstOfCopies(table.columns, table.size), (row) => table.ids[row]!)
  who.forEach((id, row) => everHappened.set(id, Math.max(everHappened.get(id) ?? 0, table.outcome[row]!)))
  const foldOf = new Map<string, number>()
  for (const side of [0, 1]) {
    const ids = [...everHappened].filter(([, happened]) => happened === side).map(([id]) => ({ id, place: hashUnit(`${seed}/${id}`) }))
    ids.sort((a, b) => a.place - b.place || compareText(a.id, b.id))
    ids.forEach(({ id }, k) => foldOf.set(id, k % folds))
  }
  return Array.from({ length: folds }, (_, fold) =>
    rowsWhere(
      table,
      (row) => foldOf.get(who[row]!) !== fold,
      (row) => foldOf.get(who[row]!) === fold,
    ),
  )
}

function rowsWhere(table: Table, train: (row: number) => boolean, validate: (row: number) => boolean): Split {
  const all = Array.from({ length: table.size }, (_, row) => row)
  return { train: Uint32Array.from(all.filter(train)), validate: Uint32Array.from(all.filter(validate)) }
}

function isUsable(table: Table, split: Split): boolean {
  const positives = (rows: Uint32Array): number => rows.reduce((sum, row) => sum + table.outcome[row]!, 0)
  const train = positives(split.train)
  const validate = positives(split.validate)
  return Math.min(train, split.train.length - train) >= LEAST_OF_A_CLASS && Math.min(validate, split.validate.length - validate) >= 1
}
