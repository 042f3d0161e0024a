const DAY = 86_400_000

/** One day on which something happened: its midnight in epoch ms, and how many things. */
export interface EventDay {
  readonly day: number
  readonly events: number
  /** Ends of subscriptions that may be plans: they count only as what lies beyond. */
  readonly plans?: number
}

/** Where an export ends. `beyond`: what lies after that day, by the look of it wrong or planned; null when nothing does. */
export interface ExportEnd {
  readonly day: number
  readonly beyond: { readonly events: number; readonly newest: number } | null
}

/** Of all that happened so little may lie behind a silence to count as stray. */
const STRAY_SHARE = 0.01
const FEW_STRAYS = 3
/** A silence that the company's pace makes unbelievable: at least so many days, and so many things that should have happened in it. */
const LEAST_SILENCE_DAYS = 14
const MISSED_EVENTS = 20
/** It is longer than any before it by so much: a company that closes for the winter is used to it. */
const LONGER = 1.5
/** The pace is that of the last so many days on which anything happened: companies grow. */
const PACE_DAYS = 200

/**
 * The last day of an export that has no clock: not beyond `now` (epoch ms), and not behind a silence with only a few events
 * after it, because one wrong date would make all customers look silent. `all` in order, each once; null where nothing happened.
 */
export function exportEnd(all: readonly EventDay[], now: number): ExportEnd | null {
  const days = all.filter(({ events }) => events > 0)
  if (days.length === 0) return null
  const past = days.filter(({ day }) => day <= now)
  // All of it lies ahead: the clock is wrong, or the export is made up. It stands as it is.
  const believed = past.length === 0 ? days : past
  const end = believed[beforeSilence(believed)]!.day
  const beyond = all.filter(({ day }) => day > end)
  const events = beyond.reduce((sum, one) => sum + one.events + (one.plans ?? 0), 0)
  return { day: end, beyond: beyond.length === 0 ? null : { events, newest: beyond.at(-1)!.day } }
}

/** The place of the last day before the earliest silence behind which only strays lie; the last place when there is none. */
function beforeSilence(days: readonly EventDay[]): number {
  const total = days.reduce((sum, { events }) => sum + events, 0)
  const most = Math.max(FEW_STRAYS, total * STRAY_SHARE)
  const longest = longestUpTo(days)
  let end = days.length - 1
  let behind = 0
  for (let i = days.length - 1; i > 0; i--) {
    behind += days[i]!.events
    if (behind > most) break
    const silence = (days[i]!.day - days[i - 1]!.day) / DAY
    const usual = longest[i - 1]!
    if (silence < LEAST_SILENCE_DAYS || silence < usual * LONGER) continue
    if (silence * pace(days, i - 1) >= MISSED_EVENTS) end = i - 1
  }
  return end
}

/** For each day, the longest silence in days up to it. Strays long before the rest are no custom: the first hundredth is passed over. */
function longestUpTo(days: readonly EventDay[]): number[] {
  const from = Math.ceil(days.length / 100)
  let most = 0
  return days.map(({ day }, i) => (most = i > from ? Math.max(most, (day - days[i - 1]!.day) / DAY) : most))
}

/** Events a day in the time up to that place. */
function pace(days: readonly EventDay[], place: number): number {
  const first = Math.max(0, place - PACE_DAYS + 1)
  const span = (days[place]!.day - days[first]!.day) / DAY + 1
  let events = 0
  for (let i = first; i <= place; i++) events += days[i]!.events
  return events / span
}
