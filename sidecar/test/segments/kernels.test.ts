import { expect, test } from 'vitest'
import { clusterJaccards } from '../../src/numeric/cluster-agreement.ts'
import { isoDay } from '../../src/numeric/iso-day.ts'
import { assignPoints, lloyd, seedCentres } from '../../src/numeric/k-means.ts'
import { binOf, rankEdges } from '../../src/numeric/rank-bins.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { meanSilhouettes } from '../../src/numeric/silhouette.ts'
import { sampleRows } from '../../src/numeric/stable-sample.ts'

test('k-means finds two heaps, fills an empty cluster and never raises the inertia', () => {
  const points = { values: Float64Array.of(0, 0, 0, 1, 1, 0, 10, 10, 10, 11, 11, 10), width: 2 }
  const found = lloyd(points, Float64Array.of(0, 0, 100, 100))
  expect([...found.labels]).toEqual([0, 0, 0, 1, 1, 1])
  expect(found.inertia).toBeCloseTo(8 / 3, 12)
  for (let seed = 0; seed < 10; seed++) {
    const start = seedCentres(points, 3, seededRng(seed))
    expect(lloyd(points, start).inertia).toBeLessThanOrEqual(assignPoints(points, start).inertia)
  }
})

test('silhouette by hand: two pairs, and a cluster of one counts as 0', () => {
  const points = { values: Float64Array.of(0, 2, 10, 12), width: 1 }
  const [pairs, lonely] = meanSilhouettes(points, [Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 0, 0, 1)])
  // Outer points: a = 2, b = 11; inner points: a = 2, b = 9.
  expect(pairs).toBeCloseTo((2 * (9 / 11) + 2 * (7 / 9)) / 4, 12)
  // 0: a 6, b 12 · 2: a 5, b 10 · 10: a 9, b 2.
  expect(lonely).toBeCloseTo((0.5 + 0.5 - 7 / 9 + 0) / 4, 12)
})

test('Jaccard of each cluster does not mind how the other side numbers them', () => {
  expect(clusterJaccards(Int32Array.of(0, 0, 1, 1, 1), Int32Array.of(2, 2, 0, 0, 2), 3)).toEqual([2 / 3, 2 / 3, Number.NaN])
})

test('rank edges keep equal values together and balance the bins', () => {
  const even = Float64Array.from({ length: 100 }, (_, i) => i)
  expect(rankEdges(even, 5)).toEqual([20, 40, 60, 80])
  const tied = Float64Array.of(1, 1, 1, 1, 1, 1, 2, 3, 4, Number.NaN)
  const edges = rankEdges(tied, 5)
  expect([...tied].map((value) => binOf(value, edges))).toEqual([2, 2, 2, 2, 2, 2, 4, 5, 5, Number.NaN])
  expect(rankEdges(new Float64Array(), 5)).toEqual([])
})

test('a sample follows the ids, not the order in which they come', () => {
  const ids = Array.from({ length: 50 }, (_, i) => `c${i}`)
  const all = Int32Array.from(ids, (_, i) => i)
  const backwards = ids.toReversed()
  const one = Array.from(sampleRows(ids, all, 10), (row) => ids[row]!)
  const other = Array.from(sampleRows(backwards, all, 10), (row) => backwards[row]!)
  expect(one).toHaveLength(10)
  expect(other.sort()).toEqual(one.sort())
})

test('days of the calendar', () => {
  for (let day = -200_000; day < 200_000; day += 37) {
    expect(isoDay(day * 86_400_000 + 5)).toBe(new Date(day * 86_400_000).toISOString().slice(0, 10))
  }
})
