import { plainText } from '@assay/stand-in'
import type { Field } from './modules.ts'

export { plainText } from '@assay/stand-in'

/** Rows as the database holds them: every value a text, an empty one null. Instants are `YYYY-MM-DD HH:MM:SS`, UTC. */
export type Row = Readonly<Record<string, string | null>>

/** In which hidden column the ids lie that a link leads to, parted by commas. */
export const linkColumn = (link: string): string => `@${link}`

const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/
const DAY = /^\d{4}-\d\d-\d\d$/
const NUMBERS: ReadonlySet<string> = new Set(['currency', 'decimal', 'float', 'double', 'int'])

export const instantText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')

const escaped = (text: string): string =>
  text.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#039;')

/** As a user with English habits writes numbers: a comma parts thousands, and what is no number is zero. */
const numberIn = (value: unknown): number => {
  if (typeof value === 'number') return value
  const read = Number.parseFloat(plainText(value).replaceAll(',', ''))
  return Number.isFinite(read) ? read : 0
}

const textIn = (field: Field, value: string): string | null => {
  // What looks like a tag that is never closed is taken out; the rest of it stays.
  const clean = value.replace(/<[a-z][^<>]*$/i, '')
  const stored = field.source === 'custom_fields' ? escaped(clean.replaceAll('&', '&amp;')) : clean.replaceAll('&amp;', '&')
  const cut = field.len === undefined ? stored : stored.slice(0, field.len)
  return cut === '' ? null : cut
}

/** What SuiteCRM makes of a value that is written: whatever does not fit is damaged, and nobody is told. */
export const stored = (field: Field, value: unknown): string | null => {
  if (value === null || value === undefined || value === '') return null
  const { type, precision } = field
  if (type === 'datetime' || type === 'datetimecombo') return INSTANT.test(plainText(value)) ? plainText(value) : null
  if (type === 'date') return DAY.test(plainText(value)) ? plainText(value) : null
  if (type === 'bool') return value === true || value === 1 || value === '1' || value === 'true' ? '1' : '0'
  if (NUMBERS.has(type)) return precision === undefined ? String(numberIn(value)) : numberIn(value).toFixed(precision)
  return textIn(field, plainText(value))
}

/** What both roads show of a text: a core field with everything but the ampersand written out, a custom one as it lies. */
export const shown = (field: Field, value: string | null): string => {
  if (value === null) return ''
  const isText = !NUMBERS.has(field.type) && !['id', 'bool', 'date', 'datetime', 'datetimecombo'].includes(field.type)
  return isText && field.source !== 'custom_fields' ? escaped(value) : value
}
