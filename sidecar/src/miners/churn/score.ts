import type { Frame, ScoreColumns } from '@assay/shared'
import type { PropensityModel } from './model.ts'
import { chosenOf, predict, prepare, unknownRows } from './predict.ts'
import { signsOf, usualGaps } from './signs.ts'
import { tableOf } from './table.ts'

/** Percent as it is published: whole, and never certain. */
const percent = (probability: number): number => Math.min(99, Math.max(1, Math.round(probability * 100)))

/** Scores a chunk: each row by itself, so that cutting it elsewhere changes nothing. `field` holds the percent, if any. */
export function scorePropensity(model: PropensityModel, now: Frame, field: string | null): ScoreColumns {
  const table = prepare(model, tableOf(now))
  const candidate = chosenOf(model)
  const { raw, probability } = predict(candidate, table)
  const unknown = unknownRows(candidate, table)
  const signs = signsOf(model, candidate, table, raw, usualGaps(table))
  const known = probability.map((p, row) => (unknown[row] ? Number.NaN : p))
  return {
    ids: now.ids,
    fields: field === null ? {} : { [field]: known.map((p) => (Number.isNaN(p) ? p : percent(p))) },
    probability: known,
    signs: signs.map((list, row) => (unknown[row] ? [] : list)),
    unscored: unknown.map((nothing) => (nothing ? `nothing that the model reads is known (${model.features.length} fields)` : null)),
  }
}
