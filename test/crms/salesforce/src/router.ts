import type { Route } from './exchange.ts'

/** The routes by the first word after the version; `soap` has a path of its own. */
export interface Areas {
  readonly versions: Route
  readonly resources: Route
  readonly sobjects: Route
  readonly query: Route
  readonly limits: Route
  readonly composite: Route
  readonly jobs: Route
  readonly tooling: Route
  readonly metadata: Route
  readonly soap: Route
}

/** Where a path leads: which routes, in which family it is counted, and what follows. */
export interface Destination {
  readonly area: keyof Areas
  readonly family: string
  readonly rest: readonly string[]
  readonly version: string
}

export const NEWEST_VERSION = 67
export const OLDEST_VERSION = 31

export function destination(method: string, path: string, soapMethod: string | null): Destination | null {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeURIComponent)
  if (segments[0] !== 'services') return null
  if (segments[1] === 'Soap' && segments[2] === 'm')
    return { area: 'soap', family: `metadata.${soapMethod ?? 'unknown'}`, rest: [], version: segments[3] ?? '' }
  if (segments[1] !== 'data') return null
  const version = /^v(\d+\.0)$/.exec(segments[2] ?? '')?.[1] ?? ''
  const rest = segments.slice(3)
  const to = (area: keyof Areas, family: string): Destination => ({ area, family, rest, version })
  if (segments.length === 2) return to('versions', 'versions')
  switch (rest[0]) {
    case undefined:
      return to('resources', 'resources')
    case 'sobjects':
      return to('sobjects', sobjectFamily(method, rest))
    case 'query':
    case 'queryAll':
      return to('query', rest.length > 1 ? 'query.more' : rest[0])
    case 'limits':
      return to('limits', 'limits')
    case 'composite':
      return to('composite', compositeFamily(method, rest))
    case 'jobs':
      return to('jobs', jobFamily(method, rest))
    case 'tooling':
      return to('tooling', rest[1] === 'query' ? 'tooling.query' : 'tooling.records')
    case 'metadata':
      return to('metadata', method === 'POST' ? 'metadata.deploy' : 'metadata.checkDeployStatus')
    default:
      return null
  }
}

const VERBS: Readonly<Record<string, string>> = { GET: 'read', POST: 'create', PATCH: 'update', DELETE: 'delete' }

function sobjectFamily(method: string, rest: readonly string[]): string {
  if (rest.length === 1) return 'describe.global'
  if (rest[2] === 'describe') return 'describe.object'
  if (rest[2] === 'deleted' || rest[2] === 'updated') return rest[2]
  if (rest.length >= 4 && method === 'PATCH') return 'records.upsert'
  return `records.${VERBS[method] ?? 'other'}`
}

function compositeFamily(method: string, rest: readonly string[]): string {
  if (rest[1] === 'batch') return 'composite.batch'
  if (rest[1] !== 'sobjects') return 'composite'
  if (rest.length === 4) return 'collections.upsert'
  if (rest.length === 3) return 'collections.read'
  return `collections.${VERBS[method] ?? 'other'}`
}

function jobFamily(method: string, rest: readonly string[]): string {
  const family = `bulk.${rest[1] === 'query' ? 'query' : 'ingest'}`
  if (rest.length === 2) return `${family}.${method === 'POST' ? 'create' : 'list'}`
  if (rest.length === 3) return `${family}.${method === 'GET' ? 'status' : method === 'PATCH' ? 'close' : 'delete'}`
  return `${family}.${rest[3] === 'batches' ? 'upload' : 'results'}`
}
