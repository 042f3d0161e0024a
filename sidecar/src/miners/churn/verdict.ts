import { aucDifference, type Interval } from '../../numeric/auc-interval.ts'
import { timesTheRows } from '../../numeric/auc-power.ts'
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
}

/** With fewer events (or others) than this the interval itself cannot be trusted. */
export const JUDGED_POSITIVES = 20
const DAYS_A_MONTH = 30.4
const short = (x: number): string => x.toFixed(3).replace(/^(-?)0\./, '$1.')

/**
 * Published only if the model ranks better than the best naive baseline by more than chance (the 95 % interval of the
 * paired AUC difference lies above zero) and its probabilities are better too (log-loss).
 */
export function verdictOf(pool: Pool, rivals: readonly Rival[], horizonDays: number | null): Gate {
  const scarcer = Math.min(pool.positives, pool.outcome.length - pool.positives)
  if (scarcer < JUDGED_POSITIVES) {
    return {
      verdict: 'refuse',
      why: `too few to judge: it happened in ${pool.positives} of ${pool.outcome.length} judged rows; ${JUDGED_POSITIVES} of either kind are needed`,
    }
  }
  const naive = rivals.filter((rival) => rival.baseline)
  const best = naive.reduce((a, b) => ((b.auc ?? 0) > (a.auc ?? 0) ? b : a))
  const difference = aucDifference(pool.probability, best.probability, pool.outcome, pool.clusters)
  const loss = logLoss(pool.probability, pool.outcome)
  const rivalLoss = Math.min(...naive.map((rival) => rival.logLoss ?? Number.POSITIVE_INFINITY))
  const against = `AUC ${short(auc(pool.probability, pool.outcome))} against ${short(best.auc ?? 0.5)} of "${best.name}" on ${pool.outcome.length} rows`
  const interval = `difference ${short(difference.value)}, 95 % interval ${short(difference.low)} to ${short(difference.high)}`
  if (!(difference.value > 0))
    return { verdict: 'refuse', why: `no better than "${best.name}": ${against}; more data of this kind would not change that` }
  if (!(difference.low > 0)) {
    return {
      verdict: 'refuse',
      why: `could be chance: ${against} (${interval}); ${moreNeeded(pool.outcome.length, difference, horizonDays)}`,
    }
  }
  if (!(loss < rivalLoss)) {
    return {
      verdict: 'refuse',
      why: `it ranks better (${against}) but its probabilities are worse: log-loss ${short(loss)} against ${short(rivalLoss)}`,
    }
  }
  return { verdict: 'publish', why: `${against} (${interval}); log-loss ${short(loss)} against ${short(rivalLoss)}` }
}

/** How many more rows it would take, where the difference is large enough to say so. */
function moreNeeded(rows: number, difference: Interval, horizonDays: number | null): string {
  const factor = timesTheRows(difference)
  if (factor === null) return 'no difference is to be seen, and more data of this kind is unlikely to change that'
  const more = Math.max(1, Math.ceil(rows * (factor - 1)))
  if (horizonDays === null) return `about ${more} more rows are needed to tell`
  return `about ${Math.ceil((more * horizonDays) / DAYS_A_MONTH)} more customer-months are needed to tell`
}
