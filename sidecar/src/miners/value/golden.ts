import type { Outlook } from '@assay/shared'
import { isoDay } from '../../numeric/iso-day.ts'
import { sortOrder } from '../../numeric/sort-order.ts'
import { type Customers, valuesOf } from './customers.ts'
import { assumedIn, totalInterval } from './level.ts'
import type { Horizon } from './model.ts'
import { headline, rangeOf, rounded } from './predict.ts'

/** Golden are the fewest customers who make this share of a year's revenue. */
const MOST_OF_IT = 0.8
/** Whoever is among this share of the customers by forecast, and not golden, may become it. */
const TOP_FORECAST = 0.2
/** Golden customers of whom less than this share of their past rate is expected. */
const FADING = 0.5
/** … and who are quiet for longer than this many of their usual gaps: a forecast below the past alone may only return to the mean. */
const QUIET_GAPS = 1

type Person = Outlook['named'][number]

const cents = (value: number): number => Math.round(value * 100) / 100
const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

/** Horizons with what is said of every customer, uncorrected. */
interface Said {
  readonly horizon: Horizon
  readonly said: Float64Array
}

/** Row numbers, those with most first; ties by id. */
const mostFirst = (values: Float64Array): number[] => {
  const order = Array.from(sortOrder(values.map((value) => -value)))
  return order.sort((a, b) => values[b]! - values[a]! || a - b)
}

/** The 80/20 report of one day. The first of `all` is the horizon that people are named by. */
export function outlookOf(customers: Customers, all: readonly Said[], most: number): Outlook {
  const { horizon, said } = all[0]!
  const year = valuesOf(customers, 'net_money_365d').map((value) => (value > 0 ? value : 0))
  const silence = valuesOf(customers, 'days_since_last_order')
  const gaps = valuesOf(customers, 'recency_over_gap')
  const expected = headline(horizon, said)
  const revenue = sumOf(year)
  const byPast = mostFirst(year)
  const isGolden = new Uint8Array(year.length)
  let [made, golden] = [0, 0]
  for (const row of byPast) {
    if (made >= MOST_OF_IT * revenue || year[row] === 0) break
    made += year[row]!
    isGolden[row] = 1
    golden++
  }
  const person = (row: number): Person => {
    const { low, high } = rangeOf(horizon, expected[row]!, said[row]!)
    return {
      id: customers.ids[row]!,
      name: null,
      past: cents(year[row]!),
      share: revenue > 0 ? year[row]! / revenue : 0,
      expected: rounded(expected[row]!),
      low: rounded(low),
      high: rounded(high),
      silence: Number.isNaN(silence[row]!) ? null : silence[row]!,
    }
  }
  const share = (rows: readonly number[]): number => (revenue > 0 ? rows.reduce((sum, row) => sum + year[row]!, 0) / revenue : 0)
  const top = mostFirst(expected).slice(0, Math.max(1, Math.round(TOP_FORECAST * year.length)))
  const usual = horizon.days / 365
  return {
    on: customers.asOf === null ? '' : isoDay(customers.asOf),
    customers: year.length,
    revenue: cents(revenue),
    golden: {
      customers: golden,
      shareOfCustomers: year.length > 0 ? golden / year.length : 0,
      shareOfRevenue: share(byPast.slice(0, golden)),
    },
    topFifth: share(byPast.slice(0, Math.max(1, Math.round(0.2 * year.length)))),
    forecasts: all.map(forecastOf),
    days: horizon.days,
    named: byPast.slice(0, Math.min(most, golden)).map(person),
    mayBecome: top
      .filter((row) => isGolden[row] === 0)
      .slice(0, most)
      .map(person),
    fading: byPast
      .filter((row) => isGolden[row] === 1 && expected[row]! < FADING * usual * year[row]! && !(gaps[row]! <= QUIET_GAPS))
      .slice(0, most)
      .map(person),
  }
}

function forecastOf({ horizon, said }: Said): Outlook['forecasts'][number] {
  const { days, beyond } = horizon
  if (beyond !== null) return { days, beyond, said: null, corrected: null, low: null, high: null }
  const total = sumOf(said)
  const { value, low, high } = totalInterval(sumOf(headline(horizon, said)), horizon.scatter)
  return {
    days,
    beyond,
    said: cents(value),
    corrected: cents(total * horizon.level.factor),
    low: cents(low),
    high: cents(high),
    ...assumedIn(horizon.scatter),
  }
}

/** What is known without any forecast. */
export const withoutForecasts = (outlook: Outlook): Outlook => ({
  ...outlook,
  forecasts: [],
  mayBecome: [],
  fading: [],
  named: outlook.named.map((one) => ({ ...one, expected: null, low: null, high: null })),
})
