import { correlation } from '../../numeric/correlation.ts'
import { expectedSpending, fitGammaGamma, type Spending } from '../../numeric/buying/gamma-gamma.ts'
import { type Customers, valuesOf } from './customers.ts'
import type { Amounts } from './model.ts'

/** Gamma-Gamma takes how often and how much for independent: above this it is not used. */
const MOST_CORRELATED = 0.3
const LEAST_REPEATERS = 30
/** Where the parameters of a past day only serve a comparison. */
export const MOST_PAST_REPEATERS = 1_500

/** Purchases after the first, as the published method has it. */
function repeaters(customers: Customers): Spending[] {
  const days = valuesOf(customers, 'repeat_days')
  const value = valuesOf(customers, 'repeat_value')
  return customers.ids.flatMap((_, i) => (days[i]! > 0 && value[i]! > 0 ? [{ purchases: days[i]!, mean: value[i]! }] : []))
}

/** What share of the orders' money stays, over everybody. */
function keptShare(customers: Customers): number {
  const days = valuesOf(customers, 'valued_days')
  const value = valuesOf(customers, 'day_value')
  const net = valuesOf(customers, 'net_money')
  let ordered = 0
  let stayed = 0
  customers.ids.forEach((_, i) => {
    if (Number.isNaN(net[i]!) || !(days[i]! * value[i]! > 0)) return
    ordered += days[i]! * value[i]!
    stayed += net[i]!
  })
  return ordered > 0 ? Math.max(0, Math.min(1, stayed / ordered)) : 1
}

/** Learns what an order day is worth: by Gamma-Gamma, or where that does not fit by each customer's own mean, drawn to that of all. */
export function fitAmounts(customers: Customers, most: number): Amounts {
  const spending = repeaters(customers).slice(0, most)
  const values = valuesOf(customers, 'day_value').filter((value) => value > 0)
  const mean = values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
  const kept = keptShare(customers)
  const own = (why: string, related: number | null): Amounts => ({
    kind: 'own mean',
    p: 0,
    q: 0,
    v: 0,
    logLikelihood: null,
    customers: values.length,
    correlation: related,
    mean,
    weight: 1,
    kept,
    why,
  })
  if (spending.length < LEAST_REPEATERS)
    return own(`${spending.length} customers with a later purchase of known value are fewer than ${LEAST_REPEATERS}`, null)
  const found = correlation(
    spending.map((one) => one.purchases),
    spending.map((one) => one.mean),
  )
  const related = Number.isFinite(found) ? found : null
  if (related !== null && Math.abs(related) > MOST_CORRELATED)
    return own(`how often and how much go together (correlation ${related.toFixed(2)}), which Gamma-Gamma rules out`, related)
  const fit = fitGammaGamma(spending)
  if (fit.degenerate !== null) return own(fit.degenerate, related)
  return { kind: 'gamma-gamma', ...pick(fit), customers: spending.length, correlation: related, mean, weight: 1, kept, why: '' }
}

const pick = ({ p, q, v, logLikelihood }: ReturnType<typeof fitGammaGamma>) => ({ p, q, v, logLikelihood })

/** What the next order day of every customer is expected to bring, returns taken off. All purchases count here, the first too. */
export function expectedAmounts(amounts: Amounts, customers: Customers): Float64Array {
  const days = valuesOf(customers, 'valued_days')
  const value = valuesOf(customers, 'day_value')
  const net = valuesOf(customers, 'net_money')
  return Float64Array.from(customers.ids, (_, i) => {
    const purchases = days[i]! > 0 && value[i]! > 0 ? days[i]! : 0
    const spending = { purchases, mean: purchases > 0 ? value[i]! : 0 }
    const worth =
      amounts.kind === 'gamma-gamma'
        ? expectedSpending(amounts, spending)
        : (purchases * spending.mean + amounts.weight * amounts.mean) / (purchases + amounts.weight)
    // A customer's own share of returns, as if one more order had been kept like everybody's.
    const ordered = purchases * spending.mean
    const stayed = Number.isNaN(net[i]!) ? ordered * amounts.kept : Math.max(0, Math.min(ordered, net[i]!))
    const kept = (stayed + amounts.mean * amounts.kept) / (ordered + amounts.mean || 1)
    return worth * kept
  })
}
