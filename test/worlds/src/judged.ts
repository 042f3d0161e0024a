import type { Bundle, Sense, World } from './world.ts'

const DAY = 86_400_000

/** How well probabilities told who fell silent. */
export interface Judged {
  /** Area under the curve; NaN where nobody, or everybody, fell silent. */
  readonly auc: number
  readonly rows: number
  readonly silent: number
  /** How many were expected to fall silent. */
  readonly expected: number
}

/**
 * The oracle judged as a model is: on those days (epoch ms), everybody with an order in the `eligibleDays` before, silent or not in
 * the `horizonDays` after. It knows every customer's hidden health and true rates, which no record tells: an upper end, not a goal
 * that data can reach.
 */
export const judgeOracle = (world: World, days: readonly number[], horizonDays: number, eligibleDays: number): Judged =>
  judge(world, days, horizonDays, eligibleDays, (index, _, asked) => {
    const truth = world.truth(index)
    return asked.map((at) => truth.silence(at, horizonDays))
  })

/** An observer (see `World.observe`) judged on the same rows: what the records that it may see can tell, for who knows the laws of the world. */
export const judgeObserver = (
  world: World,
  days: readonly number[],
  horizonDays: number,
  eligibleDays: number,
  unseen: ReadonlySet<Sense> = new Set(),
): Judged =>
  judge(world, days, horizonDays, eligibleDays, (_, bundle, asked) => world.observe(bundle, { days: asked, horizonDays, unseen }))

function judge(
  world: World,
  days: readonly number[],
  horizonDays: number,
  eligibleDays: number,
  guess: (index: number, bundle: Bundle, asked: readonly number[]) => readonly number[],
): Judged {
  const scores: number[] = []
  const silent: boolean[] = []
  for (let index = 0; index < world.size; index++) {
    const bundle = world.bundle(index)
    const orders = bundle.deals.flatMap(({ body }) => (body.isWon === true ? [body.closedAt!] : []))
    const asked = days.filter((at) => orders.some((order) => order <= at && at - order <= eligibleDays * DAY))
    if (asked.length === 0) continue
    scores.push(...guess(index, bundle, asked))
    silent.push(...asked.map((at) => !orders.some((order) => order > at && order <= at + horizonDays * DAY)))
  }
  return {
    auc: areaUnderCurve(scores, silent),
    rows: scores.length,
    silent: silent.filter(Boolean).length,
    expected: scores.reduce((sum, score) => sum + score, 0),
  }
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
