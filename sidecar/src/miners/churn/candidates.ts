import type { Parallel, Rng } from '@assay/shared'
import { aucInterval } from '../../numeric/auc-interval.ts'
import { auc } from '../../numeric/auc.ts'
import { logLoss, rowLoss } from '../../numeric/log-loss.ts'
import { sigmoid } from '../../numeric/sigmoid.ts'
import { asItIs, calibrate, calibrated, levelled, plattOf } from './calibration.ts'
import { hazardLearner } from './hazard.ts'
import { bayesLearner, boostedLearner, type Learner, linearLearner, treeLearner } from './learners.ts'
import type { Candidate, Learned, PropensityModel } from './model.ts'
import { RHYTHM } from './rhythm.ts'
import type { Split } from './splits.ts'
import { columnOf, type Table, take, without } from './table.ts'

const RECENCY = 'days_since_last_order'
const LINE = 'logistic regression'
const BOOSTED = 'boosted trees'
const BASE_RATE = 'base rate'
/** Penalties that are tried; the first is all that a single input needs. */
const STRENGTHS = [1, 10, 100, 1000] as const
/** Enough to compare candidates and penalties; the final fit takes all rows. */
const COMPARED_ROWS = 15_000
/** With fewer events than this a line through many columns is a line through noise. */
const EVENTS_FOR_MANY_COLUMNS = 20
/** … and many trees need more. */
const EVENTS_FOR_BOOSTING = 50

/** One way to predict, before anything is fitted. Simplest first in every list of them. */
export interface Contender {
  readonly name: string
  readonly baseline: boolean
  /** The part of a table that it reads. */
  readonly view: (table: Table) => Table
  readonly learner: Learner
}

const everything = (table: Table): Table => table
const only =
  (name: string) =>
  (table: Table): Table => ({ ...table, columns: table.columns.filter((column) => column.info.name === name) })

/** Who competes on this table (`buying_rhythm` among its columns where there is one), and who cannot, with the reason. */
export function contenders(
  table: Table,
  events: number,
  horizonDays: number | null,
  parallel: Parallel,
): { entered: Contender[]; leftOut: string[] } {
  const recency = columnOf(table, RECENCY) !== undefined
  const rhythm = columnOf(table, RHYTHM) !== undefined
  const others = table.columns.some((column) => column.info.name !== RHYTHM)
  const entered: Contender[] = []
  const leftOut: string[] = []
  const enter = (name: string, learner: Learner, view: Contender['view'] = everything): void =>
    void entered.push({ name, baseline: false, view, learner })
  if (recency) entered.push({ name: 'recency only', baseline: true, view: only(RECENCY), learner: linearLearner([1]) })
  else leftOut.push('recency only: there is no column of days since the last order')
  if (rhythm) enter('buy till you die', linearLearner([1]), only(RHYTHM))
  const many = ['decision tree', 'naive Bayes', LINE, BOOSTED]
  if (!others) leftOut.push(...many.map((name) => `${name}: there are no columns`))
  else if (events < EVENTS_FOR_MANY_COLUMNS)
    leftOut.push(...many.map((name) => `${name}: ${events} events are fewer than ${EVENTS_FOR_MANY_COLUMNS}`))
  else {
    enter('decision tree', treeLearner)
    enter('naive Bayes', bayesLearner)
    enter(LINE, linearLearner(STRENGTHS), (t) => without(t, new Set([RHYTHM])))
    if (rhythm) enter(`${LINE} with buying rhythm`, linearLearner(STRENGTHS))
    if (horizonDays !== null && table.eventAfter.some((days) => !Number.isNaN(days)))
      enter('hazard by month', hazardLearner(horizonDays, STRENGTHS))
    if (events < EVENTS_FOR_BOOSTING) leftOut.push(`${BOOSTED}: ${events} events are fewer than ${EVENTS_FOR_BOOSTING}`)
    else enter(BOOSTED, boostedLearner(parallel))
  }
  return { entered, leftOut }
}

/** What was said about rows that no fit had seen. */
export interface Tried {
  readonly name: string
  readonly baseline: boolean
  /** The best setting, in words. */
  readonly setting: string
  /** On all rows; an average takes what its members have `learned` already, by name. */
  readonly learn: (table: Table, rng: Rng, learned: ReadonlyMap<string, Learned>) => Learned
  /** Log-odds, moved to the level of each split: the level of one period says little about the next one. */
  readonly raw: Float64Array
  /** Which split each of them is from. */
  readonly split: Int32Array
  readonly outcome: Float64Array
  readonly ids: readonly string[]
}

/** A split with the tables that its contenders see. */
export interface Stage {
  readonly train: Table
  readonly validate: Table
}

/** Evenly spaced rows of a split, as tables. */
export function stageOf(table: Table, split: Split): Stage {
  const step = Math.ceil(split.train.length / COMPARED_ROWS)
  return {
    train: take(table, step > 1 ? split.train.filter((_, i) => i % step === 0) : split.train),
    validate: take(table, split.validate),
  }
}

