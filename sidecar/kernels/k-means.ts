// AssemblyScript: the part of k-means that wants two numbers in one instruction. `npm run kernels -w sidecar` compiles it.
// Numbers lie at addresses: 8 bytes each, points and centres row by row.

/**
 * Gives the points [first, end) to their nearest centres, of equally near ones to the first, and adds them up: `sums` and `sizes` by
 * cluster, at `inertia` the squared distances to the own centres. Two points are measured against four centres at a time. The
 * columns of a distance are added in their order, so that it has the same last digit as one that JavaScript adds.
 *
 * @param points where point 0 begins
 * @param fours the centres by fours, each column of four side by side; what is missing in the last four lies infinitely far
 * @returns how many points changed their cluster
 */
export function assign(
  points: usize,
  width: i32,
  first: i32,
  end: i32,
  fours: usize,
  k: i32,
  labels: usize,
  sums: usize,
  sizes: usize,
  inertia: usize,
): i32 {
  const row = (<usize>width) << 3
  memory.fill(sums, 0, <usize>k * row)
  memory.fill(sizes, 0, (<usize>k) << 2)
  let changed = 0
  let total: f64 = 0
  for (let i = first; i < end; i += 2) {
    const a = points + <usize>i * row
    // The last of an odd number is measured twice and counted once.
    const b = i + 1 < end ? a + row : a
    let leastA = f64x2.splat(Infinity)
    let leastB = leastA
    let labelA = i64x2.splat(0)
    let labelB = labelA
    let at = fours
    for (let c: i64 = 0; c < k; c += 4) {
      let a01 = f64x2.splat(0)
      let a23 = a01
      let b01 = a01
      let b23 = a01
      for (let j: usize = 0; j < row; j += 8) {
        const c01 = v128.load(at)
        const c23 = v128.load(at, 16)
        const ownA = v128.load64_splat(a + j)
        const ownB = v128.load64_splat(b + j)
        a01 = f64x2.add(a01, squared(f64x2.sub(ownA, c01)))
        a23 = f64x2.add(a23, squared(f64x2.sub(ownA, c23)))
        b01 = f64x2.add(b01, squared(f64x2.sub(ownB, c01)))
        b23 = f64x2.add(b23, squared(f64x2.sub(ownB, c23)))
        at += 32
      }
      const l01 = i64x2(c, c + 1)
      const l23 = i64x2(c + 2, c + 3)
      let nearer = f64x2.lt(a01, leastA)
      leastA = v128.bitselect(a01, leastA, nearer)
      labelA = v128.bitselect(l01, labelA, nearer)
      nearer = f64x2.lt(a23, leastA)
      leastA = v128.bitselect(a23, leastA, nearer)
      labelA = v128.bitselect(l23, labelA, nearer)
      nearer = f64x2.lt(b01, leastB)
      leastB = v128.bitselect(b01, leastB, nearer)
      labelB = v128.bitselect(l01, labelB, nearer)
      nearer = f64x2.lt(b23, leastB)
      leastB = v128.bitselect(b23, leastB, nearer)
      labelB = v128.bitselect(l23, labelB, nearer)
    }
    const label = labels + ((<usize>i) << 2)
    changed += settle(firstOfNearest(leastA, labelA), a, row, label, sums, sizes)
    total += leastOf(leastA)
    if (b === a) continue
    changed += settle(firstOfNearest(leastB, labelB), b, row, label + 4, sums, sizes)
    total += leastOf(leastB)
  }
  store<f64>(inertia, total)
  return changed
}

function squared(difference: v128): v128 {
  return f64x2.mul(difference, difference)
}

/** One instruction; `min` has more to do, for numbers that are none. */
function leastOf(least: v128): f64 {
  return f64x2.extract_lane(f64x2.pmin(least, v128.shuffle<f64>(least, least, 1, 0)), 0)
}

/** Each lane knows its own nearest centre: the nearer of the two, of equally near ones the first. */
function firstOfNearest(least: v128, label: v128): i32 {
  const d0 = f64x2.extract_lane(least, 0)
  const d1 = f64x2.extract_lane(least, 1)
  const l0 = <i32>i64x2.extract_lane(label, 0)
  const l1 = <i32>i64x2.extract_lane(label, 1)
  return d1 < d0 || (d1 === d0 && l1 < l0) ? l1 : l0
}

/** Notes the cluster of a point and adds the point to it; 1 if it had another before. */
function settle(cluster: i32, point: usize, row: usize, label: usize, sums: usize, sizes: usize): i32 {
  const before = load<i32>(label)
  store<i32>(label, cluster)
  const size = sizes + ((<usize>cluster) << 2)
  store<i32>(size, load<i32>(size) + 1)
  const sum = sums + <usize>cluster * row
  for (let j: usize = 0; j < row; j += 8) store<f64>(sum + j, load<f64>(sum + j) + load<f64>(point + j))
  return i32(before !== cluster)
}
