import type { LiveRecord } from '@assay/shared'
import { heldRates, homeAmount, midnight, second, stamped, stampedTombstone } from '@assay/stand-in'
import type { Bundle, World } from '@assay/worlds'
import { activityObject } from './to-salesforce.ts'

/**
 * The world as Salesforce can hold it: instants in whole seconds, close dates and task dates as days, rates with six decimals, no direction of
 * e-mails, no subscriptions. Loaded into another CRM it holds exactly what a reader finds in this stand-in, so that scores can be compared.
 */
export function heldBySalesforce(world: World): World {
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
  return {
    ...bundle,
    account: stamped(bundle.account),
    contacts: bundle.contacts.map(stamped),
    deals: bundle.deals.map((deal) => {
      const { closedAt } = deal.body
      const made = stamped(deal)
      return { ...made, body: { ...made.body, closedAt: midnight(closedAt), homeAmount: homeAmount(deal, rates) } }
    }),
    dealHistory: bundle.dealHistory.map((change) => {
      const made = stamped(change)
      const { field, value, changedAt } = change.body
      const day = field === 'closedAt' && value !== null ? new Date(midnight(Date.parse(value))).toISOString() : value
      return { ...made, body: { ...made.body, value: day, changedAt: second(changedAt) } }
    }),
    lineItems: bundle.lineItems.map(stamped),
    activities: bundle.activities.map(activity),
    cases: bundle.cases.map((each) => {
      const made = stamped(each)
      return { ...made, body: { ...made.body, closedAt: second(each.body.closedAt) } }
    }),
    subscriptions: [],
    merged: bundle.merged.map(stampedTombstone),
    deleted: bundle.deleted.map(stampedTombstone),
  }
}

function activity(record: LiveRecord<'activity'>): LiveRecord<'activity'> {
  const made = stamped(record)
  const { type, direction, happenedAt, durationSeconds, outcome } = record.body
  const isCall = type === 'call'
  if (activityObject(type) === 'Event') {
    const minutes = durationSeconds === null ? null : Math.round(durationSeconds / 60) * 60
    return { ...made, body: { ...made.body, happenedAt: second(happenedAt), durationSeconds: minutes, direction: null, outcome: null } }
  }
  return {
    ...made,
    body: {
      ...made.body,
      type: isCall || type === 'email' ? type : 'task',
      happenedAt: midnight(happenedAt),
      direction: isCall ? direction : null,
      durationSeconds: isCall ? durationSeconds : null,
      outcome: isCall ? outcome : null,
    },
  }
}
