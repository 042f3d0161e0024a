import type { Field } from '../fields.ts'
import * as f from '../fields.ts'
import { objectOfId } from '../ids.ts'
import type { ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'
import { refuse } from '../reply.ts'
import type { Row, Value } from '../values.ts'
import type { Path } from './parse.ts'
import { invalidField } from './tokens.ts'

/** A field of a row or of one of its parents. */
export interface Column {
  /** As the query says it, in the spelling of the schema. */
  readonly path: string
  /** `['Account', 'Owner']` for `Account.Owner.Name`. */
  readonly parents: readonly string[]
  readonly field: Field
  /** The row the field is on; null where a parent is missing. */
  readonly holder: (row: Row, asOf: number | undefined) => Row | null
  readonly read: (row: Row, asOf: number | undefined) => Value
}

/** What a lookup to several objects shows of whatever it leads to. */
const NAME_FIELDS: readonly Field[] = [
  { ...f.text('Id', 18), type: 'id' },
  f.text('Name'),
  f.text('Type', 40),
  f.text('FirstName', 40),
  f.text('LastName', 80),
  f.email('Email'),
  f.text('Title', 128),
]

/** The column a path names as this user may see it; a 400 INVALID_FIELD where there is none. */
export function resolve(org: Org, userId: string, object: ObjectName, { path, at }: Path, soql: string): Column {
  const segments = path.split('.')
  if (segments.length > 1 && segments[0]?.toLowerCase() === object.toLowerCase()) segments.shift()
  const name = segments.pop() ?? ''
  const parents: string[] = []
  let current: ObjectName | null = object
  let holder = (row: Row, _asOf: number | undefined): Row | null => row
  for (const segment of segments) {
    const lookup: Field | undefined =
      current === null
        ? undefined
        : [...org.schema.fields(current).values()].find((field) => field.relationship?.toLowerCase() === segment.toLowerCase())
    if (current === null || lookup === undefined || !org.access.canRead(userId, current, lookup))
      throw refuse(
        400,
        'INVALID_FIELD',
        `Didn't understand relationship '${segment}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
      )
    const before = holder
    holder = (row, asOf) => {
      const id = before(row, asOf)?.[lookup.name]
      const target = typeof id === 'string' ? objectOfId(id) : null
      return target === null ? null : org.store.row(target, String(id), asOf)
    }
    parents.push(lookup.relationship ?? segment)
    const targets: readonly string[] = lookup.referenceTo ?? []
    current = targets.length === 1 ? org.schema.object(targets[0] ?? '') : null
  }
  const isName = current === null
  const field = isName ? nameField(name) : org.schema.field(current ?? object, name)
  if (field === null || (current !== null && (!org.access.canRead(userId, current, field) || !org.access.allows(userId, current, 'read'))))
    throw invalidField(soql, at, name, current ?? 'Name')
  const onType = isName && field.name === 'Type'
  return {
    path: [...parents, field.name].join('.'),
    parents,
    field,
    holder,
    read(row, asOf) {
      const held = holder(row, asOf)
      if (held === null) return null
      return onType ? objectOfId(String(held['Id'])) : (held[field.name] ?? (field.type === 'boolean' ? false : null))
    },
  }
}

const nameField = (name: string): Field | null => NAME_FIELDS.find((field) => field.name.toLowerCase() === name.toLowerCase()) ?? null
