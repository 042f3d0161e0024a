import { isDate } from '@assay/stand-in'

export { dateText, isDate, plainText, wholeSecond } from '@assay/stand-in'

/**
 * Values as the stand-in keeps them: an instant is epoch ms, a date `YYYY-MM-DD`, an amount a number, a multiple choice a list. How they look
 * on the wire is `present.ts`.
 */
export type Value = string | number | boolean | null | readonly string[]
export type Row = Readonly<Record<string, Value>>

const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/

/** Epoch ms of an ISO text, of one without a zone as UTC, or of a date; NaN for anything else. */
export function instantOf(text: string): number {
  if (isDate(text)) return Date.parse(text)
  if (!INSTANT.test(text)) return Number.NaN
  const iso = text.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(iso) ? iso : `${iso}Z`)
}

/** `2026-08-05T12:34:56+00:00`, in the server's zone (minutes east of Greenwich). */
export function instantText(at: number, zone: number): string {
  const local = new Date(at + zone * 60_000).toISOString().slice(0, 19)
  const east = Math.abs(zone)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${local}${zone < 0 ? '-' : '+'}${two(Math.floor(east / 60))}:${two(east % 60)}`
}
