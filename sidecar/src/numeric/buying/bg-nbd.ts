import { hyp2f1 } from '../hyp2f1.ts'
import { lnGamma } from '../ln-gamma.ts'
import { logAdd } from '../log-add.ts'
import type { BuyingModel } from './buying-model.ts'
import { noStopping } from './no-stopping.ts'

/**
 * BG/NBD: after each repeat purchase a customer stops with a chance of their own, beta(a, b) (Fader, Hardie & Lee 2005,
 * "Counting your customers the easy way", equations 6, 10; brucehardie.com/notes/004). A customer without repeats is
 * always alive in it.
 */
export const bgNbd: BuyingModel = {
  id: 'bg-nbd',
  title: 'BG/NBD',
  parameters: ['r', 'alpha', 'a', 'b'],
  timed: [1],
  logLikelihood(parameters, { repeats: x, recency, age }) {
    const [r, alpha, a, b] = [parameters[0]!, parameters[1]!, parameters[2]!, parameters[3]!]
    const rate = lnGamma(r + x) - lnGamma(r) + r * Math.log(alpha)
    if (x === 0) return rate - r * Math.log(alpha + age)
    const stays = lnGamma(a + b) + lnGamma(b + x) - lnGamma(b) - lnGamma(a + b + x)
    const goesOn = -(r + x) * Math.log(alpha + age)
    const stopped = Math.log(a) - Math.log(b + x - 1) - (r + x) * Math.log(alpha + recency)
    return rate + stays + logAdd(goesOn, stopped)
  },
  alive(parameters, { repeats: x, recency, age }) {
    const [r, alpha, a, b] = [parameters[0]!, parameters[1]!, parameters[2]!, parameters[3]!]
    return x === 0 ? 1 : 1 / (1 + (a / (b + x - 1)) * ((alpha + age) / (alpha + recency)) ** (r + x))
  },
  expected(parameters, history, time) {
    const [r, alpha, b] = [parameters[0]!, parameters[1]!, parameters[3]!]
    // The formula has a removable gap at a = 1.
    const a = Math.abs(parameters[2]! - 1) < 1e-6 ? 1 + 1e-6 : parameters[2]!
    const { repeats: x, age } = history
    const shape = r + x
    const missed = ((alpha + age) / (alpha + age + time)) ** shape * hyp2f1(shape, b + x, a + b + x - 1, time / (alpha + age + time))
    return ((a + b + x - 1) / (a - 1)) * (1 - missed) * bgNbd.alive(parameters, history)
  },
  degenerate: (parameters) => noStopping(parameters[2]!, parameters[3]!),
}
