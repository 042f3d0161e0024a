import { idOf } from './ids.ts'
import { OBJECT_NAMES, OBJECTS, type ObjectName } from './objects.ts'
import { EMPTY_SOURCE, type Source } from './source.ts'
import type { Row } from './values.ts'

/** One state of what was written over a row. */
interface State {
  readonly revision: number
  readonly values: Row
  /** Gone for good, not even in the bin. */
  readonly erased: boolean
}

interface Entry {
  /** Made here, not in the source. */
  readonly born: boolean
  /** Oldest first. Older ones than the newest are kept only as long as somebody reads as of then. */
  states: State[]
}

/** A result set stays as it was when it was asked for, whatever is written while it is fetched. */
export interface Snapshot {
  readonly revision: number
  close(): void
}

/** All rows: the source below, what was written above it. */
export interface Store {
  readonly source: Source
  readonly revision: number
  /** Changes whenever a row of the object was written. */
  changes(object: ObjectName): number
  load(source: Source): void
  /** The same company a little later: the source moves on, what was written above it stays. */
  grow(source: Source): void
  /** The row, deleted or not, now or as of a snapshot; null when there is none. */
  row(object: ObjectName, id: string, asOf?: number): Row | null
  /** Rows with a greater id, ascending by id. */
  after(object: ObjectName, id: string | null, withDeleted: boolean, asOf?: number): Iterable<Row>
  /** Ids that may have been modified in [from, to), now. */
  modified(object: ObjectName, from: number, to: number): ReadonlySet<string> | null
  /** Rows that may hang on one of the parents, without reading everything; null where that cannot be. */
  below(object: ObjectName, parents: readonly string[]): Iterable<Row> | null
  /** About how many live rows there are. */
  count(object: ObjectName): number
  /** Gives the new id. */
  insert(object: ObjectName, values: Row): string
  /** A row with an id of its own, before the first one is inserted. */
  place(object: ObjectName, row: Row): void
  write(object: ObjectName, id: string, values: Row): void
  erase(object: ObjectName, id: string): void
  /** Ids that were written here, in the order of their first writing. */
  touched(object: ObjectName): Iterable<string>
  snapshot(): Snapshot
  /** Everything is as it was when the snapshot was taken. */
  rollback(snapshot: Snapshot): void
}

/** Above every number of the source, those of histories included. */
const FIRST_NEW = 900_000_000_000_000

