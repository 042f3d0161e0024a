import { officeTime, WEEK } from './calendar.ts'
import { firstHealth, leavingRate, nextHealth, orderRate } from './health.ts'
import type { Nature } from './nature.ts'
import { CONCERN, type Random, stream } from './random.ts'
import type { Settings } from './settings.ts'

/** What really happened to one account, from its start to some weeks after today. */
export interface Life {
  readonly firstWeek: number
  /** Hidden health at the start of each week of the world; NaN before the first. */
  readonly health: Float64Array
  /** Instants of won orders, rising, office hours; some lie after today. */
  readonly orders: readonly number[]
  /** Left for good at that instant; null while it stays (or leaves only after the simulated weeks). */
  readonly leftAt: number | null
}

/** Gaps between orders, in units of expected orders, follow an Erlang distribution of shape 2: more regular than chance. */
const erlang = (random: Random): number => (random.exponential(1) + random.exponential(1)) / 2

/** Probability that such a gap is longer than x. */
export const longer = (x: number): number => Math.exp(-2 * x) * (1 + 2 * x)

export function lifeOf(settings: Settings, nature: Nature, index: number): Life {
  const random = stream(settings.seed, index, CONCERN.health)
  const firstWeek = Math.floor((nature.startsAt - settings.startsAt) / WEEK)
  const health = new Float64Array(settings.weeks).fill(Number.NaN)
  const orders: number[] = []
  let leftAt: number | null = null
  let now = firstHealth(nature, random)
  let until = 0
  let patience = random.exponential(1)
  for (let week = firstWeek; week < settings.weeks; week++) {
    health[week] = now
    const weekStart = settings.startsAt + week * WEEK
    if (leftAt === null && !nature.prospect) {
      const leaving = leavingRate(nature, now)
      const end = patience < leaving ? patience / leaving : 1
      patience -= leaving
      const rate = orderRate(nature, now, settings.season[week]!)
      let gone = week === firstWeek ? (nature.startsAt - weekStart) / WEEK : 0
      while (gone + until / rate < end) {
        gone += until / rate
        orders.push(officeTime(weekStart + gone * WEEK, random))
        until = erlang(random)
      }
      until -= Math.max(0, end - gone) * rate
      if (end < 1) leftAt = weekStart + end * WEEK
    }
    now = nextHealth(now, nature, week + 1, random)
  }
  orders.sort((a, b) => a - b)
  return { firstWeek, health, orders, leftAt }
}
