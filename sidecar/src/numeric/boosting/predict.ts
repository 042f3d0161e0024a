import { binAll, BINS, type Input, type InputColumn } from './inputs.ts'
import { type Boosting, goesLeft, type Tree } from './model.ts'

/**
 * Log-odds of every row. A column that the model knows and that is not among `columns` is missing in every row.
 * O(rows x trees x depth).
 */
export function predictBoosting(model: Boosting, columns: readonly InputColumn[], rows: number): Float64Array {
  const bins = binAll(model.inputs, columns, rows)
  const scores = new Float64Array(rows).fill(model.intercept)
  for (const tree of model.trees) addTree(tree, model.inputs, bins, rows, scores)
  return scores
}

/** Adds the leaf values of one tree to the scores of all rows. */
export function addTree(tree: Tree, inputs: readonly Input[], bins: Uint8Array, rows: number, scores: Float64Array): void {
  const nodes = tree.input.length
  const way = new Uint8Array(nodes * BINS)
  const offset = new Int32Array(nodes)
  const next = new Int32Array(nodes * 2)
  const value = Float64Array.from(tree.value)
  for (let node = 0; node < nodes; node++) {
    const input = tree.input[node]!
    offset[node] = input < 0 ? -1 : input * rows
    next[2 * node] = tree.right[node]!
    next[2 * node + 1] = tree.left[node]!
    if (input >= 0) way.set(goesLeft(tree, node, inputs[input]!), node * BINS)
  }
  for (let row = 0; row < rows; row++) {
    let node = 0
    for (let column = offset[0]!; column >= 0; column = offset[node]!) {
      node = next[2 * node + way[node * BINS + bins[column + row]!]!]!
    }
    scores[row]! += value[node]!
  }
}
