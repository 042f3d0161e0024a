import type { FieldShape } from './existing.ts'
import type { Located } from './names.ts'

/** Digits that a number of this type needs before its point. */
const DIGITS = { number: 3, currency: 12 } as const

/** Why the field that is there cannot hold what is wanted; null when it can. Labels and help texts may be the admin's own. */
export function clashOf(there: FieldShape, { field }: Located): string | null {
  if (there.type !== field.type) return `it exists as ${there.called}, ${field.type} is needed`
  if (field.type === 'text' && there.length !== null && there.length < (field.maxLength ?? 0)) {
    return `it holds ${there.length} characters, ${field.maxLength ?? 0} are needed`
  }
  if ((field.type === 'number' || field.type === 'currency') && there.digits !== null && there.digits < DIGITS[field.type]) {
    return `it holds ${there.digits} digits before the point, ${DIGITS[field.type]} are needed`
  }
  const missing = (field.options ?? []).filter((option) => !there.options?.includes(option))
  return missing.length === 0 ? null : `its list lacks ${missing.join(', ')}`
}
