import type { DataFacts, EventDefinition, Frame, Kind, Training } from '@assay/shared'
import { type Attributes, withAttributes } from '../../features/attributes.ts'
import { holdOutLast, readBaskets } from '../../features/baskets.ts'
import { buyersOf } from '../../features/buyers.ts'
import { buildFrame, filterFrame, type FrameRequest, selectRows } from '../../features/frames.ts'
import type { CustomerUnit, OrderHistory } from '../../features/history.ts'
import { endingFrame, silenceOutcome } from '../../features/outcomes.ts'
import type { DealDays } from '../../store/deal-days.ts'
import type { Calendar } from './days.ts'
import { eligibleDays } from './horizon.ts'

/** Rows that one fit may see: enough for a linear model, little enough for a small machine. */
const TRAINING_ROWS = 60_000
const JUDGED_ROWS = 50_000

/** Whom a miner looks at today, and what for. */
export interface Subjects {
  readonly definition: EventDefinition
  /** What the rows are, where they are no customers. */
  readonly object?: 'deal'
  /** Everybody there is to score today. */
  readonly now: Frame
  /** By row of `now`: why this one is outside the definition; null where it is inside. */
  readonly outside: readonly (string | null)[]
}

/** What a miner is taught and examined with. */
export interface Lesson extends Subjects {
  readonly facts: DataFacts
  /** Each with the rows it is judged on; `also` are later days on which the same model is judged, where there are some. */
  readonly trials: readonly { readonly training: Training; readonly frame: Frame; readonly also?: readonly Frame[] }[]
  readonly final: Training
  /** What is not as it was asked for, in words. */
  readonly note?: string | null
}

/** The company as the flow sees it on one day. */
export interface Scene {
  readonly days: DealDays
  readonly connection: string
  readonly unit: CustomerUnit
  readonly today: number
  readonly history: OrderHistory
  readonly kinds: ReadonlySet<Kind>
  readonly attributes: Attributes
}

/** A look at the company's customers on one day. */
export const request = (scene: Scene, asOf: number, permille: number): FrameRequest => ({
  connection: scene.connection,
  unit: scene.unit,
  asOf,
  permille,
  kinds: scene.kinds,
  mixedCurrencies: scene.history.mixedCurrencies,
})

/** What customers did, and what they are. */
const described = async (scene: Scene, at: FrameRequest): Promise<Frame> =>
  withAttributes(scene.days.driver, await buildFrame(scene.days, at), at, scene.attributes)

/** Everybody, prospects too, as known today, with their baskets. */
export async function framesOfToday(scene: Scene): Promise<Frame> {
  const today = { ...request(scene, scene.today, 1000), everybody: true }
  const frame = await described(scene, today)
  return scene.kinds.has('lineItem') ? { ...frame, baskets: await readBaskets(scene.days, frame, today) } : frame
}

/** What everybody had bought by an earlier day. */
export const framesOfDay = (scene: Scene, day: number): Promise<Frame> =>
  buildFrame(scene.days, { ...request(scene, day, 1000), everybody: true, families: ['orders'] })

/** Snapshots of the past with what came after them, for a definition with a horizon. */
export async function snapshotLesson(scene: Scene, now: Frame, definition: EventDefinition, days: Calendar): Promise<Lesson> {
  const customers = Math.max(1, now.ids.length)
  const perMille = (rows: number, snapshots: number): number =>
    Math.max(1, Math.min(1000, Math.floor((rows * 1000) / (customers * Math.max(1, snapshots)))))
  const trainingShare = perMille(TRAINING_ROWS, Math.max(days.final.length, 1))
  const judgedShare = perMille(JUDGED_ROWS, 1)
  const built = new Map<string, Promise<Frame>>()
  const snapshot = (day: number, permille: number): Promise<Frame> => {
    const key = `${day} ${permille}`
    const known = built.get(key) ?? labelled(scene, request(scene, day, permille), definition)
    built.set(key, known)
    return known
  }
  const teach = async (training: readonly number[]): Promise<Training> => {
    const frames: Frame[] = []
    for (const day of training) frames.push(await snapshot(day, trainingShare))
    return { definition, frames, order: 'time' }
  }
  const trials: { training: Training; frame: Frame }[] = []
  for (const trial of days.trials) trials.push({ training: await teach(trial.training), frame: await snapshot(trial.judged, judgedShare) })
  const final = await teach(days.final)
  const facts: DataFacts = {
    ...countedFacts(scene, now),
    rows: sum(final.frames, (frame) => frame.ids.length),
    positives: sum(final.frames, positives),
    periods: trials.length,
    judgedRows: sum(trials, (trial) => trial.frame.ids.length),
    judgedPositives: sum(trials, (trial) => positives(trial.frame)),
  }
  return { ...eventSubjects(now, definition), facts, trials, final, note: days.note }
}

