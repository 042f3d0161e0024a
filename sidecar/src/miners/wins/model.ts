import { z } from 'zod'

export const params = z.object({
  /** Rows (deals on days) that were won within the horizon, and that were not, before anything is trained. */
  minimumWon: z.number().int().min(5).default(40),
  /** Folds of deals where there are too few days to compare candidates on later ones. */
  folds: z.number().int().min(2).max(10).default(4),
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
 * One input of a linear head: (t - centre) / scale, where t is
 * `value`: the number (median where missing), as log(1 + t) if `log`, kept within [low, high] · `missing`: 1 where it is ·
 * `level`: 1 where the word is `level`.
 */
const slot = z.object({
  column: z.string(),
  part: z.enum(['value', 'missing', 'level']),
  level: z.string(),
  log: z.boolean(),
  low: z.number(),
  high: z.number(),
  fill: z.number(),
  centre: z.number(),
  scale: z.number(),
})
export type Slot = z.infer<typeof slot>

const input = z.discriminatedUnion('type', [
  z.object({ type: z.literal('number'), name: z.string(), edges: z.array(z.number()) }),
  z.object({ type: z.literal('category'), name: z.string(), levels: z.array(z.string()) }),
])
const tree = z.object({
  input: z.array(z.number()),
  bin: z.array(z.number()),
  leftBins: z.array(z.array(z.number())),
  missingLeft: z.array(z.number()),
  left: z.array(z.number()),
  right: z.array(z.number()),
  value: z.array(z.number()),
  cover: z.array(z.number()),
})

/** Log-odds of something happening to a deal in each interval of the horizon. */
const head = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('linear'),
    slots: z.array(slot),
    weights: z.array(z.number()),
    /** One an interval. */
    intercepts: z.array(z.number()),
    /** For "the planned close lies in this interval" and "… before it"; the mean of each over the training rows goes off. */
    plan: z.object({ weights: z.tuple([z.number(), z.number()]), centres: z.tuple([z.number(), z.number()]) }).nullable(),
  }),
  z.object({
    kind: z.literal('trees'),
    boosting: z.object({ inputs: z.array(input), intercept: z.number(), trees: z.array(tree), gains: z.array(z.number()) }),
  }),
])
export type Head = z.infer<typeof head>

const calibration = z.object({
  slope: z.number(),
  intercept: z.number(),
  stages: z.array(z.object({ stage: z.string(), offset: z.number() })),
})
export type Calibration = z.infer<typeof calibration>

const candidate = z.object({
  name: z.string(),
  /** Naive baselines are reported beside the model and never chosen. */
  baseline: z.boolean(),
  /** Competing risks: whether a deal ends in an interval, and whether it is then won; null for rates by stage. */
  ends: head.nullable(),
  wins: head.nullable(),
  /** Chance by stage, the average for all others. */
  rates: z.object({ average: z.number(), stages: z.array(z.object({ stage: z.string(), rate: z.number(), n: z.number() })) }).nullable(),
  calibration,
  strength: z.number(),
  validation: z.object({ auc: z.number(), logLoss: z.number() }).nullable(),
})
export type Candidate = z.infer<typeof candidate>

const bin = z.object({ n: z.number(), rate: z.number() })
/** How often deals were won by value of a column, on the training rows. */
const evidence = z.object({
  column: z.string(),
  edges: z.array(z.number()),
  levels: z.array(z.string()),
  bins: z.array(bin),
  missing: bin,
})
export type Evidence = z.infer<typeof evidence>

const total = z.object({ day: z.number(), deals: z.number(), wins: z.number(), money: z.number().nullable() })
export type Total = z.infer<typeof total>

/** Everything a score needs; plain JSON. */
export const winsModel = z.object({
  miner: z.string(),
  version: z.number().int(),
  event: z.string(),
  horizonDays: z.number(),
  /** Ends of the intervals of the horizon, in days from the day of the score. */
  edges: z.array(z.number()),
  trained: z.object({
    rows: z.number(),
    deals: z.number(),
    won: z.number(),
    lost: z.number(),
    open: z.number(),
    rate: z.number(),
    days: z.number(),
  }),
  features: z.array(featureInfo),
  candidates: z.array(candidate),
  chosen: z.string(),
  evidence: z.array(evidence),
  validation: z.object({ kind: z.enum(['later days', 'folds', 'none']), rows: z.number() }),
  /** What a won deal came to for each unit of its amount on an earlier day. */
  moneyRatio: z.number().nullable(),
  /** What was won within the horizon of the deals that were open on each training day. */
  totals: z.array(total),
  leaks: z.array(z.object({ column: z.string(), label: z.string(), auc: z.number(), why: z.string() })),
  leftOut: z.array(z.string()),
})
export type WinsModel = z.infer<typeof winsModel>
