import { comparison, compileGroups, hasToken, type Test } from './filters.ts'
import { createdProperty, modifiedProperty, type ObjectType } from './object-types.ts'
import type { Portal } from './portal.ts'
import { present, readable } from './present.ts'
import { refuse } from './reply.ts'
import { createIndexes } from './search-index.ts'
import type { View } from './view.ts'

/** No search reaches beyond this many results. */
const SEARCH_CAP = 10_000

export interface SearchRequest {
  readonly filterGroups?: unknown
  readonly sorts?: readonly (string | { readonly propertyName?: string; readonly direction?: string })[]
  readonly properties?: readonly string[]
  readonly query?: string
  readonly limit?: number
  readonly after?: string
}

interface SearchAnswer {
  readonly total: number
  readonly results: readonly Record<string, unknown>[]
  readonly paging?: { readonly next: { readonly after: string; readonly link?: string } }
}

/** Search as HubSpot's index answers it: late by the portal's lag, never with archived records, and never past the cap. */
export function createSearch(portal: Portal): (type: ObjectType, request: SearchRequest) => Promise<SearchAnswer> {
  const indexOf = createIndexes(() => portal.store.source)
  const remembered = new Map<string, { revision: string; ids: readonly string[] }>()

  const matching = async (type: ObjectType, request: SearchRequest, now: number): Promise<readonly string[]> => {
    const { store, properties, quirks } = portal
    const groups = compileGroups(properties, type, request.filterGroups, quirks.searchIdOrder)
    const sort = sortOf(type, request.sorts)
    const sortProperty = properties.find(type, sort.property)
    if (sortProperty === null) throw refuse(400, 'VALIDATION_ERROR', `Property ${sort.property} does not exist`)
    const modified = modifiedProperty(type)
    const keyed = (name: string): boolean => name === 'hs_object_id' || name === modified
    const query = request.query ?? ''
    const simple = keyed(sort.property) && query === '' && groups.flat().every((test) => keyed(test.name))
    const keys: { id: string; key: string | null }[] = []

    const passes = (value: (name: string) => string | null | undefined, only: (test: Test) => boolean): boolean =>
      groups.length === 0 || groups.some((group) => group.every((test) => !only(test) || test.test(value(test.name) ?? null)))
    const mentions = (view: View): boolean =>
      query === '' ||
      readable(portal, type, { properties: [], withHistory: [] }).properties.some((name) => hasToken(view.value(name) ?? '', query))
    /** Id and modification date decide first, as often as they can: only then is the record itself looked at. */
    const consider = (id: string, at: number): void => {
      const value = (name: string): string => (name === 'hs_object_id' ? id : String(at))
      if (at < notBefore || !passes(value, (test) => keyed(test.name))) return
      if (simple) {
        keys.push({ id, key: value(sort.property) })
        return
      }
      const view = store.indexed(type, id, now)
      if (view === null || !passes(view.value, () => true) || !mentions(view)) return
      keys.push({ id, key: view.value(sort.property) ?? null })
    }
    const notBefore =
      groups.length === 0 ? -Infinity : Math.min(...groups.map((group) => Math.max(-Infinity, ...group.map((test) => test.notBefore))))

    for (const id of store.touched(type)) {
      const at = store.indexedAt(type, id, now)
      if (at !== null) consider(id, at)
    }
    if (notBefore <= store.source.today) {
      const index = await indexOf(type)
      for (const [position, id] of index.ids.entries()) if (!store.isTouched(type, id)) consider(id, index.modifiedAt[position] ?? 0)
    }

    const compare = comparison(sortProperty, quirks.searchIdOrder)
    const direction = sort.descending ? -1 : 1
    keys.sort((left, right) => {
      if (left.key === null || right.key === null) return Number(left.key === null) - Number(right.key === null)
      return direction * compare(left.key, right.key)
    })
    return keys.map((each) => each.id)
  }

  return async (type, request) => {
    const limit = request.limit ?? 10
    const offset = request.after === undefined || request.after === '' ? 0 : Number(request.after)
    if (!Number.isInteger(limit) || limit < 0 || limit > 200) throw refuse(400, 'VALIDATION_ERROR', 'Property limit must be at most 200')
    if (!Number.isInteger(offset) || offset < 0) throw refuse(400, 'VALIDATION_ERROR', `after: ${request.after} is not a valid offset`)
    if (offset + limit > SEARCH_CAP)
      throw refuse(400, 'VALIDATION_ERROR', `Paging past ${SEARCH_CAP} results is not supported: after ${offset}, limit ${limit}`)
    if ((request.query ?? '').length > 3_000) throw refuse(400, 'VALIDATION_ERROR', 'query is longer than 3000 characters')

    const now = portal.now()
    const revision = portal.store.revision(type, now)
    const key = JSON.stringify([type, request.filterGroups, request.sorts, request.query])
    let found = remembered.get(key)
    if (found === undefined || found.revision !== revision) {
      found = { revision, ids: await matching(type, request, now) }
      remembered.delete(key)
      remembered.set(key, found)
      if (remembered.size > 8) for (const oldest of remembered.keys()) if (remembered.delete(oldest)) break
    }
    const wanted = readable(portal, type, { properties: request.properties ?? [], withHistory: [] })
    const results = found.ids
      .slice(offset, offset + limit)
      .map((id) => portal.store.indexed(type, id, now))
      .filter((view) => view !== null)
      .map((view) => present(portal, view, wanted))
    const end = offset + limit
    return {
      total: found.ids.length,
      results,
      ...(end < found.ids.length && limit > 0 ? { paging: { next: { after: String(end) } } } : {}),
    }
  }
}

function sortOf(type: ObjectType, sorts: SearchRequest['sorts']): { property: string; descending: boolean } {
  if (sorts !== undefined && sorts.length > 1) throw refuse(400, 'VALIDATION_ERROR', 'Only one sort is supported')
  const sort = sorts?.[0]
  if (sort === undefined) return { property: createdProperty(type), descending: false }
  if (typeof sort === 'string') return { property: sort.replace(/^-/, ''), descending: sort.startsWith('-') }
  return { property: sort.propertyName ?? createdProperty(type), descending: sort.direction === 'DESCENDING' }
}