/** Fits a contender on every split with every setting and keeps the setting that predicted best. */
export function tryOut(contender: Contender, stages: readonly Stage[], rng: Rng): Tried {
  const { learner, view } = contender
  const perStage = stages.map(({ train, validate }, k) =>
    learner.attempt(view(train), view(validate), rng.fork(`split ${k}`)).map((raw) => levelled(raw, validate.outcome)),
  )
  const outcome = Float64Array.from(stages.flatMap(({ validate }) => [...validate.outcome]))
  const losses = learner.settings.map((_, setting) =>
    perStage.reduce((sum, scores, k) => {
      const { size, outcome: happened } = stages[k]!.validate
      return sum + size * logLoss(scores[setting]!.map(sigmoid), happened)
    }, 0),
  )
  const setting = losses.reduce((best, loss, k) => (loss < losses[best]! - 1e-9 * outcome.length ? k : best), 0)
  return {
    name: contender.name,
    baseline: contender.baseline,
    setting: learner.settings[setting]!,
    learn: (table, own) => learner.learn(view(table), setting, own),
    raw: Float64Array.from(perStage.flatMap((scores) => [...scores[setting]!])),
    outcome,
    split: Int32Array.from(stages.flatMap(({ validate }, k) => Array.from({ length: validate.size }, () => k))),
    ids: stages.flatMap(({ validate }) => validate.ids),
  }
}

/** Two that err differently, averaged: what one of them makes of chance the other seldom makes too. */
const together = (one: Tried, other: Tried): Tried => ({
  ...one,
  name: `${one.name} and ${other.name}, averaged`,
  setting: `${one.setting}; ${other.setting}`,
  learn: (_, __, learned) => ({
    kind: 'mean',
    of: [one, other].flatMap(({ name }) => {
      const member = learned.get(name)
      return member === undefined || member.kind === 'mean' ? [] : [member]
    }),
  }),
  raw: one.raw.map((f, row) => (f + other.raw[row]!) / 2),
})

/** The averages worth trying: of the widest line and the boosted trees, where both are there. */
export function averages(tried: readonly Tried[]): Tried[] {
  const line = tried.findLast(({ name }) => name.startsWith(LINE))
  const trees = tried.find(({ name }) => name === BOOSTED)
  return line && trees ? [together(line, trees)] : []
}

/** Fitted on everything, with the calibration that its tries gave. */
export function finish({ name, baseline, setting, raw, outcome, ids }: Tried, learned: Learned): Candidate {
  const known = raw.length > 0
  const calibration = known ? calibrate(raw, outcome, ids) : asItIs
  return {
    name,
    baseline,
    learned,
    setting,
    calibration,
    validation: known
      ? {
          auc: auc(raw, outcome),
          logLoss: logLoss(
            raw.map((f) => sigmoid(calibrated(calibration, f))),
            outcome,
          ),
        }
      : null,
  }
}

/** Without a look at anything: everybody has the rate of the newest rows. */
export function baseRate(newest: Float64Array): Candidate {
  const positives = newest.reduce((sum, y) => sum + y, 0)
  const intercept = Math.log((positives + 1) / (newest.length - positives + 1))
  return {
    name: BASE_RATE,
    baseline: true,
    learned: { kind: 'linear', slots: [], weights: [], intercept, lambda: 0 },
    setting: 'nothing to set',
    calibration: asItIs,
    validation: null,
  }
}

/**
 * The winner on rows that no fit had seen, each calibrated alike: the simplest whose log-loss is within one standard
 * error (of the paired difference, by customer) of the best.
 */
export function choose(runners: readonly Tried[]): Tried {
  const losses = runners.map((tried) => {
    const curve = plattOf(tried.raw, tried.outcome)
    return tried.raw.map((f, row) => rowLoss(sigmoid(calibrated(curve, f)), tried.outcome[row]!))
  })
  const mean = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length)
  const best = losses.reduce((a, b) => (mean(b) < mean(a) ? b : a))
  const winner = losses.findIndex((loss) => {
    const gap = loss.map((value, row) => value - best[row]!)
    return mean(gap) <= clusteredError(gap, runners[0]!.ids)
  })
  return runners[Math.max(0, winner)]!
}

/** Standard error of a mean whose rows come in clusters. */
function clusteredError(values: Float64Array, clusters: readonly string[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length)
  const sums = new Map<string, number>()
  values.forEach((value, row) => sums.set(clusters[row]!, (sums.get(clusters[row]!) ?? 0) + value - mean))
  let squares = 0
  for (const sum of sums.values()) squares += sum * sum
  return Math.sqrt(squares) / Math.max(1, values.length)
}

/** How each split went, for the drift check of the verdict. */
export function splitRecords(tried: Tried): PropensityModel['validation']['splits'] {
  const last = tried.split.at(-1) ?? -1
  return Array.from({ length: last + 1 }, (_, k) => {
    const raw = tried.raw.filter((__, row) => tried.split[row] === k)
    const outcome = tried.outcome.filter((__, row) => tried.split[row] === k)
    const { value, low, high } = aucInterval(raw, outcome)
    return { rows: raw.length, positives: outcome.reduce((sum, y) => sum + y, 0), auc: value, low, high }
  })
}
