import { fillHistogram, newHistogram, type PackedBins } from './histogram.ts'
import { binCount, type Input } from './inputs.ts'
import { goesLeft, type Tree } from './model.ts'
import { findSplit, PACK, type Split, type SplitRules } from './split.ts'

export interface GrowthRules {
  readonly leaves: number
  readonly depth: number
  readonly lambda: number
  readonly minChildWeight: number
  /** A split must lower the loss by this much. */
  readonly minGain: number
  /** Curvature by which words are smoothed. */
  readonly smoothing: number
  readonly learningRate: number
}

/** Rows with everything that growing a tree needs. Made once, used for every tree. */
export interface Ground {
  readonly rows: number
  readonly inputs: readonly Input[]
  readonly sizes: readonly number[]
  readonly isWord: readonly boolean[]
  /** `[k * rows + row]` */
  readonly bins: Uint8Array
  readonly packed: PackedBins
  /** First and second derivative of the loss, by row. */
  readonly gradient: Float64Array
  readonly curvature: Float64Array
  /** Both in one number (see split.ts), by row. */
  readonly both: Float64Array
  /** Space to work in. */
  readonly order: Int32Array
  readonly aside: Int32Array
  readonly ordered: Float64Array
  readonly histograms: Float64Array[]
}

interface Leaf {
  readonly node: number
  readonly start: number
  readonly end: number
  readonly depth: number
  readonly histogram: Float64Array | null
  readonly split: Split | null
}

/** @param bins as `binAll` gives them */
export function prepareGround(inputs: readonly Input[], bins: Uint8Array, packed: PackedBins, rows: number): Ground {
  return {
    rows,
    inputs,
    sizes: inputs.map(binCount),
    isWord: inputs.map((input) => input.type === 'category'),
    bins,
    packed,
    gradient: new Float64Array(rows),
    curvature: new Float64Array(rows),
    both: new Float64Array(rows),
    order: new Int32Array(rows),
    aside: new Int32Array(rows),
    ordered: new Float64Array(rows),
    histograms: [],
  }
}

/**
 * Grows one tree leaf by leaf, always the leaf whose split lowers the loss most (Ke et al. 2017). The histogram of the
 * larger child is the one of its parent less the one of its sister.
 *
 * @param count the first so many of `ground.order` are the rows to learn from, ascending; they end up sorted by leaf
 * @param unit gradients and curvatures in one packed unit
 * @param asked 1 for the inputs that may be asked
 * @param learned gets node, first and last + 1 place in `ground.order` of each leaf
 */
