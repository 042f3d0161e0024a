import type { LiveRecord, Tombstone } from '@assay/shared'
import { historyRecords } from './history.ts'
import { recordId, slotOf, STRIDE } from './ids.ts'
import { tidied } from './mistakes.ts'
import { CONCERN, type Random, stream } from './random.ts'
import type { Bundle, BundleKind, World } from './world.ts'

export interface ChangeOptions {
  /** Share of the accounts that something happens to, 0..1. */
  readonly share: number
  /** The new today (epoch ms), after the world's own. */
  readonly at: number
  readonly seed: number
  /** Of those accounts, the share in which a deal and a contact are deleted, and a second record of the account is merged into it; none when left out. */
  readonly mistakes?: number
}

/**
 * The same company at a later instant. About `share` of the accounts have a new won deal with lines, a case and two activities, and
 * a modified account, contact and (where one is open) deal; everything else is as it was. New ids follow the ones that the
 * bundle has; new versions lie between the old today and `at`. What `truth` says is unchanged: it knows nothing of these events.
 * Throws RangeError when `at` is not later than today, or when a bundle has used up its ids.
 */
export function change(world: World, options: ChangeOptions): World {
  if (options.at <= world.today + 1000) throw new RangeError('a change must come at least a second after today')
  return {
    ...world,
    name: `${world.name}, changed`,
    today: options.at,
    bundle: (index) => {
      const bundle = world.bundle(index)
      const random = stream(options.seed ^ world.seed, index, CONCERN.change)
      if (!random.chance(options.share)) return bundle
      const after = changed(world, bundle, index, options.at, random)
      if (options.mistakes === undefined) return after
      // A stream of its own: with and without mistakes the rest is the same.
      const accidents = stream(options.seed ^ world.seed, index, CONCERN.mistakes)
      return tidied(after, index, options.mistakes, () => Math.floor(accidents.between(world.today + 500, options.at)), accidents)
    },
  }
}

/** Hands out the next free ids of one bundle. */
function freeIds(bundle: Bundle, index: number): (kind: BundleKind) => string {
  const live: Record<Exclude<BundleKind, 'account'>, readonly LiveRecord[]> = {
    contact: bundle.contacts,
    deal: bundle.deals,
    lineItem: bundle.lineItems,
    activity: bundle.activities,
    case: bundle.cases,
    subscription: bundle.subscriptions,
  }
  const next = new Map<BundleKind, number>()
  const slotAfter = (kind: Exclude<BundleKind, 'account'>): number => {
    const gone: readonly Tombstone[] = bundle.deleted
    const ids = [...live[kind], ...gone.filter((one) => one.kind === kind)].map((one) => slotOf(kind, one.id))
    return Math.max(-1, ...ids) + 1
  }
  return (kind) => {
    const slot = next.get(kind) ?? slotAfter(kind as Exclude<BundleKind, 'account'>)
    if (slot >= STRIDE[kind]) throw new RangeError(`bundle ${index} has no free ${kind} id`)
    next.set(kind, slot + 1)
    return recordId(kind, index, slot)
  }
}

function changed(world: World, bundle: Bundle, index: number, at: number, random: Random): Bundle {
  const takeId = freeIds(bundle, index)
  const instant = (): number => Math.floor(random.between(world.today + 500, at))
  const accountAt = instant()
  const account = {
    ...bundle.account,
    version: accountAt,
    body: { ...bundle.account.body, type: 'CUSTOMER', employees: (bundle.account.body.employees ?? 10) + 1 },
  }
  const order = newOrder(world, bundle, takeId, instant(), at, random)
  const opened = bundle.deals.find((deal) => deal.body.isClosed === false)
  const pushed = opened === undefined ? null : pushClose(opened, instant(), at)
  const deals = bundle.deals.map((deal) => (pushed !== null && deal.id === opened?.id ? pushed.deal : deal))
  const history = [...bundle.dealHistory, ...order.history, ...(pushed?.history ?? [])].toSorted(
    (a, b) => slotOf('deal', a.body.dealId) - slotOf('deal', b.body.dealId) || a.body.changedAt - b.body.changedAt,
  )
  const contactAt = instant()
  return {
    ...bundle,
    account,
    contacts: bundle.contacts.map((contact, position) =>
      position === 0 ? { ...contact, version: contactAt, body: { ...contact.body, title: 'Head of Operations' } } : contact,
    ),
    deals: [...deals, order.deal],
    dealHistory: history,
    lineItems: [...bundle.lineItems, ...order.lines],
    activities: [
      ...bundle.activities,
      newActivity(bundle, takeId('activity'), instant()),
      newActivity(bundle, takeId('activity'), instant()),
    ],
    cases: [...bundle.cases, newCase(bundle, takeId('case'), instant())],
  }
}

