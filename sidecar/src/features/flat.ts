import { type CategoryColumn, type Column, type FeatureInfo, type Frame, type NumberColumn, ROW_ATTRIBUTE } from '@assay/shared'
import { instant } from '../store/instant.ts'
import type { Driver } from '../store/store.ts'
import { dayNumber } from './day-number.ts'
import { sharedNumbers } from './shared-numbers.ts'
import { queryText } from './query.ts'

export interface FlatRequest {
  readonly connection: string
  readonly kind: 'account' | 'contact' | 'lead'
  readonly asOf: number
  /** `isPositive`: whether a value of the column says that it happened; null when it does not say. */
  readonly outcome: { readonly column: string; readonly isPositive: (value: string) => boolean | null }
  readonly ignore: readonly string[]
  /** Declared stable: never taken for a name, however many words there are. */
  readonly stable?: readonly string[]
  /** How the rows stand in time: by their number in the file, by their creation, or not at all. */
  readonly order: 'file' | 'time' | 'none'
}

/** A column that cannot teach anything, and why. */
export interface LeftOut {
  readonly column: string
  readonly why: string
}

/** Why a column is left out that the admin named under `ignore`. */
export const IGNORED = 'ignored by mapping.json'

/** Names of columns, however they are written: "annualRevenue" is "annual revenue". */
export const sameName = (a: string, b: string): boolean => plain(a) === plain(b)
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')

/** More words than this are names or free text, not categories. */
const MOST_LEVELS = 200
/** From so many rows on it is no chance that whole numbers are there once each and without a gap. */
const NUMBERED_ROWS = 50

export interface Seen {
  readonly name: string
  readonly filled: number
  readonly distinct: number
  /** How many of the values are numbers. */
  readonly numeric: number
  readonly type: 'number' | 'date' | 'category'
  /** Whole numbers, each there once, none left out. */
  readonly countsRows: boolean
}

/** So many different values of an outcome are kept for whoever has to choose one of them. */
const MOST_SAID = 20

/**
 * A flat table as one frame with its outcome, and the values that stand there; rows in time order where there is one, else by id.
 * `createdAt` and `happenedAt` (when the outcome came, where the record says) are epoch ms by row, NaN where nobody knows.
 */
export async function flatFrame(
  driver: Driver,
  request: FlatRequest,
): Promise<{ frame: Frame; createdAt: Float64Array; happenedAt: Float64Array; leftOut: readonly LeftOut[]; said: readonly string[] }> {
  const params = { connection: request.connection, kind: request.kind, as_of: instant(request.asOf) }
  const rows = queryText('flat-rows')
  const seen = await columnsSeen(driver, rows, params)
  const size = Number((await driver.rows<{ n: string | number }>(`SELECT count() AS n FROM (${rows})`, params))[0]?.n ?? 0)
  const { kept, leftOut } = choose(seen, request, size)
  const wanted = [request.outcome.column, ROW_ATTRIBUTE, ...kept.map((column) => column.name)]
  const bound = Object.fromEntries(wanted.map((name, i) => [`n${i}`, name]))
  const text = `SELECT id, created_at, ended_at, ${wanted.map((_, i) => `attributes[{n${i}:String}] AS c${i}`).join(', ')} FROM (${rows})
    ORDER BY ${ORDERS[request.order]}`
  const ids: string[] = []
  const outcome = sharedNumbers(size)
  const createdAt = sharedNumbers(size)
  const happenedAt = sharedNumbers(size)
  const said = new Set<string>()
  const columns = kept.map((column) => emptyColumn(column, size))
  const levels = columns.map(() => new Map<string, number>())
  for await (const block of driver.blocks(text, { ...params, ...bound })) {
    const start = ids.length
    for (const id of block.columns['id'] as readonly string[]) ids.push(id)
    createdAt.set(block.columns['created_at'] as Float64Array, start)
    happenedAt.set(block.columns['ended_at'] as Float64Array, start)
    const truth = block.columns['c0'] as readonly (string | null)[]
    truth.forEach((value, i) => {
      const happened = value === null || value === '' ? null : request.outcome.isPositive(value)
      outcome[start + i] = happened === null ? Number.NaN : Number(happened)
      if (happened !== null && said.size < MOST_SAID) said.add(value!)
    })
    columns.forEach((column, k) =>
      fill(column, block.columns[`c${k + 2}`] as readonly (string | null)[], start, levels[k]!, kept[k]!.type === 'date'),
    )
  }
  const frame: Frame = {
    asOf: null,
    ids,
    columns: columns.map((column, k) => finished(column, levels[k]!)),
    outcome,
    baskets: null,
    next: null,
  }
  return { frame, createdAt, happenedAt, leftOut, said: [...said].sort() }
}

