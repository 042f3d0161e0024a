import { growTree, prepareGround } from '../boosting/grow.ts'
import { packBins } from '../boosting/histogram.ts'
import { binAll, type Input, type InputColumn, learnInputs, MISSING } from '../boosting/inputs.ts'
import type { Tree } from '../boosting/model.ts'
import { addTree } from '../boosting/predict.ts'
import { PACK } from '../boosting/split.ts'

export interface TreeOptions {
  readonly leaves: number
  /** Questions on the way to a leaf at most. */
  readonly depth: number
  /** Rows in a leaf at least. */
  readonly minRows: number
  /**
   * A split counts when the chi-square between its sides (1 degree of freedom, against the overall variance) is at least this.
   * The best of many possible splits is looked at, so the 3.84 of a single test would be too little.
   */
  readonly minChiSquare: number
  /** As `BoostingOptions` has them. */
  readonly bins: number
  readonly levels: number
  readonly rareLevel: number
}

const treeDefaults: TreeOptions = { leaves: 8, depth: 4, minRows: 20, minChiSquare: 12, bins: 255, levels: 64, rareLevel: 10 }

/** A classification tree; plain JSON. The value of a leaf is the share of its rows with the outcome. */
export interface DecisionTree {
  readonly inputs: readonly Input[]
  /** For each input, whether it was missing in any row: only then is "or missing" worth saying. */
  readonly mayMiss: readonly boolean[]
  readonly tree: Tree
}

/**
 * A classification tree that is small enough to read. Splits minimise the Gini impurity (Breiman et al. 1984, 4.3), which for
 * two classes is the squared error: what a boosted tree does with gradient -y and curvature 1. Leaf by leaf, the best split
 * first. Deterministic. One class only, or nothing to ask about: a single leaf. O(rows x columns x log leaves).
 *
 * @param outcome 0 or 1, one a row
 */
export function fitTree(columns: readonly InputColumn[], outcome: ArrayLike<number>, options: Partial<TreeOptions> = {}): DecisionTree {
  const rules = { ...treeDefaults, ...options }
  const rows = outcome.length
  const { inputs, bins } = learnInputs(columns, rows, { bins: rules.bins, levels: rules.levels, rare: rules.rareLevel })
  const ground = prepareGround(inputs, bins, packBins(bins, inputs.length, rows), rows, rules.leaves)
  let positives = 0
  for (let row = 0; row < rows; row++) {
    const y = outcome[row] === 1 ? 1 : 0
    positives += y
    ground.order[row] = row
    ground.gradient[row] = -y
    ground.curvature[row] = 1
    ground.both[row] = 1 - y * PACK
  }
  const rate = rows > 0 ? positives / rows : 0
  const growth = {
    leaves: rules.leaves,
    depth: rules.depth,
    lambda: 0,
    minChildWeight: rules.minRows,
    minGain: (rules.minChiSquare * rate * (1 - rate)) / 2,
    smoothing: 0,
    learningRate: 1,
  }
  const asked = new Uint8Array(inputs.length).fill(positives > 0 && positives < rows ? 1 : 0)
  const tree = growTree(ground, rows, { gradient: 1, curvature: 1 }, asked, growth, new Float64Array(inputs.length), () => {})
  const mayMiss = inputs.map((_, k) => bins.subarray(k * rows, (k + 1) * rows).includes(MISSING))
  return { inputs, mayMiss, tree }
}

/** For each row the rate of its leaf. */
export function predictTree(model: DecisionTree, columns: readonly InputColumn[], rows: number): Float64Array {
  const rates = new Float64Array(rows)
  addTree(model.tree, model.inputs, binAll(model.inputs, columns, rows), rows, rates)
  return rates
}
