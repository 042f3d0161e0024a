import type { Attribute } from '@assay/shared'
import { isSentinel } from './blanks.ts'
import type { Column, Format } from './columns.ts'
import { parseDate } from './dates.ts'
import { isYes, isYesOrNo } from './flags.ts'
import { parseNumber } from './numbers.ts'

/** A value that is none of what its column holds. */
export const NONE = Symbol('not a value of this column')
export type Value = string | number | boolean | null

/** The first of several ids. */
const firstOf = (value: string): string => value.split(';', 1)[0]!.trim()

/** Reads the values of one column; blank and sentinel values are null, values of another type are NONE. */
export function valueReader(format: Format): (value: string) => Value | typeof NONE {
  switch (format.type) {
    case 'date': {
      // Rows of one invoice or day follow each other: the last text is often the next one.
      let lastText = ''
      let last: Value | typeof NONE = null
      return (value) => {
        if (value === lastText) return last
        lastText = value
        if (value === '' || isSentinel(value, 'date')) last = null
        else {
          const at = parseDate(value, format.order)
          last = Number.isNaN(at) ? NONE : at
        }
        return last
      }
    }
    case 'number':
      return (value) => {
        if (value === '' || isSentinel(value, 'number')) return null
        const parsed = parseNumber(value, format.decimal)
        return Number.isNaN(parsed) ? NONE : parsed
      }
    case 'flag':
      return (value) => {
        if (value === '' || isSentinel(value, 'text')) return null
        return isYesOrNo(value) ? isYes(value) : NONE
      }
    default: {
      const asText = (value: string): Value => (value === '' || isSentinel(value, 'text') ? null : value)
      return format.several === true ? (value) => asText(firstOf(value)) : asText
    }
  }
}

/** What a value of that column is called in a sentence: "a date". */
export const typeInWords = (format: Format): string =>
  format.type === 'date' ? 'date' : format.type === 'number' ? 'number' : format.type === 'flag' ? 'yes or no' : 'text'

/**
 * Reads the values of a column that is an attribute. Dates become ISO 8601 text. A value of another type than its column is
 * null, or the few would make words of all the others; the profile counts it.
 */
export function attributeReader(column: Column): (value: string) => Attribute {
  const { format } = column
  const read = valueReader(format)
  return (value) => {
    const found = read(value)
    if (found === NONE) return null
    if (format.type !== 'date' || typeof found !== 'number') return found
    const iso = new Date(found).toISOString()
    return format.withTime ? iso : iso.slice(0, 10)
  }
}
