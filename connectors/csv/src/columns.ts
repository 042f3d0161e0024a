import { AssayError } from '@assay/shared'
import { isSentinel } from './blanks.ts'
import { type DateFormat, type DateOrder, detectDate } from './dates.ts'
import type { TableHead } from './detect.ts'
import { suggestion } from './nearest.ts'
import { detectNumber, isCode, type NumberFormat } from './numbers.ts'
import { isYesOrNo } from './flags.ts'
import { type FieldType, plainName } from './sections.ts'

export type Format =
  | DateFormat
  | NumberFormat
  | { readonly type: 'flag' }
  /** `several`: ids with semicolons between them, of which the first is taken. */
  | { readonly type: 'text'; readonly several?: boolean }

/** A column of a file and how its values are read. */
export interface Column {
  readonly name: string
  readonly index: number
  readonly format: Format
}

/** The values of one column in the sample. */
export const sampleOf = (head: TableHead, index: number): string[] => head.sample.map((row) => row[index] ?? '')

/** More rows than this name somebody who was there before: it is no id of theirs. */
const MOST_AGAIN = 0.1

/** Whether a column says the same in many rows, as whoever buys more than once does. */
export function comesAgain(head: TableHead, index: number): boolean {
  const values = sampleOf(head, index)
    .map((value) => value.trim())
    .filter((value) => value !== '')
  return values.length - new Set(values).size > values.length * MOST_AGAIN
}

/** Where a column stands. Throws `config`, with the headers there and the nearest of them, when the file has none of that name. */
export function indexOf(head: TableHead, name: string, key: string): number {
  const index = head.header.indexOf(name.trim())
  if (index >= 0) return index
  throw new AssayError('config', `${head.file} has no column "${name}", which "${key}" names.${suggestion(name, head.header)}`, {
    hint: `Its columns: ${head.header.join(', ')}`,
  })
}

/** The order in which a file writes dates whose column cannot tell: that of its first column that can. */
export function dateHint(head: TableHead): DateOrder | null {
  for (let index = 0; index < head.header.length; index += 1) {
    const found = detectDate(sampleOf(head, index).slice(0, 5_000), { share: 0.95, writtenOnly: true })
    if (found !== null && !found.ambiguous && (found.order === 'day first' || found.order === 'month first')) return found.order
  }
  return null
}

/** How a column that stands for a field of that type is read. A date column without one date in it is read as ISO: its rows are refused. */
export function readAs(head: TableHead, index: number, type: FieldType, hint: DateOrder | null): Column {
  const name = head.header[index]!
  const values = sampleOf(head, index)
  const commaLikely = head.delimiter === ';'
  switch (type) {
    case 'instant':
      return {
        name,
        index,
        format: detectDate(values, { share: 0, hint }) ?? { type: 'date', order: 'iso', ambiguous: false, withTime: false },
      }
    case 'number':
      return { name, index, format: detectNumber(values, { share: 0, commaLikely }) ?? { type: 'number', decimal: '.', ambiguous: false } }
    case 'flag':
      return { name, index, format: { type } }
    default:
      return { name, index, format: isListOfIds(name) ? { type, several: true } : { type } }
  }
}

/** HubSpot's "Associated Company IDs" names every record that a row hangs on. */
const isListOfIds = (header: string): boolean => /^associated.*ids(primary)?$/.test(plainName(header))

/** Values that say whether a column that nobody named holds what its header promises. */
const PROOF_ROWS = 2_000

/** True when at least half of a column's first values are of that type: `employees` may hold "50-100". */
export function holds(head: TableHead, index: number, type: FieldType): boolean {
  const values = sampleOf(head, index)
    .slice(0, PROOF_ROWS)
    .map((value) => value.trim())
    .filter((value) => value !== '')
  if (type === 'text' || values.length === 0) return true
  if (type === 'instant') return detectDate(values, { share: 0.5 }) !== null || values.every((value) => isSentinel(value, 'date'))
  if (type === 'number')
    return detectNumber(values, { share: 0.5, commaLikely: false }) !== null || values.every((value) => isSentinel(value, 'number'))
  return values.filter((value) => isYesOrNo(value) || isSentinel(value, 'text')).length >= values.length / 2
}

/** Of numbers and dates so many may be none: they are typed wrong, and count as not said. */
const ODD_SHARE = 0.01
/** From so many values on a single odd one is taken for a slip, however large its share. */
const MANY = 20

/** How many of the values must be a number or a date for the column to hold them. */
function shareOf(values: readonly string[]): number {
  const filled = values.reduce((count, value) => count + (value.trim() === '' ? 0 : 1), 0)
  return filled < MANY ? 1 : Math.min(1 - ODD_SHARE, 1 - 1 / filled)
}

/**
 * How a column that stands for no field is read: a number or a date when all of its values in the sample are one, but for a
 * hundredth, or but for one of twenty and more. `strict`: without any exception.
 */
export function readAttribute(head: TableHead, index: number, hint: DateOrder | null, strict = false): Column {
  const name = head.header[index]!
  const values = sampleOf(head, index)
  const share = strict ? 1 : shareOf(values)
  const number = values.some((value) => isCode(value.trim())) ? null : detectNumber(values, { share, commaLikely: head.delimiter === ';' })
  return { name, index, format: number ?? detectDate(values, { share, writtenOnly: true, hint }) ?? { type: 'text' } }
}
