import { alone, type Parallel, type Rng } from '@assay/shared'
import { gapStatistic, type Gap } from '../../numeric/gap-statistic.ts'
import type { Clustering, Points } from '../../numeric/k-means.ts'
import { assignPoints, lloyd } from '../../numeric/k-means.ts'
import { meanSilhouettes } from '../../numeric/silhouette.ts'
import { bootstrapStability, clusterAgain, clusterFromSample, distinctPoints, pointsAt } from './clusters.ts'
import type { SegmentsParams, TriedK } from './model.ts'

/** A segment that resamples find again with a lower Jaccard than this is not there (Hennig 2007). */
export const FOUND_AGAIN = 0.6
/** The mean over all segments that is called stable (Hennig 2007). */
export const STABLE = 0.75
const LEAST_SHARE = 0.02
export const LEAST_ROWS = 30
const NEAR_BEST = 0.85
/** Points that the gap statistic looks at, and its references are drawn as. */
const GAP_ROWS = 2_000
const GAP_STARTS = 3
/** The gap must exceed that of one cluster by so many errors before anything is called structure. */
const SURE = 2

export interface Choice {
  /** Null where nothing qualifies. */
  readonly clustering: Clustering | null
  readonly tried: TriedK[]
  /** Of one cluster: what any structure has to exceed. */
  readonly oneGap: number
  readonly why: string
}

/** The best inertia of 1 to `most` clusters. */
const inertias =
  (most: number) =>
  (points: Points, rng: Rng): number[] =>
    Array.from({ length: most }, (_, i) =>
      i === 0
        ? lloyd(points, points.values.slice(0, points.width)).inertia
        : clusterAgain(points, i + 1, GAP_STARTS, rng.fork(`gap ${i + 1}`)).inertia,
    )

function gapsOf(sample: Points, most: number, params: SegmentsParams, rng: Rng): Gap[] {
  const rows = sample.values.length / Math.max(1, sample.width)
  const step = Math.max(1, Math.ceil(rows / GAP_ROWS))
  const at = Int32Array.from({ length: Math.floor(rows / step) }, (_, i) => i * step)
  return gapStatistic(pointsAt(sample, at), most, params.references, inertias(most), rng)
}

/** Every number of segments from two on, with what speaks for and against it. */
function tryAll(sample: Points, all: Points, params: SegmentsParams, rng: Rng, parallel: Parallel) {
  const most = Math.min(params.mostSegments, distinctPoints(sample, params.mostSegments + 1) - 1)
  const ks = Array.from({ length: Math.max(0, most - 1) }, (_, i) => i + 2)
  const gaps = ks.length === 0 ? [] : gapsOf(sample, most, params, rng.fork('gap'))
  const clusterings = ks.map((k) => clusterFromSample(sample, all, k, params.restarts, rng.fork(`k ${k}`), parallel))
  const silhouettes = meanSilhouettes(
    sample,
    clusterings.map((each) => assignPoints(sample, each.centres).labels),
  )
  const rows = all.values.length / Math.max(1, all.width)
  const least = Math.max(Math.ceil(LEAST_SHARE * rows), LEAST_ROWS)
  const best = Math.max(...ks.map((k, i) => (k >= 3 ? silhouettes[i]! : 0)), 0)
  const tried = clusterings.map((each, i): TriedK => {
    const sizes = new Int32Array(ks[i]!)
    for (const label of each.labels) sizes[label]!++
    const stability = bootstrapStability(sample, each.centres, params.resamples, rng.fork(`stability ${ks[i]!}`))
    const { gap, error } = gaps[ks[i]! - 1]!
    const row = {
      k: ks[i]!,
      inertia: each.inertia,
      silhouette: silhouettes[i]!,
      gap,
      gapError: error,
      stability: stability.reduce((sum, value) => sum + value, 0) / stability.length,
      weakest: Math.min(...stability),
      smallest: Math.min(...sizes),
      chosen: false,
    }
    return { ...row, against: againstIt(row, gaps[0]!, least, best) }
  })
  return { tried, clusterings, oneGap: gaps[0]?.gap ?? 0, least }
}

