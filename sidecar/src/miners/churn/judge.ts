import type { Drift, EventDefinition, Report, Rng, Trial } from '@assay/shared'
import { aucInterval, type Interval } from '../../numeric/auc-interval.ts'
import { brier } from '../../numeric/brier.ts'
import { isoDay } from '../../numeric/iso-day.ts'
import { lift } from '../../numeric/lift.ts'
import { logLoss } from '../../numeric/log-loss.ts'
import { prAuc } from '../../numeric/pr-auc.ts'
import { calibrationError, reliability } from '../../numeric/reliability.ts'
import { spreadByOutcome } from '../../numeric/spread.ts'
import { driftOf } from './drift.ts'
import { driversOf } from './drivers.ts'
import type { PropensityModel } from './model.ts'
import { movedOf } from './moved.ts'
import { type Pool, poolTrials } from './pool.ts'
import { powerOf } from './power.ts'
import { chosenOf, predict, prepare } from './predict.ts'
import { signsOf, type SignTally, usualGaps } from './signs.ts'
import { tableOf, take } from './table.ts'
import { type Gate, type Rival, verdictOf } from './verdict.ts'

/** How many customers are named among the hits and the misses. */
const NAMED = 20
/** … and how many columns that drifted. */
const FARTHEST = 5
/** Rows whose signs are looked at for the count of what is not said. */
const SIGNS_COUNTED = 5000

/** Looks at all rows that the models had not seen, together, and says whether the scores may be published. */
export function judgePropensity(
  miner: { id: string; version: number },
  trials: readonly Trial<PropensityModel>[],
  definition: EventDefinition,
  rng: Rng,
): Report {
  const pool = poolTrials(trials)
  const rivals = pool.names.map((name) => rivalOf(pool, name))
  const judged = isJudgeable(pool)
  const drift = judged ? driftOf(pool, trials) : null
  const gate: Gate = judged
    ? verdictOf(pool, rivals, definition.horizonDays)
    : { verdict: 'refuse', why: `cannot be judged: it happened in ${pool.positives} of ${pool.outcome.length} judged rows` }
  const last = trials.at(-1)?.model
  const moved = judged ? movedOf(pool, trials, rng) : []
  const { power, detectable, auc: good } = powerOf(pool, rivals)
  const least = detectable === null ? '' : `, and a difference of ${detectable.toFixed(2)} four times in five`
  const chance = `; with so much data a good model (AUC ${good.toFixed(2)}) would have passed with a chance of ${Math.round(100 * power)} %${least}`
  return {
    miner: miner.id,
    version: miner.version,
    event: definition.event,
    verdict: drift === null ? gate.verdict : 'refuse',
    why: drift === null ? (gate.verdict === 'publish' ? gate.why : gate.why + chance) : `drift: ${drift}${farthest(moved)}`,
    protocol:
      trials.some((trial) => trial.frame.asOf !== null) || last?.validation.kind === 'later rows' ? 'later-period' : 'cross-validation',
    population: { who: definition.who, rows: pool.outcome.length, positives: pool.positives },
    judgedAt: [...new Set(trials.flatMap(({ frame }) => (frame.asOf === null ? [] : [isoDay(frame.asOf)])))].sort(),
    metrics: judged ? metricsOf(pool) : {},
    baselines: rivals.filter((rival) => rival.baseline).map(({ name, auc, logLoss: loss }) => ({ name, auc, logLoss: loss })),
    candidates: rivals
      .filter((rival) => !rival.baseline)
      .map(({ name, auc, logLoss: loss }) => ({ name, auc, logLoss: loss, chosen: name === last?.chosen })),
    details: {
      ...(judged ? outcomesOf(pool, last!.threshold) : {}),
      ...(last ? modelDetails(last) : {}),
      ...(last ? { signs: countSigns(trials) } : {}),
      periods: periodsOf(pool),
    },
    power,
    ...(detectable === null ? {} : { detectable }),
    ...(last ? { leaks: [...last.leaks], drivers: driversOf(trials) } : {}),
    drift: moved,
  }
}

