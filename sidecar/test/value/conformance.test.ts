import { minerSuite } from '@assay/conformance'
import { value } from '../../src/miners/value/index.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { company, dayOf, enough, lesson } from './planted.ts'

const all = company('conformance', 150, 1500)

minerSuite({
  miner: value,
  training: lesson(all, 1000),
  later: [dayOf(all, 1000, [90, 365]), dayOf(all, 1090, [90])],
  rng: seededRng,
  predicts: false,
  matters: 'net_money',
  ranges: { value_12m: [0, 1e9], value_12m_low: [0, 1e9], value_12m_high: [0, 1e9] },
  enough,
})
