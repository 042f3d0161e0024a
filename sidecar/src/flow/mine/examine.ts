import { AssayError, type Readiness, type Report } from '@assay/shared'
import type { Lesson, Subjects } from './frames.ts'
import type { Workshop } from './workshop.ts'
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
}

/**
 * Readiness, then a model for every judged period from what was known before it, then the verdict over all of them
 * together, then the model that scores today, from everything there is.
 */
export async function examine(
  entry: MinerEntry,
  lesson: Lesson,
  params: unknown,
  workshop: Workshop,
  tell: (step: 'fit' | 'judge', detail: string) => void,
): Promise<Examined> {
  const { miner } = entry
  const parsed = miner.params.parse(params)
  const head = { miner: miner.id, minerVersion: miner.version, subjects: lesson, known: null, params: parsed }
  const readiness = miner.readiness(lesson.facts, parsed)
  if (!readiness.ready) return { ...head, readiness, report: null, model: null }
  try {
    const trials: { model: unknown; frame: Lesson['now'] }[] = []
    for (const [i, trial] of lesson.trials.entries()) {
      tell('fit', `${miner.title}: period ${i + 1} of ${lesson.trials.length}`)
      trials.push({ model: await workshop.fit(miner.id, trial.training, parsed, `${miner.id} trial`), frame: trial.frame })
    }
    tell('judge', miner.title)
    const report = await workshop.judge(miner.id, trials, lesson.definition, parsed, `${miner.id} judge`)
    tell('fit', `${miner.title}: the model for today`)
    const model = await workshop.fit(miner.id, lesson.final, parsed, `${miner.id} final`)
    return { ...head, readiness, report, model }
  } catch (error) {
    // Data that nothing can be learned from is an answer, not a failure of the run.
    if (!(error instanceof AssayError) || error.kind !== 'data') throw error
    return { ...head, readiness: { ...readiness, ready: false, note: error.message }, report: null, model: null }
  }
}
