import { z } from 'zod'

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() })

/** Figures of a yes-or-no prediction, on rows that the model did not see. */
export const classMetrics = z.object({
  auc: interval,
  prAuc: z.number(),
  logLoss: z.number(),
  brier: z.number(),
  ece: z.number(),
  lift10: z.number(),
})
export type ClassMetrics = z.infer<typeof classMetrics>

const named = z.object({ name: z.string() }).catchall(z.union([z.number(), z.boolean(), z.string(), z.null()]))

/** How far said numbers of purchases were from those that came, on a period after the calibration. */
const holdOut = z.object({ days: z.number(), mae: z.number(), rmse: z.number(), said: z.number(), happened: z.number() })

/** One buy-till-you-die fit. Parameters by name, time in weeks. */
export const buyingFit = z.object({
  model: z.string(),
  parameters: z.record(z.string(), z.number()),
  logLikelihood: z.number(),
  degenerate: z.boolean(),
  /** Why it says nothing about stopping; null where it does. */
  why: z.string().nullable(),
  holdOut: holdOut.nullable(),
})
export type BuyingFitReport = z.infer<typeof buyingFit>

/**
 * The reference fit of the field (BG/NBD), comparable with published figures, on all customers known on the last judged
 * day; beside it the model that the forecasts use, and all that were tried.
 */
export const btyd = buyingFit.extend({ used: z.string(), customers: z.number().int(), until: z.string(), tried: z.array(buyingFit) })
export type Btyd = z.infer<typeof btyd>

/** One thing that is not as an earlier model had it. */
export const change = z.object({
  what: z.enum(['segment', 'rule', 'driver']),
  name: z.string(),
  how: z.enum(['appeared', 'vanished', 'strengthened', 'weakened']),
  /** A share, a confidence, a strength: by `what`; null where there was none. */
  before: z.number().nullable(),
  now: z.number().nullable(),
  /** The chance of at least such a difference where nothing changed. */
  p: z.number(),
  /** One sentence with numbers. */
  text: z.string(),
})
export type Change = z.infer<typeof change>

/** Who went from one group to another between two days, by one and the same model. */
export const moves = z.object({
  /** ISO date of the earlier day; null where the days are not known. */
  since: z.string().nullable(),
  groups: z.array(z.string()),
  /** `matrix[from][to]`: customers, by place in `groups`. */
  matrix: z.array(z.array(z.number().int())),
  /** Those who were not there on the earlier day, by the group that they arrived in. */
  arrived: z.array(z.number().int()),
  stayed: z.number().int(),
  moved: z.number().int(),
  /** The ones who moved farthest, with what moved them. */
  who: z.array(z.object({ id: z.string(), name: z.string().nullable().optional(), from: z.string(), to: z.string(), why: z.string() })),
})
export type Moves = z.infer<typeof moves>

/** What is not as it was when the model before this one was made. */
export const changes = z.object({
  /** The earlier model's data ended on this day, ISO date. */
  since: z.string(),
  /** The earlier model. */
  against: z.string(),
  /** How many differences were looked at; of those found at most the share `rate` is expected to be chance. */
  tested: z.number().int(),
  rate: z.number(),
  found: z.array(change),
})
export type Changes = z.infer<typeof changes>

/** How a new model did beside the one that was live, on the same later periods. */
export const guard = z.object({
  against: z.string(),
  /** Whether the new one took over. */
  replaced: z.boolean(),
  why: z.string(),
  rows: z.number().int(),
  figures: z.array(z.object({ name: z.string(), before: z.number(), now: z.number(), low: z.number(), high: z.number() })),
})
export type Guard = z.infer<typeof guard>

/** One miner's account of itself. Plain JSON; `assay report` and `assay try --json` print it as it is. */
export const report = z.object({
  miner: z.string(),
  version: z.number().int(),
  /** The event in words: "no order within 90 days". */
  event: z.string(),
  verdict: z.enum(['publish', 'refuse']),
  /** One sentence with numbers. */
  why: z.string(),
  protocol: z.enum(['later-period', 'cross-validation', 'resampling']),
  population: z.object({ who: z.string(), rows: z.number().int(), positives: z.number().int() }),
  /** Days on which the verdict looks, ISO dates; empty where the table knows no time. */
  judgedAt: z.array(z.string()),
  metrics: z.record(z.string(), z.union([z.number(), interval])),
  baselines: z.array(named),
  candidates: z.array(named),
  /** Of the miner `value`: when customers buy, and stop buying. */
  btyd: btyd.optional(),
  /** Whatever else that miner can tell: reliability, named hits and misses, rules, segments. */
  details: z.record(z.string(), z.unknown()),
  moves: moves.optional(),
  changes: changes.optional(),
  guard: guard.optional(),
})
export type Report = z.infer<typeof report>

/** Whether there is enough to learn from, said before any training, in numbers. */
export const readiness = z.object({
  miner: z.string(),
  ready: z.boolean(),
  needs: z.array(z.object({ what: z.string(), have: z.number(), need: z.number() })),
  /** One sentence: "7 more lost customers needed", or that all is well. */
  note: z.string(),
})
export type Readiness = z.infer<typeof readiness>
