import type { Buyers, NumberColumn } from '@assay/shared'
import { lnChanceOfSilence, type History } from '../../numeric/buying/buying-model.ts'
import { buyingModel, fitAllBuying } from '../../numeric/buying/fit-buying.ts'
import { hashUnit } from '../../numeric/rng.ts'
import type { Rhythm } from './model.ts'
import { columnOf, numbersOf, type Table, take } from './table.ts'

/** The column that a buying model adds: log-odds of no purchase within the horizon. */
export const RHYTHM = 'buying_rhythm'
/** What it is made from. */
const RHYTHM_INPUTS = ['order_days', 'span_days', 'tenure_days'] as const
/** Four parameters need no more customers than this. */
const MOST_CUSTOMERS = 3000
const LEAST_CUSTOMERS = 30
/** Log-odds beyond this are no news. */
const LIMIT = 8

/** Whether a table has what a buying model needs. */
export const hasRhythm = (table: Table): boolean => RHYTHM_INPUTS.every((name) => numbersOf(table, name) !== null)

function historyAt(orderDays: Float64Array, span: Float64Array, tenure: Float64Array, row: number): History | null {
  const history = { repeats: orderDays[row]! - 1, recency: span[row]!, age: tenure[row]! }
  return history.repeats >= 0 && history.recency >= 0 && history.age >= history.recency ? history : null
}

function historiesOf(table: Table): (History | null)[] {
  const [orderDays, span, tenure] = RHYTHM_INPUTS.map((name) => numbersOf(table, name)!)
  return Array.from({ length: table.size }, (_, row) => historyAt(orderDays!, span!, tenure!, row))
}

/**
 * All buying models on those customers, each of them once. Null where they are too few. Time in days.
 *
 * @param buyers everybody of that day, where the rows are only those who are still customers: models fitted on survivors see nobody stop
 */
export function fitRhythms(table: Table, rows: Uint32Array, buyers?: Buyers): Rhythm[] | null {
  return fitHistories(buyers === undefined ? historiesDrawn(table, rows) : historiesOfBuyers(buyers))
}

function historiesOfBuyers({ orderDays, spanDays, tenureDays }: Buyers): History[] {
  return Array.from(orderDays, (_, row) => historyAt(orderDays, spanDays, tenureDays, row)).filter(
    (history): history is History => history !== null && history.age > 0,
  )
}

function historiesDrawn(table: Table, rows: Uint32Array): History[] {
  const newest = take(table, rows)
  const drawn = Array.from({ length: newest.size }, (_, row) => row)
  if (drawn.length > MOST_CUSTOMERS) drawn.sort((i, j) => hashUnit(newest.ids[i]!) - hashUnit(newest.ids[j]!) || i - j)
  const all = historiesOf(newest)
  return drawn.slice(0, MOST_CUSTOMERS).flatMap((row) => {
    const history = all[row]
    return history && history.age > 0 ? [history] : []
  })
}

function fitHistories(histories: readonly History[]): Rhythm[] | null {
  if (histories.length < LEAST_CUSTOMERS || histories.every((history) => history.repeats === 0)) return null
  const fits = fitAllBuying(histories).map((fit) => ({ ...fit, parameters: [...fit.parameters] }))
  return fits.filter((fit) => [fit.logLikelihood, ...fit.parameters].every(Number.isFinite))
}

/** Log-odds that a customer buys nothing within `horizonDays`; NaN where the history is not known. */
export function rhythmColumn(rhythm: Rhythm, table: Table, horizonDays: number): NumberColumn {
  const model = buyingModel(rhythm.model)
  const histories = historiesOf(table)
  const values = Float64Array.from(histories, (history) => {
    if (!history) return Number.NaN
    const quiet = Math.min(0, lnChanceOfSilence(model, rhythm.parameters, history, horizonDays))
    return Math.max(-LIMIT, Math.min(LIMIT, quiet - Math.log(-Math.expm1(quiet))))
  })
  const inputs = RHYTHM_INPUTS.map((name) => columnOf(table, name)!.info)
  return {
    type: 'number',
    values,
    info: {
      name: RHYTHM,
      label: 'Buying rhythm',
      unit: 'share',
      phrase: `the buying rhythm alone gives {value} for no order in ${horizonDays} days`,
      sourceFields: [...new Set(inputs.flatMap((info) => info.sourceFields))],
      restricted: inputs.some((info) => info.restricted),
    },
  }
}
