import { BINS, type Input } from '../boosting/inputs.ts'
import { goesLeft, type Tree } from '../boosting/model.ts'

/** The way to a leaf, its questions gathered by input. */
export interface Path {
  readonly value: number
  /** Training rows in the leaf. */
  readonly cover: number
  readonly inputs: readonly number[]
  /** For each of them, by bin: 1 where all questions about it are answered the path's way. */
  readonly passes: readonly Uint8Array[]
  /** For each of them, the product of the shares of rows that went this way. */
  readonly shares: readonly number[]
}

/** The paths below a node, with the tree's shape kept: what is near each other asks alike. */
export interface Branch {
  readonly paths: readonly Path[]
  readonly children: readonly Branch[]
}

/** All paths of a tree, and the mean of its values over the rows it was grown on. */
export function pathsOf(tree: Tree, inputs: readonly Input[]): Branch {
  const walk = (node: number, path: Path): Branch => {
    const input = tree.input[node]!
    if (input < 0) return { paths: [{ ...path, value: tree.value[node]!, cover: tree.cover[node]! }], children: [] }
    const way = goesLeft(tree, node, inputs[input]!)
    const total = tree.cover[node]!
    const children = [tree.left[node]!, tree.right[node]!].map((child, side) =>
      walk(child, narrowed(path, input, side === 0 ? way : way.map((left) => 1 - left), tree.cover[child]! / total)),
    )
    return { paths: children.flatMap(({ paths }) => paths), children }
  }
  return walk(0, { value: 0, cover: 0, inputs: [], passes: [], shares: [] })
}

function narrowed(path: Path, input: number, way: Uint8Array, share: number): Path {
  const at = path.inputs.indexOf(input)
  if (at < 0) return { ...path, inputs: [...path.inputs, input], passes: [...path.passes, way], shares: [...path.shares, share] }
  const both = new Uint8Array(BINS)
  for (let bin = 0; bin < BINS; bin++) both[bin] = way[bin]! & path.passes[at]![bin]!
  return { ...path, passes: path.passes.with(at, both), shares: path.shares.with(at, path.shares[at]! * share) }
}