export function growTree(
  ground: Ground,
  count: number,
  unit: { readonly gradient: number; readonly curvature: number },
  asked: Uint8Array,
  rules: GrowthRules,
  gains: Float64Array,
  learned: (start: number, end: number, value: number) => void,
): Tree {
  const tree = emptyTree()
  const { order, ordered, both, packed, inputs } = ground
  const allowed = inputs.map((_, k) => k).filter((k) => asked[k] === 1)
  const scaled: SplitRules = {
    lambda: rules.lambda / unit.curvature,
    minWeight: rules.minChildWeight / unit.curvature,
    smoothing: rules.smoothing / unit.curvature,
  }
  const inLoss = (unit.gradient * unit.gradient) / unit.curvature / 2
  const pool = ground.histograms
  const take = (): Float64Array => pool.pop() ?? newHistogram(inputs.length)

  const sumOf = (start: number, end: number): number => {
    let sum = 0
    for (let k = start; k < end; k++) sum += both[order[k]!]!
    return sum
  }
  const count8 = (histogram: Float64Array, start: number, end: number): void => {
    for (let k = start; k < end; k++) ordered[k - start] = both[order[k]!]!
    fillHistogram(histogram, packed, asked, order, start, end, ordered)
  }
  const leafOf = (node: number, start: number, end: number, depth: number, histogram: Float64Array | null, total: number): Leaf => {
    const found = histogram === null ? null : findSplit(histogram, allowed, ground.sizes, ground.isWord, total, scaled)
    const split = found !== null && found.gain * inLoss > rules.minGain ? found : null
    if (split === null && histogram !== null) pool.push(histogram)
    return { node, start, end, depth, histogram: split === null ? null : histogram, split }
  }
  const mayGrow = (total: number, depth: number): boolean =>
    depth < rules.depth && total - Math.floor(total / PACK) * PACK >= 2 * scaled.minWeight && allowed.length > 0

  const rootTotal = sumOf(0, count)
  const rootNode = addNode(tree, count)
  const rootHistogram = rules.leaves > 1 && mayGrow(rootTotal, 0) ? take() : null
  if (rootHistogram !== null) count8(rootHistogram, 0, count)
  const leaves: Leaf[] = [leafOf(rootNode, 0, count, 0, rootHistogram, rootTotal)]

  while (leaves.length < rules.leaves) {
    let at = -1
    leaves.forEach((leaf, k) => {
      if (leaf.split !== null && (at < 0 || leaf.split.gain > leaves[at]!.split!.gain)) at = k
    })
    if (at < 0) break
    const { node, start, end, depth, histogram, split } = leaves[at]!
    if (split === null || histogram === null) break
    gains[split.input]! += split.gain * inLoss
    setSplit(tree, node, split)
    const middle = partition(ground, start, end, split.input, goesLeft(tree, node, inputs[split.input]!))
    const left = addNode(tree, middle - start)
    const right = addNode(tree, end - middle)
    tree.left[node] = left
    tree.right[node] = right
    const leftTotal = sumOf(start, middle)
    const rightTotal = sumOf(middle, end)
    const isLast = leaves.length + 1 >= rules.leaves
    const leftGrows = !isLast && mayGrow(leftTotal, depth + 1)
    const rightGrows = !isLast && mayGrow(rightTotal, depth + 1)
    let leftHistogram: Float64Array | null = null
    let rightHistogram: Float64Array | null = null
    if (leftGrows || rightGrows) {
      const smaller = take()
      const leftIsSmaller = middle - start <= end - middle
      count8(smaller, leftIsSmaller ? start : middle, leftIsSmaller ? middle : end)
      for (let k = 0; k < smaller.length; k++) histogram[k]! -= smaller[k]!
      leftHistogram = leftIsSmaller ? smaller : histogram
      rightHistogram = leftIsSmaller ? histogram : smaller
      if (!leftGrows) leftHistogram = giveBack(pool, leftHistogram)
      if (!rightGrows) rightHistogram = giveBack(pool, rightHistogram)
    } else pool.push(histogram)
    leaves[at] = leafOf(left, start, middle, depth + 1, leftHistogram, leftTotal)
    leaves.push(leafOf(right, middle, end, depth + 1, rightHistogram, rightTotal))
  }
  for (const { node, start, end, histogram } of leaves) {
    if (histogram !== null) pool.push(histogram)
    let g = 0
    let h = 0
    for (let k = start; k < end; k++) {
      g += ground.gradient[order[k]!]!
      h += ground.curvature[order[k]!]!
    }
    const value = h + rules.lambda > 0 ? (-rules.learningRate * g) / (h + rules.lambda) : 0
    tree.value[node] = value
    learned(start, end, value)
  }
  return tree
}

function giveBack(pool: Float64Array[], histogram: Float64Array): null {
  pool.push(histogram)
  return null
}

type Growing = { -readonly [K in keyof Tree]: Tree[K] extends readonly (infer V)[] ? V[] : never }

const emptyTree = (): Growing => ({ input: [], bin: [], leftBins: [], missingLeft: [], left: [], right: [], value: [], cover: [] })

function addNode(tree: Growing, cover: number): number {
  tree.bin.push(-1)
  tree.leftBins.push([])
  tree.missingLeft.push(0)
  tree.left.push(-1)
  tree.right.push(-1)
  tree.value.push(0)
  tree.cover.push(cover)
  return tree.input.push(-1) - 1
}

function setSplit(tree: Growing, node: number, split: Split): void {
  tree.input[node] = split.input
  tree.bin[node] = split.bin
  tree.leftBins[node] = split.leftBins
  tree.missingLeft[node] = split.missingLeft ? 1 : 0
}

/** Puts the rows that go left before the others, both in their old order; gives the place of the first that goes right. */
function partition(ground: Ground, start: number, end: number, input: number, way: Uint8Array): number {
  const { order, aside, rows } = ground
  const column = ground.bins.subarray(input * rows, (input + 1) * rows)
  let left = start
  let right = 0
  for (let k = start; k < end; k++) {
    const row = order[k]!
    const goes = way[column[row]!]!
    order[left] = row
    aside[right] = row
    left += goes
    right += 1 - goes
  }
  order.set(aside.subarray(0, right), left)
  return left
}
