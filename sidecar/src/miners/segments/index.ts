import { SEGMENT_FIELDS, type Miner } from '@assay/shared'
import { changes } from './changes.ts'
import { fit } from './fit.ts'
import { judge } from './judge.ts'
import { model, params, type SegmentsModel, type SegmentsParams } from './model.ts'
import { moves } from './moves.ts'
import { readiness } from './readiness.ts'
import { score } from './score.ts'

const VERSION = 2

/** Groups customers that buy alike, and says where each stands in its life with us. */
export const segments: Miner<SegmentsParams, SegmentsModel> = {
  id: 'segments',
  version: VERSION,
  title: 'Segments',
  params,
  model,
  writes: SEGMENT_FIELDS,
  readiness,
  fit,
  judge: (trials, definition, own, rng) => judge(trials, definition, own, rng, VERSION),
  score,
  changes: (before, after, now, _params, rng) => changes(before, after, now, rng),
  moves,
}
