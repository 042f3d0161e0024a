import type { Field } from './fields.ts'
import { SYSTEM_PERMISSIONS, type ObjectName, type SystemPermission } from './objects.ts'
import type { Store } from './store.ts'

/** Who may see and do what: profiles, and the permission sets above them. */
export interface Access {
  canRead(userId: string, object: ObjectName, field: Field): boolean
  canEdit(userId: string, object: ObjectName, field: Field): boolean
  /** Reading, creating, editing or deleting records of an object at all. */
  allows(userId: string, object: ObjectName, what: 'read' | 'create' | 'edit' | 'delete'): boolean
  permissions(userId: string): ReadonlySet<SystemPermission>
  /** What a user's profile gives is taken away; a permission set may give it back. */
  hideField(userId: string, object: ObjectName, field: string): void
  readOnlyField(userId: string, object: ObjectName, field: string): void
  hideObject(userId: string, object: ObjectName): void
}

/** What a profile gives: everything on objects and fields, or nothing but sign-in; and system permissions. */
export interface ProfileRights {
  readonly everything: boolean
  readonly permissions: readonly SystemPermission[]
}

interface Granted {
  readonly fields: ReadonlyMap<string, { readonly read: boolean; readonly edit: boolean }>
  readonly objects: ReadonlyMap<string, ReadonlySet<string>>
  readonly permissions: ReadonlySet<SystemPermission>
}

/** Fields nobody can be kept from, once the object may be read. */
const ALWAYS = new Set([
  'Id',
  'IsDeleted',
  'CreatedDate',
  'CreatedById',
  'LastModifiedDate',
  'LastModifiedById',
  'SystemModstamp',
  'OwnerId',
])
export const isPermissionable = (field: Field): boolean => !ALWAYS.has(field.name) && field.required !== true && field.nameField !== true

export function createAccess(store: Store, profileOf: (userId: string) => ProfileRights, isSetup: (object: ObjectName) => boolean): Access {
  const hidden = new Set<string>()
  const fixed = new Set<string>()
  const hiddenObjects = new Set<string>()
  let known: { readonly revision: number; readonly users: Map<string, Granted> } = { revision: -1, users: new Map() }

  /** What permission sets give a user; worked out again when anything was written. */
  const granted = (userId: string): Granted => {
    if (known.revision !== setupRevision(store)) known = { revision: setupRevision(store), users: new Map() }
    const found = known.users.get(userId)
    if (found !== undefined) return found
    const sets = new Set<string>()
    for (const row of store.after('PermissionSetAssignment', null, false))
      if (row['AssigneeId'] === userId) sets.add(String(row['PermissionSetId']))
    const fields = new Map<string, { read: boolean; edit: boolean }>()
    const objects = new Map<string, Set<string>>()
    const permissions = new Set<SystemPermission>(profileOf(userId).permissions)
    for (const row of store.after('PermissionSet', null, false)) {
      if (!sets.has(String(row['Id']))) continue
      for (const permission of SYSTEM_PERMISSIONS) if (row[`Permissions${permission}`] === true) permissions.add(permission)
    }
    for (const row of store.after('FieldPermissions', null, false)) {
      if (!sets.has(String(row['ParentId']))) continue
      const before = fields.get(String(row['Field']))
      fields.set(String(row['Field']), {
        read: before?.read === true || row['PermissionsRead'] === true,
        edit: before?.edit === true || row['PermissionsEdit'] === true,
      })
    }
    for (const row of store.after('ObjectPermissions', null, false)) {
      if (!sets.has(String(row['ParentId']))) continue
      const rights = objects.get(String(row['SobjectType'])) ?? new Set()
      objects.set(String(row['SobjectType']), rights)
      for (const right of ['Read', 'Create', 'Edit', 'Delete'] as const)
        if (row[`Permissions${right}`] === true) rights.add(right.toLowerCase())
    }
    const made = { fields, objects, permissions }
    known.users.set(userId, made)
    return made
  }

  const key = (userId: string, object: ObjectName, field: string): string => `${userId} ${object}.${field}`
  const byProfile = (userId: string, object: ObjectName, field: Field, taken: ReadonlySet<string>): boolean =>
    field.granted !== 'permissionSets' && profileOf(userId).everything && !taken.has(key(userId, object, field.name))

  const canRead: Access['canRead'] = (userId, object, field) => {
    if (isSetup(object) || field.name === 'Id') return true
    if (!isPermissionable(field) || HISTORIES.has(object)) return !hidden.has(key(userId, object, field.name))
    return byProfile(userId, object, field, hidden) || granted(userId).fields.get(`${object}.${field.name}`)?.read === true
  }

  return {
    canRead,
    canEdit(userId, object, field) {
      if (isSetup(object)) return true
      if (!canRead(userId, object, field)) return false
      if (!isPermissionable(field)) return !fixed.has(key(userId, object, field.name))
      return (
        (byProfile(userId, object, field, hidden) && byProfile(userId, object, field, fixed)) ||
        granted(userId).fields.get(`${object}.${field.name}`)?.edit === true
      )
    },
    allows(userId, object, what) {
      if (isSetup(object) || FOR_ALL.has(object)) return true
      if (profileOf(userId).everything && !hiddenObjects.has(`${userId} ${object}`)) return true
      const parent = CONTROLLED[object]
      return (
        granted(userId)
          .objects.get(parent ?? object)
          ?.has(what) === true
      )
    },
    permissions: (userId) => granted(userId).permissions,
    hideField: (userId, object, field) => void hidden.add(key(userId, object, field)),
    readOnlyField: (userId, object, field) => void fixed.add(key(userId, object, field)),
    hideObject: (userId, object) => void hiddenObjects.add(`${userId} ${object}`),
  }
}

/** Objects whose rights follow those of another one. */
const CONTROLLED: Partial<Record<ObjectName, ObjectName>> = {
  OpportunityHistory: 'Opportunity',
  OpportunityFieldHistory: 'Opportunity',
  OpportunityLineItem: 'Opportunity',
  PricebookEntry: 'Pricebook2',
  CampaignMember: 'Campaign',
}

/** No permission set names their fields: who sees the deal sees what it was. */
const HISTORIES: ReadonlySet<ObjectName> = new Set<ObjectName>(['OpportunityHistory', 'OpportunityFieldHistory'])

/** Activities belong to everybody who may sign in. */
const FOR_ALL: ReadonlySet<ObjectName> = new Set<ObjectName>(['Task', 'Event'])

const setupRevision = (store: Store): number =>
  (['PermissionSet', 'FieldPermissions', 'ObjectPermissions', 'PermissionSetAssignment'] as const).reduce(
    (sum, object) => sum + store.changes(object),
    0,
  )
