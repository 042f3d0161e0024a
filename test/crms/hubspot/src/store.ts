import { OBJECT_TYPES, type ObjectType } from './object-types.ts'
import { EMPTY_SOURCE, type Deleted, type Source } from './source.ts'
import { readProperty } from './to-hubspot.ts'
import type { Values } from './validate.ts'
import { compareIds } from './values.ts'
import { viewOf, type State, type View } from './view.ts'

interface Change {
  readonly property: string
  readonly value: string | null
  readonly at: number
}

interface Entry {
  state: State | null
  /** Set for a record that was made here, null for one of the source. */
  bornAt: number | null
  archivedAt: number | null
  /** Erased for good: not even among the archived. */
  erased: boolean
  mergedInto: string | null
  losers: Deleted[]
  changes: Change[]
  /** What the search index still shows until it catches up; oldest first. `null` state of a record made here: not there yet. */
  stale: { readonly until: number; readonly state: State | null }[]
}

/** The deal properties whose changes are remembered. */
const TRACKED = new Set(['dealstage', 'amount', 'closedate', 'hubspot_owner_id'])
const FIRST_NEW_ID = 900_000_000_000

/** All records: the source below, what was written above it. */
export interface Store {
  readonly source: Source
  load(source: Source): void
  /** The same company a little later: the source moves on, what was written above it stays. */
  grow(source: Source): void
  /** The record, whatever became of it except a merge or erasure; null when there is none. A merged one answers with its winner. */
  view(type: ObjectType, id: string): View | null
  /** Live or archived records with a greater id, ascending. Archived ones of the source are not among them. */
  after(type: ObjectType, id: string | null, archived: boolean): Iterable<View>
  create(type: ObjectType, values: Values, at: number, id?: string): string
  update(type: ObjectType, id: string, values: Values, at: number): void
  /** Calculated values change without moving the modification date. */
  calculate(type: ObjectType, id: string, values: Values): void
  archive(type: ObjectType, id: string, at: number): void
  restore(type: ObjectType, id: string, at: number): void
  erase(type: ObjectType, id: string): void
  markMerged(type: ObjectType, loser: string, winner: string, at: number): void
  isLive(type: ObjectType, id: string): boolean
  changes(dealId: string): readonly Change[]
  /** Ids that were written here, in no order. */
  touched(type: ObjectType): Iterable<string>
  isTouched(type: ObjectType, id: string): boolean
  /** The record as the search index knows it; null when it does not. */
  indexed(type: ObjectType, id: string, now: number): View | null
  /** Only its modification date, without a look at the record. */
  indexedAt(type: ObjectType, id: string, now: number): number | null
  /** Changes whenever an answer of the search index may have changed. */
  revision(type: ObjectType, now: number): string
  /** The live or archived record that has this value of a unique property; the index is built when first asked. */
  byUnique(type: ObjectType, name: string, value: string): string | null
}

