import { binAll, type InputColumn } from '../boosting/inputs.ts'
import type { Boosting, Tree } from '../boosting/model.ts'
import { type Cells, cellsOf } from './cells.ts'
import { leafShare, newQuadratures, type Quadratures } from './leaf-share.ts'
import { type Path, pathsOf } from './paths.ts'

export interface Explanation {
  /** Mean log-odds of the model over the rows it was grown on, as the trees have them: where all contributions start. */
  readonly average: number
  /** One column for each of `model.inputs`, in log-odds: average + contributions of a row = its log-odds. */
  readonly contributions: readonly Float64Array[]
}

/** Kinds of row that are worked out in advance for a group of leaves, and for a leaf behind many questions. */
const CELLS = 1024
const CELLS_OF_ONE = 8192
/** Rows that stay in the processor's cache while all trees pass over them. */
const BLOCK = 2048

/**
 * Shapley values of the inputs for each row: exact path-dependent TreeSHAP (Lundberg et al. 2018, arXiv 1802.03888). Each leaf
 * gives them in closed form (see leaf-share.ts); groups of neighbouring leaves are worked out once for every kind of row that
 * they can tell apart (as Yang 2021, "Fast TreeSHAP" v2, does for single leaves), so that a row costs a look-up for each
 * input of a group. How many kinds are worked out follows from the number of rows, or from `kinds`: with it a row gets the
 * same bits in whatever company.
 */
export function explainBoosting(model: Boosting, columns: readonly InputColumn[], rows: number, kinds?: number): Explanation {
  const bins = binAll(model.inputs, columns, rows)
  const quadratures = newQuadratures()
  const most = kinds ?? Math.min(CELLS, Math.max(16, rows >> 3))
  const mostAlone = kinds ?? Math.min(CELLS_OF_ONE, Math.max(16, rows >> 1))
  const parts = model.trees.map((tree) => cellsOf(pathsOf(tree, model.inputs), most, mostAlone, quadratures))
  const cells = parts.flatMap((part) => part.cells)
  const alone = parts.flatMap((part) => part.alone)
  const contributions = model.inputs.map(() => new Float64Array(rows))
  const cell = new Uint16Array(BLOCK)
  for (let start = 0; start < rows; start += BLOCK) {
    const end = Math.min(rows, start + BLOCK)
    for (const group of cells) addCells(group, bins, rows, start, end, cell, contributions)
    for (const path of alone) addPathByRow(path, quadratures, bins, rows, start, end, contributions)
  }
  return { average: model.trees.reduce((sum, tree) => sum + meanOf(tree), model.intercept), contributions }
}

function addCells(
  { inputs, steps, tables }: Cells,
  bins: Uint8Array,
  rows: number,
  start: number,
  end: number,
  cell: Uint16Array,
  contributions: readonly Float64Array[],
): void {
  const size = end - start
  const column = (j: number): Uint8Array => bins.subarray(inputs[j]! * rows + start, inputs[j]! * rows + end)
  const sums = (j: number): Float64Array => contributions[inputs[j]!]!.subarray(start, end)
  cell.fill(0)
  // Two inputs at a time: half the reading and writing of what they share.
  for (let j = 0; j < inputs.length; j += 2) {
    const isPair = j + 1 < inputs.length
    if (isPair) addTwoSteps(cell, steps[j]!, column(j), steps[j + 1]!, column(j + 1), size)
    else addSteps(cell, steps[j]!, column(j), size)
  }
  for (let j = 0; j < inputs.length; j += 2) {
    const isPair = j + 1 < inputs.length
    if (isPair) addTwoValues(sums(j), tables[j]!, sums(j + 1), tables[j + 1]!, cell, size)
    else addValues(sums(j), tables[j]!, cell, size)
  }
}

function addSteps(cell: Uint16Array, steps: Uint16Array, bins: Uint8Array, size: number): void {
  for (let k = 0; k < size; k++) cell[k]! += steps[bins[k]!]!
}

function addTwoSteps(
  cell: Uint16Array,
  steps: Uint16Array,
  bins: Uint8Array,
  others: Uint16Array,
  otherBins: Uint8Array,
  size: number,
): void {
  for (let k = 0; k < size; k++) cell[k]! += steps[bins[k]!]! + others[otherBins[k]!]!
}

function addValues(into: Float64Array, table: Float64Array, cell: Uint16Array, size: number): void {
  for (let k = 0; k < size; k++) into[k]! += table[cell[k]!]!
}

function addTwoValues(
  into: Float64Array,
  table: Float64Array,
  other: Float64Array,
  otherTable: Float64Array,
  cell: Uint16Array,
  size: number,
): void {
  for (let k = 0; k < size; k++) {
    const at = cell[k]!
    into[k]! += table[at]!
    other[k]! += otherTable[at]!
  }
}

/** A leaf behind too many questions to work out every kind of row in advance. */
function addPathByRow(
  path: Path,
  quadratures: Quadratures,
  bins: Uint8Array,
  rows: number,
  start: number,
  end: number,
  contributions: readonly Float64Array[],
): void {
  const d = path.inputs.length
  const quadrature = quadratures(d)
  const passes = new Uint8Array(d)
  const shares = Float64Array.from(path.shares)
  const into = new Float64Array(d)
  for (let row = start; row < end; row++) {
    for (let j = 0; j < d; j++) passes[j] = path.passes[j]![bins[path.inputs[j]! * rows + row]!]!
    leafShare(path.value, passes, shares, quadrature, into, 0)
    for (let j = 0; j < d; j++) contributions[path.inputs[j]!]![row]! += into[j]!
  }
}

/** Mean of a tree's values over the rows it was grown on. */
function meanOf(tree: Tree): number {
  let sum = 0
  for (let node = 0; node < tree.input.length; node++) if (tree.input[node]! < 0) sum += tree.value[node]! * tree.cover[node]!
  return tree.cover[0]! > 0 ? sum / tree.cover[0]! : 0
}
