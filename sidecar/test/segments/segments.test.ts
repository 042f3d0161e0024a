import { minerSuite } from '@assay/conformance'
import { segments } from '../../src/miners/segments/index.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { DEFINITION, enough, planted } from './planted.ts'

minerSuite({
  miner: segments,
  params: { resamples: 4, restarts: 2, references: 4, mostSegments: 5 },
  training: { definition: DEFINITION, frames: [planted('then', 300, 100)], order: 'time' },
  later: [planted('later', 300, 200), planted('still later', 300, 300)],
  rng: seededRng,
  predicts: false,
  matters: 'money',
  ranges: {},
  enough,
})
