import type { Org } from '../org.ts'
import type { Components } from './components.ts'
import { changeProblem, fieldOf, metadataOf } from './field-shape.ts'
import { applyPermissionSet, permissionSetNamed, permissionSetProblem, readPermissionSet } from './permission-set.ts'
import { textOf, type Element } from './xml.ts'

/** What became of one component that was saved by itself, without an archive. */
export interface Saved {
  readonly fullName: string
  readonly created: boolean
  readonly problem: string | null
}

/** The metadata of a component; null when there is none. */
export function read(org: Org, components: Components, type: string, fullName: string): Record<string, unknown> | null {
  if (type === 'CustomField') {
    const [objectName = '', name = ''] = fullName.split('.')
    const object = org.schema.object(objectName)
    const field = object === null ? null : org.schema.field(object, name)
    return field === null || field.custom !== true ? null : { fullName: `${objectName}.${field.name}`, ...metadataOf(field) }
  }
  if (type === 'PermissionSet') {
    const row = permissionSetNamed(org, fullName)
    return row === null ? null : { fullName, ...readPermissionSet(org, row) }
  }
  return components.find(type, fullName) === null ? null : { fullName }
}

/** Saves a field or a permission set; `fullName` of a field with its object. */
export function upsert(
  org: Org,
  components: Components,
  type: string,
  given: Element,
  userId: string,
  how: 'create' | 'update' | 'upsert',
): Saved {
  const fullName = textOf(given['fullName']) ?? ''
  const metadata = Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith('@')))
  const said = (problem: string | null, created = false): Saved => ({ fullName, created, problem })
  const isThere = read(org, components, type, fullName) !== null
  const label =
    type === 'CustomField'
      ? `There is already a field named ${fullName.split('.')[1]?.replace(/__c$/, '') ?? ''} on ${fullName.split('.')[0] ?? ''}.`
      : `There is already a ${type} named ${fullName}`
  if (how === 'create' && isThere) return said(label)
  if (how === 'update' && !isThere) return said(`In field: fullName - no ${type} named ${fullName} found`)
  switch (type) {
    case 'CustomField': {
      const [objectName = '', name = ''] = fullName.split('.')
      const object = org.schema.object(objectName)
      if (object === null) return said(`Entity of type 'CustomObject' named '${objectName}' cannot be found`)
      const made = fieldOf({ ...metadata, fullName: name })
      if ('problem' in made) return said(made.problem)
      const before = org.schema.field(object, made.field.name)
      const clash = before === null ? null : changeProblem(before, made.field)
      if (clash !== null) return said(clash)
      org.schema.put(object, before === null ? made.field : { ...made.field, granted: before.granted ?? 'profile' })
      return said(null, before === null)
    }
    case 'PermissionSet': {
      const problem = permissionSetProblem(org, metadata, (field) => {
        const [objectName = '', name = ''] = field.split('.')
        const object = org.schema.object(objectName)
        return object !== null && org.schema.field(object, name) !== null ? 'yes' : 'no'
      })
      if (problem !== null) return said(problem)
      applyPermissionSet(org, fullName, metadata, userId)
      return said(null, !isThere)
    }
    default:
      return said(null, components.put(type, fullName, JSON.stringify(metadata)).created)
  }
}
