import { minerSuite } from '@assay/conformance'
import { wins } from '../../src/miners/wins/index.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { dealPast } from './planted.ts'

const { training, later, enough } = dealPast(seededRng('wins'), 120)

minerSuite({
  miner: wins,
  training,
  later,
  rng: seededRng,
  predicts: true,
  matters: 'interest',
  ranges: { win_chance: [1, 99] },
  enough,
})
