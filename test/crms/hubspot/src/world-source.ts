import type { LiveRecord } from '@assay/shared'
import { bundleAfter, bundlesOf, sampleOf } from '@assay/stand-in'
import type { Bundle, World } from '@assay/worlds'
import { BUNDLE_KINDS, isEngagement, OBJECT_TYPES, type ObjectType } from './object-types.ts'
import type { Deleted, Source } from './source.ts'
import { engagementOf, parentsOf } from './to-hubspot.ts'
import { compareIds } from './values.ts'

const BUNDLES_PER_STRETCH = 500
/** Types of which a world deletes records. A tombstone does not say what kind of activity it was: deleted ones are notes. */
const DELETED_KINDS: Partial<Record<ObjectType, 'deal' | 'contact' | 'activity'>> = {
  deals: 'deal',
  contacts: 'contact',
  notes: 'activity',
}

/** A generated world as a portal, bundle by bundle: a page costs the bundles it touches, and the last ones are kept. */
export function worldSource(world: World): Source {
  const { at: bundleAt } = bundlesOf(world)
  /** Bundles in which something was deleted, ascending; known once everything was looked at. */
  let bereft: readonly number[] | null = null

  const locate = (type: Exclude<ObjectType, 'products'>, id: string): Bundle | null => {
    const index = world.locate(BUNDLE_KINDS[type], id)
    return index === null ? null : bundleAt(index)
  }

  /** The first bundle that may hold a greater id. */
  const firstAfter = (type: Exclude<ObjectType, 'products'>, id: string): number =>
    world.locate(BUNDLE_KINDS[type], id) ??
    bundleAfter(
      world.size,
      (index) => recordsOf(bundleAt(index), type).at(-1)?.id,
      (last) => compareIds(last, id) <= 0,
    )

  const get = (type: ObjectType, id: string): LiveRecord | null => {
    if (type === 'products') return world.products.find((product) => product.id === id) ?? null
    const bundle = locate(type, id)
    return bundle === null ? null : (recordsOf(bundle, type).find((record) => record.id === id) ?? null)
  }

  return {
    today: world.today,
    currency: world.currency,
    rates: world.rates,
    users: world.users,
    get,
    *after(type, id) {
      if (type === 'products') {
        for (const product of world.products) if (id === null || compareIds(product.id, id) > 0) yield product
        return
      }
      for (let index = id === null ? 0 : firstAfter(type, id); index < world.size; index += 1)
        for (const record of recordsOf(bundleAt(index), type)) if (id === null || compareIds(record.id, id) > 0) yield record
    },
    linked(from, id, to) {
      if (from === 'products' || to === 'products') return []
      const record = get(from, id)
      const bundle = record === null ? null : locate(from, id)
      if (record === null || bundle === null) return []
      if (from === 'companies' && to === 'companies') {
        const parent = (record as LiveRecord<'account'>).body.parentId
        return parent === null ? [] : [parent]
      }
      const up = parentsOf(record).find(([type]) => type === to)
      if (up !== undefined) return [up[1]]
      return recordsOf(bundle, to)
        .filter((child) => parentsOf(child).some(([type, parent]) => type === from && parent === id))
        .map((child) => child.id)
    },
    history(dealId) {
      return locate('deals', dealId)?.dealHistory.filter((change) => change.body.dealId === dealId) ?? []
    },
    mergedInto(type, id) {
      if (type !== 'companies') return null
      return locate('companies', id)?.merged.find((tombstone) => tombstone.id === id)?.mergedInto ?? null
    },
    losersOf(type, id) {
      if (type !== 'companies') return []
      return (locate('companies', id)?.merged ?? [])
        .filter((tombstone) => tombstone.mergedInto === id)
        .map((tombstone) => ({ id: tombstone.id, at: tombstone.version }))
        .sort((left, right) => left.at - right.at)
    },
    *everything() {
      const found: number[] = []
      for (const product of world.products) yield ['products', product]
      for (let index = 0; index < world.size; index += 1) {
        const bundle = bundleAt(index)
        if (bundle.deleted.length > 0) found.push(index)
        for (const type of OBJECT_TYPES) for (const record of recordsOf(bundle, type)) yield [type, record]
      }
      bereft = found
    },
    deleted(type, position) {
      const kind = DELETED_KINDS[type]
      if (kind === undefined) return { records: [], next: null }
      const from = bereft?.find((index) => index >= position) ?? (bereft === null ? position : world.size)
      const end = Math.min(world.size, from + BUNDLES_PER_STRETCH)
      const looked = bereft?.filter((index) => index >= from && index < end) ?? Array.from({ length: end - from }, (_, step) => from + step)
      const records = looked.flatMap((index) =>
        bundleAt(index)
          .deleted.filter((tombstone) => tombstone.kind === kind)
          .map(({ id, version }): Deleted => ({ id, at: version })),
      )
      return { records, next: end < world.size ? end : null }
    },
    sample: () => sampleOf(world),
  }
}

const byType = new WeakMap<Bundle, Map<ObjectType, readonly LiveRecord[]>>()

function recordsOf(bundle: Bundle, type: ObjectType): readonly LiveRecord[] {
  switch (type) {
    case 'companies':
      return [bundle.account]
    case 'contacts':
      return bundle.contacts
    case 'deals':
      return bundle.deals
    case 'line_items':
      return bundle.lineItems
    case 'tickets':
      return bundle.cases
    case 'subscriptions':
      return bundle.subscriptions
    case 'products':
      return []
    default:
      return isEngagement(type) ? engagementsOf(bundle, type) : []
  }
}

function engagementsOf(bundle: Bundle, type: ObjectType): readonly LiveRecord[] {
  let split = byType.get(bundle)
  if (split === undefined) {
    const made = new Map<ObjectType, LiveRecord[]>()
    for (const activity of bundle.activities) {
      const name = engagementOf(activity.body.type)
      const list = made.get(name)
      if (list === undefined) made.set(name, [activity])
      else list.push(activity)
    }
    byType.set(bundle, made)
    split = made
  }
  return split.get(type) ?? []
}
