import type { Report } from '@assay/shared'
import { eligibleDays } from '@assay/sidecar'
import { judgeOracle, type World } from '@assay/worlds'
import type { DemoResult } from './result.ts'

/**
 * The best that anybody could know: the world's own probability of silence, judged on the same days and the same kind of
 * customers as the model was. Null where no model of churn was judged.
 */
export function oracle(world: World, horizonDays: number, reports: readonly Report[]): DemoResult['oracle'] {
  const churn = reports.find((report) => report.miner === 'churn')
  if (churn === undefined || churn.judgedAt.length === 0) return null
  const days = churn.judgedAt.map((day) => Date.parse(day))
  const { auc, rows } = judgeOracle(world, days, horizonDays, eligibleDays(horizonDays))
  const ours = churn.metrics['auc']
  const recency = churn.baselines.find((baseline) => baseline.name === 'recency only')?.['auc']
  return {
    auc: round(auc),
    model: round(typeof ours === 'object' ? ours.value : Number.NaN),
    recencyOnly: round(typeof recency === 'number' ? recency : Number.NaN),
    rows,
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000
