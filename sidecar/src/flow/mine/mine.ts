import type { EventDefinition, Frame } from '@assay/shared'
import { attributesOf } from '../../features/attributes.ts'
import type { LeftOut } from '../../features/flat.ts'
import type { ExportEnd } from '../../features/export-end.ts'
import { type CustomerUnit, historyEnd, type OrderHistory, newestEvent, orderHistory, proposeUnit } from '../../features/history.ts'
import { MINERS, type MinerEntry } from '../../registry.ts'
import { type DealDays, withDealDays } from '../../store/deal-days.ts'
import { stoppable } from '../../store/stoppable.ts'
import type { Store } from '../../store/store.ts'
import { calendar, dayAfter } from './days.ts'
import { mineDeals } from './deals.ts'
import { type Examined, examine } from './examine.ts'
import { changesOf, movesOf, withChanges } from './changed.ts'
import {
  basketLesson,
  eventSubjects,
  everybodySubjects,
  framesOfToday,
  type Lesson,
  presentLesson,
  type Scene,
  snapshotLesson,
} from './frames.ts'
import { ending, firstEventAt, horizonFor, isContractual, silence } from './horizon.ts'
import type { KnownModel } from './known.ts'
import { mineValue } from './value.ts'
import type { Workshop } from './workshop.ts'

export interface MineInput {
  readonly store: Store
  readonly connection: string
  /** Epoch ms: what "now" means; null is the day after the last on which as much happened as usual (an export has no clock). */
  readonly today: number | null
  /** Epoch ms: up to when something can have happened; `today` when left out. */
  readonly now?: number
  readonly unit?: CustomerUnit
  /** The event that a person accepted; without one the proposal is used, and said to be one. */
  readonly definition?: EventDefinition
  readonly horizonDays?: number
  readonly judgeAt?: readonly number[]
  /** Attributes that the admin declared stable, by unit: the only ones that are learned from. */
  readonly stable?: Readonly<Partial<Record<CustomerUnit, readonly string[]>>>
  /** Of the stable ones those that everybody may read who sees scores; signs from all others go where only some may look. */
  readonly open?: readonly string[]
  /** Only these miners. */
  readonly only?: readonly string[]
  readonly params?: Readonly<Record<string, unknown>>
  /** Models that are young enough to score with again, by miner. */
  readonly known?: ReadonlyMap<string, KnownModel>
  /** Models that are live, whatever their age, by miner: what a new one has to stand beside. */
  readonly live?: ReadonlyMap<string, KnownModel>
  readonly workshop: Workshop
  readonly tell: (step: 'features' | 'fit' | 'judge', detail: string) => void
  /** Ends it between two questions to the store; what learns is ended by the workshop. */
  readonly signal?: AbortSignal
}

export interface Mined {
  readonly unit: CustomerUnit
  /** The day that everything was looked at, epoch ms. */
  readonly today: number
  /** When the newest thing happened, epoch ms; null in an empty store. */
  readonly newestAt: number | null
  /** What lies after `today` and is not believed, where nobody said which day today is; null when nothing does. */
  readonly beyond: ExportEnd['beyond']
  readonly history: OrderHistory
  readonly definition: EventDefinition
  readonly now: Frame
  /** Attributes that nobody was shown, each with the reason. */
  readonly leftOut: readonly LeftOut[]
  readonly examined: readonly Examined[]
}

/** features → fit → judge, for every miner. Scores nothing and keeps nothing: that is the caller's. */
export function mine(input: MineInput): Promise<Mined> {
  const { store, signal } = input
  return withDealDays(signal === undefined ? store.driver : stoppable(store.driver, signal), (days) => mineWith(input, days))
}

async function mineWith(input: MineInput, days: DealDays): Promise<Mined> {
  const end = input.today === null ? await historyEnd(days, input.connection, input.now ?? Infinity) : null
  const scene = await setScene(input, days, input.today ?? dayAfter(end?.day ?? 0))
  input.tell('features', 'customers as they are today')
  const now = await framesOfToday(scene)
  const definition = input.definition ?? proposedEvent(now, scene, input.horizonDays)
  const examined: Examined[] = []
  for (const entry of MINERS) {
    if (entry.lesson === 'table' || (input.only && !input.only.includes(entry.miner.id))) continue
    examined.push(await mineOne(entry, scene, now, definition, input))
    await input.workshop.rest()
  }
  return {
    unit: scene.unit,
    today: scene.today,
    beyond: end?.beyond ?? null,
    newestAt: await newestEvent(days, input.connection, input.now ?? scene.today, scene.today),
    history: scene.history,
    definition,
    now,
    leftOut: scene.attributes.leftOut,
    examined,
  }
}

