export { dateText, isDate, numberText, plainText, wholeSecond } from '@assay/stand-in'

/** How values look on the wire. Inside, an instant is epoch ms, a date is `YYYY-MM-DD`. */
export type Value = string | number | boolean | null
export type Row = Readonly<Record<string, Value>>

/** `2026-08-21T14:03:11.000+0000`, the form of REST. */
export const instantText = (at: number): string => new Date(at).toISOString().replace('Z', '+0000')

/** `2026-08-21T14:03:11.000Z`, the form of SOQL and CSV. */
export const zuluText = (at: number): string => new Date(at).toISOString()

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

/** Epoch ms of the forms Salesforce takes (`…Z`, `…+0000`, `…+00:00`); NaN for anything else. */
export function instantOf(text: string): number {
  return INSTANT.test(text) ? Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN
}
