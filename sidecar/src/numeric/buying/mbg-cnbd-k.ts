import { hyp2f1 } from '../hyp2f1.ts'
import { lnBeta, lnGamma } from '../ln-gamma.ts'
import type { BuyingModel, History } from './buying-model.ts'
import { noStopping } from './no-stopping.ts'

/** How much likelier the history is with the customer still there than a bare (alpha + age)^-(r + k x): sum over the stages of the next gap. */
function stillThere(r: number, alpha: number, k: number, { repeats, recency, age }: History): number {
  const shape = r + k * repeats
  const step = (age - recency) / (alpha + age)
  let term = 1
  let sum = 1
  for (let j = 1; j < k; j++) {
    term *= ((shape + j - 1) * step) / j
    sum += term
  }
  return sum
}

/**
 * MBG/CNBD-k: as MBG/NBD, with gaps between purchases that are Erlang-k: the larger k, the more regular (Reutterer, Platzer
 * & Schröder 2021, "Leveraging purchase regularity for predicting customer behavior the easy way"). k = 1 is MBG/NBD.
 * The likelihood is of the purchase times themselves: histories need `lnGaps`.
 */
export function mbgCnbd(k: number): BuyingModel<'mbg-cnbd-k'> {
  const alive = (parameters: ArrayLike<number>, history: History): number => {
    const [r, alpha, a, b] = [parameters[0]!, parameters[1]!, parameters[2]!, parameters[3]!]
    const { repeats: x, recency, age } = history
    const gone = (a / (b + x)) * ((alpha + age) / (alpha + recency)) ** (r + k * x)
    return 1 / (1 + gone / stillThere(r, alpha, k, history))
  }
  return {
    id: 'mbg-cnbd-k',
    title: `MBG/CNBD-${k}`,
    parameters: ['r', 'alpha', 'a', 'b'],
    timed: [1],
    logLikelihood(parameters, history) {
      const [r, alpha, a, b] = [parameters[0]!, parameters[1]!, parameters[2]!, parameters[3]!]
      const { repeats: x, recency, age, lnGaps = 0 } = history
      const shape = r + k * x
      const gone = (a / (b + x)) * ((alpha + age) / (alpha + recency)) ** shape
      return (
        (k - 1) * lnGaps -
        x * lnGamma(k) +
        lnBeta(a, b + x + 1) -
        lnBeta(a, b) +
        lnGamma(shape) -
        lnGamma(r) +
        r * Math.log(alpha) -
        shape * Math.log(alpha + age) +
        Math.log(gone + stillThere(r, alpha, k, history))
      )
    },
    alive,
    // The conditional mean of MBG/NBD with the rate of whole gaps: there is no closed form (section 3.3 there).
    expected(parameters, history, time) {
      const [r, alpha, b] = [parameters[0]!, parameters[1]! * k, parameters[3]!]
      const a = Math.abs(parameters[2]! - 1) < 1e-6 ? 1 + 1e-6 : parameters[2]!
      const { repeats: x, age } = history
      const missed = ((alpha + age) / (alpha + age + time)) ** (r + x) * hyp2f1(r + x, b + x + 1, a + b + x, time / (alpha + age + time))
      return ((a + b + x) / (a - 1)) * (1 - missed) * alive(parameters, history)
    },
    degenerate: (parameters) => noStopping(parameters[2]!, parameters[3]!),
  }
}
