import { logistic } from '../../numeric/logistic.ts'
import type { Calibration } from './model.ts'
import { columnOf, type Table, wordAt } from './table.ts'

/** Fewer deals won (or not) than this in all, or rows in a stage, do not move what was said. */
const LEAST_OF_A_CLASS = 30
const LEAST_IN_STAGE = 60
/** Slopes and stages are drawn towards "as said" with this strength. */
const STRENGTH = 10

export const asSaid: Calibration = { slope: 1, intercept: 0, stages: [] }

/**
 * By how much log-odds of rows that the model did not learn from are off: one line for all, one step for each stage that has
 * enough rows. A model that ranked backwards is flattened, not turned round.
 */
export function calibrate(odds: Float64Array, outcome: Float64Array, table: Table): Calibration {
  const won = outcome.reduce((sum, y) => sum + y, 0)
  if (Math.min(won, outcome.length - won) < LEAST_OF_A_CLASS) return asSaid
  const column = columnOf(table, 'stage')
  const words = Array.from({ length: table.size }, (_, row) => wordAt(column, row))
  const stages = [...Map.groupBy(words, (word) => word)]
    .flatMap(([word, rows]) => (word !== null && rows.length >= LEAST_IN_STAGE ? [word] : []))
    .sort()
  const mean = odds.reduce((sum, f) => sum + f, 0) / odds.length
  // A unit of slope is worth what the odds vary by.
  const lines = [odds.map((f) => f - mean), ...stages.map((stage) => Float64Array.from(words, (word) => (word === stage ? 1 : 0)))]
  const fit = logistic(lines, outcome, { lambda: STRENGTH, offset: odds })
  const slope = Math.max(0, 1 + fit.coefficients[0]!)
  return {
    slope,
    intercept: fit.intercept - (slope - 1) * mean,
    stages: stages.map((stage, k) => ({ stage, offset: fit.coefficients[k + 1]! })),
  }
}

/** By row, what the calibration of its stage adds. */
export function stageSteps(calibration: Calibration, table: Table): Float64Array {
  const column = columnOf(table, 'stage')
  const steps = new Map(calibration.stages.map(({ stage, offset }) => [stage, offset]))
  return Float64Array.from({ length: table.size }, (_, row) => steps.get(wordAt(column, row) ?? '') ?? 0)
}
