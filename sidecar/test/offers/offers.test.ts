import { minerSuite } from '@assay/conformance'
import { offers } from '../../src/miners/offers/index.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { enough } from '../segments/planted.ts'
import { lastOrderFrame } from './frames.ts'
import { machineSeller, NAMES } from './machine-seller.ts'

const frameOn = (seed: string, day: number) => lastOrderFrame(machineSeller(seed, 150), day * 86_400_000, NAMES)

minerSuite({
  miner: offers,
  training: {
    definition: { event: 'next order', from: 'silence', horizonDays: null, who: 'customers with an order' },
    frames: [frameOn('then', 400)],
    order: 'time',
  },
  later: [frameOn('later', 500), frameOn('still later', 600)],
  rng: seededRng,
  predicts: false,
  matters: null,
  ranges: {},
  enough,
})
