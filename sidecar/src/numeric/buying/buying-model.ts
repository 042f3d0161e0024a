/** One customer's buying history, in one unit of time: how often, when last, how long known. */
export interface History {
  /** Repeat purchases: purchase days less the first. */
  readonly repeats: number
  /** From the first to the last purchase; 0 without repeats. */
  readonly recency: number
  /** From the first purchase to now. */
  readonly age: number
  /** Sum of the logarithms of the gaps between purchases; only a model of regular timing asks for it. */
  readonly lnGaps?: number
}

/** The models that know nothing of regular timing: every history tells enough for them. */
export type BuyingId = 'nbd' | 'bg-nbd' | 'mbg-nbd' | 'pareto-nbd'

/**
 * A buy-till-you-die model: customers buy at a rate of their own until they silently stop. Parameters are positive
 * numbers in the order of `parameters`; time is in the unit that they were fitted in.
 */
export interface BuyingModel<Id extends string = BuyingId> {
  readonly id: Id
  readonly title: string
  readonly parameters: readonly string[]
  /** Indices of those that are measured in time. */
  readonly timed: readonly number[]
  /** Time is counted in whole periods, which must not be scaled. */
  readonly inPeriods?: boolean
  /** Log-likelihood of one history. */
  logLikelihood(parameters: ArrayLike<number>, history: History): number
  /** Chance that the customer still buys at all. */
  alive(parameters: ArrayLike<number>, history: History): number
  /** Expected number of purchases in the next `time`. */
  expected(parameters: ArrayLike<number>, history: History, time: number): number
  /** Why the parameters say nothing about stopping, or null. `age` is the longest that a customer is known. */
  degenerate(parameters: ArrayLike<number>, age: number): string | null
}

/**
 * Chance of no purchase in the next `time`. The likelihood of a history that goes on unchanged until age + time is the
 * likelihood of the history so far times exactly this chance, whatever the model: so it is their quotient.
 */
export function chanceOfSilence(model: BuyingModel<string>, parameters: ArrayLike<number>, history: History, time: number): number {
  return Math.exp(Math.min(0, lnChanceOfSilence(model, parameters, history, time)))
}

/** Its logarithm, which keeps its digits where the chance is near 1. */
export const lnChanceOfSilence = (model: BuyingModel<string>, parameters: ArrayLike<number>, history: History, time: number): number =>
  model.logLikelihood(parameters, { ...history, age: history.age + time }) - model.logLikelihood(parameters, history)
