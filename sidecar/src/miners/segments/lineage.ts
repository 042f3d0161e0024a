import type { Frame } from '@assay/shared'
import { cheapestAssignment } from '../../numeric/assignment.ts'
import { adjustedRand, sharedCounts } from '../../numeric/cluster-agreement.ts'
import { nearestCentre } from '../../numeric/k-means.ts'
import { scaledPoints } from './measures.ts'
import { model, type SegmentsModel } from './model.ts'

/** Below this overlap a cluster is dissolved, not found again (Hennig 2007, "dissolution point"). */
export const SAME = 0.5

/** The earlier model where its segments can be compared with new ones: clusters, on the same measures. */
export function comparable(previous: unknown, scale: SegmentsModel['scale']): SegmentsModel | null {
  const parsed = model.safeParse(previous)
  if (!parsed.success || parsed.data.centres === null) return null
  const measures = new Set(scale.map((each) => each.measure))
  return parsed.data.scale.every((each) => measures.has(each.measure)) ? parsed.data : null
}

/** Which segment of a model each of the given rows is nearest to. */
export function labelsBy(by: SegmentsModel, frame: Frame, rows: Int32Array): Int32Array {
  const { values, width } = scaledPoints(frame, rows, by.scale)
  const centres = Float64Array.from(by.centres!.flat())
  return Int32Array.from(rows, (_, i) => nearestCentre(values, i * width, centres, width))
}

/** For each new segment the earlier one that it goes on, by place, or -1; and how much they overlap. */
export interface Descent {
  readonly agreement: number
  readonly earlier: readonly number[]
  readonly overlaps: readonly number[]
}

/**
 * Pairs new segments with earlier ones so that together they share the most customers of today (Hungarian method on
 * 1 - Jaccard); a pair that shares too little is no pair.
 */
export function descent(before: Int32Array, after: Int32Array, earlierCount: number, count: number): Descent {
  const counts = sharedCounts(after, before, count, earlierCount)
  const sizes = counts.map((row) => row.reduce((sum, n) => sum + n, 0))
  const earlierSizes = Array.from({ length: earlierCount }, (_, b) => counts.reduce((sum, row) => sum + row[b]!, 0))
  const overlap = (a: number, b: number): number => {
    const either = sizes[a]! + earlierSizes[b]! - counts[a]![b]!
    return either === 0 ? 0 : counts[a]![b]! / either
  }
  const pairs = cheapestAssignment(counts.map((row, a) => row.map((_, b) => 1 - overlap(a, b))))
  const overlaps = pairs.map((b, a) => (b < 0 ? 0 : overlap(a, b)))
  return { agreement: adjustedRand(counts), earlier: pairs.map((b, a) => (overlaps[a]! >= SAME ? b : -1)), overlaps }
}

/** Earlier names where a segment goes on; a new segment that would have such a name gets a number behind it. */
export function keptNames(fresh: readonly string[], earlierNames: readonly string[], found: Descent): string[] {
  const kept = found.earlier.map((b) => (b < 0 ? null : earlierNames[b]!))
  const taken = new Set(kept.filter((name) => name !== null))
  return fresh.map((name, a) => {
    const own = kept[a]
    if (own !== null && own !== undefined) return own
    let free = name
    for (let n = 2; taken.has(free); n++) free = `${name} (${n})`
    taken.add(free)
    return free
  })
}
