import { logit, sigmoid } from '../../numeric/sigmoid.ts'
import { stageSteps } from './calibrate.ts'
import { headScores } from './heads.ts'
import { clipped, incidence, type Incidence, wonOdds } from './incidence.ts'
import type { Candidate, WinsModel } from './model.ts'
import { columnOf, type Table, wordAt } from './table.ts'

/** The candidate that the model stands for. */
export const chosenOf = (model: WinsModel): Candidate => model.candidates.find(({ name }) => name === model.chosen)!

/** Log-odds of being won within the horizon, before calibration. */
export function rawOdds(candidate: Pick<Candidate, 'ends' | 'wins' | 'rates'>, table: Table, edges: readonly number[]): Float64Array {
  const { ends, wins, rates } = candidate
  if (ends === null || wins === null) {
    const byStage = new Map(rates!.stages.map(({ stage, rate }) => [stage, rate]))
    const column = columnOf(table, 'stage')
    return Float64Array.from({ length: table.size }, (_, row) => logit(clipped(byStage.get(wordAt(column, row) ?? '') ?? rates!.average)))
  }
  return eachRow(headScores(ends, table, edges), headScores(wins, table, edges), table.size, wonOdds)
}

/** How every row will have ended; null for a candidate that only knows rates. Before calibration. */
export function incidences(candidate: Candidate, table: Table, edges: readonly number[]): Incidence[] | null {
  const { ends, wins } = candidate
  if (ends === null || wins === null) return null
  const found: Incidence[] = []
  eachRow(headScores(ends, table, edges), headScores(wins, table, edges), table.size, (h, q) => found.push(incidence(h, q)))
  return found
}

function eachRow(
  ends: readonly Float64Array[],
  wins: readonly Float64Array[],
  size: number,
  of: (ends: Float64Array, wins: Float64Array) => number,
): Float64Array {
  const [h, q] = [new Float64Array(ends.length), new Float64Array(ends.length)]
  return Float64Array.from({ length: size }, (_, row) => {
    for (let k = 0; k < ends.length; k++) {
      h[k] = ends[k]![row]!
      q[k] = wins[k]![row]!
    }
    return of(h, q)
  })
}

/** Log-odds after calibration. */
export function calibratedOdds(candidate: Candidate, table: Table, raw: Float64Array): Float64Array {
  const steps = stageSteps(candidate.calibration, table)
  const { slope, intercept } = candidate.calibration
  const most = logit(1 - 1e-6)
  return raw.map((f, row) => Math.max(-most, Math.min(most, slope * f + intercept + steps[row]!)))
}

export function probabilities(candidate: Candidate, table: Table, edges: readonly number[]): Float64Array {
  return calibratedOdds(candidate, table, rawOdds(candidate, table, edges)).map(sigmoid)
}
