import type { LiveRecord } from '@assay/shared'
import { closing, heldRates, homeAmount, second, stampedTombstone } from '@assay/stand-in'
import type { Bundle, World } from '@assay/worlds'
import { activityModule, caseStatus, stageKey, statusOfOutcome } from './to-suite.ts'

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
  const rates = heldRates(world)
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
      const { closedAt, createdAt, stage, isClosed, isWon, name } = deal.body
      const made = stamped(deal)
      return {
        ...made,
        body: {
          ...made.body,
          name: name?.slice(0, 50) ?? null,
          pipeline: null,
          closedAt: closing(closedAt, createdAt),
          homeAmount: homeAmount(deal, rates),
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
    merged: bundle.merged.map((each) => ({ ...stampedTombstone(each), mergedInto: null })),
    deleted: bundle.deleted.map(stampedTombstone),
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
