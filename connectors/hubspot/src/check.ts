import { ASSAY_PREFIX } from '@assay/shared'
import type { Check, FieldCheck, KindCheck } from '@assay/shared'
import { errorBody, scopesOf } from './answer.ts'
import { isAttribute } from './map.ts'
import { OBJECTS, OWNER_FIELDS, type ObjectType } from './objects.ts'
import type { Portal } from './portal.ts'
import { NEEDED, USED } from './scopes.ts'
import type { Settings } from './settings.ts'
import { listOf, type WireProperty } from './wire.ts'
import { OBJECT_NAMES, usage } from './write.ts'

type Missing = Check['missing'][number]

const HINT = 'Add it to the app or service key in HubSpot (Settings, Integrations), then sign in again.'
const missingScopes = (body: unknown): Missing[] => scopesOf(body).map((scope) => ({ what: `scope ${scope}`, hint: HINT }))

const WRITTEN: ReadonlySet<string> = new Set(Object.values(OBJECT_NAMES))
const UNSEEN = 'HubSpot does not show this property to the sign-in: it may not read it, or the portal has none of that name'

const fieldsOf = (object: ObjectType, properties: readonly WireProperty[]): FieldCheck[] => {
  const visible = new Set(properties.map(({ name }) => name))
  const fixed = object.properties.map((name): FieldCheck => {
    const readable = visible.has(name)
    return { name, readable, writable: null, why: readable ? null : UNSEEN }
  })
  const own = properties.filter((property) => isAttribute(property) && !object.properties.includes(property.name))
  const custom = own.map(({ name }): FieldCheck => ({ name, readable: true, writable: null, why: null }))
  const scores = WRITTEN.has(object.name) ? properties.filter(({ name }) => name.startsWith(ASSAY_PREFIX)) : []
  const written = scores.map(({ name, modificationMetadata }): FieldCheck => {
    const writable = modificationMetadata?.readOnlyValue !== true
    return { name, readable: true, writable, why: writable ? null : 'HubSpot makes this property read-only for the sign-in' }
  })
  const names = new Set(written.map(({ name }) => name))
  return [...fixed, ...custom.filter(({ name }) => !names.has(name)), ...written]
}

/** Counts without reading: a search for one id only, whose total is all that is used. */
const checkObject = async (portal: Portal, object: ObjectType): Promise<{ check: KindCheck; missing: Missing[] }> => {
  const unreadable = (why: string, missing: Missing[] = []) => ({
    check: { kind: object.kind, source: object.name, readable: false, why, records: null, fields: [] },
    missing,
  })
  const name = await portal.nameOf(object).catch(() => null)
  if (name === null) return unreadable('this portal shows no custom object called Subscription')
  const properties = await portal.client.call({ area: 'properties', tail: `/${name}`, accept: [403, 404] })
  const count =
    properties.status >= 400
      ? properties
      : await portal.client.call({
          method: 'POST',
          area: 'objects',
          tail: `/${name}/search`,
          pace: 'search',
          body: { limit: 1, properties: ['hs_object_id'] },
          accept: [403, 404],
        })
  if (count.status >= 400) {
    const missing = missingScopes(count.body)
    const why =
      missing.length === 0
        ? (errorBody(count.body).message ?? `status ${count.status}`)
        : missing.map(({ what }) => `${what} is missing`).join(', ')
    return unreadable(why, missing)
  }
  const fields = fieldsOf(object, listOf<WireProperty>(properties, `properties of ${name}`).results)
  const total = listOf(count, `search in ${name}`).total ?? null
  return { check: { kind: object.kind, source: object.name, readable: true, why: null, records: total, fields }, missing: [] }
}

const checkOwners = async ({ client }: Portal): Promise<{ check: KindCheck; missing: Missing[] }> => {
  const answer = await client.call({ area: 'owners', tail: '?limit=1', accept: [403] })
  const missing = answer.status === 403 ? missingScopes(answer.body) : []
  const readable = answer.status < 400
  const why = readable ? null : missing.map(({ what }) => `${what} is missing`).join(', ') || 'HubSpot refused the list of owners'
  const fields = OWNER_FIELDS.map((name): FieldCheck => ({ name, readable, writable: null, why }))
  return { check: { kind: 'user', source: 'owners', readable, why, records: null, fields }, missing }
}

/** What this sign-in can do. Where HubSpot does not list its scopes (service keys), `surplus` stays empty. */
export const check = async (portal: Portal, settings: Settings): Promise<Check> => {
  const { portalId, companyCurrency } = await portal.account()
  const checks = [await checkOwners(portal)]
  for (const object of OBJECTS) checks.push(await checkObject(portal, object))
  const deals = checks.find(({ check: { kind } }) => kind === 'deal')?.check
  const history: KindCheck[] = deals === undefined ? [] : [{ ...deals, kind: 'dealHistory', source: 'deals with history', records: null }]
  const day = await usage(portal)
  const granted = await portal.client.scopes()
  const lacking = granted === null ? [] : NEEDED.filter((scope) => !granted.includes(scope))
  const told = [...checks.flatMap((entry) => entry.missing), ...lacking.map((scope) => ({ what: `scope ${scope}`, hint: HINT }))]
  const missing = new Map(told.map((entry) => [entry.what, entry]))
  return {
    signedInAs: settings.oauth === undefined ? 'an app or service key with a static token' : 'an OAuth app',
    account: `portal ${portalId}`,
    currency: companyCurrency ?? null,
    kinds: [...checks.map((entry) => entry.check), ...history],
    quota: {
      limit: day?.usageLimit ?? null,
      remaining: day?.usageLimit === undefined ? null : day.usageLimit - (day.currentUsage ?? 0),
      resetsAt: day?.resetsAt === undefined ? null : Date.parse(day.resetsAt),
    },
    missing: [...missing.values()],
    surplus: (granted ?? []).filter((scope) => !USED.has(scope)),
  }
}
