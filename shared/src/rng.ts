/** A seeded source of numbers: the only randomness that a miner may use. */
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, n). */
  below(n: number): number
  /** A generator of its own, the same for the same name: work split in another order draws the same numbers. */
  fork(name: string): Rng
}
