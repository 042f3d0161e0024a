import { describe, expect, it } from 'vitest'
import { fitNaiveBayes, predictNaiveBayes } from '../../src/numeric/naive-bayes.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { numbers, words } from './trees-data.ts'

describe('naive Bayes', () => {
  it('equals the product of the densities, worked out by hand', () => {
    const x = [1, 2, 3, 4, 6, 8]
    const w = ['a', 'b', 'a', 'b', 'b', null]
    const y = [0, 0, 0, 1, 1, 1]
    const columns = [numbers('x', x), words('w', w)]
    const scores = predictNaiveBayes(fitNaiveBayes(columns, y), columns, 6)
    const spread = 1e-3 * (130 / 6 - 4 ** 2)
    const density = (value: number, mean: number, variance: number): number =>
      Math.exp(-((value - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance)
    x.forEach((value, row) => {
      const odds = density(value, 6, 8 / 3 + spread) / density(value, 2, 2 / 3 + spread)
      // One added to each of "a", "b" and anything else: 2 a and 1 b of 3 without it, 0 a and 2 b of 2 with it.
      const word = w[row] === 'a' ? 1 / 5 / (3 / 6) : w[row] === 'b' ? 3 / 5 / (2 / 6) : 1
      expect(scores[row]).toBeCloseTo(Math.log(odds * word), 10)
    })
  })

  it('finds the line that parts two normal classes of the same variance', () => {
    const rng = seededRng('bayes')
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next())
    const y = Array.from({ length: 40_000 }, () => rng.below(2))
    const column = numbers(
      'x',
      y.map((v) => 2 * v + normal()),
    )
    // True log-odds of N(2, 1) against N(0, 1) at x: 2 x - 2.
    const scores = predictNaiveBayes(fitNaiveBayes([column], y), [numbers('x', [-1, 0, 1, 3])], 4)
    ;[-4, -2, 0, 4].forEach((truth, k) => expect(Math.abs(scores[k]! - truth)).toBeLessThan(0.15))
  })

  it('does not mind one class, constants, missing columns, new words, infinities', () => {
    const columns = [numbers('c', [1, 1, 1]), numbers('n', [Number.NaN, Infinity, 2]), words('w', ['a', 'b', null])]
    for (const y of [
      [1, 1, 1],
      [0, 1, 0],
    ]) {
      const model = fitNaiveBayes(columns, y)
      for (const asked of [columns, [], [words('w', ['new', null, 'a'])]]) {
        expect(predictNaiveBayes(model, asked, 3).every(Number.isFinite)).toBe(true)
      }
    }
    expect(predictNaiveBayes(fitNaiveBayes([], []), [], 0).length).toBe(0)
  })
})
