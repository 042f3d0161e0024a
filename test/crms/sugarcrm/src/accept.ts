import { isInstant, type Field } from './fields.ts'
import type { Instance } from './instance.ts'
import type { ModuleName } from './modules.ts'
import { invalid, missing, notAuthorized } from './reply.ts'
import { instantOf, isDate, plainText, type Row, type Value } from './values.ts'

/**
 * What is stored when this comes in for a record. Unknown and read-only fields are ignored in silence, as Sugar does; a field that a role denies
 * is refused (403), a value that its type does not take too (422).
 */
export function accepted(instance: Instance, module: ModuleName, given: Readonly<Record<string, unknown>>, userId: string): Row {
  const { schema, access } = instance
  const values: Record<string, Value> = {}
  for (const [name, raw] of Object.entries(given)) {
    const field = schema.field(module, name)
    if (field === null || field.readonly === true || field.type === 'link' || field.type === 'relate') continue
    if (!access.canEdit(userId, module, name)) throw notAuthorized(`Not allowed to edit field ${name} in module: ${module}`)
    if (field.type === 'email') values['email1'] = primaryOf(raw)
    else values[name] = valueOf(instance, module, field, raw)
  }
  return values
}

/** Refuses a new record without what its module requires. */
export function requireAll(instance: Instance, module: ModuleName, values: Row): void {
  for (const field of instance.schema.fields(module).values()) {
    if (field.required !== true || field.name === 'id') continue
    if (field.readonly === true) continue
    const value = values[field.name]
    if (value === undefined || value === null || value === '') throw missing(`Missing required field: ${field.name} in module: ${module}`)
  }
}

function primaryOf(raw: unknown): Value {
  if (!Array.isArray(raw)) return plainText(raw) || null
  const list = raw as readonly { readonly email_address?: unknown; readonly primary_address?: unknown }[]
  return plainText((list.find((each) => each.primary_address === true || each.primary_address === '1') ?? list[0])?.email_address) || null
}

function valueOf(instance: Instance, module: ModuleName, field: Field, raw: unknown): Value {
  if (raw === null || raw === '') return field.type === 'bool' ? false : null
  const refused = (): Error => invalid(`Invalid field value: ${field.name} in module: ${module}`)
  if (field.type === 'multienum') {
    if (!Array.isArray(raw)) throw refused()
    return raw.map((each) => plainText(each))
  }
  if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') throw refused()
  const text = String(raw)
  switch (field.type) {
    case 'bool':
      return /^(1|true|on|yes)$/i.test(text)
    case 'int':
    case 'decimal':
    case 'float':
    case 'currency': {
      const number = Number(text)
      if (!Number.isFinite(number)) throw refused()
      return field.type === 'int' ? Math.round(number) : Number(number.toFixed(field.precision ?? 6))
    }
    case 'date':
      if (!isDate(text.slice(0, 10))) throw refused()
      return text.slice(0, 10)
    case 'enum':
    case 'parent_type': {
      const list = field.options === undefined ? null : instance.schema.dropdown(field.options)
      if (list !== null && !Object.hasOwn(list, text)) throw refused()
      return text
    }
    default:
      break
  }
  if (isInstant(field)) {
    const at = instantOf(text)
    if (Number.isNaN(at)) throw refused()
    const unit = instance.quirks.cutSeconds ? 60_000 : 1000
    return Math.floor(at / unit) * unit
  }
  if (field.len === undefined || text.length <= field.len) return text
  if (instance.quirks.overlong === 'refused') throw refused()
  return text.slice(0, field.len)
}
