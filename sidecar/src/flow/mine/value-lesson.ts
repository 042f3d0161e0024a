import type { EventDefinition, Followed, Frame, Training } from '@assay/shared'
import { buildFrame } from '../../features/frames.ts'
import { followedBy, withSpending } from '../../features/spending.ts'
import { countedFacts, everybodySubjects, type Lesson, request, type Scene, type Subjects } from './frames.ts'
import { type ValueTrial, valueDays } from './value-days.ts'

/** Rows of one past day; a bigger company is looked at through a sample of its customers. */
const ROWS = 30_000
const FAMILIES = ['orders', 'products', 'pipeline', 'activities'] as const

/** What a customer is worth, by the horizon that silence is told by. */
export const worth = (definition: EventDefinition): EventDefinition => ({
  event: `money in the next ${definition.horizonDays} days`,
  from: 'column',
  horizonDays: definition.horizonDays,
  who: 'customers with an order',
})

/** Everybody as today, with what their order days are worth. */
export async function valueSubjects(scene: Scene, now: Frame, definition: EventDefinition): Promise<Subjects> {
  return everybodySubjects(await withSpending(scene.days, now, { ...request(scene, scene.today, 1000), everybody: true }), definition)
}

/**
 * Past days with what followed them, and the judged day itself: when customers buy is learned from all that was known by
 * then, what they are worth from windows that were over by then.
 */
export async function valueLesson(
  scene: Scene,
  now: Frame,
  definition: EventDefinition,
  judgeAt: readonly number[] | undefined,
): Promise<Lesson> {
  const subjects = await valueSubjects(scene, now, definition)
  const days = valueDays({
    firstEvent: scene.history.firstOrderAt ?? scene.today,
    today: scene.today,
    horizonDays: definition.horizonDays!,
    judgeAt,
  })
  const permille = Math.max(1, Math.min(1000, Math.floor((ROWS * 1000) / Math.max(1, scene.history.customers))))
  const frames = new Map<number, Promise<Frame>>()
  const frameOn = (day: number): Promise<Frame> => {
    const at = request(scene, day, permille)
    const known =
      frames.get(day) ?? buildFrame(scene.days, { ...at, families: FAMILIES }).then((frame) => withSpending(scene.days, frame, at))
    frames.set(day, known)
    return known
  }
  const windows = new Map<string, Promise<Followed>>()
  const followedOn = async (day: number, window: number): Promise<Followed> => {
    const key = `${day} ${window}`
    const frame = await frameOn(day)
    const known = windows.get(key) ?? followedBy(scene.days, frame, request(scene, day, permille), window, scene.today)
    windows.set(key, known)
    return known
  }
  const labelled = async (day: number, over: readonly number[]): Promise<Frame> => {
    const followed: Followed[] = []
    for (const window of over) followed.push(await followedOn(day, window))
    return { ...(await frameOn(day)), followed }
  }
  const teach = async (trial: ValueTrial): Promise<Training> => {
    const past: Frame[] = []
    for (const { day, windows: over } of trial.past) past.push(await labelled(day, over))
    return { definition, frames: [...past, { ...(await frameOn(trial.day)), followed: [] }], order: 'time' }
  }
  const trials: { training: Training; frame: Frame }[] = []
  for (const trial of days.trials) trials.push({ training: await teach(trial), frame: await labelled(trial.day, trial.judged) })
  const final = await teach(days.final)
  const main = trials.filter(({ frame }) => frame.followed!.some((one) => one.days === definition.horizonDays))
  const buyers = (frame: Frame): number =>
    frame.followed!.find((one) => one.days === definition.horizonDays)?.orderDays.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0) ?? 0
  return {
    ...subjects,
    note: days.note,
    facts: {
      ...countedFacts(scene, now),
      rows: final.frames.reduce((sum, frame) => sum + frame.ids.length, 0),
      periods: main.length,
      judgedRows: main.reduce((sum, { frame }) => sum + frame.ids.length, 0),
      judgedPositives: main.reduce((sum, { frame }) => sum + buyers(frame), 0),
    },
    trials,
    final,
  }
}
