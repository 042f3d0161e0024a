import { alone, type Parallel, type Rng } from '@assay/shared'
import { logLoss } from '../log-loss.ts'
import { sigmoid } from '../sigmoid.ts'
import { type Ground, growTree, prepareGround } from './grow.ts'
import { packBins } from './histogram.ts'
import { binAll, type InputColumn, learnInputs } from './inputs.ts'
import type { Boosting, Tree } from './model.ts'
import { addTree } from './predict.ts'
import { PACK } from './split.ts'

export interface BoostingOptions {
  /** Trees at most. */
  readonly rounds: number
  readonly learningRate: number
  /** Leaves of a tree at most. */
  readonly leaves: number
  /** Questions on the way to a leaf at most. */
  readonly depth: number
  /** L2 penalty on leaf values. */
  readonly lambda: number
  /** Least sum of p (1 - p) in a leaf. */
  readonly minChildWeight: number
  /** Least fall of the log-loss (summed over rows) by a split. */
  readonly minGain: number
  /** Share of the rows, and of the columns, that each tree is shown. */
  readonly rowShare: number
  readonly columnShare: number
  readonly bins: number
  /** At most so many words of a column are told apart, and only those that occur at least `rareLevel` times. */
  readonly levels: number
  readonly rareLevel: number
  /** Weight by which words are drawn towards the average. */
  readonly smoothing: number
  /** Rounds without a better log-loss on the later rows, after which learning ends. */
  readonly patience: number
}

export const boostingDefaults: BoostingOptions = {
  rounds: 300,
  learningRate: 0.05,
  leaves: 15,
  depth: 12,
  lambda: 1,
  minChildWeight: 5,
  minGain: 0,
  rowShare: 0.8,
  columnShare: 0.8,
  bins: 255,
  levels: 64,
  rareLevel: 10,
  smoothing: 10,
  patience: 30,
}

/** Later rows, never learned from, that say when to end. */
export interface LaterRows {
  readonly columns: readonly InputColumn[]
  readonly outcome: ArrayLike<number>
  /** What is to become small, from the log-odds of those rows (only lent); their mean log-loss when left out. */
  readonly loss?: (scores: Float64Array) => number
  /** It is looked at after every so many rounds; 1 when left out. */
  readonly every?: number
}

export interface BoostingFit {
  readonly model: Boosting
  /** Loss on the later rows each time it was looked at, the intercept alone first; empty without later rows. */
  readonly laterLoss: readonly number[]
}

/**
 * Gradient boosting of the log-loss on histograms of bins (Friedman 2001; Chen & Guestrin 2016, equations 5 to 7; Ke et al.
 * 2017 for leaf-wise growth and words; Shi et al. 2022, "Quantized training", for gradients rounded up or down at random).
 * Missing values go the way that lowers the loss. Same columns, outcome, options and seed give the same model, whatever the
 * order of the columns as long as all of them are shown to every tree. With one class only, or nothing to ask about, the
 * model is the intercept. O(rounds x rows x columns x log leaves).
 *
 * @param outcome 0 or 1, one a row
 */