export function createStore(): Store {
  let source = EMPTY_SOURCE
  let revision = 0
  let next = FIRST_NEW
  const entries = new Map<ObjectName, Map<string, Entry>>(OBJECT_NAMES.map((object) => [object, new Map()]))
  /** Ids made here, ascending. */
  const born = new Map<ObjectName, string[]>(OBJECT_NAMES.map((object) => [object, []]))
  const open = new Set<Snapshot>()
  const counts = new Map<ObjectName, number>()
  const count = (object: ObjectName): void => void counts.set(object, (counts.get(object) ?? 0) + 1)

  const of = (object: ObjectName): Map<string, Entry> => entries.get(object) ?? new Map()

  const stateAt = (entry: Entry, asOf: number | undefined): State | undefined =>
    asOf === undefined ? entry.states.at(-1) : entry.states.findLast((state) => state.revision <= asOf)

  const push = (entry: Entry, values: Row, erased: boolean): void => {
    revision += 1
    const oldest = open.size === 0 ? Infinity : Math.min(...[...open].map((each) => each.revision))
    const state = { revision, values: { ...entry.states.at(-1)?.values, ...values }, erased }
    // What nobody can ask for any more is forgotten: everything before the state that the oldest reader sees.
    const from = oldest === Infinity ? entry.states.length : entry.states.findLastIndex((each) => each.revision <= oldest)
    entry.states = [...entry.states.slice(Math.max(0, from)), state]
  }

  /** undefined: nothing is written over it. null: it is gone, or not yet made. */
  const written = (
    object: ObjectName,
    id: string,
    base: Row | null | (() => Row | null),
    asOf: number | undefined,
  ): Row | null | undefined => {
    const entry = of(object).get(id)
    if (entry === undefined) return undefined
    const state = stateAt(entry, asOf)
    if (state === undefined) return entry.born ? null : undefined
    if (state.erased) return null
    return { ...(typeof base === 'function' ? base() : base), ...state.values }
  }

  const isListed = (row: Row, withDeleted: boolean): boolean => withDeleted || row['IsDeleted'] !== true

  return {
    get source() {
      return source
    },
    get revision() {
      return revision
    },
    changes: (object) => counts.get(object) ?? 0,
    load(loaded) {
      source = loaded
      revision += 1
      for (const object of OBJECT_NAMES) {
        of(object).clear()
        born.set(object, [])
      }
    },
    grow(grown) {
      source = grown
      for (const object of OBJECT_NAMES)
        for (const [id, entry] of of(object)) {
          if (entry.born) continue
          const modified = grown.get(object, id)?.['SystemModstamp']
          const own = entry.states.at(-1)?.values['SystemModstamp']
          if (typeof modified === 'number' && typeof own === 'number' && modified > own)
            push(entry, { SystemModstamp: modified, LastModifiedDate: modified }, false)
        }
      revision += 1
    },
    row(object, id, asOf) {
      const made = written(object, id, () => (of(object).get(id)?.born === true ? null : source.get(object, id)), asOf)
      return made === undefined ? source.get(object, id) : made
    },
    *after(object, id, withDeleted, asOf) {
      const extras = born.get(object) ?? []
      let position = id === null ? 0 : upperBound(extras, id)
      const extra = function* (until: string | null): Generator<Row> {
        for (; position < extras.length; position += 1) {
          const made = extras[position] ?? ''
          if (until !== null && made > until) return
          const row = written(object, made, null, asOf)
          if (row && isListed(row, withDeleted)) yield row
        }
      }
      for (const base of source.after(object, id)) {
        const own = String(base['Id'])
        yield* extra(own)
        const row = written(object, own, base, asOf)
        const current = row === undefined ? base : row
        if (current !== null && isListed(current, withDeleted)) yield current
      }
      yield* extra(null)
    },
    modified(object, from, to) {
      const ids = source.modified(object, from, to)
      return ids === null ? null : new Set([...ids, ...of(object).keys()])
    },
    below(object, parents) {
      const rows = source.below(object, parents)
      if (rows === null) return null
      const ids = new Set<string>()
      for (const row of rows) ids.add(String(row['Id']))
      for (const id of of(object).keys()) ids.add(id)
      return [...ids].map((id) => this.row(object, id)).filter((row) => row !== null)
    },
    count(object) {
      let total = source.count(object)
      for (const [id, entry] of of(object)) {
        const isLive = isListed(this.row(object, id) ?? { IsDeleted: true }, false)
        if (entry.born && isLive) total += 1
        if (!entry.born && !isLive) total -= 1
      }
      return total
    },
    insert(object, values) {
      next += 1
      count(object)
      const id = idOf(OBJECTS[object].prefix, next)
      const entry: Entry = { born: true, states: [] }
      of(object).set(id, entry)
      born.get(object)?.push(id)
      push(entry, { Id: id, ...values }, false)
      return id
    },
    place(object, row) {
      count(object)
      const id = String(row['Id'])
      const entry: Entry = { born: true, states: [] }
      of(object).set(id, entry)
      const ids = born.get(object) ?? []
      ids.splice(upperBound(ids, id), 0, id)
      push(entry, row, false)
    },
    write(object, id, values) {
      count(object)
      const entry = of(object).get(id) ?? { born: false, states: [] }
      of(object).set(id, entry)
      push(entry, values, false)
    },
    erase(object, id) {
      count(object)
      const entry = of(object).get(id) ?? { born: false, states: [] }
      of(object).set(id, entry)
      push(entry, {}, true)
    },
    touched: (object) => of(object).keys(),
    snapshot() {
      const made: Snapshot = { revision, close: () => void open.delete(made) }
      open.add(made)
      return made
    },
    rollback(snapshot) {
      revision += 1
      for (const object of OBJECT_NAMES) {
        for (const [id, entry] of of(object)) {
          const before = entry.states.filter((state) => state.revision <= snapshot.revision)
          if (before.length === entry.states.length) continue
          count(object)
          entry.states = before
          if (before.length > 0) continue
          of(object).delete(id)
          if (entry.born)
            born.set(
              object,
              (born.get(object) ?? []).filter((each) => each !== id),
            )
        }
      }
    },
  }
}

/** The position of the first id that is greater. */
function upperBound(ids: readonly string[], id: string): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] ?? '') <= id) low = middle + 1
    else high = middle
  }
  return low
}
