import { describe, expect, it } from 'vitest'
import { assignPoints, lloyd, nearestCentre, seedCentres } from '../../src/numeric/k-means.ts'
import { seededRng } from '../../src/numeric/rng.ts'

/** Lloyd as it is written down: measure everything, every round. */
function plainLloyd(values: Float64Array, width: number, start: Float64Array): { centres: Float64Array; labels: number[] } {
  let centres = start
  const n = values.length / width
  const assign = (): number[] => Array.from({ length: n }, (_, i) => nearestCentre(values, i * width, centres, width))
  let labels = assign()
  for (;;) {
    centres = centres.map((_, at) => {
      const own = labels.flatMap((label, i) => (label === Math.floor(at / width) ? [values[i * width + (at % width)]!] : []))
      return own.reduce((sum, v) => sum + v, 0) / own.length
    })
    const next = assign()
    if (next.every((label, i) => label === labels[i])) return { centres, labels }
    labels = next
  }
}

describe('k-means', () => {
  it('ends where the plain algorithm ends, ties and equal points among them', () => {
    for (const [seed, width, k] of [
      ['a', 2, 5],
      ['b', 3, 2],
      ['c', 8, 7],
      ['d', 1, 3],
    ] as const) {
      const rng = seededRng(seed)
      // Whole numbers: many points are equal, many lie as near to one centre as to another.
      const values = Float64Array.from({ length: 600 * width }, () => rng.below(9) + (rng.next() < 0.5 ? 6 : 0))
      const start = seedCentres({ values, width }, k, rng)
      const found = lloyd({ values, width }, start)
      const plain = plainLloyd(values, width, start)
      expect([...found.labels]).toEqual(plain.labels)
      found.centres.forEach((v, at) => expect(v).toBeCloseTo(plain.centres[at]!, 10))
      expect(found.inertia).toBeCloseTo(assignPoints({ values, width }, plain.centres).inertia, 6)
    }
  })

  it('ends there after a centre has gone very far, too', () => {
    const rng = seededRng('far')
    const values = Float64Array.from({ length: 602 }, (_, at) => (at >= 600 ? 1e9 : rng.next()))
    const start = values.slice(0, 8)
    expect([...lloyd({ values, width: 2 }, start).labels]).toEqual(plainLloyd(values, 2, start).labels)
  })

  it('fills a cluster that lost all its points with the farthest one', () => {
    const values = Float64Array.from([0, 0.1, 0.2, 10, 10.1, 50])
    const { labels, centres } = lloyd({ values, width: 1 }, Float64Array.from([0, 10, 1000]))
    expect([...labels]).toEqual([0, 0, 0, 1, 1, 2])
    expect(centres[2]).toBe(50)
  })

  it('survives one cluster, and more clusters than different points', () => {
    expect(lloyd({ values: Float64Array.from([1, 2, 3]), width: 1 }, Float64Array.from([9])).centres).toEqual(Float64Array.from([2]))
    const { inertia } = lloyd({ values: Float64Array.from([1, 1, 1, 1]), width: 1 }, Float64Array.from([1, 1, 1]))
    expect(inertia).toBe(0)
  })
})
