import { z } from 'zod'

export const params = z.object({
  /** Folds where there is no time. */
  folds: z.number().int().min(2).max(20).default(5),
  /** Events (and others) that the training rows must hold before anything is trained. */
  minimumPositives: z.number().int().min(5).default(40),
  /** Attributes that the admin declared stable: never taken for a leak. */
  stable: z.array(z.string()).default([]),
})
export type Params = z.infer<typeof params>

const featureInfo = z.object({
  name: z.string(),
  label: z.string(),
  unit: z.enum(['days', 'count', 'money', 'share', 'ratio', 'number', 'text']),
  phrase: z.string(),
  sourceFields: z.array(z.string()),
  restricted: z.boolean(),
})

/**
 * One input of a linear model, made from one column. Encoded value: (t - centre) / scale, where t is
 * `value`: the number (median where missing), as signed log1p if `log`, kept within [low, high]
 * `missing`: 1 where missing · `level`: 1 where the word is `level` · `other`: 1 where it is none of the kept words.
 */
const slot = z.object({
  column: z.string(),
  part: z.enum(['value', 'missing', 'level', 'other']),
  level: z.string(),
  log: z.boolean(),
  low: z.number(),
  high: z.number(),
  fill: z.number(),
  centre: z.number(),
  scale: z.number(),
})
export type Slot = z.infer<typeof slot>

const calibration = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('platt'), slope: z.number(), intercept: z.number() }),
  z.object({ kind: z.literal('isotonic'), scores: z.array(z.number()), probabilities: z.array(z.number()) }),
])
export type Calibration = z.infer<typeof calibration>

const numbers = z.array(z.number())
const treeInput = z.discriminatedUnion('type', [
  z.object({ type: z.literal('number'), name: z.string(), edges: numbers }),
  z.object({ type: z.literal('category'), name: z.string(), levels: z.array(z.string()) }),
])
/** As `numeric/boosting/model.ts` has it. */
const trees = z.object({
  inputs: z.array(treeInput),
  intercept: z.number(),
  trees: z.array(
    z.object({
      input: numbers,
      bin: numbers,
      leftBins: z.array(numbers),
      missingLeft: numbers,
      left: numbers,
      right: numbers,
      value: numbers,
      cover: numbers,
    }),
  ),
  gains: numbers,
})
/** As `numeric/naive-bayes.ts` has it. */
const bayes = z.object({
  intercept: z.number(),
  looks: z.array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('number'), name: z.string(), mean: numbers, variance: numbers }),
      z.object({ type: z.literal('category'), name: z.string(), levels: z.array(z.string()), logShare: z.array(numbers) }),
    ]),
  ),
})
const rule = z.object({ text: z.string(), n: z.number(), rate: z.number() })

const single = [
  z.object({ kind: z.literal('linear'), slots: z.array(slot), weights: numbers, intercept: z.number(), lambda: z.number() }),
  /** A line through the chance of each step of the horizon, given that it did not happen before; `steps`: their own heights. */
  z.object({
    kind: z.literal('hazard'),
    slots: z.array(slot),
    weights: numbers,
    intercept: z.number(),
    lambda: z.number(),
    steps: numbers,
  }),
  /** Many boosted trees, or one tree in log-odds with its leaves as rules. */
  z.object({ kind: z.literal('trees'), trees, rules: z.array(rule) }),
  /** `centres`: what each look adds on average over the training rows. */
  z.object({ kind: z.literal('bayes'), bayes, centres: numbers }),
] as const
/** What a learner learned; each gives log-odds, and what every column added to them (see learned.ts). */
const learned = z.discriminatedUnion('kind', [
  ...single,
  /** The mean of the log-odds of several. */
  z.object({ kind: z.literal('mean'), of: z.array(z.discriminatedUnion('kind', single)) }),
])
export type Learned = z.infer<typeof learned>

const candidate = z.object({
  name: z.string(),
  /** Naive baselines are reported beside the model and never chosen. */
  baseline: z.boolean(),
  learned,
  /** The setting that predicted best inside the training rows, in words: "penalty 10", "120 rounds of 8 leaves". */
  setting: z.string(),
  calibration,
  /** On rows inside the training data that were predicted from earlier (or other) ones; null where none could be. */
  validation: z.object({ auc: z.number(), logLoss: z.number() }).nullable(),
})
export type Candidate = z.infer<typeof candidate>

const rhythm = z.object({
  model: z.enum(['nbd', 'bg-nbd', 'mbg-nbd', 'pareto-nbd']),
  /** Time in days. */
  parameters: z.array(z.number()),
  logLikelihood: z.number(),
  degenerate: z.string().nullable(),
})
export type Rhythm = z.infer<typeof rhythm>

const bin = z.object({ n: z.number(), rate: z.number() })
/** How often the event happened by value of a column, on the training rows. */
const evidence = z.object({
  column: z.string(),
  /** Numbers: upper edges of all bins but the last; a value falls into the first bin whose edge is not below it. */
  edges: z.array(z.number()),
  /** Words, by bin. */
  levels: z.array(z.string()),
  bins: z.array(bin),
  missing: bin,
  /** Numbers: the smallest and the largest that were seen; both 0 for words and where nothing was. */
  low: z.number(),
  high: z.number(),
})
export type Evidence = z.infer<typeof evidence>

const leak = z.object({ column: z.string(), label: z.string(), why: z.string(), auc: z.number() })
export type Leak = z.infer<typeof leak>

const splitRecord = z.object({ rows: z.number(), positives: z.number(), auc: z.number(), low: z.number(), high: z.number() })

/** Everything a score needs; plain JSON. */
export const propensityModel = z.object({
  miner: z.string(),
  version: z.number().int(),
  event: z.string(),
  horizonDays: z.number().nullable(),
  trained: z.object({ rows: z.number(), positives: z.number(), rate: z.number(), periods: z.number() }),
  features: z.array(featureInfo),
  rhythm: rhythm.nullable(),
  /** All that were tried, for the report. */
  rhythms: z.array(rhythm),
  candidates: z.array(candidate),
  chosen: z.string(),
  evidence: z.array(evidence),
  /** Probability from which a row counts as warned about, in the report. */
  threshold: z.number(),
  validation: z.object({ kind: z.enum(['later periods', 'later rows', 'folds', 'none']), splits: z.array(splitRecord) }),
  leaks: z.array(leak),
  leftOut: z.array(z.string()),
})
export type PropensityModel = z.infer<typeof propensityModel>
