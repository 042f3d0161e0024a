import { type Input, MISSING } from './inputs.ts'

/** One tree, node by node, the root first; a child comes after its parent. Plain JSON. */
export interface Tree {
  /** Place of the input that a node asks about; -1 in a leaf. */
  readonly input: readonly number[]
  /** Numbers: bins up to this one go left. -1 for words and leaves. */
  readonly bin: readonly number[]
  /** Words: the bins that go left. */
  readonly leftBins: readonly (readonly number[])[]
  /** 1 where a missing value (and a word that the node has not seen) goes left. */
  readonly missingLeft: readonly number[]
  readonly left: readonly number[]
  readonly right: readonly number[]
  /** Log-odds that a leaf adds; 0 elsewhere. */
  readonly value: readonly number[]
  /** Training rows that came by. */
  readonly cover: readonly number[]
}

/** Log-odds = intercept + one leaf of every tree. Plain JSON. */
export interface Boosting {
  readonly inputs: readonly Input[]
  readonly intercept: number
  readonly trees: readonly Tree[]
  /** By how much the splits on each input lowered the loss in training. */
  readonly gains: readonly number[]
}

/** For each bin, 1 where it goes left at that node. */
export function goesLeft(tree: Tree, node: number, input: Input): Uint8Array {
  const way = new Uint8Array(MISSING + 1)
  if (input.type === 'number') way.fill(1, 0, tree.bin[node]! + 1)
  else for (const bin of tree.leftBins[node]!) way[bin] = 1
  way[MISSING] = tree.missingLeft[node]!
  return way
}
