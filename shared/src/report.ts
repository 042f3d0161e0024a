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
  /** Whatever else that miner can tell: reliability, named hits and misses, rules, segments. */
  details: z.record(z.string(), z.unknown()),
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
