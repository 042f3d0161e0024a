/** Transactions, packed: transaction t holds `items[offsets[t] .. offsets[t + 1]]`, each item once; items are 0 .. itemCount-1. */
export interface Transactions {
  readonly offsets: Int32Array
  readonly items: Int32Array
  readonly itemCount: number
}

/** Itemset s holds `items[offsets[s] .. offsets[s + 1]]`, ascending, and occurs in `counts[s]` transactions. */
export interface Itemsets {
  readonly offsets: Int32Array
  readonly items: Int32Array
  readonly counts: Int32Array
  /** False where `limit` itemsets were reached and the search stopped. */
  readonly complete: boolean
}

export interface GrowthLimits {
  /** Largest itemset looked for. */
  readonly maxSize: number
  /** Stop after so many itemsets. */
  readonly limit: number
}

/** A prefix tree over item ranks (0 = most frequent). Node 0 is the root; links are node numbers, 0 meaning none. */
interface Tree {
  rank: Int32Array
  count: Int32Array
  parent: Int32Array
  /** Next node of the same rank. */
  link: Int32Array
  child: Int32Array
  sibling: Int32Array
  /** First node of each rank. */
  readonly heads: Int32Array
  /** Children of the root by rank: the one place where a list of siblings would be long. */
  readonly top: Int32Array
  size: number
  /** No node has two children. */
  single: boolean
}

const START = 1024

function emptyTree(ranks: number): Tree {
  const column = () => new Int32Array(START)
  return {
    rank: column(),
    count: column(),
    parent: column(),
    link: column(),
    child: column(),
    sibling: column(),
    heads: new Int32Array(ranks),
    top: new Int32Array(ranks),
    size: 1,
    single: true,
  }
}

function clear(tree: Tree): void {
  tree.heads.fill(0)
  tree.top.fill(0)
  tree.child[0] = 0
  tree.size = 1
  tree.single = true
}

function doubled(column: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(column.length * 2)
  wider.set(column)
  return wider
}

function addNode(tree: Tree, parent: number, rank: number): number {
  if (tree.size === tree.rank.length) {
    for (const name of ['rank', 'count', 'parent', 'link', 'child', 'sibling'] as const) tree[name] = doubled(tree[name])
  }
  const node = tree.size++
  tree.rank[node] = rank
  tree.count[node] = 0
  tree.parent[node] = parent
  tree.link[node] = tree.heads[rank]!
  tree.heads[rank] = node
  tree.child[node] = 0
  if (tree.child[parent] !== 0) tree.single = false
  tree.sibling[node] = tree.child[parent]!
  tree.child[parent] = node
  if (parent === 0) tree.top[rank] = node
  return node
}

function findChild(tree: Tree, parent: number, rank: number): number {
  if (parent === 0) return tree.top[rank]!
  let node = tree.child[parent]!
  while (node !== 0 && tree.rank[node] !== rank) node = tree.sibling[node]!
  return node
}

/** Adds a path of ranks (ascending, `length` of them) that occurred `times` times. */
function insert(tree: Tree, path: Int32Array, length: number, times: number): void {
  let node = 0
  for (let i = 0; i < length; i++) {
    const rank = path[i]!
    const known = findChild(tree, node, rank)
    node = known === 0 ? addNode(tree, node, rank) : known
    tree.count[node]! += times
  }
}

/** Items by falling count, equal ones by number; only those with at least `minCount`. */
function frequentItems(transactions: Transactions, minCount: number): { byRank: Int32Array; counts: Int32Array; rankOf: Int32Array } {
  const all = new Int32Array(transactions.itemCount)
  for (const item of transactions.items) all[item]!++
  const kept: number[] = []
  all.forEach((count, item) => {
    if (count >= minCount) kept.push(item)
  })
  kept.sort((a, b) => all[b]! - all[a]! || a - b)
  const rankOf = new Int32Array(transactions.itemCount).fill(-1)
  kept.forEach((item, rank) => {
    rankOf[item] = rank
  })
  return { byRank: Int32Array.from(kept), counts: Int32Array.from(kept, (item) => all[item]!), rankOf }
}

function buildTree(transactions: Transactions, rankOf: Int32Array, ranks: number): Tree {
  const tree = emptyTree(ranks)
  const path = new Int32Array(ranks)
  for (let t = 0; t + 1 < transactions.offsets.length; t++) {
    let length = 0
    for (let i = transactions.offsets[t]!; i < transactions.offsets[t + 1]!; i++) {
      const rank = rankOf[transactions.items[i]!]!
      if (rank >= 0) path[length++] = rank
    }
    path.subarray(0, length).sort()
    insert(tree, path, length, 1)
  }
  return tree
}

