/** PostgreSQL's type numbers (pg_type.oid): fixed since they were first given, the same on every server. */
const INT8 = 20
const JSON_TEXT = 114
const NUMERIC = 1700
const TIMESTAMPTZ = 1184
const JSONB = 3802

/** Epoch ms of PostgreSQL's ISO text ("2026-11-22 04:02:02.123456+05:30"); fractions of a millisecond are cut. */
export function parseInstant(text: string): number {
  if (text === 'infinity') return Infinity
  if (text === '-infinity') return -Infinity
  const iso = text.replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1')
  const instant = Date.parse(/[+-]\d\d$/.test(iso) ? `${iso}:00` : iso)
  if (Number.isNaN(instant)) throw new TypeError(`not an instant as PostgreSQL writes it: ${text}`)
  return instant
}

/** One set for both engines, which disagree on their own: text of a value as the server sends it → ours. */
export const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: Number,
  [NUMERIC]: Number,
  [TIMESTAMPTZ]: parseInstant,
  [JSON_TEXT]: (text) => JSON.parse(text) as unknown,
  [JSONB]: (text) => JSON.parse(text) as unknown,
}

/** An instant as a parameter: ISO text means the same to both engines, a number or a Date does not. */
export const toInstant = (epochMs: number): string => new Date(epochMs).toISOString()

/** PostgreSQL holds neither NUL nor half a surrogate pair; a CRM may send both. */
export const toText = (text: string): string => text.replaceAll('\0', '').toWellFormed()

/** A value as a `json` parameter. Both engines take text; objects and arrays they would each treat in their own way. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null'
  // The two things that PostgreSQL refuses are escapes here; the slow way is taken only where one may stand.
  if (!/\\u(0000|d[89a-f])/i.test(text)) return text
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'string' ? toText(member) : member))
}

/** Parameters of a query, made safe to send. */
export const toParams = (params: readonly unknown[]): unknown[] =>
  params.map((param) => (typeof param === 'string' ? toText(param) : param))
