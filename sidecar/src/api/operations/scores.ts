import type { ScoreObject } from '@assay/shared'

export const SCORES_DECISION = 'scores'
/** Where the newest scores are. */
export interface LastScores {
  readonly run: string
  readonly unit: ScoreObject
  readonly today: number
  /** The newest event that the scores know of. */
  readonly dataUntil: number
}
