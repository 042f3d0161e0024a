/** How values look on the wire. Inside, an instant is epoch ms, a date is `YYYY-MM-DD`. */
export type Value = string | number | boolean | null
export type Row = Readonly<Record<string, Value>>

/** `2026-08-21T14:03:11.000+0000`, the form of REST. */
export const instantText = (at: number): string => new Date(at).toISOString().replace('Z', '+0000')

/** `2026-08-21T14:03:11.000Z`, the form of SOQL and CSV. */
export const zuluText = (at: number): string => new Date(at).toISOString()

export const dateText = (at: number): string => new Date(at).toISOString().slice(0, 10)

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

/** Epoch ms of the forms Salesforce takes (`…Z`, `…+0000`, `…+00:00`); NaN for anything else. */
export function instantOf(text: string): number {
  return INSTANT.test(text) ? Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN
}

export const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

/** A text, number or flag out of JSON as text; everything else is the empty text. */
export const plainText = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : otherwise

/** The shortest decimal text that reads back as the same number, never in exponent form. */
export function numberText(value: number): string {
  const text = String(value)
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (match === null) return text
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match
  const digits = whole + fraction
  const point = whole.length + Number(exponentText)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.padEnd(point, '0')
}

/** Datetimes hold whole seconds. */
export const wholeSecond = (at: number): number => Math.floor(at / 1000) * 1000
