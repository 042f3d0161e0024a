import type { PropertyDefinition } from './definitions.ts'
import type { ObjectType } from './object-types.ts'
import type { Properties } from './properties.ts'
import { refuse, type Refusal } from './reply.ts'
import { instantOf, instantText } from './values.ts'

const TEXT_LIMIT = 65_536

interface Invalid {
  readonly isValid: false
  readonly message: string
  readonly error: string
  readonly name: string
}

export type Values = Readonly<Record<string, string | null>>

/** What a caller wrote, as HubSpot would hold it. Throws the 400 of a write that breaks a rule; an empty text clears a value. */
export function validated(properties: Properties, type: ObjectType, written: unknown): Values {
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    throw refuse(400, 'VALIDATION_ERROR', 'Invalid input JSON: properties must be an object')
  const values: Record<string, string | null> = {}
  const invalid: Invalid[] = []
  for (const [name, value] of Object.entries(written)) {
    const found = properties.find(type, name)
    if (found === null) {
      invalid.push({ isValid: false, message: `Property "${name}" does not exist`, error: 'PROPERTY_DOESNT_EXIST', name })
      continue
    }
    if (value !== null && typeof value === 'object') throw refuse(400, 'VALIDATION_ERROR', `Invalid input JSON: ${name} must be a text`)
    const text = value === null || value === '' ? null : String(value)
    const answer = check(found, text)
    if (typeof answer === 'object' && answer !== null) invalid.push(answer)
    else values[name] = answer
  }
  if (invalid.length > 0) throw invalidValues(invalid)
  return values
}

/** The whole request fails when one value does: the trap of batch writes. */
function invalidValues(invalid: readonly Invalid[]): Refusal {
  return refuse(400, 'VALIDATION_ERROR', `Property values were not valid: ${JSON.stringify(invalid)}`, {
    errors: invalid.map((each) => ({ message: each.message, code: each.error, context: { propertyName: [each.name] } })),
  })
}

function check(found: PropertyDefinition, text: string | null): string | null | Invalid {
  const wrong = (error: string, message: string): Invalid => ({ isValid: false, message, error, name: found.name })
  if (found.modificationMetadata.readOnlyValue)
    return wrong('READ_ONLY_VALUE', `"${found.name}" is a read only property; its value cannot be set.`)
  if (text === null) return null
  switch (found.type) {
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? text : wrong('INVALID_NUMBER', `${text} was not a valid number.`)
    case 'bool':
      return text === 'true' || text === 'false' ? text : wrong('INVALID_BOOLEAN', `${text} was not a valid boolean.`)
    case 'datetime': {
      const at = instantOf(text)
      return Number.isNaN(at) ? wrong('INVALID_LONG', `${text} was not a valid long.`) : instantText(at)
    }
    case 'date': {
      const at = instantOf(text)
      if (Number.isNaN(at)) return wrong('INVALID_DATE', `${text} was not a valid date.`)
      return at % 86_400_000 === 0 ? instantText(at).slice(0, 10) : wrong('INVALID_DATE', `${text} is not at midnight UTC.`)
    }
    case 'enumeration': {
      const parts = found.fieldType === 'checkbox' ? text.split(';').filter((part) => part !== '') : [text]
      const stray = parts.find((part) => !found.options.some((each) => each.value === part))
      const allowed = found.options.map((each) => each.value).join(', ')
      return stray === undefined ? text : wrong('INVALID_OPTION', `${stray} was not one of the allowed options: [${allowed}]`)
    }
    default:
      return text.length <= TEXT_LIMIT
        ? text
        : wrong('TEXT_TOO_LONG', `The value of ${found.name} is longer than ${TEXT_LIMIT} characters.`)
  }
}
