import type { EventDefinition } from '@assay/shared'
import type { OrderHistory } from '../../features/history.ts'
import { DAY } from './days.ts'

/** Horizons that people plan in. */
const USUAL = [30, 60, 90, 120, 180, 270, 365] as const

/** Whoever ordered within this many days is still somebody's customer; the others are won back, not kept. */
export const eligibleDays = (horizonDays: number): number => Math.max(365, horizonDays * 2)

/** The event "no order within `horizonDays`", in words. */
export const silence = (horizonDays: number): EventDefinition => ({
  event: `no order within ${horizonDays} days`,
  from: 'silence',
  horizonDays,
  who: `customers with an order in the last ${eligibleDays(horizonDays)} days`,
})

/** Where so many of the customers (share) are bound by a contract, they leave when it ends, not when they fall silent. */
const MOSTLY_BOUND = 0.8

/** Whether customers are lost by the end of a contract rather than by silence: `bound` have one, `buying` ordered lately. */
export const isContractual = (bound: number, buying: number): boolean => bound > 0 && bound >= MOSTLY_BOUND * buying

/** The event "no subscription left within `horizonDays`", in words. */
export const ending = (horizonDays: number): EventDefinition => ({
  event: `no active subscription in ${horizonDays} days`,
  from: 'end',
  horizonDays,
  who: 'customers with an active subscription',
})

/**
 * The horizon that fits the rhythm of these customers: the usual planning horizon next above the gap that nine in ten
 * gaps stay below, as far as the history can carry one (a quarter of it: learn, wait, judge, wait).
 */
export function proposeHorizon(unusualGapDays: number | null, historyDays: number): number {
  const fitting = USUAL.find((days) => days >= (unusualGapDays ?? 90)) ?? USUAL[USUAL.length - 1]!
  const carried = USUAL.filter((days) => days * 4 <= historyDays)
  return Math.min(fitting, carried[carried.length - 1] ?? USUAL[0])
}

/** When the first thing happened that such an event is told by, epoch ms; null where nothing did. */
export const firstEventAt = (history: OrderHistory, from: EventDefinition['from']): number | null =>
  (from === 'end' ? history.firstSubscriptionAt : null) ?? history.firstOrderAt

/** The horizon for that kind of event, by the history that tells of it. */
export const horizonFor = (history: OrderHistory, from: EventDefinition['from'], today: number): number =>
  proposeHorizon(history.unusualGap, (today - (firstEventAt(history, from) ?? today)) / DAY)

/** The horizons that a person may choose from, the proposed one in the middle where there is one on either side. */
export function choices(proposed: number): readonly number[] {
  const at = USUAL.findIndex((days) => days >= proposed)
  return USUAL.slice(Math.max(0, at - 1), at + 2)
}
