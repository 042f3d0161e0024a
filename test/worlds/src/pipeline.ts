import type { AccountPart } from './accounts.ts'
import { DAY, HOUR, officeTime } from './calendar.ts'
import type { Life } from './life.ts'
import type { Nature } from './nature.ts'
import type { Random } from './random.ts'
import type { Settings } from './settings.ts'

/** One deal to be: when it was opened, when and how it ended, and which close dates people believed in. */
export interface Plan {
  readonly createdAt: number
  /** Null while it is open today. */
  readonly closedAt: number | null
  readonly outcome: 'won' | 'lost' | 'open'
  /** Open stages that it passed through. */
  readonly stages: number
  /** Close dates as planned, the first from the beginning. */
  readonly planned: readonly { readonly at: number; readonly value: number }[]
}

const MOST_DEALS = 220
/** A year, of the mean customer of a segment: deals that come to nothing. */
export const lostAYear = (ordersAYear: number): number => 0.45 + ordersAYear * 0.08
/** Days from opening to losing, and the days after opening for which the end was planned at first. */
export const LOST = { cycle: [10, 110], planned: [15, 70] } as const
/** Days from opening to winning a repeat order: shares of [from, to). */
export const CYCLES = [
  { share: 0.65, from: 0, to: 1 },
  { share: 0.27, from: 1, to: 12 },
  { share: 0.08, from: 12, to: 45 },
] as const
/** Orders that take longer than so many days are put off with that probability; then planned too early or too late at first, by these factors. */
export const PUSHED = { share: 0.4, from: 10, factor: [0.5, 1.2] } as const

/** All deals of an account by creation, as the CRM of today holds them. */
export function planDeals(settings: Settings, nature: Nature, life: Life, account: AccountPart, random: Random): Plan[] {
  const opened = account.record.body.createdAt!
  const plans = [...orders(settings, life, opened, random), ...lostDeals(settings, nature, life, opened, random)]
  plans.push(...openDeals(settings, nature, life, opened, random))
  return plans.toSorted((a, b) => a.createdAt - b.createdAt).slice(0, MOST_DEALS)
}

/** Days from opening to winning: a repeat order is often entered on the day, a first one is sold for weeks. */
function cycleDays(first: boolean, random: Random): number {
  if (first) return random.between(8, 80)
  let draw = random.next()
  const found = CYCLES.find(({ share }) => (draw -= share) < 0) ?? CYCLES[CYCLES.length - 1]!
  return random.between(found.from, found.to)
}

function* orders(settings: Settings, life: Life, opened: number, random: Random): Generator<Plan> {
  for (const [position, wonAt] of life.orders.entries()) {
    const cycle = cycleDays(position === 0, random)
    const imported = wonAt < settings.importedAt
    const createdAt = imported ? opened + 60_000 * (position + 1) : Math.max(opened + 60_000, Math.floor(wonAt - cycle * DAY))
    const first = Math.floor(createdAt + cycle * random.between(...PUSHED.factor) * DAY)
    const pushed = cycle > PUSHED.from && random.chance(PUSHED.share)
    const planned = [{ at: createdAt, value: pushed ? first : wonAt }]
    if (pushed)
      planned.push({ at: Math.floor(createdAt + (wonAt - createdAt) * 0.7), value: Math.floor(wonAt + random.between(-3, 14) * DAY) })
    const stages = cycle < 2 ? 1 : 1 + random.below(5)
    if (wonAt < settings.today)
      yield { createdAt, closedAt: Math.max(wonAt, imported ? wonAt : createdAt + 60_000), outcome: 'won', stages, planned }
    // Won only after today: an open deal like any other, as far as anybody knows.
    else if (createdAt < settings.today - HOUR)
      yield { createdAt, closedAt: null, outcome: 'open', stages, planned: planned.filter((one) => one.at < settings.today) }
  }
}

function* lostDeals(settings: Settings, nature: Nature, life: Life, opened: number, random: Random): Generator<Plan> {
  const years = (settings.today - opened) / (365.25 * DAY)
  const mean = years * (nature.prospect ? 0.7 : lostAYear(nature.segment.ordersAYear))
  const count = random.poisson(settings.plain ? mean * 0.6 : mean)
  for (let i = 0; i < count; i++) {
    const createdAt = officeTime(random.between(opened + HOUR, settings.today - DAY), random)
    // Nobody sells for long to who has left.
    if (life.leftAt !== null && createdAt > life.leftAt + 150 * DAY && random.chance(0.8)) continue
    const cycle = random.between(...LOST.cycle) * DAY
    const planned = [{ at: createdAt, value: Math.floor(createdAt + random.between(...LOST.planned) * DAY) }]
    const closedAt = officeTime(createdAt + cycle, random)
    const stages = 1 + random.below(4)
    if (random.chance(0.4))
      planned.push({ at: Math.floor(createdAt + cycle * 0.6), value: Math.floor(closedAt + random.between(5, 40) * DAY) })
    if (createdAt >= settings.today - HOUR) continue
    if (closedAt < settings.today) yield { createdAt, closedAt, outcome: 'lost', stages, planned }
    else yield { createdAt, closedAt: null, outcome: 'open', stages, planned: planned.filter((one) => one.at < settings.today) }
  }
}

/** Forgotten ones: open for ever, with a close date long past. */
function* openDeals(settings: Settings, nature: Nature, life: Life, opened: number, random: Random): Generator<Plan> {
  if (!random.chance(nature.prospect || life.leftAt !== null ? 0.16 : 0.09)) return
  const createdAt = officeTime(settings.today - random.between(120, 520) * DAY, random)
  if (createdAt <= opened) return
  const planned = [{ at: createdAt, value: Math.floor(createdAt + random.between(20, 60) * DAY) }]
  if (random.chance(0.5))
    planned.push({ at: Math.floor(createdAt + 18 * DAY), value: Math.floor(createdAt + random.between(60, 100) * DAY) })
  yield { createdAt, closedAt: null, outcome: 'open', stages: 1 + random.below(4), planned }
}
