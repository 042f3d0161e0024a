import { AssayError, type Meter, type Parallel, type Rng, type Training } from '@assay/shared'
import { logLoss } from '../../numeric/log-loss.ts'
import { platt } from '../../numeric/platt.ts'
import { sigmoid } from '../../numeric/sigmoid.ts'
import { calibrated } from './calibration.ts'
import { averages, baseRate, choose, contenders, finish, type Stage, splitRecords, stageOf, type Tried, tryOut } from './candidates.ts'
import { learnEvidence } from './evidence.ts'
import { findLeaks } from './leaks.ts'
import { columnsRead } from './learned.ts'
import type { Candidate, Learned, Params, PropensityModel, Rhythm } from './model.ts'
import { predict } from './predict.ts'
import { fitRhythms, hasRhythm, rhythmColumn } from './rhythm.ts'
import { newestRows, splitsOf } from './splits.ts'
import { stack, type Table, take, withColumn, without } from './table.ts'
import { bestThreshold } from './threshold.ts'

const LEAST_OF_A_CLASS = 10

/** Learns all candidates, lets them compete inside the training rows, and keeps them for the report. */
export function fitPropensity(
  miner: { id: string; version: number },
  training: Training,
  params: Params,
  rng: Rng,
  meter: Meter,
  parallel: Parallel,
): PropensityModel {
  const { definition, order } = training
  const all = stack(training.frames, order === 'file')
  const positives = all.outcome.reduce((sum, y) => sum + y, 0)
  refuseTooLittle(all.size, positives, definition.event)
  const leaks = findLeaks(all, params.stable)
  const table = without(all, new Set(leaks.map((leak) => leak.column)))
  const seed = String(rng.fork('folds').below(2 ** 31))
  const { kind, splits, later } = splitsOf(table, order, definition.horizonDays, params.folds, seed)
  const leftOut: string[] = []

  // The buying rhythm is learned before everything else, on each split anew: it becomes a column like the others.
  const horizon = definition.from === 'silence' ? definition.horizonDays : null
  let stages = splits.map((split) => stageOf(table, split))
  let rhythms: Rhythm[] = []
  let rhythm: Rhythm | null = null
  if (horizon === null) leftOut.push('buy till you die: the event is not a silence')
  else if (!hasRhythm(table)) leftOut.push('buy till you die: order days, span and tenure are not all there')
  else {
    rhythms = learnRhythms(table, training) ?? []
    // Folds share the four parameters of all customers: leaving a fifth of them out would not move them.
    const perStage = stages.map(({ train }, k) => (k < later ? learnRhythms(train, training) : rhythms))
    rhythm = pickRhythm(rhythms, perStage, stages, horizon)
    if (rhythm === null) leftOut.push('buy till you die: too few customers, or nobody came back')
    else {
      const id = rhythm.model
      stages = stages.map((stage, k) => {
        const own = perStage[k]?.find((fit) => fit.model === id) ?? rhythm!
        return {
          train: withColumn(stage.train, rhythmColumn(own, stage.train, horizon)),
          validate: withColumn(stage.validate, rhythmColumn(own, stage.validate, horizon)),
        }
      })
    }
  }
  const full = rhythm && horizon !== null ? withColumn(table, rhythmColumn(rhythm, table, horizon)) : table

  const { entered, leftOut: absent } = contenders(full, Math.min(positives, full.size - positives), definition.horizonDays, parallel)
  leftOut.push(...absent)
  if (entered.every((contender) => contender.baseline))
    throw new AssayError(
      'data',
      `no column to learn "${definition.event}" from is left (${[...leftOut, ...leaks.map((l) => `${l.label}: ${l.why}`)].join('; ')})`,
    )
  const single = entered.map((contender) => meter.measure(contender.name, () => tryOut(contender, stages, rng.fork(contender.name))))
  const tried = [...single, ...averages(single)]
  const learned = new Map<string, Learned>()
  for (const { name, learn } of tried)
    learned.set(
      name,
      meter.measure(name, () => learn(full, rng.fork(name), learned)),
    )
  const finished = tried.map((one) => finish(one, learned.get(one.name)!))
  // What found nothing to ask about is the base rate under another name.
  const runners = tried.filter(({ baseline }, k) => !baseline && columnsRead(finished[k]!.learned).size > 0)
  if (runners.length === 0)
    throw new AssayError('data', `no column says anything: all that could predict "${definition.event}" are constant or empty`)
  const winner = choose(runners)
  const candidates = [baseRate(take(full, newestRows(full, order)).outcome), ...finished]
  const chosen = finished[tried.indexOf(winner)]!
  const read = columnsRead(chosen.learned)
  const used = full.columns.filter((column) => read.has(column.info.name))
  return {
    miner: miner.id,
    version: miner.version,
    event: definition.event,
    horizonDays: definition.horizonDays,
    trained: { rows: full.size, positives, rate: positives / full.size, periods: training.frames.length },
    features: used.map((column) => ({ ...column.info, sourceFields: [...column.info.sourceFields] })),
    rhythm,
    rhythms,
    candidates,
    chosen: chosen.name,
    evidence: used.map((column) => learnEvidence(column, full.outcome)),
    threshold: warningThreshold(winner, chosen, full),
    validation: { kind, splits: splitRecords(winner).slice(0, later || splits.length) },
    leaks,
    leftOut,
  }
}

