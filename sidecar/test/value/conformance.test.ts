import { minerSuite } from '@assay/conformance'
import { value } from '../../src/miners/value/index.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { company, dayOf, DEFINITION, enough } from './planted.ts'

const all = company('conformance', 110, 1500)
const taught = [dayOf(all, 635, [90, 365]), dayOf(all, 910, [90]), dayOf(all, 1000)]

minerSuite({
  miner: value,
  training: { definition: DEFINITION, frames: taught, order: 'time' },
  later: [dayOf(all, 1000, [90, 365]), dayOf(all, 1090, [90])],
  rng: seededRng,
  predicts: false,
  matters: 'net_money',
  ranges: { value_12m: [0, 1e9], value_12m_low: [0, 1e9], value_12m_high: [0, 1e9] },
  enough,
})
