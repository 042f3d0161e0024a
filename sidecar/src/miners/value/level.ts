import type { Horizon } from './model.ts'

const DAY = 86_400_000
const YEAR = 365 * DAY
/** Two days of the year this near to each other are of one season. */
const SAME_SEASON = 20 * DAY
/**
 * How far totals of a window scatter around what was said (standard deviation of the logarithm) before any was seen: a quarter
 * where the season of the window has not been in the history, which is how far apart the quarters of a seasonal trade
 * usually are; less where it has. Counts as this many past windows.
 */
const UNSEEN_SEASON = 0.25
const SEEN_SEASON = 0.12
const PRIOR = 3

type Past = Horizon['past']

const sameSeason = (on: number, today: number | null): boolean => today !== null && Math.abs(today - on - YEAR) <= SAME_SEASON

/**
 * What the total should be multiplied with: as the same season of last year came out, else as the newest past window did. The
 * headline is corrected only by the former: what one season was off by says little about the next.
 */
export function levelOf(past: Past, days: number, today: number | null): Horizon['level'] {
  const season = past.find((one) => sameSeason(one.on, today))
  const taken = season ?? past.at(-1)
  if (taken === undefined) return { factor: 1, on: null, sameSeason: false, used: false }
  return { factor: taken.happened / taken.said, on: taken.on, sameSeason: season !== undefined, used: season !== undefined && days < 365 }
}

/** How widely a total scatters: past errors and what is usual, with as many degrees of freedom as both are worth. */
export function scatterOf(past: Past, days: number, today: number | null): Horizon['scatter'] {
  const seasonSeen = days >= 365 || past.some((one) => sameSeason(one.on, today))
  const prior = seasonSeen ? SEEN_SEASON : UNSEEN_SEASON
  const errors = past.map((one) => Math.log(one.happened / one.said))
  // Windows that overlap tell one story: no more of them count than fit side by side.
  const length = past.length === 0 ? 0 : (past.at(-1)!.on - past[0]!.on) / (days * DAY) + 1
  const counted = Math.min(past.length, length)
  const squares = errors.length === 0 ? 0 : errors.reduce((total, error) => total + error * error, 0) / errors.length
  return {
    counted,
    deviation: Math.sqrt((PRIOR * prior ** 2 + counted * squares) / (PRIOR + counted)),
    freedom: PRIOR + counted,
    seasonSeen,
  }
}

/** With fewer windows behind it than this an interval is assumed rather than measured. */
const MEASURED_FROM = 2

/** How much of an interval was assumed before any window was seen (share of its degrees of freedom), and whether it is called so. */
export function assumedIn({ counted, freedom }: Horizon['scatter']): { assumedShare: number; assumed: boolean } {
  return { assumedShare: Math.min(1, PRIOR / freedom), assumed: counted < MEASURED_FROM }
}

/** Upper 2.5 % points of Student's t, by degrees of freedom. */
const T975 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228] as const

const t975 = (freedom: number): number => T975[Math.min(T975.length, Math.max(1, Math.floor(freedom))) - 1]!

/** A total with its 95 % interval. */
export function totalInterval(said: number, { deviation, freedom }: Horizon['scatter']): { value: number; low: number; high: number } {
  const factor = Math.exp(t975(freedom) * deviation)
  return { value: said, low: said / factor, high: said * factor }
}