async function labelled(scene: Scene, at: FrameRequest, definition: EventDefinition): Promise<Frame> {
  const frame = await described(scene, at)
  if (definition.from === 'end') return endingFrame(scene.days.driver, frame, at, definition.horizonDays!, scene.today)
  const eligible = filterFrame(frame, recent(frame, definition.horizonDays!))
  const buyers = buyersOf(frame)
  const outcome = await silenceOutcome(scene.days, eligible, at, definition.horizonDays!, scene.today)
  return { ...eligible, outcome, ...(buyers === undefined ? {} : { buyers }) }
}

/** 1 for each row that is still somebody's customer by that horizon, else 0. */
export function recent(frame: Frame, horizonDays: number): Uint8Array {
  const days = frame.columns.find((c) => c.info.name === 'days_since_last_order')
  const limit = eligibleDays(horizonDays)
  return Uint8Array.from(frame.ids, (_, row) => (days?.type === 'number' && days.values[row]! <= limit ? 1 : 0))
}

/** Whom the event can happen to. */
export function eventSubjects(now: Frame, definition: EventDefinition): Subjects {
  const numbersOf = (name: string): Float64Array => {
    const found = now.columns.find((c) => c.info.name === name)
    return found?.type === 'number' ? found.values : new Float64Array(now.ids.length).fill(Number.NaN)
  }
  if (definition.from === 'end') {
    const active = numbersOf('subscriptions_active')
    return { definition, now, outside: now.ids.map((_, row) => (active[row]! > 0 ? null : 'no active subscription')) }
  }
  const keep = recent(now, definition.horizonDays!)
  const orders = numbersOf('orders')
  const long = `no order in the last ${eligibleDays(definition.horizonDays!)} days: no longer a customer that could leave`
  return { definition, now, outside: now.ids.map((_, row) => (keep[row] ? null : orders[row] === 0 ? 'no order yet' : long)) }
}

/** Everybody counts: what is asked of segments and offers. */
export const everybodySubjects = (now: Frame, definition: EventDefinition): Subjects => ({
  definition,
  now,
  outside: now.ids.map(() => null),
})

const GROUPS: EventDefinition = { event: 'belongs together', from: 'column', horizonDays: null, who: 'every customer' }
const NEXT_ORDER: EventDefinition = {
  event: 'in the next order',
  from: 'column',
  horizonDays: null,
  who: 'customers with at least three orders',
}

/** Segments look at everybody as they are; the same rows teach and examine (resampling). */
export function presentLesson(scene: Scene, now: Frame): Lesson {
  const definition = GROUPS
  const training: Training = { definition, frames: [now], order: 'none' }
  return {
    ...everybodySubjects(now, definition),
    facts: { ...countedFacts(scene, now), rows: now.ids.length, positives: 0, periods: 1, judgedRows: now.ids.length, judgedPositives: 0 },
    trials: [{ training, frame: now }],
    final: training,
  }
}

/** The last basket of everybody with three or more is the target; all baskets before it are the history. */
export function basketLesson(scene: Scene, now: Frame): Lesson {
  const definition = NEXT_ORDER
  const facts = countedFacts(scene, now)
  if (now.baskets === null) {
    const empty: Training = { definition, frames: [], order: 'none' }
    return { ...everybodySubjects(now, definition), facts, trials: [], final: empty }
  }
  const held = holdOutLast(now, 3)
  const target: Frame = { ...selectRows({ ...now, baskets: null }, held.rows), baskets: held.baskets, next: held.next }
  const training: Training = { definition, frames: [{ ...target, next: null }], order: 'none' }
  return {
    ...everybodySubjects(now, definition),
    facts: { ...facts, rows: now.ids.length, periods: 1, judgedRows: target.ids.length, judgedPositives: target.ids.length },
    trials: [{ training, frame: target }],
    final: { definition, frames: [now], order: 'none' },
  }
}

/** What can be counted without labels. */
export function countedFacts(scene: Scene, now: Frame): DataFacts {
  return {
    customers: scene.history.customers,
    orders: scene.history.orders,
    repeaters: scene.history.repeaters,
    firstEventAt: scene.history.firstOrderAt ?? scene.history.firstSubscriptionAt,
    lastEventAt: scene.history.lastOrderAt,
    rows: 0,
    positives: 0,
    periods: 0,
    judgedRows: 0,
    judgedPositives: 0,
    products: now.baskets?.codes.length ?? 0,
    lineItems: now.baskets?.items.length ?? 0,
  }
}

const positives = (frame: Frame): number => frame.outcome?.reduce((total, value) => total + (value === 1 ? 1 : 0), 0) ?? 0
const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0)
