import type { Field } from './fields.ts'
import { canonicalId, objectOfId } from './ids.ts'
import type { Problem } from './reply.ts'
import { dateText, instantOf, isDate, wholeSecond, type Value } from './values.ts'

export type Coerced = { readonly value: Value } | { readonly problem: Problem }

/** What is stored when this comes in for a field, or why it is refused. `raw` is text, number or boolean from JSON, text from CSV. */
export function coerced(field: Field, raw: unknown): Coerced {
  if (raw === null || raw === '')
    return field.type === 'boolean' ? refusal(field, 'INVALID_TYPE_ON_FIELD_IN_RECORD', badValue(field, raw)) : { value: null }
  if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean')
    return refusal(field, 'INVALID_TYPE_ON_FIELD_IN_RECORD', badValue(field, raw))
  const text = String(raw)
  switch (field.type) {
    case 'boolean':
      return /^(true|false|1|0)$/i.test(text)
        ? { value: /^(true|1)$/i.test(text) }
        : refusal(field, 'INVALID_TYPE_ON_FIELD_IN_RECORD', badValue(field, raw))
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return number(field, text)
    case 'date':
      if (isDate(text)) return { value: text }
      return Number.isNaN(instantOf(text))
        ? refusal(field, 'INVALID_TYPE_ON_FIELD_IN_RECORD', badValue(field, raw))
        : { value: dateText(instantOf(text)) }
    case 'datetime': {
      const at = isDate(text) ? Date.parse(text) : instantOf(text)
      return Number.isNaN(at) ? refusal(field, 'INVALID_TYPE_ON_FIELD_IN_RECORD', badValue(field, raw)) : { value: wholeSecond(at) }
    }
    case 'id':
    case 'reference': {
      const id = canonicalId(text)
      const target = id === null ? null : objectOfId(id)
      if (id === null || target === null || field.referenceTo?.includes(target) === false)
        return refusal(field, 'MALFORMED_ID', `${field.label}: id value of incorrect type: ${text}`)
      return { value: id }
    }
    case 'picklist':
    case 'multipicklist': {
      const values = field.type === 'picklist' ? [text] : text.split(';')
      if (field.restricted === true && field.values !== undefined && values.some((value) => field.values?.includes(value) === false))
        return refusal(field, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `${field.label}: bad value for restricted picklist field: ${text}`)
      return ofLength(field, text)
    }
    case 'email':
      if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text))
        return refusal(field, 'INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${text}`)
      return ofLength(field, text)
    default:
      return ofLength(field, text)
  }
}

function number(field: Field, text: string): Coerced {
  const value = Number(text)
  if (!Number.isFinite(value)) return refusal(field, 'INVALID_TYPE_ON_FIELD_IN_RECORD', badValue(field, text))
  const scale = field.type === 'int' ? 0 : (field.scale ?? 0)
  const rounded = Number(value.toFixed(Math.min(scale, 15)))
  const most = 10 ** ((field.precision ?? 18) - scale)
  if (Math.abs(rounded) >= most)
    return refusal(field, 'NUMBER_OUTSIDE_VALID_RANGE', `${field.label}: value outside of valid range on numeric field: ${text}`)
  return { value: rounded }
}

/** Blanks at the end are dropped; what is longer than the field is refused, never cut. */
function ofLength(field: Field, text: string): Coerced {
  const trimmed = text.trimEnd()
  if (field.length !== undefined && trimmed.length > field.length)
    return refusal(field, 'STRING_TOO_LONG', `${field.label}: data value too large: ${trimmed} (max length=${field.length})`)
  return { value: trimmed === '' ? null : trimmed }
}

const badValue = (field: Field, raw: unknown): string => `${field.label}: value not of required type: ${JSON.stringify(raw)}`
const refusal = (field: Field, code: string, message: string): Coerced => ({ problem: { code, message, fields: [field.name] } })
