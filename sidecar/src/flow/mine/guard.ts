import type { Guard, Report } from '@assay/shared'
import { aucDifference } from '../../numeric/auc-interval.ts'
import { auc } from '../../numeric/auc.ts'
import { clusterBootstrap } from '../../numeric/cluster-bootstrap.ts'
import { isoDay } from '../../numeric/iso-day.ts'
import { rowLoss } from '../../numeric/log-loss.ts'
import { seededRng } from '../../numeric/rng.ts'
import type { KnownModel } from './known.ts'
import { probabilities } from './probabilities.ts'
import type { Lesson } from './frames.ts'
import type { Workshop } from './workshop.ts'

interface Contest {
  readonly miner: string
  readonly live: KnownModel
  readonly trials: readonly { readonly model: unknown; readonly frame: Lesson['now'] }[]
  readonly report: Report
  readonly lesson: Lesson
  readonly params: unknown
  readonly workshop: Workshop
}

type Figure = Guard['figures'][number]

/** Figures of which less is better. */
const ERRORS = /loss|brier|ece|mae|rmse|mape|error|bias/i
const short = (x: number): string => x.toFixed(3).replace(/^(-?)0\./, '$1.')

/**
 * Holds a new model that passed its verdict against the one that is live, on the same later periods: the new one gives way
 * where it is worse beyond chance (95 %). In each period the new one speaks through a model that knew only what came before
 * it; the live one may have seen part of the outcome, which favours it and is said. Null where they cannot be compared.
 */
export async function guardOf(contest: Contest): Promise<Guard | null> {
  const figures = (await byProbability(contest)) ?? (await byReport(contest))
  if (figures === null) return null
  const { live, trials } = contest
  const lost = figures.found.filter((each) => (ERRORS.test(each.name) ? each.low > 0 : each.high < 0))
  const seen = trials.filter(({ frame }) => frame.asOf !== null && frame.asOf < live.dataUntil).length
  const said = figures.found.map(
    (each) =>
      `${each.name} ${short(each.now)} against ${short(each.before)} of the live one (difference ${short(each.low)} to ${short(each.high)})`,
  )
  const aside = seen > 0 ? `; of ${seen} of these ${trials.length} periods the live one had seen some of the outcome` : ''
  return {
    against: live.id,
    replaced: lost.length === 0,
    why: `${lost.length === 0 ? 'No worse than' : 'Worse than'} the model of ${isoDay(live.dataUntil)} on the same ${figures.rows} rows: ${said.join('; ')}${aside}.`,
    rows: figures.rows,
    figures: figures.found,
  }
}

/** Row by row, where both give the chance of the event. */
async function byProbability({ miner, live, trials, params, workshop }: Contest): Promise<{ rows: number; found: Figure[] } | null> {
  const before: number[] = []
  const now: number[] = []
  const outcome: number[] = []
  const ids: string[] = []
  for (const { model, frame } of trials) {
    if (frame.outcome === null) return null
    const [theirs, ours] = await Promise.all([
      probabilities(workshop, miner, live.model, frame, params),
      probabilities(workshop, miner, model, frame, params),
    ])
    if (theirs === null || ours === null) return null
    frame.ids.forEach((id, row) => {
      const known = [theirs[row]!, ours[row]!, frame.outcome![row]!]
      if (known.some(Number.isNaN)) return
      before.push(known[0]!)
      now.push(known[1]!)
      outcome.push(known[2]!)
      ids.push(id)
    })
  }
  const happened = outcome.reduce((sum, y) => sum + y, 0)
  if (happened === 0 || happened === outcome.length) return null
  const ranking = aucDifference(now, before, outcome, ids)
  const losses = [before, now].map((said) => said.map((p, row) => rowLoss(p, outcome[row]!)))
  const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length
  const loss = clusterBootstrap(
    ids,
    (rows) => rows.reduce((sum, row) => sum + losses[1]![row]! - losses[0]![row]!, 0) / rows.length,
    seededRng(`${miner} guard`),
    200,
  )
  return {
    rows: outcome.length,
    found: [
      { name: 'AUC', before: auc(before, outcome), now: auc(now, outcome), low: ranking.low, high: ranking.high },
      { name: 'log-loss', before: mean(losses[0]!), now: mean(losses[1]!), low: loss.low, high: loss.high },
    ],
  }
}

/** By the figures with an interval that both are judged by. The intervals are not paired, so this is slow to see a loss. */
async function byReport({
  miner,
  live,
  trials,
  report,
  lesson,
  params,
  workshop,
}: Contest): Promise<{ rows: number; found: Figure[] } | null> {
  const theirs = await workshop.judge(
    miner,
    trials.map(({ frame }) => ({ model: live.model, frame })),
    lesson.definition,
    params,
    `${miner} judge`,
  )
  const found = Object.entries(report.metrics).flatMap(([name, ours]): Figure[] => {
    const other = theirs.metrics[name]
    if (typeof ours === 'number' || other === undefined || typeof other === 'number') return []
    const error = Math.hypot(ours.high - ours.low, other.high - other.low) / 2
    const gap = ours.value - other.value
    return [{ name, before: other.value, now: ours.value, low: gap - error, high: gap + error }]
  })
  return found.length === 0 ? null : { rows: report.population.rows, found }
}
