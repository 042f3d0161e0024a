import { aucInterval } from '../../numeric/auc-interval.ts'
import { aucPower } from '../../numeric/auc-power.ts'
import type { Pool } from './pool.ts'
import { JUDGED_POSITIVES, type Rival } from './verdict.ts'

/** What a good model adds to the best naive baseline (Online Retail: .744 against .684 of recency). */
const ADDS = 0.06
/** … and what it reaches at least: where nothing else ranks, the low end of what deals and customers give. */
const REACHES = 0.7

/** How likely a good model would have passed the verdict with so many rows, and how good that is. */
export function powerOf(pool: Pool, rivals: readonly Rival[]): { power: number; auc: number } {
  const negatives = pool.outcome.length - pool.positives
  const naive = Math.max(0.5, ...rivals.filter((rival) => rival.baseline && rival.name !== 'base rate').map((rival) => rival.auc ?? 0.5))
  const auc = Math.min(0.99, Math.max(naive + ADDS, REACHES))
  if (Math.min(pool.positives, negatives) < JUDGED_POSITIVES) return { power: 0, auc }
  return { power: aucPower(auc, naive, pool.positives, negatives, spreadOf(pool)), auc }
}

/** By how much the variance grows because a customer is judged on several days. */
function spreadOf(pool: Pool): number {
  if (pool.clusters === null) return 1
  const together = aucInterval(pool.probability, pool.outcome, pool.clusters).error
  const apart = aucInterval(pool.probability, pool.outcome).error
  return apart > 0 && Number.isFinite(together / apart) ? Math.max(1, (together / apart) ** 2) : 1
}
