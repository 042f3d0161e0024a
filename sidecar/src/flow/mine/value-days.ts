import { DAY, dayAfter, judgeable, stepDays } from './days.ts'

/** A whole year is always forecast beside the horizon, where the history can carry it. */
const YEAR = 365
/** Past days from which what followed is learned, for each window. */
const MOST_PAST = 4
/** At most this many judged days of the horizon, and this many of the year. */
const MOST_JUDGED = 3

/** Windows of days, each ahead of one day: `[90, 365]`. */
type Windows = readonly number[]

/** What is known on one day: past days with the windows that were over by then. */
export interface ValueTrial {
  readonly day: number
  /** Windows that this day is judged on; none for today. */
  readonly judged: Windows
  readonly past: readonly { readonly day: number; readonly windows: Windows }[]
}

/** A period can be carried where half of its length lies before it to learn from. */
const room = (days: number): number => Math.max(30, Math.ceil(days / 2)) * DAY

/** Which days teach and judge a forecast of money over `windows`. Days at midnight UTC. */
export function valueDays(history: {
  readonly firstEvent: number
  readonly today: number
  readonly horizonDays: number
  readonly judgeAt: readonly number[] | undefined
}): { readonly windows: Windows; readonly trials: readonly ValueTrial[]; readonly final: ValueTrial; readonly note: string | null } {
  const { today, horizonDays } = history
  const first = dayAfter(history.firstEvent) - DAY
  const windows = [...new Set([horizonDays, YEAR])].sort((a, b) => a - b)
  const knownOn = (day: number, judged: Windows): ValueTrial => {
    const past = new Map<number, number[]>()
    const add = (at: number, window: number): void => {
      if (at - first >= room(window)) past.set(at, [...new Set([...(past.get(at) ?? []), window])])
    }
    for (const window of windows) {
      for (let k = 0; k < MOST_PAST; k++) add(day - (window + k * stepDays(window)) * DAY, window)
      // The same season of last year, where there is one.
      if (window < YEAR) add(day - YEAR * DAY, window)
    }
    return {
      day,
      judged,
      past: Array.from(past, ([at, over]) => ({ day: at, windows: over.sort((a, b) => a - b) })).sort((a, b) => a.day - b.day),
    }
  }
  const { judgeAt, ...rest } = history
  const asked = judgeable({ ...rest, ...(judgeAt ? { judgeAt } : {}) }, (day) => day - first >= room(horizonDays))
  const judgedOn = new Map<number, number[]>()
  for (const window of windows)
    for (const day of window === horizonDays && asked.days.length > 0 ? asked.days : chooseJudged(today, first, window))
      judgedOn.set(day, [...(judgedOn.get(day) ?? []), window])
  const trials = Array.from(judgedOn, ([day, over]) => knownOn(day, over)).sort((a, b) => a.day - b.day)
  return { windows, trials, final: knownOn(today, []), note: asked.note }
}

function chooseJudged(today: number, first: number, window: number): number[] {
  const days: number[] = []
  for (let day = today - window * DAY; day - first >= room(window) && days.length < MOST_JUDGED; day -= window * DAY) days.unshift(day)
  return days
}
