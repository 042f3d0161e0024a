import { isSentinel } from './blanks.ts'
import type { Column, Format } from './columns.ts'
import { NONE, valueReader } from './values.ts'

const MOST_DISTINCT = 1_000
const MOST_SPELLINGS = 100_000
const EXAMPLES = 3

/** What one column holds. Counts are rows. */
export interface ColumnProfile {
  readonly name: string
  /** What it stands for: keys of mapping.json ("deals.closedAt"), "attribute", "outcome" or "not read". */
  readonly roles: readonly string[]
  readonly type: 'text' | 'number' | 'date' | 'flag'
  /** How its values are written: the order of a date, the decimal sign of a number; null for text. */
  readonly format: string | null
  /** True when another reading of the format fits as well. */
  readonly ambiguous: boolean
  readonly blank: number
  /** Values that stand for "not said" (`?`, `NA`). */
  readonly sentinel: number
  /** Values that are none of the column's type. */
  readonly notOfType: number
  /** Different values, counted up to 1,000. */
  readonly distinct: number
  readonly distinctCapped: boolean
  /** True when every row says the same. */
  readonly constant: boolean
  /** Smallest and largest number, or first and last date (ISO); null for text. */
  readonly min: number | string | null
  readonly max: number | string | null
  readonly negative: number
  /** Values with blanks before or after them; they are trimmed. */
  readonly untrimmed: number
  /** Values with a character that the encoding does not know. */
  readonly undecodable: number
  /** Codes that stand there in capitals and small letters, as two spellings ("85123A", "85123a"); null where it was not looked for. */
  readonly mixedCase: { readonly codes: number; readonly example: string | null } | null
  readonly examples: readonly string[]
}

export interface ColumnCounter {
  /** Takes the value of one row, as it stands in the file. */
  add(raw: string): void
  result(): ColumnProfile
}

/** Counts spellings that differ in case only. Bounded: codes beyond the first 100,000 are not compared. */
function spellings(): { add(value: string): void; result(): { codes: number; example: string | null } } {
  const first = new Map<string, string>()
  const doubled = new Map<string, string>()
  return {
    add(value) {
      const plain = value.toLowerCase()
      const known = first.get(plain)
      if (known === undefined) {
        if (first.size < MOST_SPELLINGS) first.set(plain, value)
      } else if (known !== value && !doubled.has(plain)) doubled.set(plain, `${known}, ${value}`)
    },
    result: () => ({ codes: doubled.size, example: doubled.values().next().value ?? null }),
  }
}

const formatInWords = (format: Format): string | null =>
  format.type === 'date'
    ? `${format.order}${format.withTime ? ' with time' : ''}`
    : format.type === 'number'
      ? `decimal sign ${format.decimal}`
      : null

/** Counts what one column holds while its rows go by. */
export function columnCounter(column: Column, options: { readonly roles: readonly string[]; readonly isCode: boolean }): ColumnCounter {
  const { format } = column
  const read = valueReader(format)
  const sentinelType = format.type === 'date' || format.type === 'number' ? format.type : 'text'
  const distinct = new Set<string>()
  const codes = options.isCode ? spellings() : null
  const examples: string[] = []
  let [blank, sentinel, notOfType, negative, untrimmed, undecodable, values] = [0, 0, 0, 0, 0, 0, 0]
  let [min, max] = [Infinity, -Infinity]
  let capped = false
  let last: string | null = null
  return {
    add(raw) {
      const value = raw.trim()
      if (value.length !== raw.length) untrimmed += 1
      if (value === '') {
        blank += 1
        return
      }
      if (isSentinel(value, sentinelType)) {
        sentinel += 1
        return
      }
      values += 1
      // Neighbours are often alike; what only counts distinct things needs them once.
      if (value !== last) {
        last = value
        if (value.includes('\uFFFD')) undecodable += 1
        if (!distinct.has(value)) {
          if (distinct.size < MOST_DISTINCT) distinct.add(value)
          else capped = true
          if (examples.length < EXAMPLES) examples.push(value.slice(0, 60))
        }
        codes?.add(value)
      }
      if (format.type === 'text') return
      const found = read(value)
      if (found === NONE) notOfType += 1
      else if (typeof found === 'number') {
        if (found < 0) negative += 1
        if (found < min) min = found
        if (found > max) max = found
      }
    },
    result() {
      const edge = (value: number): number | string | null =>
        !Number.isFinite(value) ? null : format.type === 'date' ? new Date(value).toISOString() : value
      return {
        name: column.name,
        roles: options.roles,
        type: format.type,
        format: formatInWords(format),
        ambiguous: 'ambiguous' in format && format.ambiguous,
        blank,
        sentinel,
        notOfType,
        distinct: distinct.size,
        distinctCapped: capped,
        constant: !capped && values > 0 && distinct.size === 1 && blank + sentinel === 0,
        min: edge(min),
        max: edge(max),
        negative: format.type === 'date' ? 0 : negative,
        untrimmed,
        undecodable,
        mixedCase: codes?.result() ?? null,
        examples,
      }
    },
  }
}
