import type { Frame } from '@assay/shared'
import { sortedQuantile } from '../../numeric/quantile.ts'
import { isoDay } from '../../numeric/iso-day.ts'
import { DAY } from './days.ts'

/** Nine in ten of those that ever convert have done so by then. */
const MOST = 0.9
/** A horizon must fit into the history this often, so that there are rows to learn from whose horizon is over. */
const TIMES = 4
/** With fewer dated events than this share of all, the days say little of the event. */
const DATED = 0.9
/** Where nothing else says from when on rows are judged: after this share of them. */
const TAUGHT_SHARE = 0.7

/** A table in time order whose event happened on a day, or has not happened yet. By row, epoch ms, NaN where not known. */
interface DatedTable {
  readonly frame: Frame
  readonly createdAt: Float64Array
  readonly happenedAt: Float64Array
}

/** The event asked as "within so many days". */
export interface Within {
  readonly horizonDays: number
  /** By row: 1 where it happened within the horizon, 0 where it did not, NaN where that is not known yet. */
  readonly outcome: Float64Array
  /** Where the horizon comes from. */
  readonly note: string
}

/**
 * "Converted" without "within …" makes losers of the young, who had no time yet. So a row has an outcome only when its horizon is over
 * at `newest`. The horizon is the time within which nine in ten conversions came, of those known on the first judged day, as
 * far as the history carries it, unless it is given. Rows from before the first recorded conversion are not known: nobody wrote down
 * theirs. Null where the events have no days.
 */
export function within(
  table: DatedTable,
  newest: number,
  given: { readonly horizonDays: number | null; readonly judgeAt: readonly number[] },
): Within | null {
  const { frame, createdAt, happenedAt } = table
  const events = [...frame.outcome!.keys()].filter((row) => frame.outcome![row] === 1)
  const dated = events.filter((row) => happenedAt[row]! >= createdAt[row]!)
  if (dated.length === 0 || dated.length < DATED * events.length) return null
  const first = dated.reduce((least, row) => Math.min(least, happenedAt[row]!), Number.POSITIVE_INFINITY)
  const cut = Math.min(...given.judgeAt, newest, sortedQuantile(createdAt.filter((at) => at >= 0).sort(), TAUGHT_SHARE))
  const lags = Float64Array.from(
    dated.filter((row) => happenedAt[row]! < cut),
    (row) => (happenedAt[row]! - createdAt[row]!) / DAY,
  ).sort()
  if (lags.length === 0) return null
  const usual = Math.max(1, Math.ceil(sortedQuantile(lags, MOST)))
  const carried = Math.max(1, Math.floor((cut - first) / DAY / TIMES))
  const horizonDays = given.horizonDays ?? Math.min(usual, carried)
  const outcome = frame.outcome!.map((happened, row) => {
    const at = createdAt[row]!
    if (Number.isNaN(happened) || !(at >= first) || at + horizonDays * DAY > newest) return Number.NaN
    if (happened === 1 && !(happenedAt[row]! >= at)) return Number.NaN
    return happened === 1 && happenedAt[row]! <= at + horizonDays * DAY ? 1 : 0
  })
  const note =
    given.horizonDays !== null
      ? `within ${horizonDays} days, as given`
      : `of what was known on ${isoDay(cut)}, nine in ten came within ${usual} days${usual > carried ? `; the history carries ${carried}` : ''}`
  return { horizonDays, outcome, note }
}
