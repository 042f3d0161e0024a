import { MODULES, type Field, type ModuleName } from './modules.ts'
import { instantText, plainText, stored, type Row } from './values.ts'

/** All rows and all fields of one SuiteCRM. */
export interface Store {
  now(): number
  fields(module: ModuleName): ReadonlyMap<string, Field>
  addField(module: ModuleName, field: Field): void
  /** The column goes with everything that stands in it. */
  removeField(module: ModuleName, name: string): void
  row(module: ModuleName, id: string): Row | null
  /** All rows, deleted ones too, in the order of stamp and id. */
  inOrder(module: ModuleName): readonly Row[]
  /** Puts a row there as it is. */
  put(module: ModuleName, row: Row): void
  /** Values as somebody sends them, damaged as SuiteCRM does. The stamp moves to now unless it is among them. */
  write(module: ModuleName, id: string, values: Readonly<Record<string, unknown>>): void
  delete(module: ModuleName, id: string): void
  /** Gone for good: what the job that prunes the database does. */
  erase(module: ModuleName, id: string): void
  clear(): void
}

const byStamp = (left: Row, right: Row): number => {
  const [one, other] = [`${left['date_modified']} ${left['id']}`, `${right['date_modified']} ${right['id']}`]
  return one < other ? -1 : one > other ? 1 : 0
}

export function createStore(now: () => number): Store {
  const tables = new Map<ModuleName, Map<string, Row>>()
  const ordered = new Map<ModuleName, readonly Row[]>()
  const custom = new Map<ModuleName, Map<string, Field>>()
  const table = (module: ModuleName): Map<string, Row> => {
    const known = tables.get(module) ?? new Map<string, Row>()
    tables.set(module, known)
    return known
  }
  const own = (module: ModuleName): Map<string, Field> => {
    const known = custom.get(module) ?? new Map(MODULES[module].fields.map((field) => [field.name, field]))
    custom.set(module, known)
    return known
  }
  const put: Store['put'] = (module, row) => {
    table(module).set(String(row['id']), row)
    ordered.delete(module)
  }
  return {
    now,
    fields: own,
    addField: (module, field) => void own(module).set(field.name, field),
    removeField(module, name) {
      own(module).delete(name)
      for (const [id, row] of table(module))
        table(module).set(id, Object.fromEntries(Object.entries(row).filter(([column]) => column !== name)))
      ordered.delete(module)
    },
    row: (module, id) => table(module).get(id) ?? null,
    inOrder(module) {
      const known = ordered.get(module) ?? [...table(module).values()].sort(byStamp)
      ordered.set(module, known)
      return known
    },
    put,
    write(module, id, values) {
      const at = instantText(now())
      const before = table(module).get(id) ?? { id, date_entered: at, deleted: '0' }
      const fields = own(module)
      const made = Object.fromEntries(
        Object.entries(values).map(([name, value]) => {
          const field = fields.get(name)
          return [name, field === undefined ? plainText(value) || null : stored(field, value)]
        }),
      )
      put(module, { ...before, date_modified: at, ...made, id })
    },
    delete(module, id) {
      const row = table(module).get(id)
      if (row !== undefined) put(module, { ...row, deleted: '1', date_modified: instantText(now()) })
    },
    erase(module, id) {
      table(module).delete(id)
      ordered.delete(module)
    },
    clear() {
      tables.clear()
      ordered.clear()
      custom.clear()
    },
  }
}
