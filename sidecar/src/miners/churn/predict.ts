import { sigmoid } from '../../numeric/sigmoid.ts'
import { calibrated } from './calibration.ts'
import { columnsRead, rawOf } from './learned.ts'
import type { Candidate, PropensityModel } from './model.ts'
import { hasRhythm, rhythmColumn } from './rhythm.ts'
import { columnOf, type Table, withColumn } from './table.ts'

/** The candidate that the model stands for. */
export const chosenOf = (model: PropensityModel): Candidate => model.candidates.find((candidate) => candidate.name === model.chosen)!

/** A table with the buying rhythm beside its own columns, where the model has one and the table can give it. */
export const prepare = (model: PropensityModel, table: Table): Table =>
  model.rhythm && model.horizonDays !== null && hasRhythm(table)
    ? withColumn(table, rhythmColumn(model.rhythm, table, model.horizonDays))
    : table

/** Log-odds before and probabilities after calibration, of the rows of a prepared table. */
export function predict(candidate: Candidate, table: Table): { raw: Float64Array; probability: Float64Array } {
  const raw = rawOf(candidate.learned, table)
  return { raw, probability: raw.map((f) => sigmoid(calibrated(candidate.calibration, f))) }
}

/** Row by row: whether nothing at all that the candidate reads is known. */
export function unknownRows(candidate: Candidate, table: Table): boolean[] {
  const columns = [...columnsRead(candidate.learned)].map((name) => columnOf(table, name))
  return Array.from({ length: table.size }, (_, row) =>
    columns.every((column) => !column || (column.type === 'number' ? Number.isNaN(column.values[row]!) : column.codes[row]! < 0)),
  )
}