/** Why this many segments will not do; null where they will. */
function againstIt(row: Omit<TriedK, 'against'>, one: Gap, least: number, best: number): string | null {
  const needed = one.gap + SURE * Math.hypot(row.gapError, one.error)
  if (!(row.gap > one.gap))
    return `no tighter than points without structure (gap ${row.gap.toFixed(3)}, of one segment ${one.gap.toFixed(3)})`
  if (!(row.gap > needed))
    return `tighter than points without structure, but not by more than chance (gap ${row.gap.toFixed(3)}, more than ${needed.toFixed(3)} is needed)`
  if (row.smallest < least) return `one has ${row.smallest} customers, ${least} are needed`
  if (row.stability < STABLE) return `resamples find them again with an overlap of ${row.stability.toFixed(2)}, ${STABLE} is needed`
  if (row.weakest < FOUND_AGAIN) return `resamples find one again with an overlap of ${row.weakest.toFixed(2)} only`
  if (!(row.silhouette > 0)) return 'customers are as near to another segment as to their own'
  if (row.k >= 3 && row.silhouette < NEAR_BEST * best) return `silhouette ${row.silhouette.toFixed(3)}, the best is ${best.toFixed(3)}`
  return null
}

/**
 * Of those that will do the smallest, from three on, that the next one does not exceed by more than its error: the rule of
 * Tibshirani, Walther & Hastie 2001. Two only where three are no tighter than two: two segments (bought much, bought
 * little) always separate best on such data and say nothing. Where the earlier number is as good, it stays.
 */
function chosenOf(tried: readonly TriedK[], earlier: number | null): number {
  const fit = tried.map((each, i) => ({ each, i })).filter(({ each }) => each.against === null)
  const two = fit.find(({ each }) => each.k === 2)
  const more = fit.filter(({ each }) => each.k >= 3 && (two === undefined || each.gap >= two.each.gap - two.each.gapError))
  const at = more.findIndex(({ each }, i) => i + 1 === more.length || each.gap >= more[i + 1]!.each.gap - more[i + 1]!.each.gapError)
  if (at < 0) return two?.i ?? -1
  const chosen = more[at]!
  const stays = more.find(({ each }) => each.k === earlier)
  return stays !== undefined && stays.each.gap >= chosen.each.gap - chosen.each.gapError ? stays.i : chosen.i
}

/**
 * How many segments there are: by the gap statistic among those that resamples find again and that are large enough.
 *
 * @param earlier the number of segments of the model before this one
 */
export function chooseSegments(
  sample: Points,
  all: Points,
  params: SegmentsParams,
  rng: Rng,
  earlier: number | null = null,
  parallel: Parallel = alone,
): Choice {
  const { tried, clusterings, oneGap, least } = tryAll(sample, all, params, rng, parallel)
  const at = chosenOf(tried, earlier)
  if (at < 0) {
    const reasons = tried.map((each) => `${each.k}: ${each.against ?? ''}`)
    return {
      clustering: null,
      tried,
      oneGap,
      why: `no cluster structure: ${
        tried.length === 0
          ? 'the customers do not differ in what they are told apart by'
          : `no number of segments will do (${reasons.slice(0, 3).join('; ')})`
      }`,
    }
  }
  const chosen = tried[at]!
  return {
    clustering: clusterings[at]!,
    tried: tried.map((each, i) => ({ ...each, chosen: i === at })),
    oneGap,
    why: `${chosen.k} segments: tighter than points without structure (gap ${chosen.gap.toFixed(3)}, of one segment ${oneGap.toFixed(3)}) and not clearly less so than more segments; resamples find each again (overlap ${chosen.weakest.toFixed(2)} or more), and each has at least ${least} customers`,
  }
}
