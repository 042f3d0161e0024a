import { z } from 'zod'
import type { Model } from '../../control/control.ts'
import { type Bands, bandsInWords } from '../bands.ts'

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Groups of customers by what was said and how often it came true, on rows that the model had not seen. */
const curve = z.array(z.object({ said: z.number(), happened: z.number(), n: z.number() }))
/** Fewer customers than this tell no share. */
const LEAST = 20

type About = Omit<Model, 'model' | 'decidedAt'>

/** What a model says of itself beside a score; `risk` in percent, null where the record has none. */
export type Note = (risk: number | null) => string

/**
 * Model id to its note: which event, how often such a score was right, which model, data until when, and the edges of the
 * bands. `dataUntil` is the newest event that the scores know of; left out, the newest that the model learned from.
 */
export function notesOf(models: readonly About[], bands: Bands, dataUntil?: number): ReadonlyMap<string, Note> {
  return new Map(
    models.filter((model) => model.state === 'live').map((model) => [model.id, noteOf(model, bands, dataUntil ?? model.dataUntil)]),
  )
}

function noteOf(model: About, bands: Bands, dataUntil: number): Note {
  const until = `data until ${day(dataUntil)}`
  if (model.miner !== 'churn' && model.miner !== 'wins') return () => `${capital(until)}.`
  const { report } = model
  const { auc } = report.metrics
  const chosen = report.candidates.find((candidate) => candidate['chosen'] === true)?.name ?? `${model.miner} model`
  const ranks = typeof auc === 'object' ? `, ranks right ${Math.round(auc.value * 100)} times in 100` : ''
  const known = curve.safeParse(report.details['reliability'])
  const bins = known.success ? known.data : []
  const chance = model.miner === 'wins' ? `Chance of being ${report.event}` : `Chance of ${report.event}`
  return (risk) =>
    `${chance}.${howOften(bins, risk)} ${capital(chosen)}${ranks}, ${until}.${model.miner === 'churn' ? ` ${bandsInWords(bands)}.` : ''}`
}

/** How it went for those of whom about that was said: the group whose said probability is nearest. */
function howOften(bins: z.infer<typeof curve>, risk: number | null): string {
  const near =
    risk === null ? [] : bins.filter((bin) => bin.n >= LEAST).sort((a, b) => Math.abs(a.said - risk / 100) - Math.abs(b.said - risk / 100))
  const bin = near[0]
  return bin ? ` Of 100 such scores about ${Math.round(bin.happened * 100)} came true (${bin.n} seen later).` : ''
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
