import type { Random } from './random.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const WEEK = 7 * DAY

/** The instant moved into office hours (UTC, Monday to Friday, 8 to 17) of its day or of the Monday after. */
export function officeTime(instant: number, random: Random): number {
  let day = Math.floor(instant / DAY)
  // 1970-01-01 was a Thursday.
  const weekday = (day + 4) % 7
  if (weekday === 6) day += 2
  else if (weekday === 0) day += 1
  return day * DAY + 8 * HOUR + random.below(9 * HOUR)
}

/** Planted seasons: orders in each month of the year relative to the mean. */
export const SEASON = [0.85, 0.95, 1.2, 1.05, 1, 1.1, 0.85, 0.65, 1.1, 1.15, 1.3, 0.8] as const

/** First and last instant (excluded) of the calendar month (UTC) that holds the instant. */
export function monthOf(instant: number): { readonly from: number; readonly until: number } {
  const date = new Date(instant)
  return {
    from: Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1),
    until: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1),
  }
}
