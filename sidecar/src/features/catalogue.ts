import type { FeatureInfo } from '@assay/shared'

type Feature = Pick<FeatureInfo, 'label' | 'unit' | 'phrase' | 'sourceFields'>

const feature = (label: string, unit: FeatureInfo['unit'], phrase: string, ...sourceFields: string[]): Feature => ({
  label,
  unit,
  phrase,
  sourceFields,
})

const won = 'deal.closedAt'
const amount = 'deal.amount'
const activity = 'activity.happenedAt'

/**
 * A family is one .sql file and the features it gives, by column name. Whatever a file returns and this table does
 * not name stays inside the file.
 */
export const FAMILIES = {
  orders: {
    days_since_last_order: feature('Days since the last order', 'days', '{value} since the last order', won),
    tenure_days: feature('Days since the first order', 'days', 'customer for {value}', won),
    span_days: feature('Days between first and last order', 'days', '{value} between first and last order', won),
    orders: feature('Orders', 'count', '{value} orders in all', won),
    order_days: feature('Days with an order', 'count', 'ordered on {value} days', won),
    money: feature('Money spent', 'money', '{value} spent in all', amount),
    mean_order_value: feature('Mean order value', 'money', '{value} a usual order', amount),
    orders_30d: feature('Orders in 30 days', 'count', '{value} orders in the last 30 days', won),
    orders_60d: feature('Orders in 60 days', 'count', '{value} orders in the last 60 days', won),
    orders_90d: feature('Orders in 90 days', 'count', '{value} orders in the last 90 days', won),
    orders_180d: feature('Orders in 180 days', 'count', '{value} orders in the last 180 days', won),
    orders_365d: feature('Orders in a year', 'count', '{value} orders in the last 365 days', won),
    money_30d: feature('Money in 30 days', 'money', '{value} spent in the last 30 days', amount),
    money_90d: feature('Money in 90 days', 'money', '{value} spent in the last 90 days', amount),
    money_180d: feature('Money in 180 days', 'money', '{value} spent in the last 180 days', amount),
    money_365d: feature('Money in a year', 'money', '{value} spent in the last 365 days', amount),
    mean_gap_days: feature('Usual gap between orders', 'days', 'usual gap {value}', won),
    gap_variation: feature('Irregularity of the gaps', 'ratio', 'gaps vary by {value} of their mean', won),
    recency_over_gap: feature('Silence in usual gaps', 'ratio', 'quiet for {value} usual gaps', won),
    orders_trend: feature('Trend of orders', 'ratio', 'order trend {value} (above 0 is rising)', won),
    returns: feature('Returns', 'count', '{value} returns', amount),
    return_share: feature('Share returned', 'share', '{value} of the money returned', amount),
  },
  products: {
    products: feature('Different products', 'count', '{value} different products', 'lineItem.productId'),
    lines_per_order: feature('Lines an order', 'number', '{value} lines a usual order', 'lineItem.dealId'),
  },
  pipeline: {
    open_deals: feature('Open deals', 'count', '{value} open deals', 'deal.stage'),
    open_deal_money: feature('Money in open deals', 'money', '{value} in open deals', amount),
    lost_deals_365d: feature('Deals lost in a year', 'count', '{value} deals lost in the last 365 days', 'deal.stage'),
    fresh_open_deals: feature('Open deals of the last 60 days', 'count', '{value} open deals from the last 60 days', 'deal.createdAt'),
    deals_opened_90d: feature('Deals opened in 90 days', 'count', '{value} deals opened in the last 90 days', 'deal.createdAt'),
    days_since_last_deal: feature('Days since the last deal was opened', 'days', '{value} since a deal was opened', 'deal.createdAt'),
  },
  owners: {
    owner_changes_365d: feature('Changes of owner in a year', 'count', '{value} changes of owner in the last 365 days', 'deal.ownerId'),
  },
  activities: {
    activities_30d: feature('Activities in 30 days', 'count', '{value} activities in the last 30 days', activity),
    activities_90d: feature('Activities in 90 days', 'count', '{value} activities in the last 90 days', activity),
    activities_180d: feature('Activities in 180 days', 'count', '{value} activities in the last 180 days', activity),
    inbound_90d: feature('Heard from in 90 days', 'count', 'heard from {value} times in the last 90 days', 'activity.direction'),
    meetings_180d: feature('Meetings in 180 days', 'count', '{value} meetings in the last 180 days', activity),
    days_since_last_activity: feature('Days since the last activity', 'days', '{value} since the last activity', activity),
    days_since_last_inbound: feature(
      'Days since they were last heard from',
      'days',
      '{value} since they were heard from',
      'activity.direction',
    ),
    activities_trend: feature('Trend of activities', 'ratio', 'activity trend {value} (above 0 is rising)', activity),
  },
  cases: {
    cases_open: feature('Open cases', 'count', '{value} open cases', 'case.status'),
    cases_90d: feature('Cases in 90 days', 'count', '{value} cases in the last 90 days', 'case.createdAt'),
    cases_365d: feature('Cases in a year', 'count', '{value} cases in the last 365 days', 'case.createdAt'),
    case_days_to_close: feature('Days to close a case', 'days', '{value} to close a case', 'case.closedAt'),
    days_since_last_case: feature('Days since the last case', 'days', '{value} since the last case', 'case.createdAt'),
  },
  contacts: {
    contacts: feature('Contacts', 'count', '{value} contacts known', 'contact.accountId'),
  },
  subscriptions: {
    subscriptions_active: feature('Active subscriptions', 'count', '{value} active subscriptions', 'subscription.endedAt'),
    monthly_amount: feature('Monthly amount', 'money', '{value} a month', 'subscription.monthlyAmount'),
    contract_age_days: feature('Age of the oldest contract', 'days', 'a contract since {value}', 'subscription.startedAt'),
    days_to_anniversary: feature(
      'Days to the next anniversary of a contract',
      'days',
      '{value} to the anniversary of a contract',
      'subscription.startedAt',
    ),
    days_to_renewal: feature('Days to the next renewal', 'days', '{value} to the next renewal', 'subscription.renewsAt'),
  },
} as const satisfies Record<string, Record<string, Feature>>

/**
 * Told of today, never taught: what stood there on an earlier day is known only of records that nobody touched since, and
 * whoever leaves is touched. That it is missing would tell the outcome.
 */
export const TODAY_ONLY: ReadonlySet<string> = new Set(['days_to_renewal'])

export type Family = keyof typeof FAMILIES
/** Counting families: a customer that one of them does not list has none of it, which is a zero and not a gap. */
export const COUNTED: ReadonlySet<string> = new Set([
  'orders',
  'order_days',
  'orders_30d',
  'orders_60d',
  'orders_90d',
  'orders_180d',
  'orders_365d',
  'returns',
  'open_deals',
  'open_deal_money',
  'lost_deals_365d',
  'fresh_open_deals',
  'deals_opened_90d',
  'owner_changes_365d',
  'activities_30d',
  'activities_90d',
  'activities_180d',
  'inbound_90d',
  'meetings_180d',
  'cases_open',
  'cases_90d',
  'cases_365d',
  'contacts',
  'subscriptions_active',
  'monthly_amount',
])
