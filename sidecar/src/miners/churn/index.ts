import { CHURN_FIELDS } from '@assay/shared'
import { propensityMiner } from './propensity.ts'

/** Who leaves: nothing bought within the horizon, a subscription that ends, or a column that says so. */
export const churn = propensityMiner({
  id: 'churn',
  title: 'Churn risk',
  events: 'lost customers',
  writes: CHURN_FIELDS,
  field: 'churn_risk',
})

/** Who answers a campaign. */
export const response = propensityMiner({ id: 'response', title: 'Campaign response', events: 'responses', writes: [], field: null })

/** Who does not pay. */
export const credit = propensityMiner({ id: 'credit', title: 'Credit risk', events: 'defaults', writes: [], field: null })

/** Which lead becomes a customer. */
export const conversion = propensityMiner({ id: 'conversion', title: 'Lead conversion', events: 'conversions', writes: [], field: null })
