import type { BundleKind } from '@assay/worlds'

/** Every object type the stand-in keeps, under the name its paths use. `subscriptions` is the one custom object. */
export const OBJECT_TYPES = [
  'companies',
  'contacts',
  'deals',
  'line_items',
  'products',
  'tickets',
  'calls',
  'emails',
  'meetings',
  'notes',
  'tasks',
  'subscriptions',
] as const
export type ObjectType = (typeof OBJECT_TYPES)[number]

const ENGAGEMENTS = ['calls', 'emails', 'meetings', 'notes', 'tasks'] as const satisfies readonly ObjectType[]

export const TYPE_IDS: Readonly<Record<ObjectType, string>> = {
  contacts: '0-1',
  companies: '0-2',
  deals: '0-3',
  tickets: '0-5',
  products: '0-7',
  line_items: '0-8',
  tasks: '0-27',
  notes: '0-46',
  meetings: '0-47',
  calls: '0-48',
  emails: '0-49',
  subscriptions: '2-7001',
}

/** Which kind of the world's records a type is made of; products stand outside the bundles. */
export const BUNDLE_KINDS: Readonly<Record<Exclude<ObjectType, 'products'>, BundleKind>> = {
  companies: 'account',
  contacts: 'contact',
  deals: 'deal',
  line_items: 'lineItem',
  tickets: 'case',
  calls: 'activity',
  emails: 'activity',
  meetings: 'activity',
  notes: 'activity',
  tasks: 'activity',
  subscriptions: 'subscription',
}

/** Singular names and ids are accepted in paths, as HubSpot accepts them. */
const NAMES = new Map<string, ObjectType>(
  OBJECT_TYPES.flatMap((type): [string, ObjectType][] => [
    [type, type],
    [TYPE_IDS[type], type],
    [type === 'companies' ? 'company' : type.slice(0, -1), type],
  ]),
)

/** The object type a path segment names: plural, singular, `0-3` or `p123456_subscriptions`; null when it names none. */
export function objectTypeOf(segment: string): ObjectType | null {
  return NAMES.get(segment) ?? NAMES.get(segment.replace(/^p\d+_/, '')) ?? null
}

/** The property that moves when a record's properties are written. */
export function modifiedProperty(type: ObjectType): 'lastmodifieddate' | 'hs_lastmodifieddate' {
  return type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate'
}

export function isEngagement(type: ObjectType): boolean {
  return (ENGAGEMENTS as readonly ObjectType[]).includes(type)
}

/** The property that holds the creation instant. */
export function createdProperty(type: ObjectType): 'createdate' | 'hs_createdate' {
  return isEngagement(type) || type === 'subscriptions' ? 'hs_createdate' : 'createdate'
}
