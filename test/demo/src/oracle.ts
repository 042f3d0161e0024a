import type { Report } from '@assay/shared'
import { eligibleDays } from '@assay/sidecar'
import type { World } from '@assay/worlds'
import type { DemoResult } from './result.ts'

const DAY = 86_400_000

/**
 * The best that anybody could know: the world's own probability of silence, judged on the same days and the same kind of
 * customers as the model was. AUC by ranks, ties in the middle. Null where no model of churn was judged.
 */
export function oracle(world: World, horizonDays: number, reports: readonly Report[]): DemoResult['oracle'] {
  const churn = reports.find((report) => report.miner === 'churn')
  if (churn === undefined || churn.judgedAt.length === 0) return null
  const days = churn.judgedAt.map((day) => Date.parse(day))
  const eligible = eligibleDays(horizonDays) * DAY
  const scores: number[] = []
  const silent: boolean[] = []
  for (let index = 0; index < world.size; index++) {
    const orders = world.bundle(index).deals.flatMap(({ body }) => (body.isWon === true ? [body.closedAt!] : []))
    const truth = world.truth(index)
    for (const at of days) {
      const last = Math.max(...orders.filter((order) => order < at))
      if (at - last > eligible) continue
      scores.push(truth.silence(at, horizonDays))
      silent.push(!orders.some((order) => order >= at && order < at + horizonDays * DAY))
    }
  }
  const ours = churn.metrics['auc']
  const recency = churn.baselines.find((baseline) => baseline.name === 'recency only')?.['auc']
  return {
    auc: round(areaUnderCurve(scores, silent)),
    model: round(typeof ours === 'object' ? ours.value : Number.NaN),
    recencyOnly: round(typeof recency === 'number' ? recency : Number.NaN),
    rows: scores.length,
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000

function areaUnderCurve(scores: readonly number[], events: readonly boolean[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!)
  let ranks = 0
  for (let start = 0; start < order.length;) {
    let end = start
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++
    for (let i = start; i < end; i++) if (events[order[i]!]) ranks += (start + end + 1) / 2
    start = end
  }
  const happened = events.filter(Boolean).length
  return (ranks - (happened * (happened + 1)) / 2) / (happened * (events.length - happened))
}
