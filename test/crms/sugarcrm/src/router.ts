import type { ModuleName } from './modules.ts'
import { errorReply, type Reply } from './reply.ts'
import type { Schema } from './schema.ts'

/** Where a path leads. */
export interface Place {
  /** null where the first word is no module. */
  readonly module: ModuleName | null
  readonly rest: readonly string[]
  /** The version is not served. */
  readonly problem: Reply | null
}

export const NEWEST_VERSION = 24

/** null: not below `/rest/`. The version stands in the path (`v10`, `v11`, `v11_20`, `v11.20`) or in the Accept header. */
export function placeOf(path: string, accept: string, schema: Schema): Place | null {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeURIComponent)
  if (segments[0] !== 'rest') return null
  const inPath = /^v\d/.test(segments[1] ?? '')
  const version = inPath
    ? (segments[1] ?? '').slice(1)
    : (/application\/vnd\.sugarcrm\.core\+json;\s*version=([\d._]+)/.exec(accept)?.[1] ?? '')
  const [, major = '', minor = '0'] = /^(\d+)(?:[._](\d+))?$/.exec(version) ?? []
  const isServed = major === '10' || (major === '11' && Number(minor) <= NEWEST_VERSION)
  const rest = segments.slice(inPath ? 2 : 1)
  return {
    module: schema.module(rest[0] ?? ''),
    rest,
    problem: isServed ? null : errorReply(301, 'incorrect_version', `The version ${version} is not served here.`),
  }
}

const VERBS: Readonly<Record<string, string>> = { GET: 'read', POST: 'create', PUT: 'update', DELETE: 'delete' }

/** In which family a request is counted and disturbed. */
export function familyOf(method: string, { module, rest }: Place): string {
  const [first = '', second, third, fourth] = rest
  if (first === 'oauth2') return `oauth.${second ?? ''}`
  if (first === 'Administration') {
    if (method === 'POST') return 'packages.upload'
    return `packages.${method === 'DELETE' ? 'discard' : (fourth ?? 'list')}`
  }
  if (module === null) return ['bulk', 'metadata', 'me', 'ping', 'lang'].includes(first) ? first : 'unknown'
  if (second === 'config') return 'config'
  if (second === undefined) return method === 'GET' ? 'list' : 'records.create'
  if (second === 'count' || (second === 'filter' && third === 'count')) return 'count'
  if (second === 'filter') return 'list'
  if (second === 'enum') return 'enum'
  if (second === 'MassUpdate') return 'massupdate'
  if (third === 'audit') return 'audit'
  if (third === 'link') return `links.${VERBS[method] ?? 'other'}`
  return `records.${VERBS[method] ?? 'other'}`
}
