import { seededRng } from '../../src/numeric/rng.ts'
import type { Order } from './frames.ts'

const DAY = 86_400_000

export const NAMES = new Map([
  ['IMPL', 'Implementation'],
  ['LIC', 'Licence'],
  ['INK', 'Ink cartridge'],
  ['PAPER', 'Paper'],
  ['SCAN', 'Scanner'],
  ['SCANX', 'Scanner care'],
  ['SHIP', 'Shipping'],
])

/** A seller of machines: everybody is set up once, half use ink again and again, who has a scanner wants its care plan. */
export function machineSeller(seed: string, n = 400): Order[] {
  const rng = seededRng(seed)
  return Array.from({ length: n }, (_, i) => i).flatMap((i) => {
    const inky = rng.next() < 0.5
    const scans = rng.next() < 0.4
    const size = 4 + rng.below(4)
    return Array.from({ length: size }, (__, b): Order => {
      const codes = ['SHIP']
      if (b === 0) codes.push('IMPL', 'LIC')
      if (b === 1 && scans) codes.push('SCAN')
      if (b === 2 && scans && rng.next() < 0.8) codes.push('SCANX')
      if (inky ? rng.next() < 0.9 : rng.next() < 0.05) codes.push('INK')
      if (rng.next() < (inky ? 0.3 : 0.6)) codes.push('PAPER')
      if (rng.next() < 0.3) codes.push(`P${rng.below(20)}`)
      return { customer: `c${String(i).padStart(4, '0')}`, at: (b * 30 + rng.below(20)) * DAY, codes }
    })
  })
}
