import type { Frame, LIFECYCLE_STAGES } from '@assay/shared'
import { valuesOf } from './measures.ts'

export type Stage = (typeof LIFECYCLE_STAGES)[number]

/** Used where neither the definition nor anybody's rhythm says when a customer is gone. */
const A_YEAR = 365
/** A customer is late after so many of their own usual gaps, if that is longer than everybody's edge. */
const OWN_GAPS = 2
/** From so many orders on a customer has a rhythm of their own. */
const RHYTHM_ORDERS = 3
const USUAL_SHARE = 0.9

/** Mean days between a customer's orders, NaN where there are too few to tell. */
function ownGaps(frame: Frame): Float64Array {
  const orders = valuesOf(frame, 'orders')
  const tenure = valuesOf(frame, 'tenure_days')
  const recency = valuesOf(frame, 'days_since_last_order')
  return orders.map((count, row) => (count >= RHYTHM_ORDERS ? (tenure[row]! - recency[row]!) / (count - 1) : Number.NaN))
}

/** Twice the gap that nine customers in ten stay under. */
export function formerAfter(frame: Frame): number {
  const gaps = ownGaps(frame)
    .filter((gap) => gap > 0)
    .sort()
  return gaps.length === 0 ? A_YEAR : Math.max(1, Math.round(OWN_GAPS * gaps[Math.floor(USUAL_SHARE * (gaps.length - 1))]!))
}

/** Signs of life of somebody who never ordered. */
const ANSWERS = ['inbound_90d', 'meetings_180d', 'cases_365d', 'cases_90d', 'cases_open', 'open_deals']
/** Counts what we did as well, so it is used only where the CRM does not tell who began. */
const ANY_ACTIVITY = 'activities_90d'

/**
 * Prospect: no order known, no answer known · Responder: no order known, but they wrote, called, met or asked ·
 * Active: ordered within `formerAfterDays`, or within two of their own usual gaps · Former: quiet for longer.
 * Null where orders are known but not when the last one was.
 */
export function lifecycleStages(frame: Frame, formerAfterDays: number): (Stage | null)[] {
  const orders = valuesOf(frame, 'orders')
  const recency = valuesOf(frame, 'days_since_last_order')
  const gaps = ownGaps(frame)
  const inbound = valuesOf(frame, 'inbound_90d').some((value) => !Number.isNaN(value))
  const answers = [...ANSWERS, ...(inbound ? [] : [ANY_ACTIVITY])].map((name) => valuesOf(frame, name))
  return Array.from(frame.ids, (_, row): Stage | null => {
    const days = recency[row]!
    if (orders[row]! > 0 || !Number.isNaN(days)) {
      if (Number.isNaN(days)) return null
      const gap = gaps[row]!
      const limit = Number.isNaN(gap) ? formerAfterDays : Math.max(formerAfterDays, OWN_GAPS * gap)
      return days <= limit ? 'Active' : 'Former'
    }
    return answers.some((values) => values[row]! > 0) ? 'Responder' : 'Prospect'
  })
}
