import { DAY, WEEK } from './calendar.ts'
import { leavingRate, nextHealth, orderRate } from './health.ts'
import type { Life } from './life.ts'
import type { Nature } from './nature.ts'
import { CONCERN, stream } from './random.ts'
import type { Settings } from './settings.ts'

const PATHS = 100

/** Probability that an Erlang(2) gap of mean 1 is longer than x. */
const longer = (x: number): number => Math.exp(-2 * x) * (1 + 2 * x)

/**
 * Probability that no order is won in (at, at + horizon], given health then, whether the customer has left, and how
 * long ago it ordered: the mean over simulated futures of health, of the exact probability along each.
 */
export function silenceOf(settings: Settings, nature: Nature, life: Life, index: number, at: number, horizonDays: number): number {
  if (nature.prospect) return 1
  const until = at + horizonDays * DAY
  if (nature.startsAt > at) return nature.startsAt > until ? 1 : 0
  if (life.leftAt !== null && life.leftAt <= at) return 1
  const seasonOf = (week: number): number => settings.season[week < settings.weeks ? week : week - 52] ?? 1
  const start = Math.floor((at - settings.startsAt) / WEEK)
  const healthNow = life.health[Math.min(start, settings.weeks - 1)]!
  const waited = expectedSince(settings, nature, life, at)
  const reached = longer(waited)
  const random = stream(settings.seed, index, CONCERN.oracle + 64 * start)
  let sum = 0
  for (let path = 0; path < PATHS; path++) {
    let health = healthNow
    let stays = 1
    let expected = 0
    let silent = 0
    for (let week = start; ; week++) {
      const from = settings.startsAt + week * WEEK
      const part = (Math.min(until, from + WEEK) - Math.max(at, from)) / WEEK
      if (part <= 0) break
      const leaves = 1 - Math.exp(-leavingRate(nature, health) * part)
      const more = orderRate(nature, health, seasonOf(week)) * part
      // Who leaves during the week leaves, on average, in its middle.
      silent += stays * leaves * longer(waited + expected + more / 2)
      stays *= 1 - leaves
      expected += more
      health = nextHealth(health, nature, week + 1, random)
    }
    sum += (silent + stays * longer(waited + expected)) / reached
  }
  return Math.min(1, Math.max(0, sum / PATHS))
}

/** Expected orders between the last one and that instant. */
function expectedSince(settings: Settings, nature: Nature, life: Life, at: number): number {
  let last = nature.startsAt
  for (const order of life.orders) {
    if (order > at) break
    last = order
  }
  let expected = 0
  for (let week = Math.max(life.firstWeek, Math.floor((last - settings.startsAt) / WEEK)); ; week++) {
    const from = settings.startsAt + week * WEEK
    const part = (Math.min(at, from + WEEK) - Math.max(last, from)) / WEEK
    if (part <= 0 || week >= settings.weeks) return expected
    expected += orderRate(nature, life.health[week]!, settings.season[week]!) * part
  }
}
