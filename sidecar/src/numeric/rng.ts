import type { Rng } from '@assay/shared'

const TWO_32 = 4_294_967_296
const TWO_53 = 9_007_199_254_740_992

/** FNV-1a over UTF-16 code units, then a finaliser (murmur3), so that near names give unrelated seeds. */
function hash32(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k))

/**
 * xoshiro128** 1.1 (Blackman & Vigna 2018, prng.di.unimi.it/xoshiro128starstar.c): each call gives the next
 * unsigned 32-bit integer. `state` (four words, not all zero) is copied.
 */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotateLeft(d, 11)
    return result
  }
}

/** splitmix32: spreads one word over the four words of a state. */
function stateOf(seed: number): [number, number, number, number] {
  let s = seed | 0
  const word = (): number => {
    s = (s + 0x9e3779b9) | 0
    let z = s
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  const state: [number, number, number, number] = [word(), word(), word(), word()]
  // The all-zero state is the one that xoshiro never leaves.
  if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1
  return state
}

/**
 * A generator of numbers from a seed: the same seed gives the same numbers on every machine. `fork(name)` depends on
 * the seed and the name only, never on how many numbers were drawn before.
 *
 * @example seededRng('demo').fork('folds').below(5)
 */
export function seededRng(seed: string | number): Rng {
  const path = String(seed)
  const draw = xoshiro128(stateOf(hash32(path)))
  return {
    next: () => ((draw() >>> 5) * 67_108_864 + (draw() >>> 6)) / TWO_53,
    below(n) {
      if (!Number.isInteger(n) || n < 1 || n > TWO_32) throw new RangeError(`below(n) needs an integer from 1 to 2^32, got ${n}`)
      // Draws above the last whole multiple of n are thrown away: no number is likelier than another.
      const limit = TWO_32 - (TWO_32 % n)
      let x = draw()
      while (x >= limit) x = draw()
      return x % n
    },
    fork: (name) => seededRng(`${path}/${name}`),
  }
}

/** A number in [0, 1) for a name: sampling and folds that follow ids, not the order of rows. */
export const hashUnit = (name: string): number => xoshiro128(stateOf(hash32(name)))() / TWO_32
