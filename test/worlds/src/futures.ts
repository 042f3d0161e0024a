import { DAY, WEEK } from './calendar.ts'
import { leavingRate, nextHealth, orderRate } from './health.ts'
import { longer } from './life.ts'
import { type Particle, sinkingAfter } from './particles.ts'
import type { Random } from './random.ts'
import { seasonOf, type Settings } from './settings.ts'

/**
 * The probability that no order is won in (day, day + horizon]: the mean over one future of health of each particle, along which
 * it is exact. `hint` tells how much likelier what else is known on that day makes a next order between two days (from, to) after it.
 */
export function silenceAhead(
  settings: Settings,
  cloud: readonly Particle[],
  firstWeek: number,
  day: number,
  horizonDays: number,
  hint: (from: number, to: number) => number,
  random: Random,
): number {
  const until = day + horizonDays * DAY
  const start = Math.floor((day - settings.startsAt) / WEEK)
  const weeks: { readonly part: number; readonly season: number; readonly hint: number }[] = []
  for (let week = start, from = day; from < until; week++) {
    const to = Math.min(until, settings.startsAt + (week + 1) * WEEK)
    weeks.push({ part: (to - from) / WEEK, season: seasonOf(settings, week), hint: hint((from - day) / DAY, (to - day) / DAY) })
    from = to
  }
  let silent = 0
  let ordering = 0
  for (const one of cloud) {
    const nature = one.sinksFrom < start ? one : { ...one, sinksFrom: sinkingAfter(settings, firstWeek, start, random) }
    let { health, stays, expected } = one
    silent += one.left + one.gone
    for (const [ahead, { part, season, hint: factor }] of weeks.entries()) {
      const leaves = 1 - Math.exp(-leavingRate(nature, health) * part)
      const more = orderRate(nature, health, season) * part
      const before = longer(expected)
      const leaving = stays * leaves * (longer(expected + more / 2) / before)
      expected += more
      const staying = stays * (1 - leaves) * (longer(expected) / before)
      silent += leaving
      ordering += (stays - leaving - staying) * factor
      stays = staying
      health = nextHealth(health, nature, start + ahead + 1, random)
    }
    silent += stays
  }
  return silent / (silent + ordering)
}
