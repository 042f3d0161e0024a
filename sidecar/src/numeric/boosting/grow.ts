import { alone, type Job, type Parallel, type Work } from '@assay/shared'
import { floats, integers } from '../shared-arrays.ts'
import { fillGroup, GROUP_BINS, type PackedBins, TOGETHER } from './histogram.ts'
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

/** The rows that are counted, the slots of the two histograms and the totals of their leaves (slot -1: none; NaN: no split wanted), and the rules. */
type Question = [
  start: number,
  end: number,
  counted: number,
  reduced: number,
  countedTotal: number,
  reducedTotal: number,
  lambda: number,
  minWeight: number,
  smoothing: number,
]

/** What threads look at while a tree grows, in shared memory. */
interface Search {
  readonly packed: PackedBins
  readonly sizes: readonly number[]
  readonly isWord: readonly boolean[]
  /** Inputs that may be asked, 1 or 0. */
  readonly asked: Uint8Array
  readonly order: Int32Array
  /** Gradient and curvature in one number (see split.ts): of the rows that are counted, in their order. */
  readonly ordered: Float64Array
  /** Histograms of the leaves that may still be split, side by side: `[slot * size + input * BINS + bin]`. */
  readonly histograms: Float64Array
  readonly size: number
  /** A `Question`. */
  readonly question: Float64Array
  /** The best input of each group of inputs, for the one and the other leaf; and its gain, 0 where there is none. */
  readonly best: Int32Array
  readonly gains: Float64Array
}

/** Rows with everything that growing a tree needs. Made once, used for every tree. */
export interface Ground extends Search {
  readonly rows: number
  readonly inputs: readonly Input[]
  /** `[k * rows + row]` */
  readonly bins: Uint8Array
  /** First and second derivative of the loss, by row. */
  readonly gradient: Float64Array
  readonly curvature: Float64Array
  /** Both in one number, by row. */
  readonly both: Float64Array
  /** Space to work in. */
  readonly aside: Int32Array
  readonly work: Work<Search>
}

interface Leaf {
  readonly node: number
  readonly start: number
  readonly end: number
  readonly depth: number
  /** Packed sum over its rows. */
  readonly total: number
  /** Where its histogram lies; -1 where it is not split any more. */
  readonly slot: number
  readonly split: Split | null
}

/**
 * @param bins as `binAll` gives them
 * @param leaves of a tree at most
 */
export function prepareGround(
  inputs: readonly Input[],
  bins: Uint8Array,
  packed: PackedBins,
  rows: number,
  leaves: number,
  parallel: Parallel = alone,
): Ground {
  const groups = packed.groups.length
  const size = groups * GROUP_BINS
  const search: Search = {
    packed,
    sizes: inputs.map(binCount),
    isWord: inputs.map((input) => input.type === 'category'),
    asked: new Uint8Array(new SharedArrayBuffer(inputs.length)),
    order: integers(rows),
    ordered: floats(rows),
    histograms: floats((leaves + 1) * size),
    size,
    question: floats(9),
    best: integers(2 * groups),
    gains: floats(2 * groups),
  }
  return {
    ...search,
    rows,
    inputs,
    bins,
    gradient: new Float64Array(rows),
    curvature: new Float64Array(rows),
    both: new Float64Array(rows),
    aside: new Int32Array(rows),
    work: parallel.begin(search),
  }
}

/** A leaf that is looked at, and whether it may be split. */
interface Asked extends Pick<Leaf, 'slot' | 'total'> {
  readonly grows: boolean
}

/**
 * Counts the rows `order[start .. end]` into one histogram, takes them out of another, and looks for the best input of either, one
 * group of inputs after the other.
 */
const searchSplits: Job<Search> = {
  name: 'boosting: search splits',
  part({ packed, sizes, isWord, asked, order, ordered, histograms, size, question, best, gains }, group) {
    const [start, end, counted, reduced, countedTotal, reducedTotal, lambda, minWeight, smoothing] = [...question] as Question
    const inputs: number[] = []
    for (let k = group * TOGETHER; k < Math.min(sizes.length, (group + 1) * TOGETHER); k++) if (asked[k] === 1) inputs.push(k)
    const groups = packed.groups.length
    gains[group] = 0
    gains[groups + group] = 0
    if (inputs.length === 0) return
    const from = group * GROUP_BINS
    const fresh = histograms.subarray(counted * size, (counted + 1) * size)
    const own = fresh.subarray(from, from + GROUP_BINS).fill(0)
    fillGroup(own, packed.groups[group]!, order, start, end, ordered)
    const rules = { lambda, minWeight, smoothing }
    const look = (histogram: Float64Array, total: number, at: number): void => {
      const found = findSplit(histogram, inputs, sizes, isWord, total, rules)
      best[at] = found?.input ?? -1
      gains[at] = found?.gain ?? 0
    }
    if (!Number.isNaN(countedTotal)) look(fresh, countedTotal, group)
    if (reduced < 0) return
    const rest = histograms.subarray(reduced * size, (reduced + 1) * size)
    const less = rest.subarray(from, from + GROUP_BINS)
    for (let k = 0; k < GROUP_BINS; k++) less[k]! -= own[k]!
    if (!Number.isNaN(reducedTotal)) look(rest, reducedTotal, groups + group)
  },
}

