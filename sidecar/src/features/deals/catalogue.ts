import type { FeatureInfo } from '@assay/shared'

type Feature = Pick<FeatureInfo, 'label' | 'unit' | 'phrase' | 'sourceFields'> & {
  /** A deal that its family does not list has none of it: a zero and not a gap. */
  readonly counted?: true
}

const feature = (label: string, unit: FeatureInfo['unit'], phrase: string, ...sourceFields: string[]): Feature => ({
  label,
  unit,
  phrase,
  sourceFields,
})
const counted = (label: string, phrase: string, ...sourceFields: string[]): Feature => ({
  label,
  unit: 'count',
  phrase,
  sourceFields,
  counted: true,
})

const ended = 'deal.closedAt'

/** Families of features of open deals: one .sql file each, numbers by column name. */
export const DEAL_FAMILIES = {
  state: {
    age_days: feature('Days since it was opened', 'days', 'open for {value}', 'deal.createdAt'),
    days_in_stage: feature('Days in its stage', 'days', '{value} in its stage', 'deal.stage'),
    days_to_plan: feature('Days to the planned close', 'days', 'planned to close in {value}', ended),
    days_overdue: feature('Days past the planned close', 'days', '{value} past the planned close', ended),
    amount: feature('Amount', 'money', 'amount {value}', 'deal.amount'),
  },
  changes: {
    stage_moves: counted('Moves between stages', '{value} moves between stages', 'deal.stage'),
    pushes: counted('Close date pushed', 'close date pushed {value} times', ended),
    pulls: counted('Close date pulled in', 'close date pulled in {value} times', ended),
    owner_changes: counted('Changes of owner', '{value} changes of owner', 'deal.ownerId'),
    amount_changes: counted('Changes of the amount', 'amount changed {value} times', 'deal.amount'),
    amount_growth: feature('Growth of the amount', 'share', 'amount grew by {value}', 'deal.amount'),
    days_since_change: feature('Days since anything changed', 'days', 'nothing changed for {value}', 'deal.stage'),
  },
  touches: {
    touches_14d: counted('Activities in 14 days', '{value} activities in the last 14 days', 'activity.dealId'),
    touches_30d: counted('Activities in 30 days', '{value} activities in the last 30 days', 'activity.dealId'),
    touches_90d: counted('Activities in 90 days', '{value} activities in the last 90 days', 'activity.dealId'),
    heard_30d: counted('Heard from in 30 days', 'heard from {value} times in the last 30 days', 'activity.direction'),
    meetings_90d: counted('Meetings in 90 days', '{value} meetings in the last 90 days', 'activity.dealId'),
    days_since_touch: feature('Days since the last activity', 'days', '{value} since the last activity on it', 'activity.dealId'),
  },
  owners: {
    owner_win_rate: feature("Owner's share of deals won so far", 'share', 'its owner won {value} of their deals so far', 'deal.ownerId'),
  },
  customers: {
    customer_won: feature('Deals won with the customer', 'count', '{value} deals won with this customer before', 'deal.accountId'),
    customer_lost: feature('Deals lost with the customer', 'count', '{value} deals lost with this customer before', 'deal.accountId'),
    customer_won_365d: feature('Deals won with the customer in a year', 'count', '{value} deals won with this customer in a year', ended),
    customer_win_rate: feature('Share of deals won with the customer', 'share', '{value} of this customer’s deals won so far', ended),
    days_since_customer_order: feature('Days since the customer’s last order', 'days', '{value} since the customer’s last order', ended),
    other_open_deals: feature('Other open deals', 'count', '{value} other open deals with this customer', 'deal.accountId'),
  },
} as const satisfies Record<string, Record<string, Feature>>
export type DealFamily = keyof typeof DEAL_FAMILIES

/** Words about an open deal, all of them in `state.sql`. */
export const DEAL_WORDS = {
  stage: feature('Stage', 'text', 'in the stage {value}', 'deal.stage'),
  pipeline: feature('Pipeline', 'text', 'in the pipeline {value}', 'deal.pipeline'),
  type: feature('Type', 'text', 'of the type {value}', 'deal.type'),
} as const satisfies Record<string, Feature>

export const infoOf = (name: string, { label, unit, phrase, sourceFields }: Feature): FeatureInfo => ({
  name,
  label,
  unit,
  phrase,
  sourceFields,
  restricted: false,
})
