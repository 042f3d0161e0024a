import { idOf } from '../ids.ts'
import type { Org } from '../org.ts'

/** A component that only has to be kept: a layout, a report, a flow, a Lightning page. Fields and permission sets live in the org itself. */
export interface Component {
  readonly id: string
  readonly type: string
  readonly fullName: string
  /** Everything it consists of, as text: what it uses is found by name. */
  readonly content: string
  readonly modifiedAt: number
}

export interface Components {
  all(type?: string): readonly Component[]
  find(type: string, fullName: string): Component | null
  put(type: string, fullName: string, content: string): { readonly created: boolean; readonly id: string }
  delete(type: string, fullName: string): boolean
  clear(): void
  /** What uses a field: components whose content names it, and permission sets that grant it. */
  usersOf(object: string, field: string): readonly { readonly id: string; readonly type: string; readonly fullName: string }[]
}

/** Ids of setup objects by type. */
const PREFIXES: Readonly<Record<string, string>> = {
  Layout: '00h',
  Report: '00O',
  ListView: '00B',
  Flow: '301',
  FlexiPage: '0M0',
  ApexClass: '01p',
  ApexTrigger: '01q',
  ValidationRule: '03d',
  LightningComponentBundle: '0Rb',
}

/** Using a field from one of these keeps it from being deleted; layouts, reports and list views simply lose it. */
export const BLOCKING = new Set([
  'Flow',
  'ApexClass',
  'ApexTrigger',
  'ValidationRule',
  'WorkflowRule',
  'FlexiPage',
  'LightningComponentBundle',
])

export function createComponents(org: Org): Components {
  const kept = new Map<string, Component>()
  let made = 0
  const key = (type: string, fullName: string): string => `${type} ${fullName.toLowerCase()}`

  return {
    all: (type) => [...kept.values()].filter((each) => type === undefined || each.type === type),
    find: (type, fullName) => kept.get(key(type, fullName)) ?? null,
    put(type, fullName, content) {
      const before = kept.get(key(type, fullName))
      made += 1
      const id = before?.id ?? idOf(PREFIXES[type] ?? '0DM', made)
      kept.set(key(type, fullName), { id, type, fullName, content, modifiedAt: org.now() })
      return { created: before === undefined, id }
    },
    delete: (type, fullName) => kept.delete(key(type, fullName)),
    clear: () => kept.clear(),
    usersOf(object, field) {
      const named = new RegExp(`(?<![\\w.])(?:(\\w+)\\.)?${field}(?!\\w)`, 'g')
      const users = [...kept.values()].filter((component) =>
        [...component.content.matchAll(named)].some(([, owner]) =>
          owner === undefined || owner === '$Record' || owner === 'Record' ? ofObject(component, object) : owner === object,
        ),
      )
      const grants = [...org.store.after('FieldPermissions', null, false)].filter(
        (row) => row['Field'] === `${object}.${field}` && (row['PermissionsRead'] === true || row['PermissionsEdit'] === true),
      )
      const sets = new Set(grants.map((row) => row['ParentId']))
      const names = [...org.store.after('PermissionSet', null, false)].filter((row) => sets.has(String(row['Id'])))
      return [...users, ...names.map((row) => ({ id: String(row['Id']), type: 'PermissionSet', fullName: String(row['Name']) }))]
    },
  }
}

/** A bare field name means the object that the component belongs to, or any where it belongs to none. */
function ofObject({ type, fullName }: Component, object: string): boolean {
  if (type === 'ListView' || type === 'ValidationRule') return fullName.startsWith(`${object}.`)
  return type === 'Layout' ? fullName.startsWith(`${object}-`) : true
}
