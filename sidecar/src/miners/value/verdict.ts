import type { Rng } from '@assay/shared'
import { clusterBootstrap } from '../../numeric/cluster-bootstrap.ts'
import { levelledDeviance, plainDeviance, topDecileShare } from './measures.ts'
import type { JudgedDay } from './pool.ts'

/** With fewer customers who bought, who buys much cannot be judged. */
export const JUDGED_BUYERS = 30
const DRAWS = 200
const short = (x: number): string => x.toFixed(3).replace(/^(-?)0\./, '$1.')

interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface Gate {
  readonly verdict: 'publish' | 'refuse'
  readonly why: string
  /** By how much the past rate's deviance is worse at equal totals, a customer; null where it was not measured. */
  readonly gain: Interval | null
}

/** Means over the judged days, each weighing as many customers as it has. */
export function pooled(days: readonly JudgedDay[], of: (day: JudgedDay) => number): number {
  const rows = days.reduce((sum, day) => sum + day.money.length, 0)
  return rows === 0 ? 0 : days.reduce((sum, day) => sum + of(day) * day.money.length, 0) / rows
}

/** Row by row how much worse the past rate was. */
const gaps = (days: readonly JudgedDay[], of: (said: Float64Array, came: Float64Array) => Float64Array): Float64Array =>
  Float64Array.from(
    days.flatMap(({ published, rate, money }) => {
      const ours = of(published, money)
      return Array.from(of(rate, money), (value, i) => value - ours[i]!)
    }),
  )

const said = ({ value, low, high }: Interval): string => `${short(value)}, 95 % interval ${short(low)} to ${short(high)}`

/**
 * Published only if, by more than chance, its figures are better than those of the past rate customer by customer: either as they stand,
 * or after both were brought to the total that came (so that a good season helps neither), and worse by more than chance in
 * neither, nor in who the best tenth are. Two looks at 2.5 % each.
 */
export function verdictOf(days: readonly JudgedDay[], rng: Rng): Gate {
  const buyers = days.reduce((sum, { orderDays }) => sum + orderDays.reduce((n, count) => n + (count > 0 ? 1 : 0), 0), 0)
  if (days.length === 0) return { verdict: 'refuse', why: 'no window of that length is over: there is nothing to judge by', gain: null }
  if (buyers < JUDGED_BUYERS)
    return {
      verdict: 'refuse',
      why: `too few to judge: ${buyers} customers bought in the judged windows; ${JUDGED_BUYERS} are needed`,
      gain: null,
    }
  const clusters = days.flatMap(({ customers }) => customers.ids)
  const meanOf =
    (values: Float64Array) =>
    (rows: Uint32Array): number =>
      rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length
  const plain = clusterBootstrap(clusters, meanOf(gaps(days, plainDeviance)), rng.fork('as they stand'), DRAWS)
  const levelled = clusterBootstrap(clusters, meanOf(gaps(days, levelledDeviance)), rng.fork('levelled'), DRAWS)
  const [ours, rate, came] = (['published', 'rate', 'money'] as const).map((name) =>
    Float64Array.from(days.flatMap((day) => [...day[name]])),
  )
  const at = (values: Float64Array, rows: Uint32Array): Float64Array => Float64Array.from(rows, (row) => values[row]!)
  const top = clusterBootstrap(
    clusters,
    (rows) => topDecileShare(at(ours!, rows), at(came!, rows)) - topDecileShare(at(rate!, rows), at(came!, rows)),
    rng.fork('top'),
    DRAWS,
  )
  const shares = `the tenth of whom most was said made ${short(pooled(days, (day) => topDecileShare(day.published, day.money)))} of the money, against ${short(pooled(days, (day) => topDecileShare(day.rate, day.money)))} by "past rate", on ${clusters.length} rows`
  const figures = `${shares} (gain in deviance ${said(plain)}; at equal totals ${said(levelled)})`
  if (!(plain.value > 0) && !(levelled.value > 0))
    return { verdict: 'refuse', why: `no better than "past rate": ${figures}`, gain: levelled }
  if (plain.high < 0 || levelled.high < 0)
    return { verdict: 'refuse', why: `worse than "past rate" in one of the two: ${figures}`, gain: levelled }
  if (!(plain.low > 0) && !(levelled.low > 0)) return { verdict: 'refuse', why: `could be chance: ${figures}`, gain: levelled }
  if (top.high < 0) return { verdict: 'refuse', why: `its best tenth is poorer than that of "past rate": ${figures}`, gain: levelled }
  return { verdict: 'publish', why: figures, gain: levelled }
}
