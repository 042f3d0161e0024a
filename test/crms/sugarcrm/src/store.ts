import type { Audit } from './audit.ts'
import { idOf } from './ids.ts'
import type { ModuleName } from './modules.ts'
import type { Source } from './source.ts'
import type { Row } from './values.ts'

/** All rows: the source below, what was written above it. */
export interface Store {
  readonly source: Source
  load(source: Source): void
  /** The same company a little later: the source moves on, what was written above it stays. */
  grow(source: Source): void
  /** The row, deleted or not; null when there is none. */
  row(module: ModuleName, id: string): Row | null
  /** Rows with a greater id, ascending by id, deleted ones too. */
  after(module: ModuleName, id: string | null): Iterable<Row>
  /** Rows modified in [from, to], by instant and id, deleted ones too. */
  modified(module: ModuleName, from: number, to: number, backwards: boolean): Iterable<Row>
  /** Rows that may hang on one of the parents, without reading everything; null where that cannot be. */
  below(module: ModuleName, parents: readonly string[]): Iterable<Row> | null
  /** About how many live rows there are. */
  count(module: ModuleName): number
  /** Gives the new id; one may be named. */
  insert(module: ModuleName, values: Row, id?: string): string
  write(module: ModuleName, id: string, values: Row): void
  /** Forgets what was written into a field of all rows. */
  forget(module: ModuleName, field: string): void
  erase(module: ModuleName, id: string): void
  /** Ids that were written here, in the order of their first writing. */
  touched(module: ModuleName): Iterable<string>
  /** A record's audit log, oldest first. */
  audit(module: ModuleName, id: string): readonly Audit[]
  addAudit(module: ModuleName, id: string, lines: readonly Audit[]): void
}

/** Above every number of the source. */
const FIRST_NEW = 0xa0_0000_0000

interface Entry {
  readonly born: boolean
  /** null: gone for good. */
  values: Row | null
}

export function createStore(first: Source): Store {
  let source = first
  let next = FIRST_NEW
  let entries = new Map<ModuleName, Map<string, Entry>>()
  /** Ids made here, ascending. */
  let born = new Map<ModuleName, string[]>()
  let audits = new Map<string, Audit[]>()

  const of = (module: ModuleName): Map<string, Entry> => {
    const known = entries.get(module)
    if (known !== undefined) return known
    const made = new Map<string, Entry>()
    entries.set(module, made)
    return made
  }
  const over = (entry: Entry, base: Row | null): Row | null => (entry.values === null ? null : { ...base, ...entry.values })

  const row: Store['row'] = (module, id) => {
    const entry = of(module).get(id)
    if (entry === undefined) return source.get(module, id)
    return over(entry, entry.born ? null : source.get(module, id))
  }

  /** What was written here and lies in the window, in order. */
  const writtenBetween = (module: ModuleName, from: number, to: number, sign: number): Row[] =>
    [...of(module).keys()]
      .map((id) => row(module, id))
      .filter((each): each is Row => each !== null && Number(each['date_modified']) >= from && Number(each['date_modified']) <= to)
      .sort((left, right) => sign * byInstant(left, right))

  return {
    get source() {
      return source
    },
    load(loaded) {
      source = loaded
      next = FIRST_NEW
      entries = new Map()
      born = new Map()
      audits = new Map()
    },
    grow(grown) {
      source = grown
      for (const [module, table] of entries)
        for (const [id, entry] of table) {
          if (entry.born || entry.values === null) continue
          const modified = grown.get(module, id)?.['date_modified']
          const own = entry.values['date_modified']
          if (typeof modified === 'number' && typeof own === 'number' && modified > own)
            entry.values = { ...entry.values, date_modified: modified }
        }
    },
    row,
    *after(module, id) {
      const extras = born.get(module) ?? []
      let position = extras.findIndex((each) => id === null || each > id)
      if (position < 0) position = extras.length
      const extra = function* (until: string | null): Generator<Row> {
        for (; position < extras.length; position += 1) {
          const made = extras[position] ?? ''
          if (until !== null && made > until) return
          const each = row(module, made)
          if (each !== null) yield each
        }
      }
      for (const each of source.after(module, id)) {
        const own = String(each['id'])
        yield* extra(own)
        const entry = of(module).get(own)
        const current = entry === undefined ? each : over(entry, each)
        if (current !== null) yield current
      }
      yield* extra(null)
    },
    *modified(module, from, to, backwards) {
      const sign = backwards ? -1 : 1
      const written = writtenBetween(module, from, to, sign)
      let position = 0
      for (const id of source.modified(module, from, to, backwards)) {
        if (of(module).has(id)) continue
        const each = source.get(module, id)
        if (each === null) continue
        for (let own = written[position]; own !== undefined && sign * byInstant(own, each) < 0; own = written[position]) {
          yield own
          position += 1
        }
        yield each
      }
      yield* written.slice(position)
    },
    below(module, parents) {
      const rows = source.below(module, parents)
      if (rows === null) return null
      const ids = new Set<string>()
      for (const each of rows) ids.add(String(each['id']))
      for (const id of of(module).keys()) ids.add(id)
      return [...ids].map((id) => row(module, id)).filter((each) => each !== null)
    },
    count(module) {
      let total = source.count(module)
      for (const [id, entry] of of(module)) {
        const isLive = row(module, id)?.['deleted'] === false
        const wasLive = !entry.born && source.get(module, id)?.['deleted'] === false
        total += Number(isLive) - Number(wasLive)
      }
      return total
    },
    insert(module, values, given) {
      next += 1
      const id = given ?? idOf(module, next)
      of(module).set(id, { born: true, values: { id, ...values } })
      const ids = born.get(module) ?? []
      born.set(module, ids)
      const position = given === undefined ? ids.length : ids.findIndex((each) => each > id)
      ids.splice(position < 0 ? ids.length : position, 0, id)
      return id
    },
    write(module, id, values) {
      const entry = of(module).get(id) ?? { born: false, values: {} }
      of(module).set(id, entry)
      entry.values = { ...entry.values, ...values }
    },
    forget(module, field) {
      for (const entry of of(module).values())
        if (entry.values !== null) entry.values = Object.fromEntries(Object.entries(entry.values).filter(([name]) => name !== field))
    },
    erase(module, id) {
      const entry = of(module).get(id) ?? { born: false, values: null }
      of(module).set(id, entry)
      entry.values = null
    },
    touched: (module) => of(module).keys(),
    audit: (module, id) => [...(module === 'Opportunities' ? source.audit(id) : []), ...(audits.get(`${module} ${id}`) ?? [])],
    addAudit(module, id, lines) {
      const key = `${module} ${id}`
      audits.set(key, [...(audits.get(key) ?? []), ...lines])
    },
  }
}

const byInstant = (left: Row, right: Row): number =>
  Number(left['date_modified']) - Number(right['date_modified']) || (String(left['id']) < String(right['id']) ? -1 : 1)
