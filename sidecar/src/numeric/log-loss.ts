const FLOOR = 1e-15

/** -ln of the probability that was given to what happened; probabilities are kept 1e-15 away from 0 and 1. */
export const rowLoss = (probability: number, outcome: number): number =>
  -Math.log(Math.max(FLOOR, outcome === 1 ? probability : 1 - probability))

/** Mean of `rowLoss`: lower is better; ln 2 is a coin. NaN when empty. */
export function logLoss(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < probability.length; i++) sum += rowLoss(probability[i]!, outcome[i]!)
  return sum / probability.length
}