function newOrder(
  world: World,
  bundle: Bundle,
  takeId: (kind: BundleKind) => string,
  createdAt: number,
  at: number,
  random: Random,
): { deal: LiveRecord<'deal'>; history: LiveRecord<'dealHistory'>[]; lines: LiveRecord<'lineItem'>[] } {
  const id = takeId('deal')
  const currency = bundle.deals.at(-1)?.body.currency ?? world.currency
  const rate = world.rates[currency]!
  const sold = world.products.filter((product) => product.body.isActive === true && product.body.family !== 'Other')
  const start = random.below(sold.length)
  const lines = Array.from({ length: 1 + random.below(3) }, (_, offset): LiveRecord<'lineItem'> => {
    const product = sold[(start + offset) % sold.length]!
    const unitPrice = Math.round((product.body.price! / rate) * 100) / 100
    const quantity = 1 + random.below(4)
    const { name, sku } = product.body
    const amount = Math.round(unitPrice * quantity * 100) / 100
    return {
      kind: 'lineItem',
      id: takeId('lineItem'),
      version: createdAt,
      knownAt: createdAt,
      deleted: false,
      body: { dealId: id, productId: product.id, sku, name, quantity, unitPrice, amount, currency, createdAt },
      attributes: {},
    }
  })
  const amount = Math.round(lines.reduce((sum, line) => sum + line.body.amount!, 0) * 100) / 100
  const closedAt = Math.floor(createdAt + (at - createdAt) * random.between(0.1, 0.9))
  const ownerId = bundle.account.body.ownerId
  const history = historyRecords(id, [
    { at: createdAt, field: 'ownerId', value: ownerId },
    { at: createdAt, field: 'stage', value: 'contractsent', isClosed: false, isWon: false },
    { at: createdAt, field: 'amount', value: String(amount) },
    { at: createdAt, field: 'closedAt', value: new Date(closedAt).toISOString() },
    { at: closedAt, field: 'stage', value: 'closedwon', isClosed: true, isWon: true },
  ])
  return {
    history,
    lines,
    deal: {
      kind: 'deal',
      id,
      version: history.at(-1)!.version,
      knownAt: createdAt,
      deleted: false,
      body: {
        name: `${bundle.account.body.name} ${lines[0]!.body.name}`,
        accountId: bundle.account.id,
        contactId: bundle.contacts[0]?.id ?? null,
        ownerId,
        pipeline: 'default',
        stage: 'closedwon',
        isClosed: true,
        isWon: true,
        amount,
        currency,
        homeAmount: currency === world.currency ? amount : amount * rate,
        type: 'existingbusiness',
        createdAt,
        closedAt,
      },
      attributes: {},
    },
  }
}

function pushClose(deal: LiveRecord<'deal'>, when: number, at: number): { deal: LiveRecord<'deal'>; history: LiveRecord<'dealHistory'>[] } {
  const closedAt = at + 30 * 86_400_000
  return {
    deal: { ...deal, version: when, body: { ...deal.body, closedAt } },
    history: historyRecords(deal.id, [{ at: when, field: 'closedAt', value: new Date(closedAt).toISOString() }]),
  }
}

function newActivity(bundle: Bundle, id: string, createdAt: number): LiveRecord<'activity'> {
  return {
    kind: 'activity',
    id,
    version: createdAt,
    knownAt: createdAt,
    deleted: false,
    body: {
      type: 'email',
      direction: 'inbound',
      accountId: bundle.account.id,
      contactId: bundle.contacts[0]?.id ?? null,
      dealId: null,
      ownerId: bundle.account.body.ownerId,
      happenedAt: createdAt,
      createdAt,
      durationSeconds: null,
      outcome: null,
    },
    attributes: {},
  }
}

function newCase(bundle: Bundle, id: string, createdAt: number): LiveRecord<'case'> {
  return {
    kind: 'case',
    id,
    version: createdAt,
    knownAt: createdAt,
    deleted: false,
    body: {
      accountId: bundle.account.id,
      contactId: bundle.contacts[0]?.id ?? null,
      subject: 'Parcel late',
      category: 'Delivery',
      priority: 'MEDIUM',
      status: 'open',
      createdAt,
      closedAt: null,
    },
    attributes: {},
  }
}
