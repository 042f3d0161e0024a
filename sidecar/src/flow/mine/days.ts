import { isoDay } from '../../numeric/iso-day.ts'

/** One day in ms. */
export const DAY = 86_400_000
/** A model learns from at most this many days. */
const MOST_TRAINING_DAYS = 6
/** A verdict pools at most this many days. */
const MOST_JUDGED_DAYS = 3

/** Snapshots stand this far apart: a third of the horizon, in whole months, because days closer together tell the same story twice. */
export const stepDays = (horizonDays: number): number => Math.max(30, Math.floor(horizonDays / 90) * 30)

/** The days on which a model learns and is judged; epoch ms, each at midnight UTC, oldest first. */
export interface Calendar {
  /** Each judged day with the training days whose outcomes were all known by then. */
  readonly trials: readonly { readonly judged: number; readonly training: readonly number[] }[]
  /** Training days of the model that scores today. */
  readonly final: readonly number[]
  /** Days that were asked for and cannot be judged, with the reason; null where there are none. */
  readonly note: string | null
  /** Days of history that are still missing before anything can be judged; 0 when nothing is. */
  readonly missingDays: number
}

/** The first midnight after that instant. */
export const dayAfter = (at: number): number => (Math.floor(at / DAY) + 1) * DAY

/**
 * Chooses snapshot days so that no outcome window of a training day reaches past the day that is judged (embargo).
 * Judged days stand a whole horizon apart where the history allows it, else one step apart.
 */
export function calendar(history: {
  readonly firstEvent: number
  readonly today: number
  readonly horizonDays: number
  readonly judgeAt?: readonly number[]
}): Calendar {
  const horizon = history.horizonDays * DAY
  const earliest = dayAfter(history.firstEvent) + Math.min(history.horizonDays, 90) * DAY
  const trainingBefore = (day: number): number[] => {
    const days: number[] = []
    for (let at = day - horizon; at >= earliest && days.length < MOST_TRAINING_DAYS; at -= stepDays(history.horizonDays) * DAY)
      days.unshift(at)
    return days
  }
  const final = trainingBefore(history.today)
  const asked = judgeable(history, (day) => trainingBefore(day).length > 0)
  const judgedDays = asked.days.length > 0 ? asked.days : chooseJudged(history, earliest, trainingBefore)
  const trials = judgedDays.map((judged) => ({ judged, training: trainingBefore(judged) })).filter((trial) => trial.training.length > 0)
  const needed = earliest + 2 * horizon
  return { trials, final, note: asked.note, missingDays: trials.length > 0 ? 0 : Math.max(1, Math.ceil((needed - history.today) / DAY)) }
}

/**
 * Of the days that were asked for those that can be judged, oldest first: the horizon is over today, and something could be learned
 * before. `note` tells of the others, and that days were chosen where none is left.
 */
export function judgeable(
  history: { readonly today: number; readonly horizonDays: number; readonly judgeAt?: readonly number[] },
  teachable: (day: number) => boolean,
): { readonly days: readonly number[]; readonly note: string | null } {
  const asked = [...new Set(history.judgeAt)].sort((a, b) => a - b)
  const over = asked.filter((day) => day + history.horizonDays * DAY <= history.today)
  const days = over.filter(teachable)
  if (days.length === asked.length) return { days, note: null }
  const list = (some: readonly number[]): string => some.map(isoDay).join(', ')
  const young = asked.filter((day) => !over.includes(day))
  const early = over.filter((day) => !days.includes(day))
  const why = [
    ...(young.length > 0 ? [`not judged on ${list(young)}: ${history.horizonDays} days after that are not over`] : []),
    ...(early.length > 0 ? [`not judged on ${list(early)}: nothing could be learned before`] : []),
    ...(days.length === 0 ? ['other days were chosen'] : []),
  ]
  return { days, note: why.join('; ') }
}

function chooseJudged(
  history: { readonly today: number; readonly horizonDays: number },
  earliest: number,
  trainingBefore: (day: number) => readonly number[],
): number[] {
  const newest = history.today - history.horizonDays * DAY
  // The oldest judged day keeps at least two training days where the history is long enough for that.
  const room = (days: readonly number[]): boolean => days.length > 0 && trainingBefore(days[0]!).length >= 2 && days[0]! > earliest
  const step = stepDays(history.horizonDays)
  for (const apart of [Math.ceil(history.horizonDays / step) * step, step]) {
    for (let count = MOST_JUDGED_DAYS; count > 0; count--) {
      if (apart === step && count === 1) continue
      const days = Array.from({ length: count }, (_, i) => newest - (count - 1 - i) * apart * DAY)
      if (count > 1 && room(days)) return days
    }
  }
  return [newest]
}
