import { SYSTEM_PERMISSIONS, type ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'
import type { Row, Value } from '../values.ts'
import { elementsOf, isTrue, textOf, type Element } from './xml.ts'

/** A permission set in the words of metadata ↔ its rows. */

const MEMBERS = new Set(
  'fullName agentAccesses applicationVisibilities classAccesses customMetadataTypeAccesses customPermissions customSettingAccesses description emailRoutingAddressAccesses externalCredentialPrincipalAccesses externalDataSourceAccesses fieldPermissions flowAccesses hasActivationRequired label license objectPermissions pageAccesses recordTypeVisibilities servicePresenceStatusAccesses tabSettings userLicense userPermissions'.split(
    ' ',
  ),
)
const OBJECT_RIGHTS = {
  allowRead: 'PermissionsRead',
  allowCreate: 'PermissionsCreate',
  allowEdit: 'PermissionsEdit',
  allowDelete: 'PermissionsDelete',
  viewAllRecords: 'PermissionsViewAllRecords',
  modifyAllRecords: 'PermissionsModifyAllRecords',
} as const

const rows = (org: Org, object: ObjectName): Row[] => [...org.store.after(object, null, false)]

export const permissionSetNamed = (org: Org, name: string): Row | null =>
  rows(org, 'PermissionSet').find((row) => String(row['Name']).toLowerCase() === name.toLowerCase()) ?? null

/** Why a permission set is refused; null when it is not. `hasField` also knows the fields of the same deployment. */
export function permissionSetProblem(org: Org, metadata: Element, hasField: (fullName: string) => 'no' | 'fixed' | 'yes'): string | null {
  const unknown = Object.keys(metadata).find((member) => !MEMBERS.has(member))
  if (unknown !== undefined)
    return `Element {http://soap.sforce.com/2006/04/metadata}${unknown} invalid at this location in type PermissionSet`
  const label = textOf(metadata['label'])
  if (label === null) return 'Required field is missing: label'
  if (label.length > 80) return 'Value too long for field: MasterLabel maximum length is:80'
  for (const permission of elementsOf(metadata['fieldPermissions'])) {
    const field = textOf(permission['field']) ?? ''
    const found = hasField(field)
    if (found === 'no') return `In field: field - no CustomField named ${field} found`
    if (found === 'fixed') return `You cannot deploy to a required field: ${field}`
    if (isTrue(permission['editable']) && !isTrue(permission['readable'])) return `Field ${field} cannot be editable without being readable`
  }
  for (const permission of elementsOf(metadata['objectPermissions'])) {
    const object = textOf(permission['object']) ?? ''
    if (org.schema.object(object) === null) return `In field: object - no CustomObject named ${object} found`
    const rights = (name: keyof typeof OBJECT_RIGHTS): boolean => isTrue(permission[name])
    if ((rights('allowCreate') || rights('allowEdit')) && !rights('allowRead'))
      return `Permission Read ${object} depends on nothing but is needed for Edit`
    if (rights('allowDelete') && !rights('allowEdit')) return `Permission Delete ${object} depends on permission(s): Edit ${object}`
    if (rights('viewAllRecords') && !rights('allowRead')) return `Permission ViewAll ${object} depends on permission(s): Read ${object}`
    if (rights('modifyAllRecords') && !(rights('allowDelete') && rights('viewAllRecords')))
      return `Permission ModifyAll ${object} depends on permission(s): Delete ${object}, ViewAll ${object}`
  }
  const objects = new Map(elementsOf(metadata['objectPermissions']).map((each) => [textOf(each['object']), isTrue(each['allowRead'])]))
  for (const child of ['Contact', 'Opportunity'])
    if (objects.get(child) === true && objects.get('Account') !== true)
      return `Permission Read ${child} depends on permission(s): Read Account`
  return null
}

/** Makes the rows say exactly what the metadata says: what it does not name is taken away. */
export function applyPermissionSet(org: Org, name: string, metadata: Element, userId: string): string {
  const permitted = elementsOf(metadata['userPermissions'])
    .filter((each) => isTrue(each['enabled']))
    .map((each) => textOf(each['name']))
  const head = {
    Name: name,
    Label: textOf(metadata['label']),
    Description: textOf(metadata['description']),
    ...Object.fromEntries(
      SYSTEM_PERMISSIONS.map((permission): [string, Value] => [`Permissions${permission}`, permitted.includes(permission)]),
    ),
  }
  const before = permissionSetNamed(org, name)
  const id = before === null ? org.create('PermissionSet', head, userId) : String(before['Id'])
  if (before !== null) org.update('PermissionSet', id, head, userId)
  const replace = (object: 'FieldPermissions' | 'ObjectPermissions', wanted: ReadonlyMap<string, Row>, key: (row: Row) => string): void => {
    const there = new Map(
      rows(org, object)
        .filter((row) => row['ParentId'] === id)
        .map((row) => [key(row), row]),
    )
    for (const [what, row] of there) if (!wanted.has(what)) org.delete(object, String(row['Id']), userId)
    for (const [what, values] of wanted) {
      const row = there.get(what)
      if (row === undefined) org.create(object, { ParentId: id, ...values }, userId)
      else org.update(object, String(row['Id']), values, userId)
    }
  }
  const fields = elementsOf(metadata['fieldPermissions']).map((each): [string, Row] => {
    const field = textOf(each['field']) ?? ''
    return [
      field,
      {
        SobjectType: field.split('.')[0] ?? '',
        Field: field,
        PermissionsRead: isTrue(each['readable']),
        PermissionsEdit: isTrue(each['editable']),
      },
    ]
  })
  const objects = elementsOf(metadata['objectPermissions']).map((each): [string, Row] => {
    const object = textOf(each['object']) ?? ''
    const rights = Object.entries(OBJECT_RIGHTS).map(([member, column]): [string, Value] => [column, isTrue(each[member])])
    return [object, { SobjectType: object, ...Object.fromEntries(rights) }]
  })
  replace('FieldPermissions', new Map(fields), (row) => String(row['Field']))
  replace('ObjectPermissions', new Map(objects), (row) => String(row['SobjectType']))
  return id
}

export function readPermissionSet(org: Org, row: Row): Record<string, unknown> {
  const below = (object: ObjectName): Row[] => rows(org, object).filter((each) => each['ParentId'] === row['Id'])
  return {
    description: row['Description'] ?? null,
    fieldPermissions: below('FieldPermissions').map((each) => ({
      editable: each['PermissionsEdit'] === true,
      field: each['Field'],
      readable: each['PermissionsRead'] === true,
    })),
    hasActivationRequired: false,
    label: row['Label'],
    objectPermissions: below('ObjectPermissions').map((each) => ({
      ...Object.fromEntries(Object.entries(OBJECT_RIGHTS).map(([member, column]) => [member, each[column] === true])),
      object: each['SobjectType'],
    })),
    userPermissions: SYSTEM_PERMISSIONS.filter((permission) => row[`Permissions${permission}`] === true).map((permission) => ({
      enabled: true,
      name: permission,
    })),
  }
}

/** Deletes a permission set with what belongs to it, or says why not. */
export function deletePermissionSet(org: Org, row: Row, userId: string): void {
  for (const object of ['FieldPermissions', 'ObjectPermissions'] as const)
    for (const each of rows(org, object)) if (each['ParentId'] === row['Id']) org.delete(object, String(each['Id']), userId)
  org.delete('PermissionSet', String(row['Id']), userId)
}

export const isAssigned = (org: Org, row: Row): boolean =>
  rows(org, 'PermissionSetAssignment').some((each) => each['PermissionSetId'] === row['Id'])
