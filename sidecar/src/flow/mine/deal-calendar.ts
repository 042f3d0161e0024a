import type { EventDefinition } from '@assay/shared'
import type { DealHistory } from '../../features/deals/history.ts'
import { DAY, dayAfter, judgeable } from './days.ts'

/** Snapshot days of deals stand four weeks apart, on one grid that ends today, so that periods share them. */
const GRID = 28
/** Horizons that deals are planned in, whole steps of the grid. */
const HORIZONS = [28, 56, 84, 112, 168, 252] as const
/** A model learns from at most this many days. */
const MOST_TRAINING_DAYS = 9
/** Models that are judged, and at most so many days on which each of them is. */
const MOST_TRIALS = 3
const MOST_JUDGED_DAYS = 3

/** The days on which a model of deals learns and is judged; epoch ms, oldest first. */
export interface DealCalendar {
  /** Each model with the day up to which it may know anything, the days it learns from, and the later days it is judged on. */
  readonly trials: readonly { readonly knownAt: number; readonly training: readonly number[]; readonly judged: readonly number[] }[]
  /** Training days of the model that scores today. */
  readonly final: readonly number[]
  /** Days that were asked for and cannot be judged, with the reason; null where there are none. */
  readonly note: string | null
}

/** "Won within 84 days": the horizon within which three in four deals have ended, as far as the history can carry it. */
export function winning(history: DealHistory, today: number): EventDefinition {
  const past = history.firstEndedAt === null ? 0 : (today - history.firstEndedAt) / DAY
  const fitting = HORIZONS.find((days) => days >= (history.longCycle ?? 84)) ?? HORIZONS[HORIZONS.length - 1]!
  const carried = HORIZONS.filter((days) => days * 4 <= past)
  const horizonDays = Math.min(fitting, carried[carried.length - 1] ?? HORIZONS[0])
  return {
    event: `won within ${horizonDays} days`,
    from: 'win',
    horizonDays,
    who: `open deals, opened in the last ${eligibleAge(history, horizonDays)} days`,
  }
}

/** A deal that has been open for longer than nearly all deals that ever ended, and than two horizons, is forgotten rather than open. */
export const eligibleAge = (history: DealHistory, horizonDays: number): number =>
  Math.max(2 * horizonDays, Math.ceil((history.longestCycle ?? 0) / GRID) * GRID)

/**
 * A training day needs no embargo: what happened after the day a model is judged from is cut off, not left out (censored), so
 * that the weeks right before it teach too. A model is judged on days whose horizon is over today.
 */
export function dealCalendar(history: {
  readonly firstEnded: number | null
  readonly today: number
  readonly horizonDays: number
  readonly judgeAt?: readonly number[]
}): DealCalendar {
  const step = GRID * DAY
  const horizon = history.horizonDays * DAY
  const earliest = dayAfter(history.firstEnded ?? history.today) + step
  const trainingBefore = (day: number): number[] => {
    const days: number[] = []
    for (let at = day - step; at >= earliest && days.length < MOST_TRAINING_DAYS; at -= step) days.unshift(at)
    return days
  }
  // Training days too few to see one horizon through teach no level.
  const isTeachable = (knownAt: number): boolean => trainingBefore(knownAt).some((at) => at + horizon <= knownAt)
  const asked = judgeable(history, isTeachable)
  const final = trainingBefore(history.today)
  if (asked.days.length > 0)
    return { trials: asked.days.map((day) => ({ knownAt: day, training: trainingBefore(day), judged: [day] })), final, note: asked.note }
  const newest = history.today - horizon
  const trials = Array.from({ length: MOST_TRIALS }, (_, k) => newest - k * horizon)
    .map((knownAt) => ({
      knownAt,
      training: trainingBefore(knownAt),
      judged: Array.from({ length: MOST_JUDGED_DAYS }, (_, i) => knownAt + i * step).filter((at) => at <= newest && at < knownAt + horizon),
    }))
    .filter(({ knownAt }) => isTeachable(knownAt))
  return { trials: trials.reverse(), final, note: asked.note }
}
