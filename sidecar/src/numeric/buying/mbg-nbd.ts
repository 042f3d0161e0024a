import { hyp2f1 } from '../hyp2f1.ts'
import { lnGamma } from '../ln-gamma.ts'
import { logAdd } from '../log-add.ts'
import type { BuyingModel } from './buying-model.ts'
import { noStopping } from './no-stopping.ts'

/**
 * MBG/NBD: as BG/NBD, but a customer may stop right after the first purchase too (Batislam, Denizel & Filiztekin 2007;
 * Hoppe & Wagner 2007), so that one who never came back need not count as alive.
 */
export const mbgNbd: BuyingModel = {
  id: 'mbg-nbd',
  title: 'MBG/NBD',
  parameters: ['r', 'alpha', 'a', 'b'],
  timed: [1],
  logLikelihood(parameters, { repeats: x, recency, age }) {
    const [r, alpha, a, b] = [parameters[0]!, parameters[1]!, parameters[2]!, parameters[3]!]
    const rate = lnGamma(r + x) - lnGamma(r) + r * Math.log(alpha)
    const stays = lnGamma(a + b) + lnGamma(b + x + 1) - lnGamma(b) - lnGamma(a + b + x + 1)
    const goesOn = -(r + x) * Math.log(alpha + age)
    const stopped = Math.log(a) - Math.log(b + x) - (r + x) * Math.log(alpha + recency)
    return rate + stays + logAdd(goesOn, stopped)
  },
  alive(parameters, { repeats: x, recency, age }) {
    const [r, alpha, a, b] = [parameters[0]!, parameters[1]!, parameters[2]!, parameters[3]!]
    return 1 / (1 + (a / (b + x)) * ((alpha + age) / (alpha + recency)) ** (r + x))
  },
  expected(parameters, history, time) {
    const [r, alpha, b] = [parameters[0]!, parameters[1]!, parameters[3]!]
    const a = Math.abs(parameters[2]! - 1) < 1e-6 ? 1 + 1e-6 : parameters[2]!
    const { repeats: x, age } = history
    const shape = r + x
    const missed = ((alpha + age) / (alpha + age + time)) ** shape * hyp2f1(shape, b + x + 1, a + b + x, time / (alpha + age + time))
    return ((a + b + x) / (a - 1)) * (1 - missed) * mbgNbd.alive(parameters, history)
  },
  degenerate: (parameters) => noStopping(parameters[2]!, parameters[3]!),
}
