import type { Frame, Report, ScoreColumns, Training, Trial } from '@assay/shared'
import type { MinerCase } from './case.ts'

/** One promise of a miner: `run` throws where it is broken, saying how. */
export interface MinerCheck {
  readonly name: string
  /** What a miner must be for this promise to mean anything; null for all. */
  readonly needs: 'predicts' | 'matters' | null
  run(given: MinerCase): Promise<void>
}

/** A broken promise. */
export function fail(message: string): never {
  throw new Error(message)
}

export const paramsOf = (given: MinerCase): unknown => given.miner.params.parse(given.params ?? {})

export const fit = (given: MinerCase, training: Training = given.training, seed = 'fit'): Promise<unknown> =>
  given.miner.fit(training, paramsOf(given), given.rng(seed))

export const score = (given: MinerCase, model: unknown, frame: Frame = given.later[0]!): ScoreColumns =>
  given.miner.score(model, frame, paramsOf(given))

export function judge(given: MinerCase, model: unknown, later: readonly Frame[] = given.later): Report {
  const trials = later.map((frame): Trial<unknown> => ({ model, frame }))
  return given.miner.judge(trials, given.training.definition, paramsOf(given), given.rng('judge'))
}

/** The training with every frame changed. */
export const retrain = (given: MinerCase, change: (frame: Frame, k: number) => Frame): Training => ({
  ...given.training,
  frames: given.training.frames.map(change),
})