const ORDERS = {
  file: `toUInt64OrZero(ifNull(attributes['${ROW_ATTRIBUTE}'], id)), id`,
  time: 'created_at, id',
  none: 'id',
} as const

/** The columns of those rows, by name, with what they hold. */
export async function columnsSeen(driver: Driver, rows: string, params: Record<string, string>): Promise<Seen[]> {
  const text = queryText('flat-columns').replace('/* flat-rows.sql */', rows)
  const found = await driver.rows<{
    name: string
    filled: string
    distinct_values: string
    numeric: string
    dates: string
    counts_rows: number
  }>(text, params)
  return found.map((row) => {
    const filled = Number(row.filled)
    const type = Number(row.numeric) >= filled * 0.99 ? 'number' : Number(row.dates) >= filled * 0.99 ? 'date' : 'category'
    return {
      name: row.name,
      filled,
      distinct: Number(row.distinct_values),
      numeric: Number(row.numeric),
      type,
      countsRows: row.counts_rows === 1,
    }
  })
}

function choose(seen: readonly Seen[], request: FlatRequest, size: number): { kept: Seen[]; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = []
  const kept = seen.filter((column) => {
    if (column.name === request.outcome.column || column.name === ROW_ATTRIBUTE) return false
    const why = request.ignore.includes(column.name)
      ? IGNORED
      : saysNothing(column, request.stable?.some((name) => sameName(name, column.name)) ?? false, size)
    if (why !== null) leftOut.push({ column: column.name, why })
    return why === null
  })
  return { kept, leftOut }
}

/** Why a column cannot teach anything; null when it may. */
function saysNothing(column: Seen, stable: boolean, size: number): string | null {
  if (column.distinct < 2 && column.filled === size) return 'the same in every row'
  if (isName(column, stable)) return tooManyWords(column)
  const numbers = column.countsRows && column.filled === size && size >= NUMBERED_ROWS && !stable
  return numbers ? 'numbers the rows: whole numbers, each there once, none left out' : null
}

/** Mostly numbers, it is no name: what is wrong are the others. */
export const tooManyWords = (column: Seen): string =>
  column.numeric > column.filled / 2
    ? `${column.filled - column.numeric} of its ${column.filled} values are no numbers, so that it is text: ${column.distinct} different words`
    : `${column.distinct} different words: a name, not a category`

/** Words of which there are too many to learn from each of them. */
export const isName = (column: Seen, stable: boolean): boolean =>
  column.type === 'category' && ((column.distinct > MOST_LEVELS && !stable) || column.distinct > column.filled * 0.5)

export type Filling = NumberColumn | (Omit<CategoryColumn, 'levels'> & { levels: null })

/** `restricted`: not everybody who sees scores may read where the column comes from. */
export function emptyColumn(column: Seen, size: number, restricted = false): Filling {
  const info: FeatureInfo = {
    name: column.name,
    label: column.name,
    unit: column.type === 'category' ? 'text' : 'number',
    phrase: `${column.name}: {value}`,
    sourceFields: [`attribute.${column.name}`],
    restricted,
  }
  if (column.type === 'category')
    return { type: 'category', info, codes: new Int32Array(new SharedArrayBuffer(size * 4)).fill(-1), levels: null }
  return { type: 'number', info, values: sharedNumbers(size).fill(Number.NaN) }
}

/** Fills values in from a row on; words get codes in the order in which they come, until `finished`. */
export function fill(
  column: Filling,
  values: readonly (string | null)[],
  start: number,
  levels: Map<string, number>,
  isDate: boolean,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined || value === '') continue
    if (column.type === 'number') column.values[start + i] = isDate ? dayNumber(value) : Number(value)
    else {
      const code = levels.get(value) ?? levels.size
      levels.set(value, code)
      column.codes[start + i] = code
    }
  }
}

/** Levels in alphabetical order, so that the order of rows leaves no trace. */
export function finished(column: Filling, levels: ReadonlyMap<string, number>): Column {
  if (column.type === 'number') return column
  const words = [...levels.keys()].sort()
  const place = new Int32Array(words.length)
  words.forEach((word, i) => (place[levels.get(word)!] = i))
  for (let i = 0; i < column.codes.length; i++) if (column.codes[i]! >= 0) column.codes[i] = place[column.codes[i]!]!
  return { ...column, levels: words }
}
