import { describe, expect, it } from 'vitest'
import { cheapestAssignment } from '../../src/numeric/assignment.ts'
import { adjustedRand, sharedCounts } from '../../src/numeric/cluster-agreement.ts'
import { gapChoice, gapStatistic } from '../../src/numeric/gap-statistic.ts'
import { lloyd, type Points, seedCentres } from '../../src/numeric/k-means.ts'
import { normalTail, sameShare } from '../../src/numeric/normal-tail.ts'
import { principalAxes } from '../../src/numeric/principal-axes.ts'
import { seededRng } from '../../src/numeric/rng.ts'

/** Every way to give rows columns, by trying all. */
function cheapest(costs: readonly (readonly number[])[], row = 0, taken = new Set<number>()): number {
  if (row === costs.length) return 0
  const free = costs[row]!.map((_, column) => column).filter((column) => !taken.has(column))
  // With more rows than columns some rows go without.
  const skip = costs.length > costs[row]!.length ? [cheapest(costs, row + 1, taken) + 1e6] : []
  return Math.min(...skip, ...free.map((column) => costs[row]![column]! + cheapest(costs, row + 1, new Set([...taken, column]))))
}

describe('assignment', () => {
  it('costs what the best of all ways costs, in any shape', () => {
    const rng = seededRng('assignment')
    for (const [rows, columns] of [
      [1, 1],
      [4, 4],
      [6, 6],
      [3, 6],
      [6, 3],
    ] as const) {
      for (let round = 0; round < 20; round++) {
        const costs = Array.from({ length: rows }, () => Array.from({ length: columns }, () => rng.below(20)))
        const found = cheapestAssignment(costs)
        const given = found.filter((column) => column >= 0)
        expect(new Set(given).size).toBe(Math.min(rows, columns))
        const cost = found.reduce((sum, column, row) => sum + (column < 0 ? 1e6 : costs[row]![column]!), 0)
        expect(cost).toBe(cheapest(costs))
      }
    }
    expect(cheapestAssignment([])).toEqual([])
  })
})

describe('agreement of two clusterings', () => {
  it('counts what they share; the adjusted Rand index by hand', () => {
    const counts = sharedCounts(Int32Array.of(0, 0, 0, 1, 1, 1), Int32Array.of(0, 0, 1, 1, 2, 2), 2, 3)
    expect(counts).toEqual([
      [2, 1, 0],
      [0, 1, 2],
    ])
    // Pairs: both 2, first 6, second 3, all 15; expected 6 * 3 / 15 = 1.2.
    expect(adjustedRand(counts)).toBeCloseTo((2 - 1.2) / (4.5 - 1.2), 12)
    expect(
      adjustedRand([
        [3, 0],
        [0, 3],
      ]),
    ).toBe(1)
    expect(adjustedRand([[4]])).toBe(1)
  })
})

describe('normal tail', () => {
  it('is that of the tables, near and far', () => {
    // NIST / any table of the standard normal: two-sided.
    for (const [z, p] of [
      [0, 1],
      [1, 0.317310507862914],
      [1.959963984540054, 0.05],
      [3, 0.00269979606326],
      [5, 5.733031437583892e-7],
    ] as const)
      expect(normalTail(z) / p).toBeCloseTo(1, 5)
    expect(normalTail(-3)).toBe(normalTail(3))
  })
  it('two shares: Altman 1991, by hand, and nothing to tell where one is empty', () => {
    // 15/100 against 30/100: pooled .225, error .059055, z 2.54.
    expect(sameShare({ hits: 15, n: 100 }, { hits: 30, n: 100 })).toBeCloseTo(normalTail(0.15 / Math.sqrt(0.225 * 0.775 * 0.02)), 12)
    expect(sameShare({ hits: 0, n: 0 }, { hits: 3, n: 5 })).toBe(1)
    expect(sameShare({ hits: 5, n: 5 }, { hits: 5, n: 5 })).toBe(1)
  })
})

describe('principal axes', () => {
  it('find the direction of a stretched heap, orthogonal, largest first', () => {
    const rng = seededRng('axes')
    const values = Float64Array.from({ length: 3000 }, () => 0)
    for (let i = 0; i < 1000; i++) {
      const along = 10 * (rng.next() - 0.5)
      const across = rng.next() - 0.5
      values.set([3 + (along - across) / Math.SQRT2, -1 + (along + across) / Math.SQRT2, 0.1 * rng.next()], i * 3)
    }
    const { axes, variances } = principalAxes({ values, width: 3 })
    expect(Math.abs(axes[0]! * Math.SQRT1_2 + axes[1]! * Math.SQRT1_2)).toBeCloseTo(1, 3)
    for (let a = 0; a < 3; a++)
      for (let b = 0; b < 3; b++) {
        const dot = [0, 1, 2].reduce((sum, j) => sum + axes[a * 3 + j]! * axes[b * 3 + j]!, 0)
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 10)
      }
    expect([...variances]).toEqual([...variances].toSorted((a, b) => b - a))
  })
})

describe('gap statistic', () => {
  const inertias = (points: Points, rng: ReturnType<typeof seededRng>): number[] =>
    [1, 2, 3, 4, 5].map((k) =>
      Math.min(...[0, 1, 2].map((start) => lloyd(points, seedCentres(points, k, rng.fork(`${k} ${start}`))).inertia)),
    )
  const heaps = (middles: readonly (readonly [number, number])[]): Points => {
    const rng = seededRng('heaps')
    const rows = Array.from({ length: 300 }, (_, i) =>
      middles[i % middles.length]!.flatMap((at) => at + 0.3 * (rng.next() + rng.next() - 1)),
    )
    return { values: Float64Array.from(rows.flat()), width: 2 }
  }
  it('finds the heaps that there are, and none in one', () => {
    const rng = seededRng('gap')
    expect(
      gapChoice(
        gapStatistic(
          heaps([
            [0, 0],
            [4, 0],
            [2, 3],
          ]),
          5,
          20,
          inertias,
          rng,
        ),
      ),
    ).toBe(3)
    expect(gapChoice(gapStatistic(heaps([[0, 0]]), 5, 20, inertias, rng))).toBe(1)
  })
  it('points that do not vary have no structure and no NaN', () => {
    const same = { values: new Float64Array(200).fill(7), width: 2 }
    for (const { gap, error } of gapStatistic(same, 5, 4, inertias, seededRng('same'))) expect([gap, error]).toEqual([0, 0])
  })
})
