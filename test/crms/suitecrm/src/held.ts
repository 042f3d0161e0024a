import type { LiveRecord } from '@assay/shared'
import type { Bundle, World } from '@assay/worlds'
import { activityModule, caseStatus, conversionRate, stageKey, statusOfOutcome } from './to-suite.ts'

const DAY = 86_400_000
const second = <T extends number | null>(at: T): T => (at === null ? at : ((Math.floor(at / 1000) * 1000) as T))
const midnight = (at: number): number => Math.floor(at / DAY) * DAY

/** A close date has no hour; a deal that was closed on the day it was entered was not closed before that. */
const closing = (closedAt: number | null, createdAt: number | null): number | null => {
  if (closedAt === null) return null
  const day = midnight(closedAt)
  return createdAt !== null && createdAt >= day && createdAt < day + DAY ? second(createdAt) : day
}

const stamped = <R extends LiveRecord>(record: R): R => {
  const { createdAt } = record.body as { readonly createdAt?: number | null }
  const created = second(createdAt ?? record.knownAt)
  const body = createdAt === undefined ? record.body : { ...record.body, createdAt: second(createdAt) }
  return { ...record, version: Math.max(created, second(record.version)), knownAt: second(record.knownAt), body }
}

/**
 * The world as a reader of SuiteCRM finds it: instants in whole seconds, close dates as days, durations in whole minutes, won and lost stages and
 * the states of cases in SuiteCRM's words, cases closed when they were last changed, notes that happened when they were entered, merges without
 * a winner; no histories of deals, no lines, no products, no subscriptions. Loaded into another CRM it holds the same, so that scores can be compared.
 */
export function heldBySuite(world: World): World {
  const rates = Object.fromEntries(
    Object.entries(world.rates).map(([currency, rate]) => [currency, currency === world.currency ? 1 : 1 / conversionRate(rate)]),
  )
  return {
    ...world,
    rates,
    users: world.users.map(stamped),
    products: [],
    bundle: (index) => held(world.bundle(index), rates),
  }
}

function held(bundle: Bundle, rates: Readonly<Record<string, number>>): Bundle {
  const accountOf = new Map(bundle.deals.map((deal) => [deal.id, deal.body.accountId]))
  return {
    ...bundle,
    account: stamped(bundle.account),
    contacts: bundle.contacts.map(stamped),
    deals: bundle.deals.map((deal) => {
      const { amount, currency, closedAt, createdAt, stage, isClosed, isWon, name } = deal.body
      const rate = currency === null ? undefined : rates[currency]
      const made = stamped(deal)
      return {
        ...made,
        body: {
          ...made.body,
          name: name?.slice(0, 50) ?? null,
          pipeline: null,
          closedAt: closing(closedAt, createdAt),
          homeAmount: amount === null || rate === undefined ? null : amount * rate,
          stage: stageKey(stage, isClosed, isWon),
        },
      }
    }),
    dealHistory: [],
    lineItems: [],
    activities: bundle.activities.map((each) => activity(each, accountOf)),
    cases: bundle.cases.map((each) => {
      const made = stamped(each)
      const status = caseStatus(each.body.status)
      return { ...made, body: { ...made.body, status, closedAt: status?.startsWith('Closed') === true ? made.version : null } }
    }),
    subscriptions: [],
    merged: bundle.merged.map((each) => ({ ...each, version: second(each.version), knownAt: second(each.knownAt), mergedInto: null })),
    deleted: bundle.deleted.map((each) => ({ ...each, version: second(each.version), knownAt: second(each.knownAt) })),
  }
}

function activity(record: LiveRecord<'activity'>, accountOf: ReadonlyMap<string, string | null>): LiveRecord<'activity'> {
  const made = stamped(record)
  const { type, direction, happenedAt, durationSeconds, outcome, createdAt, dealId, accountId } = record.body
  const module = activityModule(type)
  const lasts = module === 'Calls' || module === 'Meetings'
  return {
    ...made,
    body: {
      ...made.body,
      type: module === 'Tasks' ? 'task' : type,
      accountId: (dealId === null ? null : accountOf.get(dealId)) ?? accountId,
      happenedAt: module === 'Notes' ? second(createdAt ?? record.knownAt) : second(happenedAt),
      direction: module === 'Calls' || module === 'Emails' ? direction : null,
      durationSeconds: lasts && durationSeconds !== null ? Math.round(durationSeconds / 60) * 60 : null,
      outcome: module === 'Calls' ? statusOfOutcome(outcome) : module === 'Meetings' ? 'Held' : module === 'Tasks' ? 'Completed' : null,
    },
  }
}
