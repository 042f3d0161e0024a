import { isSentinel } from './blanks.ts'

export interface NumberFormat {
  readonly type: 'number'
  readonly decimal: '.' | ','
  /** True when the values can be read with either decimal sign and mean different numbers. */
  readonly ambiguous: boolean
}

const DECORATION = /[\s\u00A0\u202F'’$€£¥₹%]|^[A-Z]{3}(?=[\s\d-])|(?<=[\s\d])[A-Z]{3}$/g
const WITH_POINT = /^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:e[+-]?\d+)?$/i
const WITH_COMMA = /^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?(?:e[+-]?\d+)?$/i

/**
 * The number that is written there, or NaN, also for one that is too large to be held. Grouping, currency signs and codes, percent signs (12 % stays 12), a trailing
 * minus and accounting parentheses are understood.
 */
export function parseNumber(value: string, decimal: '.' | ','): number {
  if (decimal === '.') {
    const quick = +value
    // `+` also reads hexadecimal, which no export means.
    if (Number.isFinite(quick) && value !== '' && value.charCodeAt(1) !== 120) return quick
  }
  let bare = value.replaceAll(DECORATION, '')
  let sign = 1
  if (bare.startsWith('(') && bare.endsWith(')')) {
    sign = -1
    bare = bare.slice(1, -1)
  } else if (bare.endsWith('-')) {
    sign = -1
    bare = bare.slice(0, -1)
  }
  if (!/\d/.test(bare) || !(decimal === '.' ? WITH_POINT : WITH_COMMA).test(bare)) return Number.NaN
  const size = Number(decimal === '.' ? bare.replaceAll(',', '') : bare.replaceAll('.', '').replace(',', '.'))
  return Number.isFinite(size) ? sign * size : Number.NaN
}

/**
 * The number format that most of the values fit; null when fewer than `share` of them do. `commaLikely` says that the file
 * separates columns by semicolons, as spreadsheets do where the comma is the decimal sign: it decides only ties.
 */
export function detectNumber(
  values: readonly string[],
  options: { readonly share: number; readonly commaLikely: boolean },
): NumberFormat | null {
  let seen = 0
  let point = 0
  let comma = 0
  let differ = false
  let commas = false
  for (const raw of values) {
    const value = raw.trim()
    if (value === '' || isSentinel(value, 'number')) continue
    seen += 1
    const asPoint = parseNumber(value, '.')
    const asComma = parseNumber(value, ',')
    if (!Number.isNaN(asPoint)) point += 1
    if (!Number.isNaN(asComma)) comma += 1
    if (asPoint !== asComma) differ = true
    if (value.includes(',')) commas = true
  }
  if (seen === 0 || Math.max(point, comma) < seen * options.share || Math.max(point, comma) === 0) return null
  if (point !== comma) return { type: 'number', decimal: point > comma ? '.' : ',', ambiguous: false }
  return { type: 'number', decimal: options.commaLikely && commas ? ',' : '.', ambiguous: differ }
}

/** True for codes that look like numbers: a leading zero, or more digits than a number can hold. */
export const isCode = (value: string): boolean => /^0\d/.test(value) || /^\d{16,}$/.test(value)

const SIGNS: readonly (readonly [string, string])[] = [
  ['€', 'EUR'],
  ['£', 'GBP'],
  ['₹', 'INR'],
  ['¥', 'JPY'],
  ['$', 'USD'],
]
const CODE = /^([A-Z]{3})(?=[\s\d-])|(?<=[\s\d])([A-Z]{3})$/

/**
 * The currency that stands with an amount, as an ISO 4217 code; null where none does. A sign that several share ($, ¥) is the
 * company's `own` currency where that is one of them.
 */
export function currencyOf(value: string, own: string | null): string | null {
  const sign = SIGNS.find(([mark]) => value.includes(mark))
  if (sign === undefined) {
    const code = CODE.exec(value)
    return code?.[1] ?? code?.[2] ?? null
  }
  const shared = sign[0] === '$' ? /D$|^MXN$|^ARS$|^CLP$|^COP$/ : sign[0] === '¥' ? /^CNY$/ : null
  return own !== null && shared?.test(own) === true ? own : sign[1]
}
