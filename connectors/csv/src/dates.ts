import { isSentinel } from './blanks.ts'

export type DateOrder = 'iso' | 'day first' | 'month first' | 'named month' | 'yyyymmdd' | 'epoch seconds' | 'epoch milliseconds'

export interface DateFormat {
  readonly type: 'date'
  readonly order: DateOrder
  /** True when the values fit day first and month first alike, so that the choice is a convention and no finding. */
  readonly ambiguous: boolean
  /** Whether any value seen carries a time of day. */
  readonly withTime: boolean
}

const TIME = String.raw`(?:,?(?:T|\s)\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(am|pm|a\.m\.|p\.m\.)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?`
const ISO = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${TIME}$`, 'i')
const SLASHED = new RegExp(String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})${TIME}$`, 'i')
const DAY_NAMED = new RegExp(String.raw`^(\d{1,2})[-/. ]\s*([a-z]{3,9})[-/., ]\s*(\d{4}|\d{2})${TIME}$`, 'i')
const NAMED_DAY = new RegExp(String.raw`^([a-z]{3,9})\.? (\d{1,2}),? (\d{4})${TIME}$`, 'i')
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(?:Z)?)?$/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const year = (text: string): number => (text.length === 4 ? +text : +text < 70 ? 2000 + +text : 1900 + +text)

/** Epoch ms of a civil date, or NaN where there is no such day (30 February). */
function day(y: number, m: number, d: number): number {
  if (!(m >= 1 && m <= 12 && d >= 1 && d <= 31)) return Number.NaN
  const at = Date.UTC(y, m - 1, d)
  const back = new Date(at)
  return back.getUTCDate() === d && back.getUTCFullYear() === y ? at : Number.NaN
}

/** Milliseconds after midnight UTC of the time groups that start at `from`; NaN where there is no such time. */
function time(found: RegExpExecArray, from: number): number {
  const hourText = found[from]
  if (hourText === undefined) return 0
  let hour = +hourText
  const minute = +found[from + 1]!
  const second = +(found[from + 2] ?? 0)
  const half = found[from + 4]
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return Number.NaN
    hour = (hour % 12) + (half[0]!.toLowerCase() === 'p' ? 12 : 0)
  }
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN
  // Cut, not rounded, to milliseconds, digit by digit: 0.289 * 1000 is less than 289.
  const fraction = +(found[from + 3] ?? '').padEnd(3, '0').slice(0, 3)
  return ((hour * 60 + minute) * 60 + second) * 1000 + fraction - offset(found[from + 5])
}

function offset(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0
  const minutes = +zone.slice(1, 3) * 60 + (zone.length > 3 ? +zone.slice(-2) : 0)
  return (zone[0] === '-' ? -minutes : minutes) * 60_000
}

/**
 * Epoch ms (UTC) of a date written in that order; NaN where it is no date in it. Without a zone the text is taken as UTC,
 * because an export does not say where it was made.
 */
export function parseDate(value: string, order: DateOrder): number {
  switch (order) {
    case 'iso': {
      const found = ISO.exec(value)
      return found === null ? Number.NaN : day(+found[1]!, +found[2]!, +found[3]!) + time(found, 4)
    }
    case 'day first':
    case 'month first': {
      const found = SLASHED.exec(value)
      if (found === null) return Number.NaN
      const [d, m] = order === 'day first' ? [found[1]!, found[2]!] : [found[2]!, found[1]!]
      return day(year(found[3]!), +m, +d) + time(found, 4)
    }
    case 'named month': {
      const dayFirst = DAY_NAMED.exec(value)
      const found = dayFirst ?? NAMED_DAY.exec(value)
      if (found === null) return Number.NaN
      const [d, m] = dayFirst === null ? [found[2]!, found[1]!] : [found[1]!, found[2]!]
      return day(year(found[3]!), MONTHS.indexOf(m.slice(0, 3).toLowerCase()) + 1, +d) + time(found, 4)
    }
    case 'yyyymmdd': {
      const found = COMPACT.exec(value)
      if (found === null || +found[1]! < 1900 || +found[1]! > 2200) return Number.NaN
      return day(+found[1]!, +found[2]!, +found[3]!) + time(found, 4)
    }
    case 'epoch seconds':
      return /^-?\d{9,10}(\.\d+)?$/.test(value) ? Math.round(+value * 1000) : Number.NaN
    default:
      return /^-?\d{11,13}$/.test(value) ? +value : Number.NaN
  }
}

const ORDERS: readonly DateOrder[] = ['iso', 'day first', 'month first', 'named month', 'yyyymmdd', 'epoch milliseconds', 'epoch seconds']
/** Orders that a column of numbers cannot be mistaken for. */
const WRITTEN: readonly DateOrder[] = ['iso', 'day first', 'month first', 'named month']

/**
 * The date format that most of the values fit; null when fewer than `share` of them fit any.
 * Day first and month first are told apart by days above 12; where no value tells, `hint` (the order of another column
 * of the file) decides, then an AM/PM clock, which goes with month first, then day first.
 */
export function detectDate(
  values: readonly string[],
  options: { readonly share: number; readonly writtenOnly?: boolean; readonly hint?: DateOrder | null },
): DateFormat | null {
  const fits = new Map<DateOrder, number>()
  let seen = 0
  let withTime = false
  let halves = false
  for (const raw of values) {
    const value = raw.trim()
    if (value === '' || isSentinel(value, 'date')) continue
    seen += 1
    withTime ||= value.includes(':')
    halves ||= /[ap]\.?m\.?$/i.test(value)
    for (const order of options.writtenOnly === true ? WRITTEN : ORDERS) {
      if (!Number.isNaN(parseDate(value, order))) fits.set(order, (fits.get(order) ?? 0) + 1)
    }
  }
  let best: DateOrder | null = null
  for (const [order, count] of fits) if (best === null || count > fits.get(best)!) best = order
  if (best === null || seen === 0 || fits.get(best)! < seen * options.share) return null
  if (best !== 'day first' && best !== 'month first') return { type: 'date', order: best, ambiguous: false, withTime }
  if (fits.get('day first') !== fits.get('month first')) return { type: 'date', order: best, ambiguous: false, withTime }
  const dotted = values.some((value) => /^\s*\d{1,2}\./.test(value))
  if (dotted) return { type: 'date', order: 'day first', ambiguous: false, withTime }
  const order = options.hint === 'month first' || options.hint === 'day first' ? options.hint : halves ? 'month first' : 'day first'
  return { type: 'date', order, ambiguous: options.hint !== order, withTime }
}