/** What was said and what was not, and why, over the newest judged rows. */
function countSigns(trials: readonly Trial<PropensityModel>[]): SignTally {
  const { model, frame } = trials.at(-1)!
  const tally: SignTally = { said: 0, againstEvidence: 0, tooFewAlike: 0, beyondExperience: 0 }
  const all = prepare(model, tableOf(frame))
  const table = take(all, Uint32Array.from([...all.ids.keys()].slice(0, SIGNS_COUNTED)))
  const candidate = chosenOf(model)
  signsOf(model, candidate, table, predict(candidate, table).raw, usualGaps(table), tally)
  return tally
}

/** The columns that moved most, where any moved far. */
function farthest(moved: readonly Drift[]): string {
  const far = moved.filter(({ of, state }) => of === 'column' && state === 'act').slice(0, FARTHEST)
  return far.length === 0 ? '' : `; columns that moved: ${far.map(({ column, psi }) => `${column} (PSI ${psi.toFixed(2)})`).join(', ')}`
}

/** The report is JSON: what cannot be computed is null, not NaN. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

const isJudgeable = (pool: Pool): boolean => pool.positives > 0 && pool.positives < pool.outcome.length

function rivalOf(pool: Pool, name: string): Rival {
  const said = pool.said.get(name)!
  return {
    name,
    baseline: pool.baselines.has(name),
    probability: said,
    auc: isJudgeable(pool) ? finite(aucInterval(said, pool.outcome).value) : null,
    logLoss: pool.outcome.length > 0 ? finite(logLoss(said, pool.outcome)) : null,
  }
}

const bare = ({ value, low, high }: Interval): { value: number; low: number; high: number } => ({ value, low, high })

function metricsOf(pool: Pool): Report['metrics'] {
  const { probability, outcome } = pool
  return {
    auc: bare(aucInterval(probability, outcome, pool.clusters)),
    prAuc: prAuc(probability, outcome),
    logLoss: logLoss(probability, outcome),
    brier: brier(probability, outcome),
    ece: calibrationError(probability, outcome),
    lift10: lift(probability, outcome, 0.1).lift,
  }
}

function outcomesOf(pool: Pool, threshold: number): Record<string, unknown> {
  const { probability, outcome } = pool
  const confusion = { threshold, warnedAndHappened: 0, warnedInVain: 0, missed: 0, rightlyQuiet: 0 }
  for (let row = 0; row < outcome.length; row++) {
    const warned = probability[row]! >= threshold
    if (outcome[row] === 1) confusion[warned ? 'warnedAndHappened' : 'missed']++
    else confusion[warned ? 'warnedInVain' : 'rightlyQuiet']++
  }
  return {
    reliability: reliability(probability, outcome),
    spread: spreadByOutcome(probability, outcome),
    confusion,
    lift: [0.05, 0.1, 0.2].map((share) => lift(probability, outcome, share)),
    hits: namedRows(pool, (row) => outcome[row] === 1 && probability[row]! >= threshold, -1),
    misses: namedRows(pool, (row) => outcome[row] === 1 && probability[row]! < threshold, 1),
  }
}

/** Customers by name: with `direction` -1 the surest first, with 1 the least expected first. */
function namedRows(
  pool: Pool,
  keep: (row: number) => boolean,
  direction: 1 | -1,
): { id: string; on: string | null; probability: number }[] {
  const rows = Array.from({ length: pool.outcome.length }, (_, row) => row).filter(keep)
  rows.sort((i, j) => direction * (pool.probability[i]! - pool.probability[j]!) || (pool.ids[i]! < pool.ids[j]! ? -1 : 1))
  return rows.slice(0, NAMED).map((row) => {
    const asOf = pool.periods[pool.trial[row]!]!.asOf
    return { id: pool.ids[row]!, on: asOf === null ? null : isoDay(asOf), probability: pool.probability[row]! }
  })
}

function periodsOf(pool: Pool): unknown[] {
  return pool.periods.map((period) => ({
    on: period.asOf === null ? null : isoDay(period.asOf),
    rows: period.rows,
    positives: period.positives,
    said: finite(period.said),
    happened: period.rows === 0 ? null : period.positives / period.rows,
    auc: finite(period.auc.value),
  }))
}

function modelDetails(model: PropensityModel): Record<string, unknown> {
  return {
    leftOut: model.leftOut,
    btyd: model.rhythm === null ? null : { ...model.rhythm, tried: model.rhythms },
    trained: model.trained,
    validation: model.validation,
    calibration: model.candidates.find((candidate) => candidate.name === model.chosen)!.calibration.kind,
  }
}
