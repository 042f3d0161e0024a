import type { EventDefinition, Frame, Outlook, Report } from '@assay/shared'
import { customerNames } from '../../features/history.ts'
import type { MinerEntry } from '../../registry.ts'
import { type Examined, examine } from './examine.ts'
import type { Scene } from './frames.ts'
import type { KnownModel } from './known.ts'
import { valueLesson, valueSubjects, worth } from './value-lesson.ts'
import type { Workshop } from './workshop.ts'

/** What of a run concerns the value of customers. */
interface ValueInput {
  /** Models that are young enough to score with again, and those that are live, by miner. */
  readonly known?: ReadonlyMap<string, KnownModel>
  readonly live?: ReadonlyMap<string, KnownModel>
  readonly params?: Readonly<Record<string, unknown>>
  readonly judgeAt?: readonly number[]
  readonly workshop: Workshop
  readonly tell: (step: 'features' | 'fit' | 'judge', detail: string) => void
}

/** Customers as those who will spend or not: a model that is known and young serves again; else a lesson, a verdict, and the outlook of today. */
export async function mineValue(entry: MinerEntry, scene: Scene, now: Frame, asked: EventDefinition, input: ValueInput): Promise<Examined> {
  const { miner } = entry
  const definition = worth(asked)
  const bare: Frame = { ...now, baskets: null }
  const known = input.known?.get(miner.id)
  if (known?.minerVersion === miner.version && known.definition.event === definition.event) {
    const readiness = { miner: miner.id, ready: true, needs: [], note: 'a model of an earlier run serves again' }
    const { id, params, model, report } = known
    const subjects = await valueSubjects(scene, bare, definition)
    return { miner: miner.id, minerVersion: miner.version, subjects, known: id, params, readiness, report, model }
  }
  input.tell('features', `${miner.title}: past days and what followed them`)
  const lesson = await valueLesson(scene, bare, definition, input.judgeAt)
  const one = await examine(entry, lesson, input.params?.[miner.id] ?? {}, input.workshop, input.tell, input.live?.get(miner.id))
  // A model that serves on brings the outlook of its own day.
  if (one.report === null || one.known !== null) return one
  const outlook = miner.outlook?.(one.model, one.report.verdict === 'publish')
  const report = input.judgeAt?.length ? one.report : await withFitsOfToday(one, lesson.now, input.workshop)
  return { ...one, report: outlook === undefined ? report : await withNames(report, outlook, scene) }
}

/** The buying fits are those of the model that speaks today, unless a day was asked for: then they are of that day. */
async function withFitsOfToday({ miner, report, model, params, subjects }: Examined, now: Frame, workshop: Workshop): Promise<Report> {
  const bare: Frame = { ...now, followed: [] }
  const { btyd } = await workshop.judge(miner, [{ model, frame: bare }], subjects.definition, params, `${miner} today`)
  return btyd === undefined ? report! : { ...report!, btyd }
}

/** People are called by their names. */
async function withNames(report: Report, outlook: Outlook, scene: Scene): Promise<Report> {
  const lists = ['named', 'mayBecome', 'fading'] as const
  const ids = [...new Set(lists.flatMap((list) => outlook[list].map((one) => one.id)))]
  const names = await customerNames(scene.days.driver, scene.connection, scene.unit, scene.today, ids)
  const called = (list: (typeof lists)[number]): Outlook['named'] =>
    outlook[list].map((one) => ({ ...one, name: names.get(one.id) ?? null }))
  return { ...report, outlook: { ...outlook, named: called('named'), mayBecome: called('mayBecome'), fading: called('fading') } }
}
