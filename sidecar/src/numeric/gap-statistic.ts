import type { Rng } from '@assay/shared'
import type { Points } from './k-means.ts'
import { principalAxes } from './principal-axes.ts'

/** How much tighter `k` clusters are than they would be in points without any structure. */
export interface Gap {
  readonly k: number
  /** Mean over the references of ln W less ln W of the points, W being the inertia. */
  readonly gap: number
  /** Standard deviation over the references times sqrt(1 + 1 / references). */
  readonly error: number
}

/**
 * Gap statistic (Tibshirani, Walther & Hastie 2001, section 3, reference b): the references are uniform in the box of the
 * points along their principal axes. Points that do not vary have no structure: all gaps are 0.
 *
 * @param inertia the best inertia that is found for that many clusters, for k = 1 .. `most` in one answer, index k - 1
 */
export function gapStatistic(
  points: Points,
  most: number,
  references: number,
  inertia: (points: Points, rng: Rng) => readonly number[],
  rng: Rng,
): Gap[] {
  const own = inertia(points, rng.fork('points')).map(Math.log)
  const box = boxOf(points)
  const drawn = Array.from({ length: references }, (_, b) => {
    const from = rng.fork(`reference ${b}`)
    return inertia(box(from), from).map(Math.log)
  })
  return Array.from({ length: most }, (_, i) => {
    const values = drawn.map((each) => each[i]!)
    const mean = values.reduce((sum, value) => sum + value, 0) / references
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / references
    const gap = mean - own[i]!
    // Fewer different points than clusters: no inertia is left, and nothing can be told.
    return { k: i + 1, gap: Number.isFinite(gap) ? gap : 0, error: Number.isFinite(gap) ? Math.sqrt(square * (1 + 1 / references)) : 0 }
  })
}

/** Draws as many points as there are, uniformly from their box along the principal axes. */
function boxOf({ values, width }: Points): (rng: Rng) => Points {
  const { mean, axes } = principalAxes({ values, width })
  const n = values.length / width
  const low = new Float64Array(width).fill(Infinity)
  const high = new Float64Array(width).fill(-Infinity)
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < width; a++) {
      let along = 0
      for (let j = 0; j < width; j++) along += axes[a * width + j]! * (values[i * width + j]! - mean[j]!)
      low[a] = Math.min(low[a]!, along)
      high[a] = Math.max(high[a]!, along)
    }
  }
  return (rng) => {
    const drawn = new Float64Array(values.length)
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < width; a++) {
        const along = low[a]! + rng.next() * (high[a]! - low[a]!)
        for (let j = 0; j < width; j++) drawn[i * width + j]! += along * axes[a * width + j]!
      }
      for (let j = 0; j < width; j++) drawn[i * width + j]! += mean[j]!
    }
    return { values: drawn, width }
  }
}

/**
 * The number of clusters that the gaps speak for: the smallest k with gap(k) >= gap(k + 1) - error(k + 1), the rule of the
 * paper (section 3, step 3); 1 is "no structure". The largest k tried where the gaps rise to the end.
 */
export function gapChoice(gaps: readonly Gap[]): number {
  const at = gaps.findIndex((each, i) => i + 1 === gaps.length || each.gap >= gaps[i + 1]!.gap - gaps[i + 1]!.error)
  return at + 1
}
