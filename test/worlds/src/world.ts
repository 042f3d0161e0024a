import type { LiveRecord, Tombstone } from '@assay/shared'

/**
 * A generated company. Pure and lazy: `bundle(i)` makes everything about the i-th account from the seed alone, always the same,
 * in any order, so that a world of 100,000 accounts needs no memory. Ids are decimal strings, rise with the index, and belong to one kind.
 */
export interface World {
  readonly name: string
  readonly seed: number
  /** How many bundles there are. */
  readonly size: number
  /** Epoch ms of the first and the last instant of the history. */
  readonly startsAt: number
  readonly today: number
  readonly currency: string
  /** One unit of that currency in home currency: constant over the world. */
  readonly rates: Readonly<Record<string, number>>
  readonly users: readonly LiveRecord<'user'>[]
  readonly products: readonly LiveRecord<'product'>[]
  bundle(index: number): Bundle
  /** Which bundle holds the record of that kind and id; null when none does. Cheap: computed, not searched. */
  locate(kind: BundleKind, id: string): number | null
  truth(index: number): Truth
  /**
   * The probability of silence as somebody infers it who knows every law of this world but of the customer only what the records in
   * that bundle told by each day: the mark for whoever learns from records. NaN on days before the first order.
   */
  observe(bundle: Bundle, question: Question): number[]
}

export type BundleKind = 'account' | 'contact' | 'deal' | 'lineItem' | 'activity' | 'case' | 'subscription'

/** Kinds of records that an observer may be kept from. */
export const SENSES = ['activities', 'cases', 'contracts', 'open deals', 'kind of customer'] as const
export type Sense = (typeof SENSES)[number]

/** What is asked of an observer. */
export interface Question {
  /** Epoch ms, after the introduction of the CRM. */
  readonly days: readonly number[]
  readonly horizonDays: number
  /** Records that are kept from it; none when left out. */
  readonly unseen?: ReadonlySet<Sense>
}

/** Everything about one account, as the CRM holds it at the end. Each array ascends by id. */
export interface Bundle {
  readonly account: LiveRecord<'account'>
  readonly contacts: readonly LiveRecord<'contact'>[]
  readonly deals: readonly LiveRecord<'deal'>[]
  /** Every change of stage, amount, close date and owner, the first values included, by deal and instant. */
  readonly dealHistory: readonly LiveRecord<'dealHistory'>[]
  readonly lineItems: readonly LiveRecord<'lineItem'>[]
  readonly activities: readonly LiveRecord<'activity'>[]
  readonly cases: readonly LiveRecord<'case'>[]
  readonly subscriptions: readonly LiveRecord<'subscription'>[]
  /** Accounts merged into this one. */
  readonly merged: readonly Tombstone<'account'>[]
  /** Deleted records (a deal entered by mistake). */
  readonly deleted: readonly Tombstone<'deal' | 'contact' | 'activity'>[]
}

/** What no CRM knows and a test may hold the miners against. */
export interface Truth {
  /** When the customer really left (never to return), or null. */
  readonly leftAt: number | null
  /** The planted segment. */
  readonly segment: string
  /** Product ids this customer has a planted liking for, strongest first. */
  readonly likes: readonly string[]
  /** The probability, known only to the world, that no order is won within `horizonDays` after `at`, given hidden health then. */
  silence(at: number, horizonDays: number): number
}
