import type { DataFacts, EventDefinition, Frame } from '@assay/shared'
import { seededRng } from '../../src/numeric/rng.ts'
import { frameOf } from '../offers/frames.ts'

export const DEFINITION: EventDefinition = {
  event: 'customers who buy alike',
  from: 'silence',
  horizonDays: 90,
  who: 'customers with an order',
}

export const customerId = (i: number): string => `c${String(i).padStart(5, '0')}`

/** Four kinds of customers, far apart: days since the last order, orders, money. Row i is of kind i % 4. */
export function planted(seed: string, n = 400, day: number | null = null): Frame {
  const rng = seededRng(seed)
  const kinds = [
    [5, 40, 20_000],
    [8, 8, 900],
    [200, 12, 3_000],
    [400, 1, 60],
  ] as const
  const rows = Array.from({ length: n }, (_, i) => kinds[i % 4]!.map((value) => Math.max(1, Math.round(value * (0.7 + 0.6 * rng.next())))))
  return frameOf(
    rows.map((_, i) => customerId(i)),
    {
      days_since_last_order: rows.map((row) => row[0]!),
      orders: rows.map((row) => row[1]!),
      money: rows.map((row) => row[2]!),
    },
    day === null ? null : day * 86_400_000,
  )
}

/** A company that is large enough for either miner. */
export const enough: DataFacts = {
  customers: 400,
  orders: 5000,
  repeaters: 300,
  firstEventAt: 0,
  lastEventAt: 86_400_000 * 500,
  rows: 400,
  positives: 0,
  periods: 1,
  judgedRows: 400,
  judgedPositives: 0,
  products: 40,
  lineItems: 9000,
}
