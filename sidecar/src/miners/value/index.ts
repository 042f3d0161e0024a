import { type Miner, VALUE_FIELDS } from '@assay/shared'
import { fit } from './fit.ts'
import { withoutForecasts } from './golden.ts'
import { judge } from './judge.ts'
import { model, params, type ValueModel, type ValueParams } from './model.ts'
import { readiness } from './readiness.ts'
import { score } from './score.ts'

const VERSION = 1

/** What customers are going to buy, and who makes the revenue. */
export const value: Miner<ValueParams, ValueModel> = {
  id: 'value',
  version: VERSION,
  title: 'Customer value',
  params,
  model,
  writes: VALUE_FIELDS,
  readiness,
  fit,
  judge: (trials, definition, _, rng) => judge(trials, definition, rng, VERSION),
  score,
  outlook: (learned, published) => (published ? learned.outlook : withoutForecasts(learned.outlook)),
}
