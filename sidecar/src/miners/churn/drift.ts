import type { Trial } from '@assay/shared'
import type { PropensityModel } from './model.ts'
import type { Period, Pool } from './pool.ts'

/** Said and happened may differ by a factor of two in the odds before it is called another world. */
const ODDS = Math.LN2
/** The event may become this much more (or less) frequent, in odds, than it was where the model learned. */
const FREQUENCY = Math.log(3)
/** … and by more than chance: this many standard errors. */
const SURE = 4
const APART = 0.15
/** So far below .5 a ranking is backwards. Scores that hardly vary lie below it by next to nothing, and surely. */
const BACKWARDS = 0.05

const short = (x: number): string => x.toFixed(2).replace(/^(-?)0\./, '$1.')
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`

/**
 * Why the past says too little about the present, or null: the event is now far more (or less) frequent than the model
 * says, or the periods disagree on whether the model ranks at all. Folds know no time, and so no drift.
 */
export function driftOf(pool: Pool, trials: readonly Trial<PropensityModel>[]): string | null {
  const inTime = trials.some(({ frame, model }) => frame.asOf !== null || model.validation.kind === 'later rows')
  if (!inTime) return null
  return levelDrift(pool.periods) ?? frequencyDrift(pool.periods, trials) ?? rankingDrift(pool.periods, trials)
}

const oddsGap = (a: number, b: number): number => Math.abs(Math.log(a / (1 - a)) - Math.log(b / (1 - b)))

function frequencyDrift(periods: readonly Period[], trials: readonly Trial<PropensityModel>[]): string | null {
  const moved = periods.flatMap((period, k) => {
    const before = trials[k]!.model.trained.rate
    const happened = period.positives / period.rows
    const error = Math.sqrt((before * (1 - before)) / period.rows)
    return oddsGap(happened, before) > FREQUENCY && Math.abs(happened - before) > SURE * error ? [{ before, happened }] : []
  })
  const worst = moved.reduce<(typeof moved)[number] | null>(
    (a, b) => (a === null || oddsGap(b.happened, b.before) > oddsGap(a.happened, a.before) ? b : a),
    null,
  )
  return (
    worst &&
    `it happened in ${percent(worst.happened)} of the rows of a judged period, and in ${percent(worst.before)} of the rows before it that its model learned from`
  )
}

function levelDrift(periods: readonly Period[]): string | null {
  const rows = sum(periods, (p) => p.rows)
  const happened = sum(periods, (p) => p.positives) / rows
  const said = sum(periods, (p) => p.said * p.rows) / rows
  const error = Math.sqrt((said * (1 - said)) / rows)
  if (!(oddsGap(happened, said) > ODDS) || Math.abs(happened - said) <= SURE * error) return null
  return `it happens in ${percent(happened)} of the later rows, where what was known before gave ${percent(said)}`
}

function rankingDrift(periods: readonly Period[], trials: readonly Trial<PropensityModel>[]): string | null {
  const tried = trials.at(-1)!.model.validation.splits
  const backwards = tried.filter((split) => split.high < 0.5 && split.auc < 0.5 - BACKWARDS)
  if (backwards.length > 0)
    return `tried on ${tried.length} earlier periods, it ranked worse than chance in ${backwards.length} of them (AUC ${tried.map((split) => short(split.auc)).join(', ')})`
  const known = periods.filter((p) => p.auc.error > 0)
  if (known.length < 2) return null
  const low = known.reduce((a, b) => (b.auc.value < a.auc.value ? b : a)).auc
  const high = known.reduce((a, b) => (b.auc.value > a.auc.value ? b : a)).auc
  const gap = high.value - low.value
  if (gap <= APART || gap <= SURE * Math.hypot(high.error, low.error)) return null
  return `the judged periods disagree: AUC ${known.map((p) => short(p.auc.value)).join(', ')}`
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0)