/** Collects itemsets into growing columns; refuses more than `limit`. */
function itemsetSink(byRank: Int32Array, limit: number) {
  let items = new Int32Array(START)
  let offsets = new Int32Array(START)
  let counts = new Int32Array(START)
  let size = 0
  return {
    /** False when full. */
    add: (ranks: readonly number[], count: number): boolean => {
      if (size === limit) return false
      const from = offsets[size]!
      if (size + 1 === offsets.length) offsets = doubled(offsets)
      if (size === counts.length) counts = doubled(counts)
      while (from + ranks.length > items.length) items = doubled(items)
      ranks.forEach((rank, i) => {
        items[from + i] = byRank[rank]!
      })
      items.subarray(from, from + ranks.length).sort()
      counts[size++] = count
      offsets[size] = from + ranks.length
      return true
    },
    done: (complete: boolean): Itemsets => ({
      offsets: offsets.slice(0, size + 1),
      items: items.slice(0, offsets[size]),
      counts: counts.slice(0, size),
      complete,
    }),
  }
}

/** All combinations of a tree that is one path: their count is that of their deepest node. */
function combine(tree: Tree, suffix: number[], maxSize: number, add: (ranks: readonly number[], count: number) => boolean): boolean {
  const from = (node: number): boolean => {
    for (let next = node; next < tree.size; next++) {
      suffix.push(tree.rank[next]!)
      const going = add(suffix, tree.count[next]!) && (suffix.length >= maxSize || from(next + 1))
      suffix.pop()
      if (!going) return false
    }
    return true
  }
  return from(1)
}

/**
 * All itemsets that occur in at least `minCount` transactions: FP-growth (Han, Pei & Yin 2000) over flat arrays, one
 * reused conditional tree a depth. The order of the answer depends on the data only.
 */
export function frequentItemsets(transactions: Transactions, minCount: number, limits: GrowthLimits): Itemsets {
  const { byRank, rankOf } = frequentItems(transactions, minCount)
  const ranks = byRank.length
  const sink = itemsetSink(byRank, limits.limit)
  const trees: Tree[] = [buildTree(transactions, rankOf, ranks)]
  const supports: Int32Array[] = []
  const path = new Int32Array(ranks)
  const suffix: number[] = []
  const { add } = sink

  /** Counts what stands above the nodes of one rank, then grows the tree of the frequent part of it. */
  const condition = (tree: Tree, rank: number, depth: number): boolean => {
    const support = (supports[depth] ??= new Int32Array(ranks)).fill(0)
    for (let node = tree.heads[rank]!; node !== 0; node = tree.link[node]!) {
      for (let up = tree.parent[node]!; up !== 0; up = tree.parent[up]!) support[tree.rank[up]!]! += tree.count[node]!
    }
    if (suffix.length + 1 === limits.maxSize) return addPairs(support, rank)
    const next = (trees[depth + 1] ??= emptyTree(ranks))
    clear(next)
    for (let node = tree.heads[rank]!; node !== 0; node = tree.link[node]!) {
      let start = ranks
      for (let up = tree.parent[node]!; up !== 0; up = tree.parent[up]!) {
        if (support[tree.rank[up]!]! >= minCount) path[--start] = tree.rank[up]!
      }
      insert(next, path.subarray(start), ranks - start, tree.count[node]!)
    }
    return next.size === 1 || (next.single ? combine(next, suffix, limits.maxSize, add) : grow(next, depth + 1, rank))
  }
  /** The largest size: what is frequent beside the suffix is all there is to say, no tree is needed. */
  const addPairs = (support: Int32Array, below: number): boolean => {
    for (let rank = 0; rank < below; rank++) {
      if (support[rank]! < minCount) continue
      suffix.push(rank)
      const going = add(suffix, support[rank]!)
      suffix.pop()
      if (!going) return false
    }
    return true
  }
  const grow = (tree: Tree, depth: number, below: number): boolean => {
    for (let rank = below - 1; rank >= 0; rank--) {
      let count = 0
      for (let node = tree.heads[rank]!; node !== 0; node = tree.link[node]!) count += tree.count[node]!
      if (count < minCount) continue
      suffix.push(rank)
      const going = add(suffix, count) && (suffix.length >= limits.maxSize || condition(tree, rank, depth))
      suffix.pop()
      if (!going) return false
    }
    return true
  }
  return sink.done(grow(trees[0]!, 0, ranks))
}
