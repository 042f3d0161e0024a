import type { ObjectType } from './object-types.ts'

export interface AssociationType {
  readonly category: 'HUBSPOT_DEFINED' | 'USER_DEFINED' | 'INTEGRATOR_DEFINED'
  readonly typeId: number
  readonly label: string | null
}

/** [from, to, unlabelled id, reverse id, primary id, reverse primary id]; the numbers are HubSpot's own. */
const PAIRS: readonly (readonly [ObjectType, ObjectType, number, number, number?, number?])[] = [
  ['contacts', 'companies', 279, 280, 1, 2],
  ['deals', 'contacts', 3, 4],
  ['deals', 'companies', 341, 342, 5, 6],
  ['companies', 'companies', 450, 450],
  ['contacts', 'contacts', 449, 449],
  ['deals', 'deals', 451, 451],
  ['tickets', 'tickets', 452, 452],
  ['contacts', 'tickets', 15, 16],
  ['deals', 'line_items', 19, 20],
  ['companies', 'tickets', 340, 339, 25, 26],
  ['deals', 'tickets', 27, 28],
  ['companies', 'calls', 181, 182],
  ['companies', 'emails', 185, 186],
  ['companies', 'meetings', 187, 188],
  ['companies', 'notes', 189, 190],
  ['companies', 'tasks', 191, 192],
  ['contacts', 'calls', 193, 194],
  ['contacts', 'emails', 197, 198],
  ['contacts', 'meetings', 199, 200],
  ['contacts', 'notes', 201, 202],
  ['contacts', 'tasks', 203, 204],
  ['deals', 'calls', 205, 206],
  ['deals', 'emails', 209, 210],
  ['deals', 'meetings', 211, 212],
  ['deals', 'notes', 213, 214],
  ['deals', 'tasks', 215, 216],
  ['tickets', 'calls', 219, 220],
  ['tickets', 'emails', 223, 224],
  ['tickets', 'meetings', 225, 226],
  ['tickets', 'notes', 227, 228],
  ['tickets', 'tasks', 229, 230],
  ['subscriptions', 'companies', 7101, 7102],
  ['subscriptions', 'contacts', 7103, 7104],
]

const CHILD_TO_PARENT: AssociationType = { category: 'HUBSPOT_DEFINED', typeId: 14, label: 'Parent Company' }
const PARENT_TO_CHILD: AssociationType = { category: 'HUBSPOT_DEFINED', typeId: 13, label: 'Child Company' }

interface PairTypes {
  readonly plain: AssociationType
  readonly primary: AssociationType | null
}

const TYPES = new Map<string, PairTypes>()
for (const [from, to, plain, plainBack, primary, primaryBack] of PAIRS) {
  const category = from === 'subscriptions' ? 'USER_DEFINED' : 'HUBSPOT_DEFINED'
  const pair = (plainId: number, primaryId: number | undefined): PairTypes => ({
    plain: { category, typeId: plainId, label: null },
    primary: primaryId === undefined ? null : { category, typeId: primaryId, label: 'Primary' },
  })
  TYPES.set(`${from}>${to}`, pair(plain, primary))
  if (from !== to) TYPES.set(`${to}>${from}`, pair(plainBack, primaryBack))
}

/** The two types every pair has: unlabelled, and primary where there is one; null when the two objects cannot be linked. */
export function pairTypes(from: ObjectType, to: ObjectType): PairTypes | null {
  return TYPES.get(`${from}>${to}`) ?? null
}

/** Every type of a pair, as the labels end point lists them. */
export function labelsOf(from: ObjectType, to: ObjectType): AssociationType[] {
  const pair = pairTypes(from, to)
  if (pair === null) return []
  const hierarchy = from === 'companies' && to === 'companies' ? [CHILD_TO_PARENT, PARENT_TO_CHILD] : []
  return [...(pair.primary === null ? [] : [pair.primary]), pair.plain, ...hierarchy]
}

/** The same link, seen from the other end. */
export function reverseOf(from: ObjectType, to: ObjectType, type: AssociationType): AssociationType {
  if (type.typeId === CHILD_TO_PARENT.typeId) return PARENT_TO_CHILD
  if (type.typeId === PARENT_TO_CHILD.typeId) return CHILD_TO_PARENT
  const forth = pairTypes(from, to)
  const back = pairTypes(to, from)
  const primary = forth?.primary?.typeId === type.typeId
  return (primary ? back?.primary : back?.plain) ?? type
}

export const parentCompanyType = CHILD_TO_PARENT
