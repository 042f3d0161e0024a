import { DROPDOWNS } from './dropdowns.ts'
import type { Field } from './fields.ts'
import { MODULE_NAMES, MODULES, isModule, type ModuleName } from './modules.ts'
import type { Source } from './source.ts'

/** Which modules, fields and dropdown lists the instance has: the standard ones, the company's own, and what packages brought. */
export interface Schema {
  load(source: Source): void
  readonly enterprise: boolean
  /** null where the instance has no such module. */
  module(name: string): ModuleName | null
  modules(): readonly ModuleName[]
  fields(module: ModuleName): ReadonlyMap<string, Field>
  field(module: ModuleName, name: string): Field | null
  put(module: ModuleName, field: Field): void
  remove(module: ModuleName, name: string): boolean
  /** key → label. */
  dropdown(list: string): Readonly<Record<string, string>> | null
  putDropdown(list: string, entries: Readonly<Record<string, string>>): void
  removeDropdown(list: string): void
  /** Changes with the schema: what clients compare their copy with. */
  hash(): string
}

export function createSchema(): Schema {
  let enterprise = true
  let revision = 0
  const tables = new Map<ModuleName, Map<string, Field>>()
  const dropdowns = new Map<string, Readonly<Record<string, string>>>()
  const isThere = (module: ModuleName): boolean => enterprise || module !== 'RevenueLineItems'

  const fields: Schema['fields'] = (module) => tables.get(module) ?? new Map<string, Field>()
  return {
    get enterprise() {
      return enterprise
    },
    load(source) {
      enterprise = source.facts.enterprise
      revision += 1
      tables.clear()
      dropdowns.clear()
      const own = source.customFields()
      for (const module of MODULE_NAMES) {
        const standard = MODULES[module].fields.filter((field) => enterprise || field.edition !== 'enterprise')
        const all = [
          ...standard.map((field) => (enterprise && field.rolledUp === true ? { ...field, readonly: true } : field)),
          ...(own[module] ?? []),
        ]
        tables.set(module, new Map(all.map((field) => [field.name, field])))
      }
      for (const [list, entries] of Object.entries(DROPDOWNS)) dropdowns.set(list, entries)
      for (const [list, keys] of Object.entries(source.picked()))
        dropdowns.set(list, { ...dropdowns.get(list), ...Object.fromEntries(keys.map((key) => [key, dropdowns.get(list)?.[key] ?? key])) })
    },
    module: (name) => (isModule(name) && isThere(name) ? name : null),
    modules: () => MODULE_NAMES.filter(isThere),
    fields,
    field: (module, name) => fields(module).get(name) ?? null,
    put(module, field) {
      revision += 1
      tables.get(module)?.set(field.name, field)
    },
    remove(module, name) {
      revision += 1
      return tables.get(module)?.delete(name) ?? false
    },
    dropdown: (list) => dropdowns.get(list) ?? null,
    putDropdown(list, entries) {
      revision += 1
      dropdowns.set(list, entries)
    },
    removeDropdown(list) {
      revision += 1
      dropdowns.delete(list)
    },
    hash: () => revision.toString(16).padStart(32, '0'),
  }
}
