import { createRequire } from 'node:module'
import { Client } from '@hubspot/api-client'
import type { HubSpotStandIn } from '../src/index.ts'

/** HubSpot's own client against the stand-in: no retries, no pauses of its own. */
export function clientOf(standIn: HubSpotStandIn, accessToken = standIn.token): Client {
  return new Client({
    accessToken,
    basePath: standIn.url,
    numberOfApiCallRetries: 0,
    limiterOptions: { minTime: 0, maxConcurrent: 50 },
  })
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

/** Whatever JSON came; tests look into it by name. */
type Json = { readonly [name: string]: Json } & readonly Json[] & string & number & boolean

/** A plain call, for what the client hides: headers, raw bodies, members its models do not know. */
export async function call(standIn: HubSpotStandIn, method: string, path: string, body?: unknown, token = standIn.token): Promise<Answer> {
  const response = await fetch(standIn.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Json }
}

/** Walks a list to its end, as a caller must: only an absent `paging.next` ends it. */
export async function listAll(standIn: HubSpotStandIn, path: string): Promise<{ ids: string[]; sizes: number[] }> {
  const ids: string[] = []
  const sizes: number[] = []
  let after: string | null = null
  do {
    const { status, body } = await call(standIn, 'GET', `${path}${path.includes('?') ? '&' : '?'}${after === null ? '' : `after=${after}`}`)
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
    const results = body['results'] as unknown as { id: string }[]
    ids.push(...results.map((record) => record.id))
    sizes.push(results.length)
    after = (body['paging']?.['next']?.['after'] as string | undefined) ?? null
  } while (after !== null)
  return { ids, sizes }
}

interface Attribute {
  readonly baseName: string
  readonly type: string
}
interface Model {
  getAttributeTypeMap?(): readonly Attribute[]
}

const require = createRequire(import.meta.url)

/** What in a JSON does not fit the model that HubSpot's client was generated from: wrong types, and members it does not know.
 * `beyond` names members that may be unknown or null all the same. */
export function misfits(area: string, modelName: string, json: unknown, beyond: readonly string[] = [], path = modelName): string[] {
  const models = require(`@hubspot/api-client/lib/codegen/${area}/models/all.js`) as Record<string, Model>
  return misfitsOf(models, modelName, json, new Set(beyond), path)
}

function misfitsOf(models: Record<string, Model>, type: string, json: unknown, beyond: ReadonlySet<string>, path: string): string[] {
  const wrong = (what: string): string[] => [`${path}: ${what}, got ${JSON.stringify(json).slice(0, 80)}`]
  const list = /^Array<(.+)>$/.exec(type)?.[1]
  if (list !== undefined) {
    if (!Array.isArray(json)) return wrong('a list was expected')
    return json.flatMap((each, position) => misfitsOf(models, list, each, beyond, `${path}[${position}]`))
  }
  const dictionary = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1]
  if (dictionary !== undefined) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return wrong('an object was expected')
    return Object.entries(json).flatMap(([name, each]) =>
      each === null && dictionary.startsWith('string')
        ? []
        : misfitsOf(models, dictionary.replace(' | null', ''), each, beyond, `${path}.${name}`),
    )
  }
  if (type === 'string' || type === 'number' || type === 'boolean') return typeof json === type ? [] : wrong(`a ${type} was expected`)
  if (type === 'Date') return typeof json === 'string' && !Number.isNaN(Date.parse(json)) ? [] : wrong('an instant was expected')
  const attributes = models[type]?.getAttributeTypeMap?.()
  if (attributes === undefined) return typeof json === 'string' ? [] : type === 'any' ? [] : wrong(`a word of ${type} was expected`)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return wrong('an object was expected')
  return Object.entries(json).flatMap(([name, each]) => {
    if (each === null && beyond.has(name)) return []
    const attribute = attributes.find((one) => one.baseName === name)
    if (attribute === undefined) return beyond.has(name) ? [] : [`${path}.${name}: unknown to ${type}`]
    return misfitsOf(models, attribute.type, each, beyond, `${path}.${name}`)
  })
}
