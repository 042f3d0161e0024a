import { AssayError, type Readiness, type Report, type Training } from '@assay/shared'
import type { Lesson, Subjects } from './frames.ts'
import { fieldProblems } from './field-check.ts'
import { guardOf } from './guard.ts'
import type { KnownModel } from './known.ts'
import type { Workshop } from './workshop.ts'
import type { Fitted } from './workshop-worker.ts'
import type { MinerEntry } from '../../registry.ts'

/** What came of one miner: enough data or not, a verdict, a model. */
export interface Examined {
  readonly miner: string
  readonly minerVersion: number
  readonly subjects: Subjects
  /** The model's id in the registry when it was there before; null when it was made now. */
  readonly known: string | null
  readonly params: unknown
  readonly readiness: Readiness
  /** Null where nothing was trained; `why` of the readiness says what is missing. */
  readonly report: Report | null
  readonly model: unknown
  /** A new model that passed its verdict and is worse than the live one, which goes on; for the history. */
  readonly lost?: { readonly report: Report; readonly model: unknown; readonly params: unknown }
}

/** Each candidate with the seconds of processor that trying and learning it took, over all fits. */
function withCosts(report: Report, fits: readonly Fitted[]): Report {
  const seconds = (name: string): number => fits.reduce((sum, { costs }) => sum + (costs[name] ?? 0), 0)
  const candidates = report.candidates.map((one) => (seconds(one.name) > 0 ? { ...one, seconds: seconds(one.name) } : one))
  return { ...report, candidates }
}

const withNote = (text: string, { note }: Lesson): string => [text, note].filter((part) => part).join('; ')

/**
 * Readiness, then a model for every judged period from what was known before it, then the verdict over all of them
 * together, then the model that scores today, from everything there is. Where a model is `live`, a new one takes over only
 * if it does not lose to it on the same periods.
 */
export async function examine(
  entry: MinerEntry,
  lesson: Lesson,
  params: unknown,
  workshop: Workshop,
  tell: (step: 'fit' | 'judge', detail: string) => void,
  live?: KnownModel,
): Promise<Examined> {
  const { miner } = entry
  const parsed = miner.params.parse(params)
  // Not the lesson itself: its frames of past days would stay in memory as long as the run.
  const { definition, object, now, outside } = lesson
  const subjects: Subjects = { definition, now, outside, ...(object === undefined ? {} : { object }) }
  const head = { miner: miner.id, minerVersion: miner.version, subjects, known: null, params: parsed }
  const newest = lesson.final.frames.at(-1)
  const fields = newest && newest.outcome !== null ? fieldProblems(newest) : []
  const said = miner.readiness(lesson.facts, parsed)
  const readiness = { ...said, note: withNote(said.note, lesson), ...(fields.length > 0 ? { fields } : {}) }
  if (!readiness.ready) return { ...head, readiness, report: null, model: null }
  try {
    tell('fit', `${miner.title}: ${lesson.trials.length} periods and today`)
    const seed = `${miner.id} trial`
    const earlier = live?.minerVersion === miner.version ? live : undefined
    const teach = (training: Training, seedOf: string): Promise<Fitted> =>
      workshop.fit(miner.id, earlier === undefined ? training : { ...training, previous: earlier.model }, parsed, seedOf)
    // Where today's model is taught by the same rows as the judged one, it is that one.
    const same = lesson.trials.findIndex(({ training }) => training === lesson.final)
    const taught = await Promise.all([
      ...lesson.trials.map((trial) => teach(trial.training, seed)),
      ...(same < 0 ? [teach(lesson.final, `${miner.id} final`)] : []),
    ])
    const fitted = taught.slice(0, lesson.trials.length)
    const final = taught[same < 0 ? lesson.trials.length : same]!
    await workshop.rest()
    tell('judge', miner.title)
    const trials = lesson.trials.flatMap(({ frame, also, training }, i) => {
      const shown = training.frames.filter(({ outcome }) => outcome !== null).map((one) => ({ ...one, baskets: null, next: null }))
      return [frame, ...(also ?? [])].map((one) => ({ model: fitted[i]!.model, frame: one, taught: shown }))
    })
    const judged = await workshop.judge(miner.id, trials, lesson.definition, parsed, `${miner.id} judge`)
    await workshop.rest()
    const report = withCosts({ ...judged, why: withNote(judged.why, lesson) }, taught)
    const { model } = final
    const guard =
      earlier === undefined || report.verdict === 'refuse' || earlier.definition.event !== lesson.definition.event
        ? null
        : await guardOf({ miner: miner.id, live: earlier, trials, report, lesson, params: parsed, workshop })
    await workshop.rest()
    if (guard === null) return { ...head, readiness, report, model }
    if (guard.replaced) return { ...head, readiness, report: { ...report, guard }, model }
    const lost = { report: { ...report, verdict: 'refuse' as const, why: guard.why, guard }, model, params: parsed }
    return { ...head, known: earlier!.id, params: earlier!.params, readiness, report: earlier!.report, model: earlier!.model, lost }
  } catch (error) {
    // Data that nothing can be learned from is an answer, not a failure of the run.
    if (!(error instanceof AssayError) || error.kind !== 'data') throw error
    return { ...head, readiness: { ...readiness, ready: false, note: error.message }, report: null, model: null }
  }
}
