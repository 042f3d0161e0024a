import type { LiveRecord } from '@assay/shared'
import { closing, heldRates, homeAmount, midnight, second, stamped, stampedTombstone } from '@assay/stand-in'
import type { Bundle, World } from '@assay/worlds'
import { activityModule, caseStatus, stageKey, statusOfOutcome } from './to-sugar.ts'

/**
 * The world as Sugar can hold it: instants in whole seconds, close dates as days, durations in whole minutes, rates with six decimals, won and
 * lost stages and the states of cases in Sugar's words, notes that happened when they were entered, merges without a winner, no subscriptions.
 * Loaded into another CRM it holds what a reader finds in this stand-in, so that scores can be compared.
 */
export function heldBySugar(world: World): World {
  const rates = heldRates(world)
  return {
    ...world,
    rates,
    users: world.users.map(stamped),
    products: world.products.map(stamped),
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
      const { closedAt, createdAt, stage, isClosed, isWon } = deal.body
      const made = stamped(deal)
      return {
        ...made,
        body: {
          ...made.body,
          closedAt: closing(closedAt, createdAt),
          homeAmount: homeAmount(deal, rates),
          stage: stageKey(stage, isClosed, isWon),
        },
      }
    }),
    dealHistory: dated(changing(bundle.dealHistory.map(dealChange)), bundle.deals),
    lineItems: bundle.lineItems.map(stamped),
    activities: bundle.activities.map((each) => activity(each, accountOf)),
    cases: bundle.cases.map((each) => {
      const made = stamped(each)
      return { ...made, body: { ...made.body, status: caseStatus(each.body.status), closedAt: second(each.body.closedAt) } }
    }),
    subscriptions: [],
    merged: bundle.merged.map((each) => ({ ...stampedTombstone(each), mergedInto: null })),
    deleted: bundle.deleted.map(stampedTombstone),
  }
}

function dealChange(change: LiveRecord<'dealHistory'>): LiveRecord<'dealHistory'> {
  const made = stamped(change)
  const { field, value, changedAt, isClosed, isWon } = change.body
  const inSugar =
    field === 'stage'
      ? stageKey(value, isClosed, isWon)
      : field === 'closedAt' && value !== null
        ? new Date(midnight(Date.parse(value))).toISOString()
        : value
  return { ...made, body: { ...made.body, value: inSugar, changedAt: second(changedAt) } }
}

/** What sets a field to what it holds already (another hour of the same day) leaves no line in an audit log. */
function changing(changes: readonly LiveRecord<'dealHistory'>[]): LiveRecord<'dealHistory'>[] {
  const last = new Map<string, string | null>()
  return changes.filter(({ body: { dealId, field, value } }) => {
    const place = `${dealId} ${field}`
    if (last.has(place) && last.get(place) === value) return false
    last.set(place, value)
    return true
  })
}

/** A close date without any line in the audit log held from the beginning: the present one. */
function dated(changes: readonly LiveRecord<'dealHistory'>[], deals: Bundle['deals']): LiveRecord<'dealHistory'>[] {
  const present = new Map(deals.map(({ id, body }) => [id, closing(body.closedAt, body.createdAt)]))
  const lines = new Map<string, number>()
  for (const { body } of changes) if (body.field === 'closedAt') lines.set(body.dealId, (lines.get(body.dealId) ?? 0) + 1)
  return changes.map((change) => {
    const { dealId, field } = change.body
    const at = present.get(dealId) ?? null
    if (field !== 'closedAt' || lines.get(dealId) !== 1 || at === null) return change
    return { ...change, body: { ...change.body, value: new Date(midnight(at)).toISOString() } }
  })
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
