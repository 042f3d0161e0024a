import { aucDifference, aucInterval, type Interval } from '../../numeric/auc-interval.ts'
import { chanceToPass, detectable, goodAuc, timesTheRows } from '../../numeric/auc-power.ts'
import { auc } from '../../numeric/auc.ts'
import { logLoss } from '../../numeric/log-loss.ts'
import type { Pool } from './pool.ts'

/** A candidate or baseline on the judged rows. */
export interface Rival {
  readonly name: string
  readonly baseline: boolean
  readonly probability: Float64Array
  readonly auc: number | null
  readonly logLoss: number | null
}
export interface Gate {
  readonly verdict: 'publish' | 'refuse'
  readonly why: string
  /** How likely a good model would have passed with this much data; null where it cannot be told. */
  readonly power: number | null
  /** The smallest difference of AUC that four of five such samples would show; null where it cannot be told. */
  readonly detectable: number | null
}

/** With fewer deals of either kind than this the interval itself cannot be trusted. */
export const JUDGED_WON = 20
/** Said and happened may differ by a factor of two in the odds, and by this many standard errors, before it is another world. */
const ODDS = Math.LN2
const SURE = 4
const short = (x: number): string => x.toFixed(3).replace(/^(-?)0\./, '$1.')
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`

/**
 * Published only if the model ranks better than the best naive baseline by more than chance (the 95 % interval of the paired AUC
 * difference lies above zero), tells won from lost and not only when deals end, has better probabilities (log-loss), and says
 * about as many wins as there are.
 */
export function verdictOf(pool: Pool, rivals: readonly Rival[], horizonDays: number | null): Gate {
  const rows = pool.outcome.length
  if (Math.min(pool.positives, rows - pool.positives) < JUDGED_WON) {
    return {
      verdict: 'refuse',
      why: `too few to judge: ${pool.positives} of ${rows} judged rows were won; ${JUDGED_WON} of either kind are needed`,
      power: null,
      detectable: null,
    }
  }
  const naive = rivals.filter((rival) => rival.baseline)
  const best = naive.reduce((a, b) => ((b.auc ?? 0) > (a.auc ?? 0) ? b : a))
  const difference = aucDifference(pool.probability, best.probability, pool.outcome, pool.clusters)
  const told = difference.error > 0
  const naiveAuc = best.auc ?? 0.5
  const power = told ? chanceToPass(goodAuc(naiveAuc) - naiveAuc, difference.error) : null
  const smallest = told ? detectable(difference.error) : null
  const loss = logLoss(pool.probability, pool.outcome)
  const rivalLoss = Math.min(...naive.map((rival) => rival.logLoss ?? Number.POSITIVE_INFINITY))
  const against = `AUC ${short(auc(pool.probability, pool.outcome))} against ${short(best.auc ?? 0.5)} of "${best.name}" on ${rows} rows`
  const interval = `difference ${short(difference.value)}, 95 % interval ${short(difference.low)} to ${short(difference.high)}`
  const refuse = (why: string): Gate => ({ verdict: 'refuse', why, power, detectable: smallest })
  if (!(difference.value > 0)) return refuse(`no better than "${best.name}": ${against}; more data of this kind would not change that`)
  if (!(difference.low > 0)) return refuse(`could be chance: ${against} (${interval}); ${moreNeeded(pool, difference, horizonDays)}`)
  const ended = endedAuc(pool)
  if (!(ended.low > 0.5)) {
    return refuse(
      `it tells when deals end, not how: of those that ended, AUC ${short(ended.value)} (95 % interval ${short(ended.low)} to ${short(ended.high)}) for won against lost`,
    )
  }
  if (!(loss < rivalLoss)) {
    return refuse(`it ranks better (${against}) but its probabilities are worse: log-loss ${short(loss)} against ${short(rivalLoss)}`)
  }
  const drift = driftOf(pool)
  if (drift !== null) return refuse(`drift: ${drift}`)
  return {
    verdict: 'publish',
    why: `${against} (${interval}); log-loss ${short(loss)} against ${short(rivalLoss)}`,
    power,
    detectable: smallest,
  }
}

/** How well won deals are told from lost ones, among those that ended within the horizon. */
export function endedAuc({ table, probability, outcome }: Pool): Interval {
  const rows = [...outcome.keys()].filter((row) => outcome[row] === 1 || table.how[row] === 2)
  return aucInterval(
    rows.map((row) => probability[row]!),
    rows.map((row) => outcome[row]!),
    rows.map((row) => table.ids[row]!),
  )
}

/** How many more deals it would take, where the difference is large enough to say so. */
function moreNeeded(pool: Pool, difference: Interval, horizonDays: number | null): string {
  const factor = timesTheRows(difference)
  if (factor === null) return 'no difference is to be seen, and more data of this kind is unlikely to change that'
  const deals = new Set(pool.table.ids).size
  const more = Math.max(1, Math.ceil(deals * (factor - 1)))
  return `about ${more} more deals${horizonDays === null ? '' : `, each seen for ${horizonDays} days,`} are needed to tell`
}

function driftOf({ probability, outcome, positives, table }: Pool): string | null {
  const said = probability.reduce((sum, p) => sum + p, 0) / outcome.length
  const happened = positives / outcome.length
  const gap = Math.abs(Math.log(said / (1 - said)) - Math.log(happened / (1 - happened)))
  const error = Math.sqrt((happened * (1 - happened)) / new Set(table.ids).size)
  return gap > ODDS && Math.abs(said - happened) > SURE * error ? `${percent(happened)} were won where ${percent(said)} were said` : null
}
