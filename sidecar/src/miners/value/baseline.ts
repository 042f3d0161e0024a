import { type Customers, valuesOf } from './customers.ts'

export const PAST_RATE = 'past rate'
/** A rate over fewer days is none. */
const LEAST_DAYS = 30

/** Who spent so much a day so far goes on like that: what anybody would do without a model. Returns taken off. */
export function pastRate(customers: Customers, days: number): Float64Array {
  const money = valuesOf(customers, 'net_money')
  const tenure = valuesOf(customers, 'tenure_days')
  return Float64Array.from(customers.ids, (_, i) => {
    const rate = Math.max(0, money[i]!) / Math.max(LEAST_DAYS, tenure[i]!)
    return Number.isNaN(rate) ? 0 : rate * days
  })
}
