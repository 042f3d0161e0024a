import type { LiveRecord } from '@assay/shared'
import type { AccountPart } from './accounts.ts'
import { DAY, officeTime } from './calendar.ts'
import { recordId } from './ids.ts'
import type { Life } from './life.ts'
import type { Nature } from './nature.ts'
import { CONCERN, stream } from './random.ts'
import type { Settings } from './settings.ts'

export const TERM = 365 * DAY
const SUBSCRIBED = ['Software', 'Services']
/** Share of the contracts that are given up by who stays, and after how many terms on average. */
const DROPPED = { share: 0.3, terms: 2 } as const
/** From becoming a customer to the first contract, on average. */
const FIRST_AFTER = 60 * DAY

export const subscribingShare = (settings: Settings, nature: Pick<Nature, 'segment'>): number =>
  Math.max(nature.segment.subscribing, settings.subscribing)
/** Probability that a contract is given up during that term (1 is the first) by who stays, when it was not before. */
export const dropping = (term: number): number => {
  const kept = 1 - DROPPED.share
  const [before, after] = [term - 1, term].map((terms) => kept + DROPPED.share * Math.exp(-terms / DROPPED.terms))
  return 1 - after! / before!
}
/** Probability that no contract has begun so long (ms) after a customer came. */
export const withoutContract = (share: number, after: number): number =>
  1 - share + share * Math.exp(-Math.max(0, after - DAY) / FIRST_AFTER)

/** Contracts of twelve months that renew by themselves until notice: who leaves pays to the end of the term. */
export function subscriptionsOf(
  settings: Settings,
  nature: Nature,
  life: Life,
  account: AccountPart,
  contacts: readonly LiveRecord<'contact'>[],
  index: number,
): LiveRecord<'subscription'>[] {
  const random = stream(settings.seed, index, CONCERN.subscriptions)
  if (nature.prospect || !random.chance(subscribingShare(settings, nature))) return []
  const opened = account.record.body.createdAt!
  const products = settings.catalogue.products.filter((product) => SUBSCRIBED.includes(product.family) && product.isActive)
  const subscriptions: LiveRecord<'subscription'>[] = []
  const count = random.chance(0.3) ? 2 : 1
  let startedAt = officeTime(Math.max(opened, nature.startsAt) + random.exponential(FIRST_AFTER) + DAY, random)
  for (let slot = 0; slot < count; slot++) {
    if (startedAt >= settings.today || (life.leftAt !== null && startedAt > life.leftAt)) break
    const product = random.pick(products)
    // Some give one contract up without leaving.
    const dropped = random.chance(DROPPED.share) ? startedAt + random.exponential(DROPPED.terms * TERM) : Number.POSITIVE_INFINITY
    const notice = Math.min(life.leftAt ?? Number.POSITIVE_INFINITY, dropped)
    const termEnd = startedAt + Math.ceil(Math.max(1, notice - startedAt) / TERM) * TERM
    const ended = termEnd < settings.today
    const terms = Math.ceil((settings.today - startedAt) / TERM)
    const monthlyAmount = Math.round(product.price * 0.2 * Math.min(4, nature.size) * 100) / 100
    const currency = nature.foreign ? settings.foreign : settings.home
    const renewed = startedAt + (terms - 1) * TERM
    subscriptions.push({
      kind: 'subscription',
      id: recordId('subscription', index, slot),
      version: ended ? termEnd : Math.min(settings.today - 1, renewed),
      knownAt: startedAt,
      deleted: false,
      body: {
        accountId: account.record.id,
        contactId: contacts[0] !== undefined && contacts[0].knownAt <= startedAt ? contacts[0].id : null,
        productId: product.id,
        status: ended ? 'cancelled' : 'active',
        startedAt,
        endedAt: ended ? termEnd : null,
        renewsAt: ended ? null : startedAt + terms * TERM,
        monthlyAmount: currency === settings.home ? monthlyAmount : Math.round((monthlyAmount / settings.rate) * 100) / 100,
        currency,
        createdAt: startedAt,
      },
      attributes: {},
    })
    startedAt = officeTime(startedAt + random.exponential(200 * DAY) + DAY, random)
  }
  return subscriptions
}
