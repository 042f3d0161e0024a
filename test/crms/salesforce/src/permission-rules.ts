import { isPermissionable } from './access.ts'
import type { ObjectName, SystemPermission } from './objects.ts'
import type { Org } from './org.ts'
import type { Problem } from './reply.ts'
import type { Row } from './values.ts'

const NEEDED: Partial<Record<ObjectName, readonly SystemPermission[]>> = {
  PermissionSet: ['ManageProfilesPermissionsets', 'CustomizeApplication'],
  FieldPermissions: ['ManageProfilesPermissionsets', 'CustomizeApplication'],
  ObjectPermissions: ['ManageProfilesPermissionsets', 'CustomizeApplication'],
  PermissionSetAssignment: ['AssignPermissionSets', 'ManageUsers'],
  User: ['ManageUsers'],
}

/** What forbids a write to permission sets and what belongs to them; `row` is null for a deletion. */
export function setupProblem(org: Org, object: ObjectName, id: string | null, row: Row | null, userId: string): Problem | null {
  const needed = NEEDED[object]
  if (needed === undefined) return null
  const permissions = org.access.permissions(userId)
  if (!needed.some((permission) => permissions.has(permission)))
    return { code: 'INSUFFICIENT_ACCESS_OR_READONLY', message: 'insufficient access rights on object id', fields: [] }
  const others = (same: (other: Row) => boolean): boolean =>
    [...org.store.after(object, null, false)].some((other) => other['Id'] !== id && same(other))
  const duplicate = (message: string): Problem => ({ code: 'DUPLICATE_VALUE', message, fields: [] })
  if (row === null) {
    if (object !== 'PermissionSet') return null
    const assigned = [...org.store.after('PermissionSetAssignment', null, false)].some((other) => other['PermissionSetId'] === id)
    return assigned
      ? { code: 'DELETE_FAILED', message: "You can't delete this permission set because it's assigned to users.", fields: [] }
      : null
  }
  switch (object) {
    case 'PermissionSet':
      return others((other) => String(other['Name']).toLowerCase() === String(row['Name']).toLowerCase())
        ? duplicate(`duplicate value found: Name duplicates value on record: ${String(row['Name'])}`)
        : null
    case 'PermissionSetAssignment':
      return others((other) => other['AssigneeId'] === row['AssigneeId'] && other['PermissionSetId'] === row['PermissionSetId'])
        ? duplicate(
            `Duplicate PermissionSetAssignment. Assignee: ${String(row['AssigneeId'])}; Permission Set: ${String(row['PermissionSetId'])}`,
          )
        : null
    case 'FieldPermissions':
      return (
        fieldProblem(org, row) ??
        (others((other) => other['ParentId'] === row['ParentId'] && other['Field'] === row['Field'])
          ? duplicate('duplicate value found: <unknown> duplicates value on record')
          : null)
      )
    case 'ObjectPermissions':
      return others((other) => other['ParentId'] === row['ParentId'] && other['SobjectType'] === row['SobjectType'])
        ? duplicate('duplicate value found: <unknown> duplicates value on record')
        : null
    default:
      return null
  }
}

function fieldProblem(org: Org, row: Row): Problem | null {
  const [objectName = '', fieldName = ''] = String(row['Field']).split('.')
  const object = org.schema.object(objectName)
  const field = object === null ? null : org.schema.field(object, fieldName)
  if (object !== row['SobjectType'] || field === null || !isPermissionable(field))
    return {
      code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      message: `Field Name: bad value for restricted picklist field: ${String(row['Field'])}`,
      fields: ['Field'],
    }
  if (row['PermissionsEdit'] === true && row['PermissionsRead'] !== true)
    return { code: 'FIELD_INTEGRITY_EXCEPTION', message: 'Field Permissions: Edit requires Read.', fields: ['PermissionsRead'] }
  if (row['PermissionsEdit'] === true && field.readOnly === true)
    return { code: 'FIELD_INTEGRITY_EXCEPTION', message: `Field ${field.name} cannot be edited.`, fields: ['PermissionsEdit'] }
  return null
}
