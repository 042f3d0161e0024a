import { ASSAY_PREFIX, AssayError, type Delivery, type Kind, type Told, type Webhook } from '@assay/shared'
import { z } from 'zod'
import { OBJECTS } from './objects.ts'
import type { Settings } from './settings.ts'
import { isGenuine, looksSigned } from './signature.ts'

const id = z.union([z.number(), z.string()]).transform(String)
/** One event of a delivery, as far as anybody asks: what changed is read from HubSpot itself, never taken from here. */
const event = z.looseObject({
  portalId: z.number(),
  /** `contact.creation`, or `object.creation` with the type beside it. */
  subscriptionType: z.string(),
  objectTypeId: z.string().optional(),
  objectId: id.optional(),
  propertyName: z.string().optional(),
  /** `CONTACT_TO_COMPANY` */
  associationType: z.string().optional(),
  fromObjectTypeId: z.string().optional(),
  toObjectTypeId: z.string().optional(),
  fromObjectId: id.optional(),
  toObjectId: id.optional(),
  primaryObjectId: id.optional(),
  newObjectId: id.optional(),
  mergedObjectIds: z.array(id).optional(),
})
type Event = z.output<typeof event>

/** HubSpot's words and ids for object types. A plural is in OBJECTS; activities have many types and one kind. */
const TYPES: Readonly<Record<string, string>> = {
  contact: 'contacts',
  '0-1': 'contacts',
  company: 'companies',
  '0-2': 'companies',
  deal: 'deals',
  '0-3': 'deals',
  ticket: 'tickets',
  '0-5': 'tickets',
  product: 'products',
  '0-7': 'products',
  line_item: 'line_items',
  '0-8': 'line_items',
  '0-27': 'tasks',
  '0-46': 'notes',
  '0-47': 'meetings',
  '0-48': 'calls',
  '0-49': 'emails',
}
const KINDS: ReadonlyMap<string, Kind> = new Map(OBJECTS.map(({ name, kind }) => [name, kind]))
const kindOf = (type: string | undefined): Kind | undefined =>
  type !== undefined && Object.hasOwn(TYPES, type) ? KINDS.get(TYPES[type] ?? '') : undefined

type Pointed = Told['changed'][number]
const records = (kind: Kind | undefined, ids: readonly (string | undefined)[]): Pointed[] =>
  kind === undefined ? [] : ids.flatMap((one) => (one === undefined ? [] : [{ kind, id: one }]))

/** Both ends of a link: which of them holds it is the reader's business. */
function endsOf(one: Event): Pointed[] {
  const [from, to] = (one.associationType ?? '').toLowerCase().split('_to_')
  return [
    ...records(kindOf(one.fromObjectTypeId ?? from), [one.fromObjectId]),
    ...records(kindOf(one.toObjectTypeId ?? to), [one.toObjectId]),
  ]
}

/** What we write there ourselves is no news; what people answer in our fields is. */
const isOurs = (property: string | undefined): boolean =>
  property !== undefined && property.startsWith(ASSAY_PREFIX) && !/_response(_at)?$/.test(property)

function eventsIn(body: Uint8Array): readonly unknown[] {
  let said: unknown
  try {
    said = JSON.parse(new TextDecoder().decode(body))
  } catch {
    // Told below.
  }
  if (!Array.isArray(said)) throw new AssayError('data', 'HubSpot sent a webhook that is no list of events.')
  return said as unknown[]
}

/** What HubSpot's webhooks say: only which records to look at, and who is to be forgotten. Events of another portal say nothing. */
export const webhook: Webhook<Settings> = {
  couldBe: looksSigned,
  read(settings: Settings, delivery: Delivery, now: number): Told | null {
    const secret = settings.oauth?.clientSecret ?? settings.appSecret
    if (secret === undefined || settings.portal === undefined || !isGenuine(secret, delivery, now)) return null
    const changed: Pointed[] = []
    const erased: Pointed[] = []
    for (const one of eventsIn(delivery.body)) {
      const { success, data } = event.safeParse(one)
      if (!success || data.portalId !== settings.portal || isOurs(data.propertyName)) continue
      const [type, what] = data.subscriptionType.split('.')
      const kind = kindOf(type === 'object' ? data.objectTypeId : type)
      if (what === 'privacyDeletion') erased.push(...records(kind, [data.objectId]))
      else if (what === 'associationChange') changed.push(...endsOf(data), ...records(kind, [data.objectId]))
      else if (what === 'merge')
        changed.push(...records(kind, [data.primaryObjectId, data.newObjectId, data.objectId, ...(data.mergedObjectIds ?? [])]))
      else changed.push(...records(kind, [data.objectId]))
    }
    return { call: delivery.header('x-hubspot-signature-v3') ?? '', changed: onlyOnce(changed), erased: onlyOnce(erased) }
  },
}

const onlyOnce = (all: readonly Pointed[]): Pointed[] => [...new Map(all.map((one) => [`${one.kind} ${one.id}`, one])).values()]
