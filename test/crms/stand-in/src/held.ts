import type { LiveRecord, Tombstone } from '@assay/shared'
import type { World } from '@assay/worlds'
import { conversionRate, wholeSecond } from './values.ts'

/** What a CRM of whole seconds, whole days and rounded rates leaves of a world. */

const DAY = 86_400_000

export const second = <T extends number | null>(at: T): T => (at === null ? at : (wholeSecond(at) as T))
export const midnight = <T extends number | null>(at: T): T => (at === null ? at : ((Math.floor(at / DAY) * DAY) as T))

/** A close date has no hour; a deal that was closed on the day it was entered was not closed before that. */
export function closing(closedAt: number | null, createdAt: number | null): number | null {
  if (closedAt === null) return null
  const day = midnight(closedAt)
  return createdAt !== null && createdAt >= day && createdAt < day + DAY ? second(createdAt) : day
}

/** One unit of each currency in home currency, as those read it who see the rounded rates. */
export const heldRates = (world: World): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(world.rates).map(([currency, rate]) => [currency, currency === world.currency ? 1 : 1 / conversionRate(rate)]),
  )

/** A deal's amount in home currency; null where the amount or the rate is not known. */
export function homeAmount({ body }: LiveRecord<'deal'>, rates: Readonly<Record<string, number>>): number | null {
  const rate = body.currency === null ? undefined : rates[body.currency]
  return body.amount === null || rate === undefined ? null : body.amount * rate
}

/** With the record's own instants in whole seconds. */
export function stamped<R extends LiveRecord>(record: R): R {
  const body = record.body as { readonly createdAt?: number | null }
  const made = body.createdAt === undefined ? record.body : { ...record.body, createdAt: second(body.createdAt) }
  return { ...record, version: second(record.version), knownAt: second(record.knownAt), body: made }
}

export const stampedTombstone = <T extends Tombstone>(tombstone: T): T => ({
  ...tombstone,
  version: second(tombstone.version),
  knownAt: second(tombstone.knownAt),
})
