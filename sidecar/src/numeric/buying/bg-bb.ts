import { lnBeta } from '../ln-gamma.ts'
import { logAdd } from '../log-add.ts'
import type { BuyingModel, History } from './buying-model.ts'

/** The logarithm of the chance of this history with the customer still there after the last period. */
const lnThere = (p: ArrayLike<number>, { repeats: x, age: n }: History): number =>
  lnBeta(p[0]! + x, p[1]! + n - x) - lnBeta(p[0]!, p[1]!) + lnBeta(p[2]!, p[3]! + n) - lnBeta(p[2]!, p[3]!)

/**
 * BG/BB, for what happens once in a period or not at all (memberships, yearly donations): buying is a coin with a chance
 * beta(alpha, beta), stopping at the beginning of a period one with beta(gamma, delta) (Fader, Hardie & Shang 2010,
 * "Customer-base analysis in a discrete-time noncontractual setting", equations 5, 8, 13). `repeats` are periods with a
 * purchase, `recency` the last of them, `age` all periods: whole numbers.
 */
export const bgBb: BuyingModel<'bg-bb'> = {
  id: 'bg-bb',
  title: 'BG/BB',
  parameters: ['alpha', 'beta', 'gamma', 'delta'],
  timed: [],
  inPeriods: true,
  logLikelihood(p, history) {
    const { repeats: x, recency, age } = history
    let sum = lnThere(p, history)
    for (let j = 0; j < age - recency; j++) {
      const stoppedThen =
        lnBeta(p[0]! + x, p[1]! + recency - x + j) - lnBeta(p[0]!, p[1]!) + lnBeta(p[2]! + 1, p[3]! + recency + j) - lnBeta(p[2]!, p[3]!)
      sum = logAdd(sum, stoppedThen)
    }
    return sum
  },
  /** In the period after the last one. */
  alive(p, history) {
    const stays = (p[3]! + history.age) / (p[2]! + p[3]! + history.age)
    return Math.exp(lnThere(p, history) - bgBb.logLikelihood(p, history)) * stays
  },
  expected(p, history, time) {
    const { repeats: x, age: n } = history
    const [alpha, beta, gamma, delta] = [p[0]!, p[1]!, p[2]!, p[3]!]
    let stays = 0
    for (let ahead = 1; ahead <= time; ahead++) stays += Math.exp(lnBeta(gamma, delta + n + ahead) - lnBeta(gamma, delta + n))
    const there = Math.exp(lnThere(p, history) - bgBb.logLikelihood(p, history))
    return there * ((alpha + x) / (alpha + beta + n)) * stays
  },
  degenerate(p) {
    if (p[2]! < 1e-3 || p[3]! > 1e3) return 'gamma fell to zero or delta grew without end: no stopping can be seen in this data'
    return null
  },
}
