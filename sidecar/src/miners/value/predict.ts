import { expectedAmounts } from './amounts.ts'
import { expectedPurchases } from './buying.ts'
import type { Customers } from './customers.ts'
import type { Horizon, ValueBuying, ValueModel } from './model.ts'
import { predictRegression } from './regression.ts'

/** What predictions need of a model. */
type Learned = Pick<ValueModel, 'buying' | 'used' | 'amounts'>

/** Purchases times what each is worth. */
export function buyingTimesAmount(
  fit: Pick<ValueBuying, 'id' | 'k' | 'parameters'>,
  amounts: ValueModel['amounts'],
  customers: Customers,
  days: number,
): Float64Array {
  const worth = expectedAmounts(amounts, customers)
  return expectedPurchases(fit, customers, days).map((count, i) => count * worth[i]!)
}

/** What the model says by one of its candidates; uncorrected. */
export function sayBuying(model: Learned, customers: Customers, days: number): Float64Array {
  const used = model.buying.find((fit) => fit.title === model.used)!
  return buyingTimesAmount(used, model.amounts, customers, days)
}

/** What the model says by the candidate that it chose; uncorrected. */
export function say(model: Learned, horizon: Horizon, customers: Customers): Float64Array {
  const expected = sayBuying(model, customers, horizon.days)
  return horizon.regression === null ? expected : predictRegression(horizon.regression, { customers, expected })
}

/** Two digits: a forecast knows no more, and a figure that moves a little every night is not written every night. */
export const rounded = (value: number): number => Number(value.toPrecision(2))

/** The headline: corrected where the same season of last year says how. */
export const headline = (horizon: Horizon, said: Float64Array): Float64Array =>
  horizon.level.used ? said.map((value) => value * horizon.level.factor) : said

/** Eight in ten like this one come to between these. */
export function rangeOf(horizon: Horizon, value: number, uncorrected: number): { low: number; high: number } {
  const band = horizon.bands.find((one) => uncorrected <= one.upTo) ?? horizon.bands.at(-1)
  return band === undefined ? { low: 0, high: value } : { low: value * band.low, high: value * band.high }
}
