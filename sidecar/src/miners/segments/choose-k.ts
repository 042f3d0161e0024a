import type { Rng } from '@assay/shared'
import type { Clustering, Points } from '../../numeric/k-means.ts'
import { assignPoints } from '../../numeric/k-means.ts'
import { meanSilhouettes } from '../../numeric/silhouette.ts'
import { bootstrapStability, clusterFromSample, distinctPoints } from './clusters.ts'
import type { SegmentsParams, TriedK } from './model.ts'

/** A segment that resamples find again with a lower Jaccard than this is not there (Hennig 2007). */
export const STABLE = 0.6
const LEAST_SHARE = 0.02
const LEAST_ROWS = 30
const NEAR_BEST = 0.85

export interface Choice {
  /** Null where nothing qualifies. */
  readonly clustering: Clustering | null
  readonly tried: TriedK[]
  readonly why: string
}

/** Every number of segments from two on, with what speaks for it. */
function tryAll(sample: Points, all: Points, params: SegmentsParams, rng: Rng): { tried: TriedK[]; clusterings: Clustering[] } {
  const most = Math.min(params.mostSegments, distinctPoints(sample, params.mostSegments + 1) - 1)
  const ks = Array.from({ length: Math.max(0, most - 1) }, (_, i) => i + 2)
  const clusterings = ks.map((k) => clusterFromSample(sample, all, k, params.restarts, rng.fork(`k ${k}`)))
  const silhouettes = meanSilhouettes(
    sample,
    clusterings.map((each) => assignPoints(sample, each.centres).labels),
  )
  const tried = clusterings.map((each, i) => {
    const sizes = new Int32Array(ks[i]!)
    for (const label of each.labels) sizes[label]!++
    const stability = bootstrapStability(sample, each.centres, params.resamples, rng.fork(`stability ${ks[i]!}`))
    return {
      k: ks[i]!,
      inertia: each.inertia,
      silhouette: silhouettes[i]!,
      stability: stability.reduce((sum, value) => sum + value, 0) / stability.length,
      weakest: Math.min(...stability),
      smallest: Math.min(...sizes),
      chosen: false,
    }
  })
  return { tried, clusterings }
}

/**
 * The largest number of segments, from three on, that are all stable and large enough, with a silhouette near the
 * best: two segments (bought much, bought little) always have the best silhouette on such data and say nothing.
 */
export function chooseSegments(sample: Points, all: Points, params: SegmentsParams, rng: Rng): Choice {
  const { tried, clusterings } = tryAll(sample, all, params, rng)
  const rows = all.values.length / Math.max(1, all.width)
  const least = Math.max(Math.ceil(LEAST_SHARE * rows), LEAST_ROWS)
  const best = Math.max(...tried.filter((each) => each.k >= 3).map((each) => each.silhouette), 0)
  const qualified = (each: TriedK) =>
    each.k >= 3 && each.weakest >= STABLE && each.smallest >= least && each.silhouette > 0 && each.silhouette >= NEAR_BEST * best
  const at = tried.findLastIndex(qualified)
  if (at < 0) {
    return {
      clustering: null,
      tried,
      why: `no cluster structure: no number of segments from 3 to ${params.mostSegments} is stable (every segment found again with an overlap of ${STABLE} or more) with at least ${least} customers in each; RFM bins are used`,
    }
  }
  const chosen = tried[at]!
  return {
    clustering: clusterings[at]!,
    tried: tried.map((each, i) => ({ ...each, chosen: i === at })),
    why: `${chosen.k} segments: the most that are all found again in resamples (overlap ${chosen.weakest.toFixed(2)} or more), have at least ${least} customers and a silhouette within 15 % of the best`,
  }
}
