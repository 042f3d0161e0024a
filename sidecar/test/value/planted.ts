import type { DataFacts, EventDefinition, Frame, Training } from '@assay/shared'
import { seededRng } from '../../src/numeric/rng.ts'
import { betaDraw, gammaDraw } from '../numeric/draws.ts'
import { frameOf } from '../offers/frames.ts'

const DAY = 86_400_000

interface Purchase {
  readonly day: number
  readonly money: number
}

/** Customers who come in over the first year, buy at a rate of their own, spend amounts of their own, and silently stop. */
export function company(seed: string, customers: number, days: number): ReadonlyMap<string, readonly Purchase[]> {
  const rng = seededRng(seed)
  const all = new Map<string, Purchase[]>()
  for (let i = 0; i < customers; i++) {
    const rate = gammaDraw(rng, 0.9, 30)
    const stop = betaDraw(rng, 0.8, 6)
    const worth = gammaDraw(rng, 5, 300)
    const amount = (): number => Math.round(gammaDraw(rng, 6, worth) * 100) / 100
    let at = rng.below(365)
    const own = [{ day: at, money: amount() }]
    while (rng.next() > stop) {
      at += Math.max(1, Math.round(-Math.log(1 - rng.next()) / rate))
      if (at >= days) break
      own.push({ day: at, money: amount() })
    }
    all.set(`c${String(i).padStart(4, '0')}`, own)
  }
  return all
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const mean = (values: readonly number[]): number => (values.length === 0 ? Number.NaN : sum(values) / values.length)

/** What was known on that day (purchases before it), and what followed in each window. */
export function dayOf(all: ReadonlyMap<string, readonly Purchase[]>, day: number, windows: readonly number[] = []): Frame {
  const known = [...all].filter(([, own]) => own[0]!.day < day)
  const before = known.map(([, own]) => own.filter((one) => one.day < day))
  const after = known.map(([, own]) => own.filter((one) => one.day >= day))
  const column = (of: (own: readonly Purchase[]) => number): number[] => before.map(of)
  const within = (own: readonly Purchase[], span: number): number => sum(own.filter((one) => one.day >= day - span).map((one) => one.money))
  const gaps = (own: readonly Purchase[]): number[] => own.slice(1).map((one, k) => one.day - own[k]!.day)
  const frame = frameOf(
    known.map(([id]) => id),
    {
      days_since_last_order: column((own) => day - own.at(-1)!.day),
      tenure_days: column((own) => day - own[0]!.day),
      span_days: column((own) => own.at(-1)!.day - own[0]!.day),
      order_days: column((own) => own.length),
      orders: column((own) => own.length),
      money: column((own) => within(own, 1e6)),
      money_90d: column((own) => within(own, 90)),
      net_money: column((own) => within(own, 1e6)),
      net_money_365d: column((own) => within(own, 365)),
      valued_days: column((own) => own.length),
      day_value: column((own) => mean(own.map((one) => one.money))),
      repeat_days: column((own) => own.length - 1),
      repeat_value: column((own) => mean(own.slice(1).map((one) => one.money))),
      ln_gaps: column((own) => sum(gaps(own).map((gap) => Math.log(gap)))),
      gap_share: column((own) => (own.length < 3 ? Number.NaN : gaps(own)[0]! / (gaps(own)[0]! + gaps(own)[1]!))),
    },
    day * DAY,
  )
  const followed = windows.map((span) => {
    const own = after.map((later) => later.filter((one) => one.day < day + span))
    return {
      days: span,
      money: Float64Array.from(own, (later) => sum(later.map((one) => one.money))),
      orderDays: Float64Array.from(own, (later) => later.length),
    }
  })
  return { ...frame, followed }
}

export const DEFINITION: EventDefinition = {
  event: 'money in the next 90 days',
  from: 'column',
  horizonDays: 90,
  who: 'customers with an order',
}

/** Past days of a company with what followed, and the day itself. */
export const lesson = (all: ReadonlyMap<string, readonly Purchase[]>, day: number): Training => ({
  definition: DEFINITION,
  frames: [
    dayOf(all, day - 455, [90, 365]),
    dayOf(all, day - 365, [90, 365]),
    dayOf(all, day - 180, [90]),
    dayOf(all, day - 90, [90]),
    dayOf(all, day),
  ],
  order: 'time',
})

/** A company that is large enough. */
export const enough: DataFacts = {
  customers: 400,
  orders: 5000,
  repeaters: 300,
  firstEventAt: 0,
  lastEventAt: DAY * 1400,
  rows: 1600,
  positives: 0,
  periods: 1,
  judgedRows: 400,
  judgedPositives: 200,
  products: 0,
  lineItems: 0,
}
