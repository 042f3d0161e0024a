import { aucDifference, aucInterval } from '../../numeric/auc-interval.ts'
import { chanceToPass, detectable, errorOfAuc, goodAuc } from '../../numeric/auc-power.ts'
import { quantile } from '../../numeric/quantile.ts'
import type { Pool } from './pool.ts'
import { JUDGED_POSITIVES, type Rival } from './verdict.ts'

/** What so much data could show. */
export interface Power {
  /** How likely a good model would have passed the verdict. */
  readonly power: number
  /** The smallest difference of AUC to the best naive baseline that four of five such samples would show; null where it cannot be told. */
  readonly detectable: number | null
  /** AUC of that good model. */
  readonly auc: number
}

/** How likely a good model would have passed the verdict with so many rows, how good that is, and the least that could be seen. */
export function powerOf(pool: Pool, rivals: readonly Rival[]): Power {
  const naive = rivals.filter((rival) => rival.baseline)
  const best = naive.length === 0 ? null : naive.reduce((a, b) => ((b.auc ?? 0) > (a.auc ?? 0) ? b : a))
  const level = Math.max(0.5, best?.auc ?? 0.5)
  const good = goodAuc(level)
  if (best === null || Math.min(pool.positives, pool.outcome.length - pool.positives) < JUDGED_POSITIVES)
    return { power: 0, detectable: null, auc: good }
  const error = Math.max(errorBeside(pool, best, rivals), leastError(pool, best, good))
  return { power: chanceToPass(good - level, error), detectable: error > 0 ? detectable(error) : null, auc: good }
}

/**
 * Standard error of a difference to the baseline on these very rows, customers on several days counted as such. Of the model, or
 * of its usual rival where that is wider: a model that is nearly the baseline itself differs from it by little and
 * surely, which says nothing of a better one.
 */
function errorBeside(pool: Pool, best: Rival, rivals: readonly Rival[]): number {
  const error = (said: Float64Array): number => aucDifference(said, best.probability, pool.outcome, pool.clusters).error
  const usual = rivals.filter((rival) => !rival.baseline).map((rival) => error(rival.probability))
  return Math.max(error(pool.probability), usual.length === 0 ? 0 : quantile(Float64Array.from(usual), 0.5))
}

/**
 * No good model's difference is surer than this: errors of two AUC differ by no more than the error of their difference. It counts
 * where every candidate fell back to the average: their scores hardly vary, and so does their difference.
 */
function leastError(pool: Pool, best: Rival, good: number): number {
  const own = aucInterval(best.probability, pool.outcome, pool.clusters).error
  return errorOfAuc(good, pool.positives, pool.outcome.length - pool.positives) - (Number.isNaN(own) ? 0 : own)
}
