import type { Frame, ScoreColumns } from '@assay/shared'
import { customersOf } from './customers.ts'
import type { ValueModel } from './model.ts'
import { headline, rangeOf, rounded, say } from './predict.ts'

const YEAR = 365
const NO_ORDER = 'no order yet'

/** What every customer is expected to buy in twelve months, with the range of eight in ten like it; or why that cannot be said. */
export function score(model: ValueModel, now: Frame): ScoreColumns {
  const size = now.ids.length
  const fields = {
    value_12m: new Float64Array(size).fill(Number.NaN),
    value_12m_low: new Float64Array(size).fill(Number.NaN),
    value_12m_high: new Float64Array(size).fill(Number.NaN),
  }
  const year = model.horizons.find((one) => one.days === YEAR)
  const why = year === undefined ? 'no figure over twelve months was learned' : year.beyond
  const unscored: (string | null)[] = now.ids.map(() => why ?? NO_ORDER)
  if (why === null && year !== undefined) {
    const customers = customersOf(now, model.wholeDay)
    const said = say(model, year, customers)
    headline(year, said).forEach((value, i) => {
      const row = customers.rows[i]!
      const { low, high } = rangeOf(year, value, said[i]!)
      fields.value_12m[row] = rounded(value)
      fields.value_12m_low[row] = rounded(low)
      fields.value_12m_high[row] = rounded(high)
      unscored[row] = null
    })
  }
  return { ids: now.ids, fields, signs: null, unscored }
}
