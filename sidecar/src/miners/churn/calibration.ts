import { isotonic, isotonicAt } from '../../numeric/isotonic.ts'
import { rowLoss } from '../../numeric/log-loss.ts'
import { logistic } from '../../numeric/logistic.ts'
import { moments } from '../../numeric/moments.ts'
import { platt } from '../../numeric/platt.ts'
import { hashUnit } from '../../numeric/rng.ts'
import { logit, sigmoid } from '../../numeric/sigmoid.ts'
import type { Calibration } from './model.ts'

/** Below these sizes the curve of Platt, above them a freer one if it does better. */
const ROWS_FOR_ISOTONIC = 1000
const POSITIVES_FOR_ISOTONIC = 200
const CERTAIN = 1e-6

/** Says what the model said. */
export const asItIs: Calibration = { kind: 'platt', slope: 1, intercept: 0 }

/** Moved by one constant, so that the mean probability is the rate of those rows. */
export function levelled(raw: Float64Array, outcome: Float64Array): Float64Array {
  const { intercept } = logistic([], outcome, { lambda: 0, offset: raw })
  return Number.isFinite(intercept) && Math.abs(intercept) < 20 ? raw.map((f) => f + intercept) : raw
}

/**
 * A calibration from scores that the model did not learn from. Platt when they are few; with enough of them an isotonic
 * curve, if it predicts the other half of the customers better by more than one standard error. A model that ranked backwards is flattened, not turned round.
 */
export function calibrate(raw: Float64Array, outcome: Float64Array, ids: readonly string[]): Calibration {
  const smooth = plattOf(raw, outcome)
  const positives = outcome.reduce((sum, y) => sum + y, 0)
  const scarce = Math.min(positives, outcome.length - positives) < POSITIVES_FOR_ISOTONIC || outcome.length < ROWS_FOR_ISOTONIC
  if (scarce || smooth.slope === 0) return smooth
  const half = ids.map((id) => hashUnit(`half/${id}`) < 0.5)
  const gains: number[] = []
  for (const side of [true, false]) {
    const learn = part(raw, outcome, half, side)
    const test = part(raw, outcome, half, !side)
    const line = plattOf(learn.raw, learn.outcome)
    const curve = isotonicOf(learn.raw, learn.outcome)
    const loss = (calibration: Calibration, row: number): number =>
      rowLoss(sigmoid(calibrated(calibration, test.raw[row]!)), test.outcome[row]!)
    test.raw.forEach((_, row) => gains.push(loss(line, row) - loss(curve, row)))
  }
  const { mean, deviation } = moments(gains)
  return mean > deviation / Math.sqrt(gains.length) ? isotonicOf(raw, outcome) : smooth
}

/** The calibration of Platt, never falling. */
export function plattOf(raw: Float64Array, outcome: Float64Array): { kind: 'platt'; slope: number; intercept: number } {
  const fit = platt(raw, outcome)
  if (fit.slope > 0) return { kind: 'platt', ...fit }
  return { kind: 'platt', slope: 0, intercept: platt(new Float64Array(raw.length), outcome).intercept }
}

const isotonicOf = (raw: Float64Array, outcome: Float64Array): Calibration => ({ kind: 'isotonic', ...isotonic(raw, outcome) })

function part(
  raw: Float64Array,
  outcome: Float64Array,
  half: readonly boolean[],
  side: boolean,
): { raw: Float64Array; outcome: Float64Array } {
  return { raw: raw.filter((_, row) => half[row] === side), outcome: outcome.filter((_, row) => half[row] === side) }
}

/** Log-odds after calibration. */
export function calibrated(calibration: Calibration, raw: number): number {
  if (calibration.kind === 'platt')
    return Math.max(logit(CERTAIN), Math.min(logit(1 - CERTAIN), calibration.slope * raw + calibration.intercept))
  return logit(Math.min(1 - CERTAIN, Math.max(CERTAIN, isotonicAt(calibration, raw))))
}
