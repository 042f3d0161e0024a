import { AssayError, type Training } from '@assay/shared'
import { fitAmounts, MOST_PAST_REPEATERS } from './amounts.ts'
import { chooseBuying, fitPast, fitToday, holdOutOf, type PastDay, regularityOf } from './buying.ts'
import { type Customers, customersOf, followedOf, valuesOf } from './customers.ts'
import { outlookOf } from './golden.ts'
import { fitHorizon } from './horizon.ts'
import type { Horizon, ValueBuying, ValueModel, ValueParams } from './model.ts'
import { buyingTimesAmount, say } from './predict.ts'
import type { Lesson } from './regression.ts'

const YEAR = 365
const LEAST_REPEATERS = 10

function refuseTooLittle(customers: Customers, params: ValueParams): void {
  const repeaters = customers.histories.filter((history) => history.repeats > 0).length
  if (customers.ids.length < params.minimumCustomers || repeaters < LEAST_REPEATERS)
    throw new AssayError(
      'data',
      `customer value needs ${params.minimumCustomers} customers with an order, ${LEAST_REPEATERS} of whom came back; there are ${customers.ids.length} and ${repeaters}`,
      { hint: 'Read more history, or check that won deals carry a close date.' },
    )
  const money = valuesOf(customers, 'net_money').filter((value) => !Number.isNaN(value))
  if (money.length < customers.ids.length / 2)
    throw new AssayError('data', `the value of orders is known of ${money.length} of ${customers.ids.length} customers`, {
      hint: 'Amounts are missing, or stand in several currencies that nobody converted: give the CRM exchange rates, or one currency.',
    })
  if (!money.some((value) => value > 0))
    throw new AssayError('data', 'no customer has spent more than came back: there is no value to forecast', {
      hint: 'Check the sign of the amounts.',
    })
}

/** Learns when customers buy, what that is worth, and what features add to it, from past days and the day itself. */
// eslint-disable-next-line typescript/require-await -- the contract is asynchronous
export async function fit(training: Training, params: ValueParams): Promise<ValueModel> {
  const frames = [...training.frames].sort((a, b) => (a.asOf ?? 0) - (b.asOf ?? 0))
  const newest = frames.at(-1)
  if (newest === undefined) throw new AssayError('data', 'customer value needs a day to look at; there is none')
  const customers = customersOf(newest)
  refuseTooLittle(customers, params)
  const horizonDays = training.definition.horizonDays ?? 90
  const regular = regularityOf(customers)
  const today = fitToday(customers, regular)
  if (today.length === 0) throw new AssayError('data', 'no buying model could be fitted: everybody ordered on the last day only')
  const past = frames
    .filter((frame) => (frame.followed ?? []).length > 0)
    .map((frame): PastDay => {
      const then = customersOf(frame)
      return { customers: then, fits: fitPast(then, today) }
    })
  const buying = today.map((one): ValueBuying => ({ ...one, holdOut: holdOutOf(one, past, horizonDays) }))
  const { used, choice } = chooseBuying(buying)
  const amounts = fitAmounts(customers, Number.MAX_SAFE_INTEGER)
  const historyDays = valuesOf(customers, 'tenure_days').reduce((most, value) => (value > most ? value : most), 0)
  const horizons = [...new Set([horizonDays, YEAR])].map((days): Horizon => {
    const lessons = past.flatMap(({ customers: then, fits }): Lesson[] => {
      const followed = followedOf(then, days)
      const own = fits.find((one) => one.id === used.id && one.k === used.k)
      if (followed === null || own === undefined || followed.money.some(Number.isNaN)) return []
      const expected = buyingTimesAmount(own, fitAmounts(then, MOST_PAST_REPEATERS), then, days)
      return [{ customers: then, expected, money: followed.money }]
    })
    return fitHorizon(days, lessons, newest.asOf, lessons.length > 0 ? null : beyond(days, historyDays))
  })
  const bare = {
    asOf: newest.asOf,
    horizonDays,
    historyDays,
    customers: customers.ids.length,
    wholeDay: customers.wholeDay,
    regularity: regular,
    buying,
    used: used.title,
    choice,
    amounts,
    horizons,
  }
  const said = horizons.map((horizon) => ({ horizon, said: say(bare, horizon, customers) }))
  return { ...bare, outlook: outlookOf(customers, said, params.named) }
}

/** A window can be carried when one of its length, and half of one before it, lie in the past. */
const beyond = (days: number, historyDays: number): string =>
  `the history of ${historyDays} days cannot carry a figure over ${days} days: ${Math.max(1, Math.ceil(days * 1.5) - historyDays)} more days are needed`
