import type { z } from 'zod'
import type { ScoreField } from './fields.ts'
import type { Frame } from './frame.ts'
import type { Change, Moves, Outlook, Readiness, Report } from './report.ts'
import type { Parallel } from './parallel.ts'
import type { Rng } from './rng.ts'

/** The event that a model predicts, in words and numbers; printed wherever a score is. */
export interface EventDefinition {
  /** "no order within 90 days" */
  readonly event: string
  /** `silence`: nothing bought within the horizon · `end`: a subscription ends within it · `win`: an open deal is won within it · `column`: a flat outcome. */
  readonly from: 'silence' | 'end' | 'win' | 'column'
  readonly horizonDays: number | null
  /** Who is eligible: "customers with an order in the last 400 days". */
  readonly who: string
}

/** Counted in the store before anything is trained. */
export interface DataFacts {
  readonly customers: number
  readonly orders: number
  /** Customers with at least two orders. */
  readonly repeaters: number
  readonly firstEventAt: number | null
  readonly lastEventAt: number | null
  /** Labelled rows for training, over all snapshots. */
  readonly rows: number
  /** Those of them in which the event happened. */
  readonly positives: number
  /** Days on which the verdict can look, each with a whole outcome window before today. */
  readonly periods: number
  /** Rows and events in those periods together. */
  readonly judgedRows: number
  readonly judgedPositives: number
  readonly products: number
  readonly lineItems: number
}

export interface Training {
  readonly definition: EventDefinition
  /** Oldest first. Every outcome window ends before the first day that will be judged. */
  readonly frames: readonly Frame[]
  /** `time`: frames have days · `file`: rows stand in time order · `none`: no time at all. */
  readonly order: 'time' | 'file' | 'none'
  /** The model of the same miner and version that is live, where there is one: what need not change keeps its name. */
  readonly previous?: unknown
}

/** A model and rows that it has not seen: a later period, or the part left out of a fold. */
export interface Trial<M> {
  readonly model: M
  readonly frame: Frame
  /** What the model was taught with: lets the verdict say how the rows have changed since. */
  readonly taught?: readonly Frame[]
}

/** The feature of the sign that holds what is not said one by one: it makes the sum add up, and people are not shown it. */
export const REST_SIGN = 'everything_else'

/** One part of a score: how far a feature moved it from the average, and the evidence. A sign, not a cause. */
export interface Sign {
  readonly feature: string
  /** As it is shown: "94 days since the last order". */
  readonly text: string
  readonly value: number | string | null
  /** In the model's own scale (log-odds); all contributions of a row and the model's average add up to its score. */
  readonly contribution: number
  /** Percentage points from the average that this sign stands for; the points of a row add up. */
  readonly points: number
  /** How often the event happened to customers like this one, among how many; null where too few. */
  readonly evidence: { readonly rate: number; readonly average: number; readonly n: number } | null
  readonly sourceFields: readonly string[]
  readonly restricted: boolean
}

/** What one miner says about the rows of one frame, column by column, in the order of `ids`. */
export interface ScoreColumns {
  readonly ids: readonly string[]
  /** Field name to values; NaN or null where that row has none. Only names of `Miner.writes`. */
  readonly fields: Readonly<Record<string, Float64Array | readonly (string | null)[]>>
  /** Calibrated probability of the event, unrounded; NaN where a row has none. Only for miners that predict one. */
  readonly probability?: Float64Array
  /** Strongest first; null where this miner gives none. */
  readonly signs: readonly (readonly Sign[])[] | null
  /** Why a row has no score; null where it has one. */
  readonly unscored: readonly (string | null)[]
}

/** Measures what work costs. Handed in, because a miner knows no clock; what it measures is never part of a model. */
export interface Meter {
  measure<T>(what: string, work: () => T): T
}

/** Where nobody asks what it costs. */
export const unmeasured: Meter = { measure: (_, work) => work() }

/**
 * Learns a model from frames, is judged on rows it has not seen, gives scores with reasons.
 * Pure: no clock, no I/O, no randomness but `rng`; the same input gives the same output bytes; inputs stay untouched;
 * the order of columns does not matter; a missing value is never read as zero.
 */
export interface Miner<P = unknown, M = unknown> {
  readonly id: string
  /** Rises when the same data would give another model. */
  readonly version: number
  readonly title: string
  readonly params: z.ZodType<P>
  /** A model is plain JSON: nothing hidden, nothing that only this process understands. */
  readonly model: z.ZodType<M>
  readonly writes: readonly ScoreField[]
  /** Whether to start at all; what is missing, in numbers. */
  readiness(facts: DataFacts, params: P): Readiness
  /** Throws an AssayError of kind `data` that says why where nothing can be learned (one class only, no rows). `meter` is told about each candidate by its name; `parallel` may do parts of the work and changes nothing of what comes out. */
  fit(training: Training, params: P, rng: Rng, meter?: Meter, parallel?: Parallel): Promise<M>
  /** Pools the trials and compares with named naive baselines. The verdict decides whether anything is published. */
  judge(trials: readonly Trial<M>[], definition: EventDefinition, params: P, rng: Rng): Report
  /** A chunk in, a chunk out. */
  score(model: M, now: Frame, params: P): ScoreColumns
  /**
   * What can be held against an earlier model, changed or not: each with the chance `p` that nothing changed, not yet corrected
   * for how many were looked at. `now` is everybody today.
   */
  changes?(before: M, after: M, now: Frame, params: P, rng: Rng): readonly Change[]
  /** Who stands elsewhere than on the earlier day, by one and the same model. */
  moves?(model: M, then: Frame, now: Frame, params: P): Moves
  /** What the model says of everybody on its day, for the report; without a verdict only what is known and nothing that is forecast. */
  outlook?(model: M, published: boolean): Outlook
}
