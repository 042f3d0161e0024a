import { DAY } from './calendar.ts'
import { SEGMENTS } from './segments.ts'
import type { Settings } from './settings.ts'
import { TERM } from './subscriptions.ts'
import type { Bundle } from './world.ts'

/** What somebody who reads a CRM comes to know of one customer, and when. */
export type Sighting = { readonly at: number } & (
  | { readonly saw: 'order' }
  | { readonly saw: 'activity'; readonly late: boolean; readonly direction: string | null }
  | { readonly saw: 'case'; readonly priority: string | null }
  | { readonly saw: 'contract'; readonly first: boolean }
  /** The end of a term of a contract: another follows, or none. */
  | { readonly saw: 'term'; readonly term: number; readonly renewed: boolean }
  /** A product that the customer had never bought before: how likely each segment is to like it. */
  | { readonly saw: 'product'; readonly liking: readonly number[] }
)

/** When the customer was first in the CRM, and what was known from the beginning. */
export interface Acquaintance {
  readonly opened: number
  /** How likely each segment is to be of that size. */
  readonly size: readonly number[]
}

/** Everything seen of a customer, in the order in which it became known. */
export function sightingsOf(settings: Settings, bundle: Bundle): Sighting[] {
  const opened = openedOf(bundle)
  const seen: Sighting[] = []
  for (const { body } of bundle.deals) if (body.isWon === true) seen.push({ at: body.closedAt!, saw: 'order' })
  for (const { body } of bundle.activities) {
    const at = body.createdAt!
    const direction = body.direction
    // What the import brought along says nothing about when it was written down.
    if (body.happenedAt! > opened) seen.push({ at, saw: 'activity', late: at - body.happenedAt! > DAY / 2, direction })
  }
  for (const { body } of bundle.cases) seen.push({ at: body.createdAt!, saw: 'case', priority: body.priority })
  for (const [slot, { body }] of bundle.subscriptions.entries()) {
    seen.push({ at: body.startedAt!, saw: 'contract', first: slot === 0 })
    const end = body.endedAt ?? Number.POSITIVE_INFINITY
    for (let term = 1, at = body.startedAt! + TERM; at <= Math.min(end, settings.today); term++, at += TERM)
      seen.push({ at, saw: 'term', term, renewed: at < end })
  }
  seen.push(...productsOf(settings, bundle))
  return seen.sort((a, b) => a.at - b.at)
}

const openedOf = (bundle: Bundle): number => bundle.account.body.createdAt!

/** The share of what is bought that is liked, and not just tried. */
const LIKED = 0.8
/** Likings of one customer hang together: each new product says less than an independent draw would. */
const HELD_BACK = 0.7

function productsOf(settings: Settings, bundle: Bundle): Sighting[] {
  const { products, usual } = settings.catalogue
  const totals = SEGMENTS.map(({ families }) =>
    usual.reduce((sum, position) => sum + (families[products[position]!.family] ?? 0) * products[position]!.weight, 0),
  )
  const seen: Sighting[] = []
  const bought = new Set<string>()
  for (const { body } of bundle.lineItems.toSorted((a, b) => a.body.createdAt! - b.body.createdAt!)) {
    const product = products.find(({ id }) => id === body.productId)
    if (product === undefined || product.nature !== 'usual' || bought.has(product.id)) continue
    bought.add(product.id)
    const liking = SEGMENTS.map(({ families }, segment) => {
      const share = ((families[product.family] ?? 0) * product.weight) / totals[segment]!
      return (LIKED * share + (1 - LIKED) / usual.length) ** HELD_BACK
    })
    seen.push({ at: body.createdAt!, saw: 'product', liking })
  }
  return seen
}

export function acquaintance(bundle: Bundle): Acquaintance {
  const { employees } = bundle.account.body
  const size = SEGMENTS.map(({ employees: [low, high] }) => {
    if (employees === null) return 1
    return employees >= low && employees <= high ? 1 / Math.log(high / low) : 1e-6
  })
  return { opened: openedOf(bundle), size }
}