export function createStore(searchLagMs: () => number): Store {
  let source = EMPTY_SOURCE
  let nextId = FIRST_NEW_ID
  let revision = 0
  const entries = new Map<ObjectType, Map<string, Entry>>(OBJECT_TYPES.map((type) => [type, new Map()]))
  /** Ids made here, ascending. */
  const born = new Map<ObjectType, string[]>(OBJECT_TYPES.map((type) => [type, []]))
  const waiting: { until: number; entry: Entry }[] = []
  let settled = 0
  /** `type.property` → lower-case value → id, for the unique properties that were asked about. */
  const uniques = new Map<string, Map<string, string>>()

  const of = (type: ObjectType): Map<string, Entry> => entries.get(type) ?? new Map()

  const entryFor = (type: ObjectType, id: string): Entry => {
    const known = of(type).get(id)
    if (known !== undefined) return known
    const made: Entry = { state: null, bornAt: null, archivedAt: null, erased: false, mergedInto: null, losers: [], changes: [], stale: [] }
    of(type).set(id, made)
    return made
  }

  const remember = (entry: Entry, at: number): void => {
    const lag = searchLagMs()
    revision += 1
    if (lag <= 0) return
    settle(at)
    entry.stale.push({ until: at + lag, state: entry.state })
    waiting.push({ until: at + lag, entry })
  }

  const settle = (now: number): void => {
    while ((waiting[settled]?.until ?? Infinity) <= now) {
      waiting[settled]?.entry.stale.shift()
      settled += 1
      revision += 1
    }
    if (settled > 10_000) {
      waiting.splice(0, settled)
      settled = 0
    }
  }

  /** Only what exists is ever written to, so an entry proves its record; without one the source must be asked. */
  const recordAt = (type: ObjectType, id: string, state: State | null, entry: Entry | undefined): View | null => {
    if (entry !== undefined) return viewOf(type, id, entry.bornAt === null ? () => source.get(type, id) : null, state, entry, source)
    const base = source.get(type, id)
    return base === null ? null : viewOf(type, id, () => base, state, entry, source)
  }

  const isAt = (entry: Entry | undefined, archived: boolean): boolean =>
    entry === undefined ? !archived : !entry.erased && entry.mergedInto === null && (entry.archivedAt !== null) === archived

  /** What the index knows to be written; null where that is nothing, undefined where it does not know the record. */
  const indexedState = (entry: Entry | undefined, now: number): State | null | undefined => {
    if (!isAt(entry, false)) return undefined
    if (entry === undefined) return null
    const stale = entry.stale.find((each) => each.until > now)
    if (stale === undefined) return entry.state
    return stale.state === null && entry.bornAt !== null ? undefined : stale.state
  }

  const resolve = (type: ObjectType, id: string): string => {
    let current = id
    for (let hops = 0; hops < 20; hops += 1) {
      const next = of(type).get(current)?.mergedInto ?? null
      if (next === null) return current
      current = next
    }
    return current
  }

  const note = (type: ObjectType, id: string, entry: Entry, values: Values, at: number): void => {
    for (const [key, index] of uniques) {
      const value = key.startsWith(`${type}.`) ? values[key.slice(type.length + 1)] : null
      if (value) index.set(value.toLowerCase(), id)
    }
    if (type !== 'deals') return
    for (const property of TRACKED) {
      const value = values[property]
      if (value !== undefined) entry.changes.push({ property, value, at })
    }
  }

  return {
    get source() {
      return source
    },
    load(next) {
      source = next
      revision += 1
      for (const type of OBJECT_TYPES) {
        of(type).clear()
        born.set(type, [])
      }
      waiting.length = 0
      settled = 0
      uniques.clear()
    },
    grow(next) {
      source = next
      revision += 1
      uniques.clear()
      for (const type of OBJECT_TYPES) {
        for (const [id, entry] of of(type)) {
          const version = entry.state === null || entry.bornAt !== null ? 0 : (next.get(type, id)?.version ?? 0)
          if (entry.state !== null && version > entry.state.modifiedAt) entry.state = { ...entry.state, modifiedAt: version }
        }
      }
    },
    view(type, id) {
      const current = resolve(type, id)
      const entry = of(type).get(current)
      if (entry?.erased === true) return null
      const found = recordAt(type, current, entry?.state ?? null, entry)
      if (found !== null) return found
      const winner = source.mergedInto(type, current)
      return winner === null ? null : this.view(type, winner)
    },
    *after(type, id, archived) {
      const extras = (born.get(type) ?? []).slice()
      let position = id === null ? 0 : lowerBound(extras, id)
      if (id !== null && extras[position] === id) position += 1
      const extra = function* (until: string | null): Generator<View> {
        for (; position < extras.length; position += 1) {
          const next = extras[position]
          if (next === undefined || (until !== null && compareIds(next, until) > 0)) return
          const entry = of(type).get(next)
          if (entry !== undefined && isAt(entry, archived)) yield viewOf(type, next, null, entry.state, entry, source)
        }
      }
      if (archived) {
        const ids = [...of(type)].filter(([each, entry]) => isAt(entry, true) && (id === null || compareIds(each, id) > 0))
        for (const [each, entry] of ids.sort(([left], [right]) => compareIds(left, right))) {
          const found = recordAt(type, each, entry.state, entry)
          if (found !== null) yield found
        }
        return
      }
      for (const base of source.after(type, id)) {
        yield* extra(base.id)
        const entry = of(type).get(base.id)
        if (isAt(entry, false)) yield viewOf(type, base.id, () => base, entry?.state ?? null, entry, source)
      }
      yield* extra(null)
    },
    create(type, values, at, id) {
      const key = id ?? String(nextId)
      if (id === undefined) nextId += 1
      const entry = entryFor(type, key)
      remember(entry, at)
      entry.bornAt = at
      entry.state = { values, modifiedAt: at }
      note(type, key, entry, values, at)
      const ids = born.get(type) ?? []
      const last = ids.at(-1)
      if (last === undefined || compareIds(last, key) < 0) ids.push(key)
      else if (ids[lowerBound(ids, key)] !== key) ids.splice(lowerBound(ids, key), 0, key)
      return key
    },
    update(type, id, values, at) {
      const current = resolve(type, id)
      const entry = entryFor(type, current)
      remember(entry, at)
      entry.state = { values: entry.state === null ? values : { ...entry.state.values, ...values }, modifiedAt: at }
      note(type, current, entry, values, at)
    },
    calculate(type, id, values) {
      const entry = entryFor(type, id)
      const modifiedAt = entry.state?.modifiedAt ?? source.get(type, id)?.version ?? 0
      revision += 1
      entry.state = { values: { ...entry.state?.values, ...values }, modifiedAt }
    },
    archive(type, id, at) {
      const entry = entryFor(type, id)
      revision += 1
      entry.archivedAt ??= at
    },
    restore(type, id, at) {
      const entry = entryFor(type, id)
      if (entry.archivedAt === null) return
      remember(entry, at)
      entry.archivedAt = null
      entry.state = { values: entry.state?.values ?? {}, modifiedAt: at }
    },
    erase(type, id) {
      const entry = entryFor(type, id)
      revision += 1
      entry.erased = true
      entry.state = null
      entry.changes = []
    },
    markMerged(type, loser, winner, at) {
      const lost = entryFor(type, loser)
      const won = entryFor(type, winner)
      remember(won, at)
      lost.mergedInto = winner
      won.losers.push(...lost.losers, { id: loser, at })
      won.state = { values: won.state?.values ?? {}, modifiedAt: at }
    },
    isLive(type, id) {
      const entry = of(type).get(id)
      return entry === undefined || isAt(entry, false)
    },
    changes: (dealId) => of('deals').get(dealId)?.changes ?? [],
    touched: (type) => of(type).keys(),
    isTouched: (type, id) => of(type).has(id),
    indexed(type, id, now) {
      const entry = of(type).get(id)
      const state = indexedState(entry, now)
      return state === undefined ? null : recordAt(type, id, state, entry)
    },
    indexedAt(type, id, now) {
      const state = indexedState(of(type).get(id), now)
      if (state === undefined) return null
      return state === null ? (source.get(type, id)?.version ?? null) : state.modifiedAt
    },
    revision(_type, now) {
      settle(now)
      return String(revision)
    },
    byUnique(type, name, value) {
      const key = `${type}.${name}`
      let index = uniques.get(key)
      if (index === undefined) {
        index = new Map()
        uniques.set(key, index)
        for (const record of source.after(type, null)) {
          const own = readProperty(type, record, name)
          if (own) index.set(own.toLowerCase(), record.id)
        }
        for (const [id, entry] of of(type)) {
          const own = entry.state?.values[name]
          if (own) index.set(own.toLowerCase(), id)
        }
      }
      const id = index.get(value.toLowerCase())
      return id !== undefined && this.view(type, id)?.value(name)?.toLowerCase() === value.toLowerCase() ? id : null
    },
  }
}

function lowerBound(ids: readonly string[], id: string): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareIds(ids[middle] ?? '', id) < 0) low = middle + 1
    else high = middle
  }
  return low
}
