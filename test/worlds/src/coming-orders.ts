import { DAY } from './calendar.ts'
import { CYCLES, LOST, lostAYear, PUSHED } from './pipeline.ts'
import { SEGMENTS } from './segments.ts'
import type { Bundle } from './world.ts'

/** A deal that is open on some day. Days. */
interface Open {
  readonly age: number
  /** From opening to the end that was planned at first. */
  readonly planned: number
  /** How many deals that come to nothing are of that age, for one opened each day. */
  readonly idle: number
}

/** Deals that nobody closes, opened in a day by one customer, and the days after opening for which they were planned. */
const FORGOTTEN = 0.1 / 400
const FORGOTTEN_PLANNED = [20, 60] as const
const LONGEST = CYCLES.at(-1)!.to

const within = (value: number, [low, high]: readonly [number, number]): number => (value >= low && value <= high ? 1 / (high - low) : 0)

/**
 * How much likelier the deals that are open on that day (and which end was planned at first) are, when the next order comes so
 * many days later, than when none comes: by Bayes' rule a factor for each such day. An order entered long before it is won is an
 * open deal by then; most deals that stay open for long are lost.
 */
export function comingOrders(bundle: Bundle, at: number): (from: number, to: number) => number {
  const deals = bundle.deals.flatMap((deal): Open[] => {
    const { createdAt, closedAt, isClosed } = deal.body
    if (createdAt === null || createdAt > at || (isClosed === true && closedAt! <= at)) return []
    const first = bundle.dealHistory.find(({ body }) => body.dealId === deal.id && body.field === 'closedAt' && body.changedAt <= at)
    if (first === undefined) return []
    const age = (at - createdAt) / DAY
    const planned = (Date.parse(first.body.value!) - createdAt) / DAY
    return [{ age, planned, idle: idle(age, planned) }]
  })
  // Days beyond the longest cycle are as they were without deals.
  const factors: number[] = []
  for (let day = 0; day < LONGEST; day++) {
    let factor = CYCLES.reduce((sum, { share, from, to }) => sum + share * Math.min(1, Math.max(0, (day + 0.5 - from) / (to - from))), 0)
    for (const deal of deals) factor += wins(deal, day) / deal.idle
    factors.push(factor)
  }
  return (from, to) => {
    let sum = 0
    for (let day = Math.floor(from); day < to; day++) sum += (Math.min(to, day + 1) - Math.max(from, day)) * (factors[day] ?? 1)
    return sum / (to - from)
  }
}

/** A deal of that age and plan that comes to nothing: how many a day, of a planned day. Never none. */
function idle(age: number, planned: number): number {
  const aYear = SEGMENTS.reduce((sum, { share, ordersAYear }) => sum + share * lostAYear(ordersAYear), 0)
  const [shortest, longest] = LOST.cycle
  const open = Math.min(1, Math.max(0, (longest - age) / (longest - shortest)))
  return (aYear / 365.25) * open * within(planned, LOST.planned) + FORGOTTEN * within(planned, FORGOTTEN_PLANNED) + 1e-7
}

/** The density of such a deal for an order won on the day after the day `day` of the future. */
function wins(deal: Open, day: number): number {
  const cycle = deal.age + day + 0.5
  const speed = CYCLES.reduce((sum, { share, from, to }) => sum + (cycle >= from && cycle < to ? share / (to - from) : 0), 0)
  const pushed = cycle > PUSHED.from ? PUSHED.share : 0
  const onTime = Math.floor(deal.planned - deal.age) === day ? 1 - pushed : 0
  const [low, high] = PUSHED.factor
  return speed * (onTime + pushed * within(deal.planned, [low * cycle, high * cycle]))
}