export function fitBoosting(
  columns: readonly InputColumn[],
  outcome: ArrayLike<number>,
  options: Partial<BoostingOptions>,
  rng: Rng,
  later: LaterRows | null = null,
  parallel: Parallel = alone,
): BoostingFit {
  const rules = { ...boostingDefaults, ...options }
  const rows = outcome.length
  const { inputs, bins } = learnInputs(columns, rows, { bins: rules.bins, levels: rules.levels, rare: rules.rareLevel })
  const ground = prepareGround(inputs, bins, packBins(bins, inputs.length, rows), rows, rules.leaves, parallel)
  let positives = 0
  for (let row = 0; row < rows; row++) positives += outcome[row] === 1 ? 1 : 0
  const oneClass = positives === 0 || positives === rows
  // One class only: half a row of the other kind keeps the log-odds finite.
  const intercept = oneClass ? Math.log((positives + 0.5) / (rows - positives + 0.5)) : Math.log(positives / (rows - positives))
  const scores = new Float64Array(rows).fill(intercept)
  const laterScores = new Float64Array(later?.outcome.length ?? 0).fill(intercept)
  const laterBins = later ? binAll(inputs, later.columns, laterScores.length) : null
  const lossNow = (): number => later!.loss?.(laterScores) ?? logLoss(laterScores.map(sigmoid), later!.outcome)
  const laterLoss = later ? [lossNow()] : []
  const trees: Tree[] = []
  const gains: Float64Array[] = []
  const draw = rng.fork('boosting')
  let best = 0
  let bestLoss = laterLoss[0] ?? Infinity

  for (let round = 0; round < rules.rounds && !oneClass && inputs.length > 0; round++) {
    derive(ground, scores, outcome)
    const count = drawRows(ground.order, rows, rules.rowShare, draw)
    const unit = packGradients(ground, count, draw)
    const asked = drawInputs(inputs.length, rules.columnShare, draw)
    const gained = new Float64Array(inputs.length)
    const inBag = count === rows
    const tree = growTree(ground, count, unit, asked, rules, gained, (start, end, value) => {
      if (inBag) for (let k = start; k < end; k++) scores[ground.order[k]!]! += value
    })
    if (tree.input.length === 1) {
      // Nothing was worth asking; with all rows and columns shown the next round would find the same.
      if (inBag && rules.columnShare >= 1) break
      continue
    }
    if (!inBag) addTree(tree, inputs, bins, rows, scores)
    trees.push(tree)
    gains.push(gained)
    if (!later || !laterBins) continue
    addTree(tree, inputs, laterBins, laterScores.length, laterScores)
    if (trees.length % (later.every ?? 1) !== 0) continue
    laterLoss.push(lossNow())
    if (laterLoss.at(-1)! < bestLoss) {
      best = trees.length
      bestLoss = laterLoss.at(-1)!
    }
    if (trees.length - best >= rules.patience) break
  }
  ground.work.end()
  const kept = later ? best : trees.length
  const sums = inputs.map((_, k) => gains.slice(0, kept).reduce((sum, gained) => sum + gained[k]!, 0))
  return { model: { inputs, intercept, trees: trees.slice(0, kept), gains: sums }, laterLoss }
}

/** First and second derivative of the log-loss with respect to the log-odds: p - y and p (1 - p). */
function derive(ground: Ground, scores: Float64Array, outcome: ArrayLike<number>): void {
  const { gradient, curvature } = ground
  for (let row = 0; row < scores.length; row++) {
    const p = 1 / (1 + Math.exp(-scores[row]!))
    gradient[row] = p - outcome[row]!
    curvature[row] = Math.max(p * (1 - p), 1e-16)
  }
}

/** Rows of one tree into `order`, ascending; at least one. */
function drawRows(order: Int32Array, rows: number, share: number, draw: Rng): number {
  let count = 0
  for (let row = 0; row < rows; row++) if (share >= 1 || draw.next() < share) order[count++] = row
  if (count === 0) order[count++] = draw.below(rows)
  return count
}

function drawInputs(inputs: number, share: number, draw: Rng): Uint8Array {
  const asked = new Uint8Array(inputs)
  const wanted = Math.max(1, Math.round(share * inputs))
  const left = Array.from({ length: inputs }, (_, k) => k)
  for (let k = 0; k < wanted; k++) {
    const at = share >= 1 ? 0 : draw.below(left.length)
    asked[left.splice(at, 1)[0]!] = 1
  }
  return asked
}

/**
 * Gradients and curvatures as whole numbers of a unit, both in one number, rounded up or down at random in proportion, so
 * that sums are right on average. The units make the sums over all rows as large as their 26 bits allow.
 */
function packGradients(ground: Ground, count: number, draw: Rng): { gradient: number; curvature: number } {
  const { order, gradient, curvature, both } = ground
  let sumG = 0
  let sumH = 0
  for (let k = 0; k < count; k++) {
    sumG += Math.abs(gradient[order[k]!]!)
    sumH += curvature[order[k]!]!
  }
  const perG = (PACK / 2 - 2 * count) / sumG
  const perH = (PACK - 2 * count) / sumH
  let noise = draw.below(2 ** 32) | 0
  for (let k = 0; k < count; k++) {
    const row = order[k]!
    noise = (Math.imul(noise, 1664525) + 1013904223) | 0
    const up = (noise >>> 16) / 65536
    const g = Math.floor(gradient[row]! * perG + up)
    const h = Math.floor(curvature[row]! * perH + (1 - up))
    both[row] = g * PACK + h
  }
  return { gradient: 1 / perG, curvature: 1 / perH }
}
