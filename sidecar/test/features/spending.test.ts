import { type CrmRecord, type Frame, KINDS } from '@assay/shared'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildFrame, type FrameRequest } from '../../src/features/frames.ts'
import { followedBy, withSpending } from '../../src/features/spending.ts'
import { day, live } from '../store/records.ts'
import { openedStore, SLOW } from './opened-store.ts'

const opened = openedStore()
const THEN = day('2025-06-01')
const NOW = day('2025-12-01')
const request = (more: Partial<FrameRequest> = {}): FrameRequest => ({
  connection: 'spending',
  unit: 'account',
  asOf: THEN,
  permille: 1000,
  kinds: new Set(KINDS),
  families: ['orders'],
  ...more,
})
const order = (id: string, accountId: string, on: string, amount: number | null): CrmRecord =>
  live('deal', id, on, {
    accountId,
    createdAt: day(on),
    closedAt: day(on),
    amount,
    currency: 'EUR',
    isClosed: true,
    isWon: true,
    stage: 'won',
  })

const COMPANY: readonly CrmRecord[] = [
  ...['a', 'b', 'c'].map((id) => live('account', id, '2024-01-01', { name: id, createdAt: day('2024-01-01') })),
  // Twice on one day, something back, and later more.
  order('a1', 'a', '2024-03-01', 100),
  order('a2', 'a', '2024-03-01', 50),
  order('a3', 'a', '2025-01-10', 200),
  order('a4', 'a', '2025-01-20', -80),
  order('a5', 'a', '2025-05-10', 40),
  order('a6', 'a', '2025-07-01', 70),
  order('a7', 'a', '2025-07-01', 5),
  order('a8', 'a', '2025-08-15', 30),
  order('a9', 'a', '2025-08-20', -10),
  // Everything came back.
  order('b1', 'b', '2025-05-01', 500),
  order('b2', 'b', '2025-05-02', -500),
  order('b3', 'b', '2025-09-30', 900),
  // No amounts at all.
  order('c1', 'c', '2025-04-01', null),
  order('c2', 'c', '2025-06-20', null),
]

const value = (frame: Frame, name: string): number[] => {
  const found = frame.columns.find((column) => column.info.name === name)
  if (found?.type !== 'number') throw new TypeError(`no ${name}`)
  return [...found.values]
}

describe('what an order day is worth', () => {
  beforeAll(async () => {
    await opened.store.append('spending', COMPANY)
  }, SLOW)

  const framed = async (more: Partial<FrameRequest> = {}): Promise<Frame> =>
    withSpending(opened.days(), await buildFrame(opened.days(), request(more)), request(more))

  it('is net of what came back, by order days, without what came later; unknown where no order has a value', async () => {
    const frame = await framed()
    expect(frame.ids).toEqual(['a', 'b', 'c'])
    expect(value(frame, 'net_money')).toEqual([310, 0, Number.NaN])
    expect(value(frame, 'net_money_365d')).toEqual([160, 0, Number.NaN])
    expect(value(frame, 'valued_days')).toEqual([3, 1, 0])
    expect(value(frame, 'day_value')).toEqual([130, 500, Number.NaN])
    expect(value(frame, 'repeat_days')).toEqual([2, 0, 0])
    expect(value(frame, 'repeat_value')).toEqual([120, Number.NaN, Number.NaN])
    // From 1 March 2024 to 10 January 2025 are 315 days, from there to 10 May 120.
    expect(value(frame, 'ln_gaps')[0]).toBeCloseTo(Math.log(315) + Math.log(120), 9)
    expect(value(frame, 'gap_share')[0]).toBeCloseTo(315 / 435, 9)
    expect(value(frame, 'gap_share').slice(1)).toEqual([Number.NaN, Number.NaN])
  })

  it('is followed by what was bought in the window, returns taken off, on so many days', async () => {
    const frame = await framed()
    const near = await followedBy(opened.days(), frame, request(), 90, NOW)
    expect([...near.money]).toEqual([95, 0, Number.NaN])
    expect([...near.orderDays]).toEqual([2, 0, 1])
    const far = await followedBy(opened.days(), frame, request(), 150, NOW)
    expect([...far.money]).toEqual([95, 900, Number.NaN])
  })

  it('has no money where currencies stand side by side unconverted, and the rhythm all the same', async () => {
    const frame = await framed({ mixedCurrencies: ['EUR', 'USD'] })
    expect(frame.columns.map((column) => column.info.name)).not.toContain('net_money')
    expect(value(frame, 'gap_share')[0]).toBeGreaterThan(0)
    const followed = await followedBy(opened.days(), frame, request({ mixedCurrencies: ['EUR', 'USD'] }), 90, NOW)
    expect([...followed.money]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect([...followed.orderDays]).toEqual([2, 0, 1])
  })
})
