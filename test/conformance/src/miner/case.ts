import type { DataFacts, Frame, Miner, Rng, Training } from '@assay/shared'

/** A miner and the data that the promises are tried on. */
export interface MinerCase<P = unknown, M = unknown> {
  readonly miner: Miner<P, M>
  /** As an admin would write them; defaults filled in by the miner. */
  readonly params?: unknown
  /** Enough to learn from. */
  readonly training: Training
  /** Rows that are not in it, with what came of them. */
  readonly later: readonly Frame[]
  /** A seeded generator of the caller's. */
  rng(seed: string): Rng
  /** The event whose chance is predicted is in `outcome`; false for miners that find groups or baskets. */
  readonly predicts: boolean
  /** A number column that scores depend on, and in which zero is not usual; null where there is none. */
  readonly matters: string | null
  /** Allowed range of every number field that is written. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>
  /** Facts of a company that is large enough. */
  readonly enough: DataFacts
}
