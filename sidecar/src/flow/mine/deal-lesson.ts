import type { DataFacts, EventDefinition, Frame, Training } from '@assay/shared'
import { dealEndings, dealFrame, type DealFrameRequest } from '../../features/deals/frames.ts'
import { dealHistory, type DealHistory } from '../../features/deals/history.ts'
import { filterFrame } from '../../features/frames.ts'
import { DAY } from './days.ts'
import { dealCalendar, eligibleAge, winning } from './deal-calendar.ts'
import type { Lesson, Scene, Subjects } from './frames.ts'

/** Rows that one fit may see, over all of its days: the same deals on each of them, chosen by their id. */
const TRAINING_ROWS = 30_000

/** Open deals as they are today, and what is asked about them. */
export interface DealSubjects extends Subjects {
  readonly history: DealHistory
}

const request = (scene: Scene, history: DealHistory, asOf: number, permille: number): DealFrameRequest => ({
  connection: scene.connection,
  unit: scene.unit,
  asOf,
  permille,
  kinds: scene.kinds,
  history,
  mixedCurrencies: scene.history.mixedCurrencies,
})

/** Whoever is asked: every open deal of today; outside are those of which nobody knows since when, and those forgotten long ago. */
export async function dealSubjects(scene: Scene, known?: EventDefinition): Promise<DealSubjects> {
  const history = await dealHistory(scene.days, scene.connection, scene.unit, scene.today)
  const definition = known ?? winning(history, scene.today)
  const now = await dealFrame(scene.days, request(scene, history, scene.today, 1000))
  const limit = eligibleAge(history, definition.horizonDays!)
  const age = ages(now)
  const outside = Array.from(age, (days) => {
    if (Number.isNaN(days)) return 'nobody knows since when it has been open'
    return days > limit ? `open for more than ${limit} days: longer than deals take here` : null
  })
  return { definition, object: 'deal', now, outside, history }
}

/** Snapshots of open deals with how they ended, for models that know nothing of what came later. */
export async function dealLesson(scene: Scene, subjects: DealSubjects, judgeAt?: readonly number[]): Promise<Lesson> {
  const { definition, history, now } = subjects
  const horizonDays = definition.horizonDays!
  const days = dealCalendar({ firstEnded: history.firstEndedAt, today: scene.today, horizonDays, ...(judgeAt ? { judgeAt } : {}) })
  const rows = Math.max(1, now.ids.length) * Math.max(1, days.final.length)
  const permille = Math.max(1, Math.min(1000, Math.floor((TRAINING_ROWS * 1000) / rows)))
  const built = new Map<number, Promise<Frame>>()
  const snapshot = (day: number): Promise<Frame> => {
    const known = built.get(day) ?? ended(scene, request(scene, history, day, permille), eligibleAge(history, horizonDays))
    built.set(day, known)
    return known
  }
  const teach = async (training: readonly number[], knownAt: number): Promise<Training> => {
    const frames: Frame[] = []
    for (const day of training) frames.push(asKnownOn(await snapshot(day), knownAt, horizonDays))
    return { definition, frames, order: 'time' }
  }
  const trials: Lesson['trials'][number][] = []
  for (const trial of days.trials) {
    const judged: Frame[] = []
    for (const day of trial.judged) judged.push(asKnownOn(await snapshot(day), scene.today, horizonDays))
    trials.push({ training: await teach(trial.training, trial.knownAt), frame: judged[0]!, also: judged.slice(1) })
  }
  const final = await teach(days.final, scene.today)
  const judged = trials.flatMap(({ frame, also }) => [frame, ...(also ?? [])])
  const facts: DataFacts = {
    customers: scene.history.customers,
    orders: history.won,
    repeaters: scene.history.repeaters,
    firstEventAt: history.firstEndedAt,
    lastEventAt: history.lastEndedAt,
    rows: sum(final.frames, known),
    positives: sum(final.frames, positives),
    periods: judged.length,
    judgedRows: sum(judged, known),
    judgedPositives: sum(judged, positives),
    products: 0,
    lineItems: 0,
  }
  return { definition, object: 'deal', now, outside: subjects.outside, facts, trials, final, note: days.note }
}

async function ended(scene: Scene, at: DealFrameRequest, limit: number): Promise<Frame> {
  const frame = await dealFrame(scene.days, at)
  const labelled: Frame = { ...frame, endings: await dealEndings(scene.days, frame, at, scene.today) }
  return filterFrame(
    labelled,
    ages(frame).map((days) => (days <= limit ? 1 : 0)),
  )
}

function ages(frame: Frame): Float64Array {
  const found = frame.columns.find((c) => c.info.name === 'age_days')
  return found?.type === 'number' ? found.values : new Float64Array(frame.ids.length).fill(Number.NaN)
}

/**
 * The frame with what was known of its endings on a day: what ended later was still open then. Outcomes are known once the horizon
 * is over: before that only those are that ended early, and they are no fair sample.
 */
export function asKnownOn(frame: Frame, knownAt: number, horizonDays: number): Frame {
  const { how, days, value } = frame.endings!
  const seen = (knownAt - frame.asOf!) / DAY
  const isLater = (row: number): boolean => how[row]! >= 0 && days[row]! > seen
  const endings = {
    how: how.map((kind, row) => (isLater(row) ? 0 : kind)),
    days: days.map((after, row) => (isLater(row) ? seen : after)),
    value: value.map((money, row) => (isLater(row) ? Number.NaN : money)),
  }
  const outcome = endings.days.map((after, row) => {
    if (seen < horizonDays || endings.how[row] === -1) return Number.NaN
    return endings.how[row] === 1 && after <= horizonDays ? 1 : 0
  })
  return { ...frame, endings, outcome }
}

const known = (frame: Frame): number => frame.outcome!.reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0)
const positives = (frame: Frame): number => frame.outcome!.reduce((n, value) => n + (value === 1 ? 1 : 0), 0)
const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0)
