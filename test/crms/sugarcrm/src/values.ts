/**
 * Values as the stand-in keeps them: an instant is epoch ms, a date `YYYY-MM-DD`, an amount a number, a multiple choice a list. How they look
 * on the wire is `present.ts`.
 */
export type Value = string | number | boolean | null | readonly string[]
export type Row = Readonly<Record<string, Value>>

export const dateText = (at: number): string => new Date(at).toISOString().slice(0, 10)

const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/

/** Epoch ms of an ISO text, of one without a zone as UTC, or of a date; NaN for anything else. */
export function instantOf(text: string): number {
  if (isDate(text)) return Date.parse(text)
  if (!INSTANT.test(text)) return Number.NaN
  const iso = text.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(iso) ? iso : `${iso}Z`)
}

export const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

/** `2026-08-05T12:34:56+00:00`, in the server's zone (minutes east of Greenwich). */
export function instantText(at: number, zone: number): string {
  const local = new Date(at + zone * 60_000).toISOString().slice(0, 19)
  const east = Math.abs(zone)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${local}${zone < 0 ? '-' : '+'}${two(Math.floor(east / 60))}:${two(east % 60)}`
}

/** A text, number or flag out of JSON as text; everything else is the empty text. */
export const plainText = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : otherwise

/** Sugar keeps whole seconds: what is behind them is cut, not rounded. */
export const wholeSecond = (at: number): number => Math.floor(at / 1000) * 1000
