import type { World } from './world.ts'

const DAY = 86_400_000

/** How well the world's own probabilities told who fell silent. */
export interface OracleJudged {
  /** Area under the curve of the oracle; NaN where nobody, or everybody, fell silent. */
  readonly auc: number
  readonly rows: number
  readonly silent: number
}

/**
 * The oracle judged as a model is: on those days (epoch ms), everybody with an order in the `eligibleDays` before, silent or not in
 * the `horizonDays` after. It knows every customer's hidden health and true rates, which no record tells: an upper end, not a goal
 * that data can reach.
 */
export function judgeOracle(world: World, days: readonly number[], horizonDays: number, eligibleDays: number): OracleJudged {
  const scores: number[] = []
  const silent: boolean[] = []
  for (let index = 0; index < world.size; index++) {
    const orders = world.bundle(index).deals.flatMap(({ body }) => (body.isWon === true ? [body.closedAt!] : []))
    const truth = world.truth(index)
    for (const at of days) {
      const last = Math.max(...orders.filter((order) => order <= at))
      if (at - last > eligibleDays * DAY) continue
      scores.push(truth.silence(at, horizonDays))
      silent.push(!orders.some((order) => order > at && order <= at + horizonDays * DAY))
    }
  }
  return { auc: areaUnderCurve(scores, silent), rows: scores.length, silent: silent.filter(Boolean).length }
}

/** By ranks, ties in the middle. */
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
