import { DAY, WEEK } from './calendar.ts'
import { leavingRate, nextHealth, orderRate } from './health.ts'
import { type Life, longer } from './life.ts'
import type { Nature } from './nature.ts'
import { CONCERN, stream } from './random.ts'
import { seasonOf, type Settings } from './settings.ts'

const PATHS = 100

/** A customer that has not ordered since some day: still there or gone without a word. */
interface Quiet {
  /** Probability that it stayed until now (whatever it ordered). */
  stays: number
  /** Expected orders since the last one, had it stayed. */
  expected: number
  /** Probability that it left before now and had not ordered again by then. */
  gone: number
}

/** One week, or a part of it, further on at that health. Who leaves during it leaves, on average, in its middle. */
function pass(quiet: Quiet, nature: Nature, health: number, season: number, part: number): void {
  const leaves = 1 - Math.exp(-leavingRate(nature, health) * part)
  const more = orderRate(nature, health, season) * part
  quiet.gone += quiet.stays * leaves * longer(quiet.expected + more / 2)
  quiet.stays *= 1 - leaves
  quiet.expected += more
}

/**
 * Probability that no order is won in (at, at + horizon], given hidden health up to that instant, the true rates and the days of
 * all orders; not given whether the customer has silently left, which Bayes' rule infers. Exact up to `at`; after it the mean
 * over simulated futures of health of the exact probability along each.
 */
export function silenceOf(settings: Settings, nature: Nature, life: Life, index: number, at: number, horizonDays: number): number {
  if (nature.prospect) return 1
  const until = at + horizonDays * DAY
  if (nature.startsAt > at) return nature.startsAt > until ? 1 : 0
  const weekOf = (instant: number): number => Math.floor((instant - settings.startsAt) / WEEK)
  const partOf = (week: number, from: number, to: number): number => {
    const weekStart = settings.startsAt + week * WEEK
    return (Math.min(to, weekStart + WEEK) - Math.max(from, weekStart)) / WEEK
  }
  const last = life.orders.findLast((order) => order <= at) ?? nature.startsAt
  const now: Quiet = { stays: 1, expected: 0, gone: 0 }
  const week = Math.min(weekOf(at), settings.weeks - 1)
  for (let past = weekOf(last); past <= week; past++)
    pass(now, nature, life.health[past]!, seasonOf(settings, past), Math.max(0, partOf(past, last, at)))
  const total = now.gone + now.stays * longer(now.expected)
  const random = stream(settings.seed, index, CONCERN.oracle + 64 * week)
  let sum = 0
  for (let path = 0; path < PATHS; path++) {
    const quiet = { ...now }
    let health = life.health[week]!
    for (let next = week; ; next++) {
      const part = partOf(next, at, until)
      if (part <= 0) break
      pass(quiet, nature, health, seasonOf(settings, next), part)
      health = nextHealth(health, nature, next + 1, random)
    }
    sum += quiet.gone + quiet.stays * longer(quiet.expected)
  }
  return Math.min(1, Math.max(0, sum / PATHS / total))
}
