import { aucInterval } from '../../numeric/auc-interval.ts'
import { auc } from '../../numeric/auc.ts'
import { logLoss, rowLoss } from '../../numeric/log-loss.ts'
import { logistic } from '../../numeric/logistic.ts'
import { sigmoid } from '../../numeric/sigmoid.ts'
import { learnSlots } from './encoding.ts'
import { calibrate, calibrated, fitLinear, matrix, plattOf, rawScores } from './linear.ts'
import type { Candidate, PropensityModel } from './model.ts'
import { RHYTHM } from './rhythm.ts'
import type { Split } from './splits.ts'
import { columnOf, type Table, take, without } from './table.ts'

const RECENCY = 'days_since_last_order'
const BASE_RATE = 'base rate'
/** Penalties that are tried; the first is all that a single input needs. */
const STRENGTHS = [1, 10, 100, 1000] as const
/** Enough to compare candidates and penalties; the final fit takes all rows. */
const COMPARED_ROWS = 15_000
/** With fewer events than this a line through many columns is a line through noise. */
const EVENTS_FOR_MANY_COLUMNS = 20

/** One way to predict, before anything is fitted. Simplest first in every list of them. */
export interface Contender {
  readonly name: string
  readonly baseline: boolean
  /** The part of a table that it reads. */
  readonly view: (table: Table) => Table
  readonly strengths: readonly number[]
}

const only =
  (name: string) =>
  (table: Table): Table => ({ ...table, columns: table.columns.filter((column) => column.info.name === name) })

/** Who competes on this table (`buying_rhythm` among its columns where there is one), and who cannot, with the reason. */
export function contenders(table: Table, events: number): { entered: Contender[]; leftOut: string[] } {
  const recency = columnOf(table, RECENCY) !== undefined
  const rhythm = columnOf(table, RHYTHM) !== undefined
  const others = table.columns.some((column) => column.info.name !== RHYTHM)
  const many = others && events >= EVENTS_FOR_MANY_COLUMNS
  const entered: Contender[] = []
  const leftOut: string[] = []
  if (recency) entered.push({ name: 'recency only', baseline: true, view: only(RECENCY), strengths: [1] })
  else leftOut.push('recency only: there is no column of days since the last order')
  if (rhythm) entered.push({ name: 'buy till you die', baseline: false, view: only(RHYTHM), strengths: [1] })
  if (many) entered.push({ name: 'logistic regression', baseline: false, view: (t) => without(t, new Set([RHYTHM])), strengths: STRENGTHS })
  else
    leftOut.push(
      others
        ? `logistic regression: ${events} events are fewer than ${EVENTS_FOR_MANY_COLUMNS}`
        : 'logistic regression: there are no columns',
    )
  if (rhythm && many)
    entered.push({ name: 'logistic regression with buying rhythm', baseline: false, view: (t) => t, strengths: STRENGTHS })
  return { entered, leftOut }
}

/** What a contender said about rows that its fit had not seen. */
export interface Tried {
  readonly contender: Contender
  readonly lambda: number
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

/** Fits a contender on every split with every penalty and keeps the penalty that predicted best. */
export function tryOut(contender: Contender, stages: readonly Stage[]): Tried {
  const perStage = stages.map(({ train, validate }) => {
    const view = contender.view(train)
    const slots = learnSlots(view)
    const columns = matrix(slots, view)
    const later = matrix(slots, validate)
    return contender.strengths.map((lambda) =>
      levelled(rawScores(fitLinear(slots, columns, train.outcome, lambda), later, validate.size), validate.outcome),
    )
  })
  const outcome = Float64Array.from(stages.flatMap(({ validate }) => [...validate.outcome]))
  const options = contender.strengths.map((lambda, k) => {
    const raw = Float64Array.from(perStage.flatMap((scores) => [...scores[k]!]))
    return { lambda, raw, loss: raw.length === 0 ? 0 : logLoss(raw.map(sigmoid), outcome) }
  })
  const best = options.reduce((a, b) => (b.loss < a.loss - 1e-9 ? b : a))
  return {
    contender,
    lambda: best.lambda,
    raw: best.raw,
    outcome,
    split: Int32Array.from(stages.flatMap(({ validate }, k) => Array.from({ length: validate.size }, () => k))),
    ids: stages.flatMap(({ validate }) => validate.ids),
  }
}

/** Moved by one constant, so that the mean probability is the rate of those rows. */
function levelled(raw: Float64Array, outcome: Float64Array): Float64Array {
  const { intercept } = logistic([], outcome, { lambda: 0, offset: raw })
  return Number.isFinite(intercept) && Math.abs(intercept) < 20 ? raw.map((f) => f + intercept) : raw
}

/** The contender fitted on everything, with the calibration that its tries gave. */
export function finish(tried: Tried, table: Table): Candidate {
  const view = tried.contender.view(table)
  const slots = learnSlots(view)
  const linear = fitLinear(slots, matrix(slots, view), table.outcome, tried.lambda)
  const known = tried.raw.length > 0
  const calibration = known ? calibrate(tried.raw, tried.outcome, tried.ids) : ({ kind: 'platt', slope: 1, intercept: 0 } as const)
  return {
    name: tried.contender.name,
    baseline: tried.contender.baseline,
    slots: [...slots],
    weights: [...linear.weights],
    intercept: linear.intercept,
    lambda: tried.lambda,
    calibration,
    validation: known
      ? {
          auc: auc(tried.raw, tried.outcome),
          logLoss: logLoss(
            tried.raw.map((f) => sigmoid(calibrated(calibration, f))),
            tried.outcome,
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
    slots: [],
    weights: [],
    intercept,
    lambda: 0,
    calibration: { kind: 'platt', slope: 1, intercept: 0 },
    validation: null,
  }
}

/**
 * The winner on rows that no fit had seen, each calibrated alike: the simplest whose log-loss is within one standard
 * error (of the paired difference, by customer) of the best.
 */
export function choose(all: readonly Tried[]): Tried {
  const runners = all.filter((tried) => !tried.contender.baseline)
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
