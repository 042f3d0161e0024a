import { outlook } from '@assay/shared'
import { z } from 'zod'

export const params = z.object({
  /** Customers with a known order history that must be there before anything is fitted. */
  minimumCustomers: z.number().int().min(10).default(50),
  /** How many golden customers, and how many who may become one, the report names. */
  named: z.number().int().min(1).max(200).default(20),
})
export type ValueParams = z.infer<typeof params>

/** A buy-till-you-die fit; time in weeks. */
const buyingFit = z.object({
  id: z.enum(['nbd', 'bg-nbd', 'mbg-nbd', 'pareto-nbd', 'mbg-cnbd-k']),
  /** Of Erlang-k gaps; 1 for all others. */
  k: z.number().int(),
  title: z.string(),
  names: z.array(z.string()),
  parameters: z.array(z.number()),
  logLikelihood: z.number(),
  customers: z.number().int(),
  /** Why it says nothing about stopping; null where it does. */
  degenerate: z.string().nullable(),
  /** Purchases said and made in windows after earlier fits of the same model. */
  holdOut: z
    .object({ days: z.number(), rows: z.number(), mae: z.number(), rmse: z.number(), said: z.number(), happened: z.number() })
    .nullable(),
})
export type ValueBuying = z.infer<typeof buyingFit>

/** What an order day of a customer is worth. */
const amounts = z.object({
  kind: z.enum(['gamma-gamma', 'own mean']),
  p: z.number(),
  q: z.number(),
  v: z.number(),
  logLikelihood: z.number().nullable(),
  customers: z.number().int(),
  /** Between how often and how much: Gamma-Gamma takes them for independent. */
  correlation: z.number().nullable(),
  /** Mean of all, towards which a customer's own mean is drawn as if `weight` purchases had been of it. */
  mean: z.number(),
  weight: z.number(),
  /** Of what is ordered, the share that does not come back. */
  kept: z.number(),
  why: z.string(),
})
export type Amounts = z.infer<typeof amounts>

/** One input of the regression: signed log(1 + x), kept within what was seen, standardised; `missing` is 1 where it is. */
const slot = z.object({
  column: z.string(),
  part: z.enum(['value', 'missing']),
  low: z.number(),
  high: z.number(),
  centre: z.number(),
  scale: z.number(),
})
export type Slot = z.infer<typeof slot>

const regression = z.object({
  slots: z.array(slot),
  intercept: z.number(),
  weights: z.array(z.number()),
  lambda: z.number(),
  /** Predictions are in this unit of money. */
  unit: z.number(),
  /** The largest that it may say, in that unit. */
  most: z.number(),
})
export type Regression = z.infer<typeof regression>

/** How a candidate did on past windows that its fit had not seen. */
const tried = z.object({ name: z.string(), deviance: z.number(), topDecileShare: z.number(), chosen: z.boolean() })

const horizon = z.object({
  days: z.number().int(),
  /** Why no figure is given so far ahead; null where one is. */
  beyond: z.string().nullable(),
  chosen: z.string(),
  regression: regression.nullable(),
  tried: z.array(tried),
  /** Where the candidates were compared: "later days", "customers left out", or not at all. */
  compared: z.enum(['later days', 'customers left out', 'nowhere']),
  /** Totals of past windows: said by the chosen candidate before they began, and come. */
  past: z.array(z.object({ on: z.number(), said: z.number(), happened: z.number() })),
  /** What the total is multiplied with to correct it, from which past day, and whether the headline does. */
  level: z.object({ factor: z.number(), on: z.number().nullable(), sameSeason: z.boolean(), used: z.boolean() }),
  /** Of the total, in logarithms: scatter and degrees of freedom; `counted`: past windows behind them, those that overlap counted once. */
  scatter: z.object({ deviation: z.number(), freedom: z.number(), counted: z.number().default(0), seasonSeen: z.boolean() }),
  /** By what was said: eight in ten came to between `low` and `high` times it. */
  bands: z.array(z.object({ upTo: z.number(), low: z.number(), high: z.number(), rows: z.number().int() })),
})
export type Horizon = z.infer<typeof horizon>

export const model = z.object({
  asOf: z.number().nullable(),
  horizonDays: z.number(),
  historyDays: z.number(),
  customers: z.number().int(),
  /** Whether the day itself had been seen, so that ages count up to it. */
  wholeDay: z.boolean(),
  regularity: z.number().nullable(),
  buying: z.array(buyingFit),
  used: z.string(),
  choice: z.string(),
  amounts,
  horizons: z.array(horizon),
  /** Of the model's day, with all that is forecast. */
  outlook,
})
export type ValueModel = z.infer<typeof model>
