import type { ScoreField, ScoreValue } from '@assay/shared'

/** What is to be written to one record, and all of Assay's fields as they will stand afterwards. */
export interface Change {
  readonly values: Readonly<Record<string, ScoreValue>>
  readonly after: Readonly<Record<string, string>>
  /** `changed`: a value moved · `refreshed`: nothing did, but it would look stale · `cleared`: what stood there no longer holds. */
  readonly why: 'changed' | 'refreshed' | 'cleared'
}

/**
 * Compares what should stand in the CRM with what does. A number within its tolerance, and fields that merely follow,
 * are no change; when anything else is, or when the record is due for a refresh, all that differs is written.
 */
export function difference(
  wanted: Readonly<Record<string, string>>,
  published: Readonly<Record<string, string>> | null,
  fields: readonly ScoreField[],
  due: boolean,
): Change | null {
  const written = fields.filter((field) => !field.setByPeople)
  const moved = written.filter((field) => !field.follows && differs(field, wanted[field.name], published?.[field.name]))
  if (moved.length === 0 && !due && published !== null) return null
  const values: Record<string, ScoreValue> = {}
  const after: Record<string, string> = {}
  for (const field of written) {
    const next = wanted[field.name]
    if (next !== undefined) after[field.name] = next
    if (next !== published?.[field.name]) values[field.name] = typed(field, next)
  }
  if (Object.keys(values).length === 0) return null
  const cleared = moved.some((field) => wanted[field.name] === undefined && published?.[field.name] !== undefined)
  return { values, after, why: cleared ? 'cleared' : moved.length > 0 || published === null ? 'changed' : 'refreshed' }
}

function differs(field: ScoreField, next: string | undefined, before: string | undefined): boolean {
  if (next === undefined || before === undefined) return next !== before
  if (field.tolerance !== undefined) return Math.abs(Number(next) - Number(before)) > field.tolerance
  return next !== before
}

function typed(field: ScoreField, value: string | undefined): ScoreValue {
  if (value === undefined || value === '') return null
  return field.type === 'number' || field.type === 'currency' ? Number(value) : value
}

/** Whether an unchanged record's turn has come: its slice of the days, or written too long ago. */
export function isDue(id: string, writtenAt: number, now: number, refreshDays: number): boolean {
  const DAY = 86_400_000
  if (now - writtenAt >= refreshDays * DAY) return true
  return now - writtenAt >= DAY && slice(id, refreshDays) === Math.floor(now / DAY) % refreshDays
}

/** FNV-1a: which slice a record belongs to, for ever. */
function slice(id: string, slices: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % slices
}
