import type { ScoreField, ScoreValue } from '@assay/shared'

type Fields = Readonly<Record<string, string>>

/** What is to be written to one record, and all of Assay's fields as they will stand afterwards. */
export interface Change {
  readonly values: Readonly<Record<string, ScoreValue>>
  readonly after: Fields
  /** `changed`: a value moved · `refreshed`: nothing did, but it would look stale · `cleared`: what stood there no longer holds. */
  readonly why: 'changed' | 'refreshed' | 'cleared'
}

/** What is known of a record's fields in the CRM. */
export interface Standing {
  /** What the CRM acknowledged last; null where nothing ever was; empty where the record was gone. */
  readonly published: Fields | null
  /** Fields of a write of which nobody knows whether it arrived; null where there is none. */
  readonly unsure: ReadonlySet<string> | null
  /** The record's turn to be written again although nothing moved. */
  readonly due: boolean
}

const DAY = 86_400_000

/** The CRM said that there is no such record: what is remembered of it then. */
export const isGone = (published: Fields | null): boolean => published !== null && Object.keys(published).length === 0

/**
 * Compares what should stand in the CRM with what does. A number within its tolerance, and fields that merely follow,
 * are no change; when anything else is, or when the record is due for a refresh, all that differs is written. Where a
 * write may or may not have arrived, nothing can be compared and all of it is written.
 */
export function difference(wanted: Fields, standing: Standing, fields: readonly ScoreField[]): Change | null {
  const { published, unsure, due } = standing
  if (isGone(published) && unsure === null && !due) return null
  const written = fields.filter((field) => !field.setByPeople)
  const moved = written.filter((field) => !field.follows && differs(field, wanted[field.name], published?.[field.name]))
  if (moved.length === 0 && !due && published !== null && unsure === null) return null
  const values: Record<string, ScoreValue> = {}
  const after: Record<string, string> = {}
  for (const field of written) {
    const next = wanted[field.name]
    if (next !== undefined) after[field.name] = next
    const anew = unsure !== null && (next !== undefined || published?.[field.name] !== undefined || unsure.has(field.name))
    if (anew || next !== published?.[field.name]) values[field.name] = typed(field, next)
  }
  if (Object.keys(values).length === 0) return null
  const cleared = moved.some((field) => wanted[field.name] === undefined && published?.[field.name] !== undefined)
  return { values, after, why: cleared ? 'cleared' : moved.length > 0 || published === null || unsure !== null ? 'changed' : 'refreshed' }
}

function differs(field: ScoreField, next: string | undefined, before: string | undefined): boolean {
  if (next === undefined || before === undefined) return next !== before
  const moved = Math.abs(Number(next) - Number(before))
  if (field.tolerance !== undefined) return moved > field.tolerance
  if (field.toleranceShare !== undefined) return moved > field.toleranceShare * Math.abs(Number(before))
  return next !== before
}

function typed(field: ScoreField, value: string | undefined): ScoreValue {
  if (value === undefined || value === '') return null
  return field.type === 'number' || field.type === 'currency' ? Number(value) : value
}

/**
 * Whether the CRM has refused these very values before. What merely follows (a date, "94 days since …") does not make
 * them others; a refresh of nothing but such fields is tried again after `refreshDays`.
 */
export function isRefused(
  values: Change['values'],
  refused: { readonly values: Change['values']; readonly at: number } | undefined,
  fields: readonly ScoreField[],
  at: { readonly now: number; readonly refreshDays: number },
): boolean {
  if (refused === undefined) return false
  const text = (value: ScoreValue | undefined): string | undefined => (value === undefined ? undefined : String(value))
  const telling = fields.filter(
    (field) => !field.follows && (Object.hasOwn(values, field.name) || Object.hasOwn(refused.values, field.name)),
  )
  if (telling.length === 0) return at.now - refused.at < at.refreshDays * DAY
  return telling.every((field) => !differs(field, text(values[field.name]), text(refused.values[field.name])))
}

/**
 * Whether an unchanged record's turn has come: its slice of the days, or written too long ago. Days of the calendar (UTC), so
 * that a run that starts some minutes earlier than yesterday's misses nobody.
 */
export function isDue(id: string, writtenAt: number, now: number, refreshDays: number): boolean {
  const today = Math.floor(now / DAY)
  const ago = today - Math.floor(writtenAt / DAY)
  return ago >= refreshDays || (ago >= 1 && slice(id, refreshDays) === today % refreshDays)
}

/** FNV-1a: which slice a record belongs to, for ever. */
function slice(id: string, slices: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % slices
}
