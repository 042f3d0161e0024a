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

const counted = { n: z.number().int(), happened: z.number().int(), said: z.number() }
/** How published scores did, once their horizon was over. `said` is a mean probability. */
export const matured = z.object({
  event: z.string(),
  ...counted,
  auc: interval.nullable(),
  bands: z.array(z.object({ band: z.string(), ...counted })),
  /** Those about whom a task was sent within the horizon: who was worked on and stayed is no false alarm. */
  warned: z.object(counted),
  days: z.array(z.object({ on: z.string(), ...counted })),
  /** "Of 100 such warnings 37 left". */
  text: z.string(),
})
export type Matured = z.infer<typeof matured>

/** A column that knows more than it could have known before the outcome; left out until the admin declares it stable. */
export const leak = z.object({ column: z.string(), label: z.string().optional(), auc: z.number(), why: z.string() })
export type Leak = z.infer<typeof leak>

/**
 * How far rows have moved from those that taught: the population stability index (below .1 fine, to .25 watch, above act) of a
 * column, of how often it happened, of the score, and of a model that tells old rows from new ones (with how well: `auc`).
 */
export const drift = z.object({
  column: z.string(),
  of: z.enum(['column', 'outcome', 'score', 'everything']),
  psi: z.number(),
  state: z.enum(['fine', 'watch', 'act']),
  auc: z.number().optional(),
})
export type Drift = z.infer<typeof drift>

/** How much of what a model says comes from one column: the share of all that the columns move. */
export const driver = z.object({
  feature: z.string(),
  label: z.string(),
  share: z.number(),
  /** Mean size of what it moves, in log-odds before calibration. */
  moves: z.number(),
  /** Whether more of it goes with a higher chance; `mixed` for words. */
  direction: z.enum(['up', 'down', 'mixed']),
})
export type Driver = z.infer<typeof driver>

/** A customer in an outlook. Money of the last 365 days, returns taken off, and what is expected, with the range of eight in ten alike. */
const person = z.object({
  id: z.string(),
  name: z.string().nullable(),
  past: z.number(),
  share: z.number(),
  expected: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Days since the last order. */
  silence: z.number().nullable(),
})

/** What the company's customers are worth on the day of the model: who makes the revenue, who may come to, who is fading. */
export const outlook = z.object({
  on: z.string(),
  customers: z.number().int(),
  /** Of the last 365 days. */
  revenue: z.number(),
  /** The fewest customers who make 80 % of it. */
  golden: z.object({ customers: z.number().int(), shareOfCustomers: z.number(), shareOfRevenue: z.number() }),
  /** What the richest fifth of the customers make of it. */
  topFifth: z.number(),
  /** Totals ahead: as said, as an earlier window would correct them, and where they lie in 95 of 100 cases. */
  forecasts: z.array(
    z.object({
      days: z.number(),
      /** Why there is no figure so far ahead; null where there is one. */
      beyond: z.string().nullable(),
      said: z.number().nullable(),
      corrected: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      /** How much of the interval was assumed before any window was seen; `assumed` while fewer than two windows are behind it. */
      assumedShare: z.number().optional(),
      assumed: z.boolean().optional(),
    }),
  ),
  /** Days ahead that `expected` of the people below is about. */
  days: z.number(),
  named: z.array(person),
  mayBecome: z.array(person),
  fading: z.array(person),
})
export type Outlook = z.infer<typeof outlook>

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
  /** Of the miner `value`: the 80/20 report. */
  outlook: outlook.optional(),
  /** Whatever else that miner can tell: reliability, named hits and misses, rules, segments. */
  details: z.record(z.string(), z.unknown()),
  /** How likely a good model (one that ranks a fifth of the pairs rightly that the best baseline ranks wrongly) would have passed. */
  power: z.number().optional(),
  /** The smallest difference of AUC to the best baseline that would have been seen with a chance of .8. */
  detectable: z.number().optional(),
  leaks: z.array(leak).optional(),
  drift: z.array(drift).optional(),
  drivers: z.array(driver).optional(),
  moves: moves.optional(),
  changes: changes.optional(),
  guard: guard.optional(),
  matured: matured.optional(),
})
export type Report = z.infer<typeof report>

/** A field that can teach little or nothing, and why. */
export const fieldProblem = z.object({
  field: z.string(),
  problem: z.enum(['unreadable', 'missing', 'constant', 'duplicated']),
  why: z.string(),
})
export type FieldProblem = z.infer<typeof fieldProblem>

/** Whether there is enough to learn from, said before any training, in numbers. */
export const readiness = z.object({
  miner: z.string(),
  ready: z.boolean(),
  needs: z.array(z.object({ what: z.string(), have: z.number(), need: z.number() })),
  /** One sentence: "7 more lost customers needed", or that all is well. */
  note: z.string(),
  /** What is wrong with the fields that it would learn from; those that are sound are not listed. */
  fields: z.array(fieldProblem).optional(),
})
export type Readiness = z.infer<typeof readiness>
