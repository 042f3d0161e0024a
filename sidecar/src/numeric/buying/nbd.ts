import { lnGamma } from '../ln-gamma.ts'
import type { BuyingModel } from './buying-model.ts'

/** Nobody ever stops: purchases are Poisson, rates gamma(r, alpha) (Ehrenberg 1959; Fader & Hardie, brucehardie.com/notes/004 with a -> 0). */
export const nbd: BuyingModel = {
  id: 'nbd',
  title: 'NBD',
  parameters: ['r', 'alpha'],
  timed: [1],
  logLikelihood(parameters, { repeats, age }) {
    const r = parameters[0]!
    const alpha = parameters[1]!
    return lnGamma(r + repeats) - lnGamma(r) + r * Math.log(alpha) - (r + repeats) * Math.log(alpha + age)
  },
  alive: () => 1,
  expected(parameters, { repeats, age }, time) {
    return ((parameters[0]! + repeats) / (parameters[1]! + age)) * time
  },
  degenerate: () => null,
}