/** Buying models of the newest day of a table, from everybody of that day where the frame tells of them. */
function learnRhythms(table: Table, { frames, order }: Training): Rhythm[] | null {
  const rows = newestRows(table, order)
  const day = table.asOf[rows[0] ?? -1]
  return fitRhythms(table, rows, frames.find((frame) => frame.asOf === day && frame.asOf !== null)?.buyers)
}

/** From where on to warn, by rows that no fit had seen: on those it learned from, a model is surer and righter than it will be. */
function warningThreshold({ raw, outcome }: Tried, chosen: Candidate, full: Table): number {
  if (raw.length === 0) return bestThreshold(predict(chosen, full).probability, full.outcome)
  return bestThreshold(
    raw.map((f) => sigmoid(calibrated(chosen.calibration, f))),
    outcome,
  )
}

function refuseTooLittle(rows: number, positives: number, event: string): void {
  if (rows === 0) throw new AssayError('data', `no row says whether "${event}" happened`)
  const scarcer = Math.min(positives, rows - positives)
  if (scarcer >= LEAST_OF_A_CLASS) return
  throw new AssayError(
    'data',
    `"${event}" happened in ${positives} of ${rows} rows: at least ${LEAST_OF_A_CLASS} with it and ${LEAST_OF_A_CLASS} without it are needed`,
    { hint: 'Choose another horizon, or wait for more history.' },
  )
}

/** The buying model that predicted silence best on later rows; NBD where none has seen anybody stop. */
function pickRhythm(
  rhythms: readonly Rhythm[],
  perStage: readonly (readonly Rhythm[] | null)[],
  stages: readonly Stage[],
  horizon: number,
): Rhythm | null {
  const sound = rhythms.filter((fit) => fit.degenerate === null)
  const losses = sound.map((fit) => {
    let loss = 0
    stages.forEach(({ validate }, k) => {
      const own = perStage[k]?.find((other) => other.model === fit.model)
      loss += own ? silenceLoss(own, validate, horizon) : 0
    })
    return { fit, loss }
  })
  if (losses.length === 0) return null
  return losses.reduce((a, b) => (b.loss < a.loss - 1e-6 ? b : a)).fit
}

function silenceLoss(rhythm: Rhythm, table: Table, horizon: number): number {
  const { values } = rhythmColumn(rhythm, table, horizon)
  const rows = Array.from({ length: table.size }, (_, row) => row).filter((row) => !Number.isNaN(values[row]!))
  if (rows.length === 0) return 0
  const raw = rows.map((row) => values[row]!)
  const outcome = rows.map((row) => table.outcome[row]!)
  const { slope, intercept } = platt(raw, outcome)
  return (
    rows.length *
    logLoss(
      raw.map((f) => sigmoid(slope * f + intercept)),
      outcome,
    )
  )
}
