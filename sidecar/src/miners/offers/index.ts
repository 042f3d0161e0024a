import { OFFER_FIELDS, type Miner } from '@assay/shared'
import { changes } from './changes.ts'
import { fit } from './fit.ts'
import { judge } from './judge.ts'
import { model, params, type OffersModel, type OffersParams } from './model.ts'
import { readiness } from './readiness.ts'
import { score } from './score.ts'

const VERSION = 1

/** Proposes what each customer may want next, and says why. */
export const offers: Miner<OffersParams, OffersModel> = {
  id: 'offers',
  version: VERSION,
  title: 'Next offers',
  params,
  model,
  writes: OFFER_FIELDS,
  readiness,
  fit,
  judge: (trials, definition, own, rng) => judge(trials, definition, own, rng, VERSION),
  score,
  changes: (before, after, now) => changes(before, after, now),
}
