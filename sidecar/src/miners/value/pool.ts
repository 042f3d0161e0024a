import type { Trial } from '@assay/shared'
import { pastRate } from './baseline.ts'
import { type Customers, customersOf, followedOf } from './customers.ts'
import type { Horizon, ValueModel } from './model.ts'
import { headline, rangeOf, say, sayBuying } from './predict.ts'

/** One judged day of one window. */
export interface JudgedDay {
  readonly on: number | null
  readonly model: ValueModel
  readonly horizon: Horizon
  readonly customers: Customers
  readonly money: Float64Array
  readonly orderDays: Float64Array
  /** By the chosen candidate: uncorrected, and as it is published. */
  readonly said: Float64Array
  readonly published: Float64Array
  readonly buying: Float64Array
  readonly rate: Float64Array
  /** Share of the customers who came to lie within their own interval; null where none was given. */
  readonly inside: number | null
}

/** Every trial that a window was over for, predicted by its own model. */
export function judgedDays(trials: readonly Trial<ValueModel>[], days: number): JudgedDay[] {
  return trials.flatMap(({ model, frame }) => {
    const customers = customersOf(frame)
    const followed = followedOf(customers, days)
    const horizon = model.horizons.find((one) => one.days === days)
    if (followed === null || horizon === undefined || customers.ids.length === 0 || followed.money.some(Number.isNaN)) return []
    const said = say(model, horizon, customers)
    const published = headline(horizon, said)
    let within = 0
    published.forEach((value, i) => {
      const { low, high } = rangeOf(horizon, value, said[i]!)
      if (followed.money[i]! >= low && followed.money[i]! <= high) within++
    })
    return [
      {
        on: frame.asOf,
        model,
        horizon,
        customers,
        money: followed.money,
        orderDays: followed.orderDays,
        said,
        published,
        buying: sayBuying(model, customers, days),
        rate: pastRate(customers, days),
        inside: horizon.bands.length === 0 ? null : within / published.length,
      },
    ]
  })
}

export const sumOf = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
