import type { Model } from '../../control/control.ts'
import { type Bands, bandsInWords } from '../bands.ts'

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Model id to one sentence for the record: which event, how good, data until when. The edges of the bands stand in it. */
export function notesOf(models: readonly Omit<Model, 'model'>[], bands: Bands): ReadonlyMap<string, string> {
  return new Map(
    models
      .filter((model) => model.state === 'live')
      .map((model) => {
        const { auc } = model.report.metrics
        const quality = typeof auc === 'object' ? ` Ranks right ${Math.round(auc.value * 100)} times in 100 (AUC), on later periods.` : ''
        const edges = model.miner === 'churn' ? ` ${bandsInWords(bands)}.` : ''
        return [model.id, `Chance of ${model.report.event}.${quality} Data until ${day(model.dataUntil)}.${edges}`]
      }),
  )
}
