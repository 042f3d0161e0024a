import { alone, type Job } from '@assay/shared'
import { afterAll, describe, expect, it } from 'vitest'
import { openParallel } from '../../src/flow/mine/parallel.ts'
import { fitBoosting } from '../../src/numeric/boosting/fit.ts'
import type { InputColumn } from '../../src/numeric/boosting/inputs.ts'
import { lloyd, seedCentres } from '../../src/numeric/k-means.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { integers } from '../../src/numeric/shared-arrays.ts'

const three = openParallel(3)
afterAll(() => three.close())

/** Until the threads are awake the caller does everything: again and again, so that they take part. */
const ROUNDS = 30

describe('work that threads do together', () => {
  it('groups points as one thread does, whoever does which', () => {
    const rng = seededRng('points')
    const width = 4
    const values = Float64Array.from({ length: 60_000 * width }, () => rng.next() + rng.below(3))
    const start = seedCentres({ values, width }, 6, rng)
    const one = lloyd({ values, width }, start, 300, alone)
    for (let round = 0; round < ROUNDS; round++) expect(lloyd({ values, width }, start, 300, three)).toEqual(one)
  })

  it('grows the trees that one thread grows', () => {
    const rng = seededRng('rows')
    const rows = 3000
    const columns: InputColumn[] = Array.from({ length: 30 }, (_, k) => ({
      type: 'number',
      info: { name: `x${k}` },
      values: Float64Array.from({ length: rows }, () => (rng.next() < 0.1 ? Number.NaN : rng.below(50))),
    }))
    columns.push({
      type: 'category',
      info: { name: 'w' },
      codes: Int32Array.from({ length: rows }, () => rng.below(9) - 1),
      levels: 'a b c d e f g h'.split(' '),
    })
    const outcome = Float64Array.from({ length: rows }, (_, row) =>
      rng.next() < (((columns[0] as { values: Float64Array }).values[row] ?? 0) > 20 ? 0.7 : 0.3) ? 1 : 0,
    )
    const fit = (parallel: typeof alone) => fitBoosting(columns, outcome, { rounds: 20 }, seededRng('trees'), null, parallel).model
    const one = fit(alone)
    expect(one.trees.length).toBeGreaterThan(10)
    for (let round = 0; round < ROUNDS; round++) expect(fit(three)).toEqual(one)
  })

  it('says so when a thread cannot do its part, and goes on with the next work', () => {
    const unknown: Job<{ done: Int32Array }> = { name: 'k-means: assign', part: ({ done }, part) => void Atomics.add(done, part, 1) }
    const done = integers(200)
    const work = three.begin({ done })
    // The caller counts; the threads know another job by this name, and its arrays are not there.
    expect(() => {
      for (let round = 0; round < 2000; round++) work.run(unknown, 200)
    }).toThrow('a thread could not do its part of "k-means: assign"')
    work.end()
    const values = Float64Array.from([0, 1, 10, 11])
    expect(lloyd({ values, width: 1 }, Float64Array.from([0, 10]), 300, three).inertia).toBe(1)
  })
})
