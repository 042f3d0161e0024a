/** A stream of numbers that depends on its seeds alone. 32 bits of state: plenty for one concern of one account. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  chance(probability: number): boolean
  between(low: number, high: number): number
  /** Uniform integer in [0, n). */
  below(n: number): number
  pick<T>(from: readonly T[]): T
  /** Index drawn in proportion to the weights (not all zero). */
  weighted(weights: ArrayLike<number>): number
  /** Standard normal. */
  normal(): number
  /** Exponential with that mean. */
  exponential(mean: number): number
  poisson(mean: number): number
}

const mix = (value: number): number => {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Each concern of each account draws from a stream of its own, so that more of one thing never moves another. */
export function stream(seed: number, index: number, concern: number): Random {
  let state = mix(mix(mix(seed ^ 0x9e3779b9) + Math.imul(index + 1, 0x9e3779b1)) + Math.imul(concern + 1, 0x85ebca77))
  // mulberry32 (Tommy Ettinger, public domain algorithm).
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  let spare = Number.NaN
  // Marsaglia's polar method: two normals from one accepted pair.
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const kept = spare
      spare = Number.NaN
      return kept
    }
    for (;;) {
      const u = 2 * next() - 1
      const v = 2 * next() - 1
      const s = u * u + v * v
      if (s >= 1 || s === 0) continue
      const scale = Math.sqrt((-2 * Math.log(s)) / s)
      spare = v * scale
      return u * scale
    }
  }
  const below = (n: number): number => Math.floor(next() * n)
  return {
    next,
    normal,
    below,
    chance: (probability) => next() < probability,
    between: (low, high) => low + next() * (high - low),
    pick: (from) => from[below(from.length)]!,
    weighted: (weights) => {
      let total = 0
      for (let i = 0; i < weights.length; i++) total += weights[i]!
      let left = next() * total
      for (let i = 0; i < weights.length; i++) {
        left -= weights[i]!
        if (left < 0) return i
      }
      return weights.length - 1
    },
    exponential: (mean) => -Math.log(1 - next()) * mean,
    poisson: (mean) => {
      const limit = Math.exp(-mean)
      let count = 0
      for (let product = next(); product > limit; product *= next()) count++
      return count
    },
  }
}

/** Names of the streams: a new concern takes a new number and never an old one. */
export const CONCERN = {
  nature: 1,
  health: 2,
  oracle: 3,
  account: 4,
  contacts: 5,
  deals: 6,
  baskets: 7,
  activities: 8,
  cases: 9,
  subscriptions: 10,
  accidents: 11,
  catalogue: 12,
  users: 13,
  change: 14,
  mistakes: 15,
  observer: 16,
} as const
