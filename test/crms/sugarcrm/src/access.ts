import type { ModuleName } from './modules.ts'
import { USER_IDS } from './people.ts'

/** What roles take away from users. Without a role everybody may do everything; the admin may whatever a role says. */
export interface Access {
  canRead(userId: string, module: ModuleName, field: string): boolean
  canEdit(userId: string, module: ModuleName, field: string): boolean
  /** Records of a module at all. */
  allows(userId: string, module: ModuleName, what: Right): boolean
  hideField(userId: string, module: ModuleName, field: string): void
  readOnlyField(userId: string, module: ModuleName, field: string): void
  forbid(userId: string, module: ModuleName, what: Right): void
  /** `_acl.fields`: only what is denied. */
  denied(userId: string, module: ModuleName): Record<string, Record<string, 'no'>>
  /** `acl` of a module: only what is denied, beside the fields. */
  deniedRights(userId: string, module: ModuleName): Record<string, 'no'>
}

/** `access` denies the module as a whole. */
export type Right = 'access' | 'list' | 'view' | 'create' | 'edit' | 'delete' | 'massupdate'

export function createAccess(): Access {
  const fields = new Map<string, Map<string, 'hidden' | 'readOnly'>>()
  const rights = new Map<string, Set<Right>>()
  const key = (userId: string, module: ModuleName): string => `${userId} ${module}`
  const level = (userId: string, module: ModuleName, field: string): 'hidden' | 'readOnly' | undefined =>
    userId === USER_IDS.admin ? undefined : fields.get(key(userId, module))?.get(field)
  const setField = (userId: string, module: ModuleName, field: string, to: 'hidden' | 'readOnly'): void => {
    const own = fields.get(key(userId, module)) ?? new Map<string, 'hidden' | 'readOnly'>()
    fields.set(key(userId, module), own.set(field, to))
  }
  return {
    canRead: (userId, module, field) => level(userId, module, field) !== 'hidden',
    canEdit: (userId, module, field) => level(userId, module, field) === undefined,
    allows(userId, module, what) {
      const denied = rights.get(key(userId, module))
      return userId === USER_IDS.admin || denied === undefined || !(denied.has('access') || denied.has(what))
    },
    hideField: (userId, module, field) => setField(userId, module, field, 'hidden'),
    readOnlyField: (userId, module, field) => setField(userId, module, field, 'readOnly'),
    forbid(userId, module, what) {
      const denied = rights.get(key(userId, module)) ?? new Set<Right>()
      rights.set(key(userId, module), denied.add(what))
    },
    denied(userId, module) {
      if (userId === USER_IDS.admin) return {}
      return Object.fromEntries(
        [...(fields.get(key(userId, module)) ?? [])].map(([field, is]) => [
          field,
          is === 'hidden' ? { read: 'no', write: 'no', create: 'no' } : { write: 'no', create: 'no' },
        ]),
      )
    },
    deniedRights: (userId, module) =>
      userId === USER_IDS.admin
        ? {}
        : Object.fromEntries([...(rights.get(key(userId, module)) ?? [])].map((right) => [right, 'no' as const])),
  }
}
