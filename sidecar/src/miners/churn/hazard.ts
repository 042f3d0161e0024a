import { logistic } from '../../numeric/logistic.ts'
import { logit, sigmoid } from '../../numeric/sigmoid.ts'
import { learnSlots } from './encoding.ts'
import type { Learner } from './learners.ts'
import { type Linear, linearParts, matrix, rawScores } from './linear.ts'
import type { Learned } from './model.ts'
import type { Table } from './table.ts'

const DAYS_A_MONTH = 30
/** A long horizon is cut into so many equal steps instead of into months. */
const MOST_STEPS = 4

/** A line, and how much higher or lower the hazard of each step lies than that of the first. */
interface Hazard extends Linear {
  readonly steps: readonly number[]
}

/**
 * Discrete-time hazard (Singer & Willett 1993): the chance that a contract ends in a step of the horizon, given that it did not
 * before, by logistic regression on one row for every step that a customer came to. It knows when, where a plain yes or no knows
 * only whether: an end in the first month teaches more than one in the last.
 */
export function hazardLearner(horizonDays: number, strengths: readonly number[]): Learner {
  const steps = Math.min(MOST_STEPS, Math.max(1, Math.round(horizonDays / DAYS_A_MONTH)))
  const learn = (table: Table, fits: readonly number[]): Extract<Learned, { kind: 'hazard' }>[] => {
    const slots = learnSlots(table)
    const { rows, step, ended } = lived(table, steps, horizonDays / steps)
    const columns = matrix(slots, table).map((column) => Float64Array.from(rows, (row) => column[row]!))
    const heights = Array.from({ length: steps - 1 }, (_, k) => Float64Array.from(step, (at) => (at === k + 1 ? 1 : 0)))
    return fits.map((lambda) => {
      const { coefficients, intercept } = logistic([...columns, ...heights], ended, { lambda })
      const weights = [...coefficients.subarray(0, slots.length)]
      return { kind: 'hazard', slots, weights, intercept, lambda, steps: [0, ...coefficients.subarray(slots.length)] }
    })
  }
  return {
    settings: strengths.map((lambda) => `${steps} steps, penalty ${lambda}`),
    attempt: (train, validate) =>
      learn(train, strengths).map((hazard) =>
        rawScores(hazard, matrix(hazard.slots, validate), validate.size).map((f) => withinHorizon(hazard.steps, f)),
      ),
    learn: (table, setting) => learn(table, [strengths[setting]!])[0]!,
  }
}

/** One row for every step that a customer came to; `ended` 1 in the one in which it happened. */
function lived(table: Table, steps: number, days: number): { rows: Int32Array; step: Int32Array; ended: Float64Array } {
  const rows: number[] = []
  const step: number[] = []
  const ended: number[] = []
  for (let row = 0; row < table.size; row++) {
    const happened = table.outcome[row] === 1
    const after = table.eventAfter[row]!
    const last = happened && !Number.isNaN(after) ? Math.min(steps, Math.max(1, Math.ceil(after / days))) : steps
    for (let at = 0; at < last; at++) {
      rows.push(row)
      step.push(at)
      ended.push(happened && at === last - 1 ? 1 : 0)
    }
  }
  return { rows: Int32Array.from(rows), step: Int32Array.from(step), ended: Float64Array.from(ended) }
}

/** Log-odds that it happens in any of the steps: 1 - prod (1 - h), from the log-odds of the first. */
export function withinHorizon(steps: readonly number[], first: number): number {
  let lnStays = 0
  for (const step of steps) lnStays += Math.log(Math.max(1e-12, 1 - sigmoid(first + step)))
  return logit(Math.min(1 - 1e-12, Math.max(1e-12, -Math.expm1(lnStays))))
}

/** The parts of the line, stretched in each row by the one factor that makes them meet the log-odds of the whole horizon. */
export function hazardParts(hazard: Hazard, table: Table): { start: number; parts: Map<string, Float64Array> } {
  const parts = linearParts(hazard, table)
  const start = withinHorizon(hazard.steps, hazard.intercept)
  for (let row = 0; row < table.size; row++) {
    let moved = 0
    for (const part of parts.values()) moved += part[row]!
    const factor = Math.abs(moved) < 1e-9 ? 1 : (withinHorizon(hazard.steps, hazard.intercept + moved) - start) / moved
    for (const part of parts.values()) part[row]! *= factor
  }
  return { start, parts }
}
