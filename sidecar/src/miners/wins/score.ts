import type { Frame, ScoreColumns } from '@assay/shared'
import { sigmoid } from '../../numeric/sigmoid.ts'
import type { WinsModel } from './model.ts'
import { calibratedOdds, chosenOf, rawOdds } from './predict.ts'
import { signsOf } from './signs.ts'
import { columnOf, type Table, tableOf } from './table.ts'

/** Percent as it is published: whole, and never certain. */
const percent = (probability: number): number => Math.min(99, Math.max(1, Math.round(probability * 100)))

/** Scores a chunk: each row by itself, so that cutting it elsewhere changes nothing. */
export function scoreWins(model: WinsModel, now: Frame): ScoreColumns {
  const table = tableOf(now)
  const candidate = chosenOf(model)
  const odds = calibratedOdds(candidate, table, rawOdds(candidate, table, model.edges))
  const unknown = unknownRows(model, table)
  const probability = odds.map((f, row) => (unknown[row] ? Number.NaN : sigmoid(f)))
  const signs = signsOf(model, candidate, table, odds)
  return {
    ids: now.ids,
    fields: { win_chance: probability.map((p) => (Number.isNaN(p) ? p : percent(p))) },
    probability,
    signs: signs.map((list, row) => (unknown[row] ? [] : list)),
    unscored: unknown.map((nothing) => (nothing ? `nothing that the model reads is known (${model.features.length} fields)` : null)),
  }
}

/** Row by row: whether nothing at all that the model reads is known. */
export function unknownRows(model: WinsModel, table: Table): boolean[] {
  const columns = model.features.map(({ name }) => columnOf(table, name))
  return Array.from({ length: table.size }, (_, row) =>
    columns.every((column) => !column || (column.type === 'number' ? Number.isNaN(column.values[row]!) : column.codes[row]! < 0)),
  )
}
