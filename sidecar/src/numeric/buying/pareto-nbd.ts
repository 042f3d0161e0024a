import { lnHyp2f1Next } from '../hyp2f1.ts'
import { lnGamma } from '../ln-gamma.ts'
import { logAdd, logSubtract } from '../log-add.ts'
import type { BuyingModel, History } from './buying-model.ts'

/** The logarithm of the chance that the history came about and the customer is still alive. */
function lnAliveAndSo(parameters: ArrayLike<number>, { repeats, age }: History): number {
  const [r, alpha, s, beta] = [parameters[0]!, parameters[1]!, parameters[2]!, parameters[3]!]
  return (
    lnGamma(r + repeats) -
    lnGamma(r) +
    r * Math.log(alpha) +
    s * Math.log(beta) -
    (r + repeats) * Math.log(alpha + age) -
    s * Math.log(beta + age)
  )
}

/**
 * Pareto/NBD: a customer stops at any moment, lifetimes exponential with rates gamma(s, beta) (Schmittlein, Morrison &
 * Colombo 1987; likelihood as in Fader & Hardie, brucehardie.com/notes/009, equations 19, 20).
 */
export const paretoNbd: BuyingModel = {
  id: 'pareto-nbd',
  title: 'Pareto/NBD',
  parameters: ['r', 'alpha', 's', 'beta'],
  timed: [1, 3],
  logLikelihood(parameters, { repeats: x, recency, age }) {
    const [r, alpha, s, beta] = [parameters[0]!, parameters[1]!, parameters[2]!, parameters[3]!]
    const larger = Math.max(alpha, beta)
    const smaller = Math.min(alpha, beta)
    const q = alpha >= beta ? s + 1 : r + x
    const power = r + s + x
    const part = (t: number): number =>
      lnHyp2f1Next(power, q, (larger - smaller) / (larger + t), (smaller + t) / (larger + t)) - power * Math.log(larger + t)
    const stopped = recency >= age ? Number.NEGATIVE_INFINITY : Math.log(s / power) + logSubtract(part(recency), part(age))
    const goesOn = -(r + x) * Math.log(alpha + age) - s * Math.log(beta + age)
    return lnGamma(r + x) - lnGamma(r) + r * Math.log(alpha) + s * Math.log(beta) + logAdd(goesOn, stopped)
  },
  alive: (parameters, history) => Math.exp(lnAliveAndSo(parameters, history) - paretoNbd.logLikelihood(parameters, history)),
  expected(parameters, history, time) {
    const [r, alpha, beta] = [parameters[0]!, parameters[1]!, parameters[3]!]
    const s = Math.abs(parameters[2]! - 1) < 1e-6 ? 1 + 1e-6 : parameters[2]!
    const { repeats: x, age } = history
    const whileAlive = (((r + x) * (beta + age)) / ((alpha + age) * (s - 1))) * (1 - ((beta + age) / (beta + age + time)) ** (s - 1))
    return paretoNbd.alive(parameters, history) * whileAlive
  },
  degenerate(parameters, age) {
    const stoppedByThen = 1 - (parameters[3]! / (parameters[3]! + age)) ** parameters[2]!
    return parameters[2]! < 1e-3 || stoppedByThen < 1e-3 ? 's fell to zero: no stopping can be seen in this data' : null
  },
}
