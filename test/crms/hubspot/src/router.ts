import type { Route } from './exchange.ts'

/** Where a path leads: which routes, in which family it is counted, and what follows. */
export interface Destination {
  readonly area: keyof Areas
  readonly family: string
  readonly rest: readonly string[]
  readonly isSearch: boolean
  /** The path up to the object, for paging links. */
  readonly base: string
}

export interface Areas {
  readonly objects: Route
  readonly associations: Route
  readonly properties: Route
  readonly pipelines: Route
  readonly owners: Route
  readonly schemas: Route
  readonly account: Route
}

const DATED = /^(2025-09|2026-03|2026-09)$/

/** Both families of paths lead to the same place: `/crm/v3/objects/…` and `/crm/objects/2026-03/…`. */
export function destination(method: string, path: string): Destination | null {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeURIComponent)
  const [first = '', second = '', third = '', ...others] = segments
  if (first === 'crm') {
    const dated = DATED.test(third)
    const area = dated ? second : third
    if (!dated && !isVersionOf(second, area)) return null
    if (area !== 'objects' && area !== 'associations' && area !== 'properties' && area !== 'pipelines' && area !== 'owners') return null
    const family = familyOf(method, area, others)
    return { area, family, rest: others, isSearch: family === 'objects.search', base: path }
  }
  const version = second === 'v3' || DATED.test(second)
  if (!version) return null
  if (first === 'account-info') return { area: 'account', family: 'account', rest: [third, ...others], isSearch: false, base: path }
  if (first !== 'crm-object-schemas' || third !== 'schemas') return null
  return { area: 'schemas', family: 'schemas', rest: others, isSearch: false, base: path }
}

/** Associations live in v4 only, objects in both (their associations in v4), everything else in v3. */
function isVersionOf(version: string, area: string): boolean {
  if (area === 'objects') return version === 'v3' || version === 'v4'
  return version === (area === 'associations' ? 'v4' : 'v3')
}

function familyOf(method: string, area: string, rest: readonly string[]): string {
  if (area === 'associations') return `associations.${rest[3] ?? rest[2] ?? 'other'}`
  if (area === 'properties') return `properties.${method === 'GET' ? 'read' : rest[2] === 'read' ? 'read' : 'write'}`
  if (area !== 'objects') return area
  const [, second, third] = rest
  if (second === undefined) return method === 'POST' ? 'objects.create' : 'objects.list'
  if (second === 'batch') return `batch.${third ?? 'other'}`
  if (method === 'POST' && (second === 'search' || second === 'merge' || second === 'gdpr-delete')) return `objects.${second}`
  if (third === 'associations') return `associations.${method === 'GET' ? 'read' : method === 'DELETE' ? 'archive' : 'create'}`
  return `objects.${method === 'PATCH' ? 'update' : method === 'DELETE' ? 'archive' : 'read'}`
}