async function mineOne(entry: MinerEntry, scene: Scene, now: Frame, definition: EventDefinition, input: MineInput): Promise<Examined> {
  if (entry.lesson === 'deals') return mineDeals(entry, scene, input)
  if (entry.lesson === 'value') return mineValue(entry, scene, now, definition, input)
  const again = reuse(entry, input.known?.get(entry.miner.id), now, definition)
  if (again) return compared(again, undefined, scene, input.workshop)
  const live = input.live?.get(entry.miner.id)
  input.tell('features', `${entry.miner.title}: past snapshots`)
  const lesson = await lessonFor(entry, scene, now, definition, input.judgeAt)
  const one = await examine(entry, lesson, paramsOf(entry, scene, input.params?.[entry.miner.id]), input.workshop, input.tell, live)
  return compared(entry.lesson === 'snapshots' ? withAttributeList(one, scene) : one, live, scene, input.workshop)
}

/** What `define churn` proposes: the end of contracts where nearly everybody has one, else silence. */
function proposedEvent(now: Frame, { history, today }: Scene, asked: number | undefined): EventDefinition {
  const inside = (event: EventDefinition): number => eventSubjects(now, event).outside.filter((why) => why === null).length
  const bound = ending(asked ?? horizonFor(history, 'end', today))
  const buying = silence(asked ?? horizonFor(history, 'silence', today))
  return isContractual(inside(bound), inside(buying)) ? bound : buying
}

/** With what is not as it was: since a month ago by the same model, and since the model that was live. */
async function compared(one: Examined, live: KnownModel | undefined, scene: Scene, workshop: Workshop): Promise<Examined> {
  if (one.report === null) return one
  return { ...one, report: withChanges(one.report, await movesOf(one, scene, workshop), await changesOf(one, live, workshop)) }
}

/** What was declared stable is never taken for a leak. */
const paramsOf = (entry: MinerEntry, scene: Scene, given: unknown): unknown =>
  entry.lesson === 'snapshots'
    ? { stable: scene.attributes.used.map((column) => column.name), ...(given as object | undefined) }
    : (given ?? {})

/** The report says which attributes it could learn from, and why it could not from the others. */
function withAttributeList(one: Examined, { attributes }: Scene): Examined {
  if (one.report === null) return one
  const list = { used: attributes.used.map((column) => column.name), leftOut: attributes.leftOut }
  return { ...one, report: { ...one.report, details: { ...one.report.details, attributes: list } } }
}

/** A known model serves again when it is of this miner's version and answers the same question. */
function reuse(entry: MinerEntry, known: KnownModel | undefined, now: Frame, definition: EventDefinition): Examined | null {
  const asked = entry.lesson === 'snapshots' ? definition : known?.definition
  if (!known || !asked || known.minerVersion !== entry.miner.version || known.definition.event !== asked.event) return null
  return {
    miner: entry.miner.id,
    minerVersion: entry.miner.version,
    subjects: entry.lesson === 'snapshots' ? eventSubjects(now, asked) : everybodySubjects(now, asked),
    known: known.id,
    params: known.params,
    readiness: { miner: entry.miner.id, ready: true, needs: [], note: 'a model of an earlier run serves again' },
    report: known.report,
    model: known.model,
  }
}

async function setScene(input: MineInput, days: DealDays, today: number): Promise<Scene> {
  const counts = await input.store.counts(input.connection)
  const kinds = new Set(counts.filter((c) => c.records > 0).map((c) => c.kind))
  const unit = input.unit ?? (await proposeUnit(days, input.connection, today))
  const history = await orderHistory(days, input.connection, unit, today)
  const attributes = await attributesOf(
    days.driver,
    { connection: input.connection, unit, asOf: today },
    { stable: input.stable?.[unit] ?? [], open: input.open ?? [] },
  )
  return { days, connection: input.connection, unit, today, history, kinds, attributes }
}

async function lessonFor(
  entry: MinerEntry,
  scene: Scene,
  now: Frame,
  definition: EventDefinition,
  judgeAt: readonly number[] | undefined,
): Promise<Lesson> {
  if (entry.lesson === 'present') return presentLesson(scene, now)
  if (entry.lesson === 'baskets') return basketLesson(scene, now)
  const days = calendar({
    firstEvent: firstEventAt(scene.history, definition.from) ?? scene.today,
    today: scene.today,
    horizonDays: definition.horizonDays!,
    ...(judgeAt ? { judgeAt } : {}),
  })
  return snapshotLesson(scene, now, definition, days)
}