/** What threads can do of boosting. */
export const boostingJobs = [searchSplits] as const

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
  const { order, ordered, both, inputs, histograms, size, sizes, isWord } = ground
  const groups = ground.packed.groups.length
  ground.asked.set(asked)
  const scaled: SplitRules = {
    lambda: rules.lambda / unit.curvature,
    minWeight: rules.minChildWeight / unit.curvature,
    smoothing: rules.smoothing / unit.curvature,
  }
  const inLoss = (unit.gradient * unit.gradient) / unit.curvature / 2
  const free = Array.from({ length: rules.leaves + 1 }, (_, slot) => slot)
  const mayGrow = (total: number, depth: number): boolean =>
    depth < rules.depth && total - Math.floor(total / PACK) * PACK >= 2 * scaled.minWeight && asked.includes(1)

  /** The best split that the groups found, looked at once more for all there is to know of it. */
  const splitOf = ({ slot, total }: Asked, first: number): Split | null => {
    let at = first
    for (let k = first + 1; k < first + groups; k++) if (ground.gains[k]! > ground.gains[at]! * (1 + 1e-12)) at = k
    if (!(ground.gains[at]! * inLoss > rules.minGain)) return null
    return findSplit(histograms.subarray(slot * size, (slot + 1) * size), [ground.best[at]!], sizes, isWord, total, scaled)
  }
  const totalOf = ({ grows, total }: Asked): number => (grows ? total : Number.NaN)
  /** Counts some rows into the histogram of the one leaf and takes them from that of the other; gives the best splits of both. */
  const ask = (start: number, end: number, one: Asked, other: Asked): (Split | null)[] => {
    for (let k = start; k < end; k++) ordered[k - start] = both[order[k]!]!
    const question: Question = [
      start,
      end,
      one.slot,
      other.slot,
      totalOf(one),
      totalOf(other),
      scaled.lambda,
      scaled.minWeight,
      scaled.smoothing,
    ]
    ground.question.set(question)
    ground.work.run(searchSplits, groups)
    return [one.grows ? splitOf(one, 0) : null, other.grows ? splitOf(other, groups) : null]
  }
  const leafOf = (node: number, start: number, end: number, depth: number, { slot, total }: Asked, split: Split | null): Leaf => {
    if (split === null && slot >= 0) free.push(slot)
    return { node, start, end, depth, total, slot: split === null ? -1 : slot, split }
  }

  let rootTotal = 0
  for (let k = 0; k < count; k++) rootTotal += both[order[k]!]!
  const rootNode = addNode(tree, count)
  const root = { slot: free.pop()!, total: rootTotal, grows: rules.leaves > 1 && mayGrow(rootTotal, 0) }
  const [rootSplit] = root.grows ? ask(0, count, root, { slot: -1, total: 0, grows: false }) : [null]
  const leaves: Leaf[] = [leafOf(rootNode, 0, count, 0, root, rootSplit!)]

  while (leaves.length < rules.leaves) {
    let at = -1
    leaves.forEach((leaf, k) => {
      if (leaf.split !== null && (at < 0 || leaf.split.gain > leaves[at]!.split!.gain)) at = k
    })
    if (at < 0) break
    const { node, start, end, depth, total, slot, split } = leaves[at]!
    if (split === null) break
    gains[split.input]! += split.gain * inLoss
    setSplit(tree, node, split)
    const middle = partition(ground, start, end, split.input, goesLeft(tree, node, inputs[split.input]!))
    const nodes = [addNode(tree, middle - start), addNode(tree, end - middle)] as const
    tree.left[node] = nodes[0]
    tree.right[node] = nodes[1]
    const isLast = leaves.length + 1 >= rules.leaves
    const leftIsSmaller = middle - start <= end - middle
    const childOf = (sum: number, isSmaller: boolean) => ({
      total: sum,
      slot: isSmaller ? free.pop()! : slot,
      grows: !isLast && mayGrow(sum, depth + 1),
    })
    const left = childOf(split.leftTotal, leftIsSmaller)
    const right = childOf(total - split.leftTotal, !leftIsSmaller)
    let splits: (Split | null)[] = [null, null]
    if (left.grows || right.grows) splits = leftIsSmaller ? ask(start, middle, left, right) : ask(middle, end, right, left).toReversed()
    leaves[at] = leafOf(nodes[0], start, middle, depth + 1, left, splits[0]!)
    leaves.push(leafOf(nodes[1], middle, end, depth + 1, right, splits[1]!))
  }
  for (const { node, start, end } of leaves) {
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
