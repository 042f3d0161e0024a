import type { Feature, Field } from './fields.ts'
import { OBJECT_NAMES, OBJECTS, objectNamed, type ObjectName } from './objects.ts'
import type { Source } from './source.ts'

/** Which objects and fields the org has: the standard ones, the company's own, and what was deployed. */
export interface Schema {
  load(source: Source, features: ReadonlySet<Feature>): void
  /** null where the org has no such object. */
  object(name: string): ObjectName | null
  objects(): readonly ObjectName[]
  fields(object: ObjectName): ReadonlyMap<string, Field>
  /** Whatever the case of its letters. */
  field(object: ObjectName, name: string): Field | null
  put(object: ObjectName, field: Field): void
  remove(object: ObjectName, name: string): boolean
  /** When a custom field was deployed; null for what was always there. */
  customId(object: ObjectName, name: string): string | null
}

export function createSchema(customIdFor: () => string): Schema {
  let features: ReadonlySet<Feature> = new Set()
  const tables = new Map<ObjectName, Map<string, Field>>()
  const byLower = new Map<ObjectName, Map<string, Field>>()
  const ids = new Map<string, string>()

  const has = (feature: Feature | undefined): boolean => feature === undefined || features.has(feature)
  const put: Schema['put'] = (object, field) => {
    tables.get(object)?.set(field.name, field)
    byLower.get(object)?.set(field.name.toLowerCase(), field)
    if (field.custom === true && !ids.has(`${object}.${field.name}`)) ids.set(`${object}.${field.name}`, customIdFor())
  }

  return {
    load(source, enabled) {
      features = enabled
      tables.clear()
      byLower.clear()
      ids.clear()
      const own = source.customFields()
      const picked = source.picked()
      for (const object of OBJECT_NAMES) {
        tables.set(object, new Map())
        byLower.set(object, new Map())
        for (const field of OBJECTS[object].fields) {
          if (!has(field.feature)) continue
          const values = picked[`${object}.${field.name}`]
          put(object, values === undefined ? field : { ...field, values: [...new Set([...(field.values ?? []), ...values])] })
        }
        for (const field of own[object] ?? []) put(object, field)
      }
    },
    object(name) {
      const found = objectNamed(name)
      return found !== null && has((OBJECTS[found] as { feature?: Feature }).feature) ? found : null
    },
    objects: () => OBJECT_NAMES.filter((object) => has((OBJECTS[object] as { feature?: Feature }).feature)),
    fields: (object) => tables.get(object) ?? new Map(),
    field: (object, name) => byLower.get(object)?.get(name.toLowerCase()) ?? null,
    put,
    remove(object, name) {
      ids.delete(`${object}.${name}`)
      byLower.get(object)?.delete(name.toLowerCase())
      return tables.get(object)?.delete(name) ?? false
    },
    customId: (object, name) => ids.get(`${object}.${name}`) ?? null,
  }
}
