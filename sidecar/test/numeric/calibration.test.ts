import { describe, expect, it } from 'vitest'
import { isotonic, isotonicAt } from '../../src/numeric/isotonic.ts'
import { platt } from '../../src/numeric/platt.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { sigmoid } from '../../src/numeric/sigmoid.ts'

describe('platt', () => {
  it('finds the curve that made the outcomes', () => {
    const rng = seededRng('platt')
    const scores = Array.from({ length: 20_000 }, () => rng.next() * 6 - 3)
    const outcome = scores.map((s) => (rng.next() < sigmoid(0.7 * s - 1) ? 1 : 0))
    const fit = platt(scores, outcome)
    expect(fit.slope).toBeCloseTo(0.7, 1)
    expect(fit.intercept).toBeCloseTo(-1, 1)
  })

  it('does not run away on separable scores, and one class gives (N + 1) / (N + 2)', () => {
    const fit = platt([1, 2, 3, 4], [0, 0, 1, 1])
    expect(Number.isFinite(fit.slope) && Number.isFinite(fit.intercept)).toBe(true)
    const flat = platt([0, 0, 0], [1, 1, 1])
    expect(sigmoid(flat.intercept)).toBeCloseTo(4 / 5, 6)
  })
})

describe('isotonic', () => {
  it('equals the smallest-maximum formula of monotone regression on random data', () => {
    // The fit at i is max over j <= i of min over k >= i of the mean of y[j..k] (Barlow et al. 1972, 1.9).
    const rng = seededRng('isotonic')
    const y: number[] = Array.from({ length: 60 }, (_, i) => (rng.next() < i / 60 ? 1 : 0))
    const curve = isotonic(
      y.map((_, i) => i),
      y,
    )
    const mean = (j: number, k: number): number => y.slice(j, k + 1).reduce((s, v) => s + v, 0) / (k - j + 1)
    const fitted = y.map((_, i) =>
      Math.max(...Array.from({ length: i + 1 }, (__, j) => Math.min(...Array.from({ length: 60 - i }, (___, k) => mean(j, i + k))))),
    )
    const levels = [...new Set(fitted.map((v) => v.toFixed(9)))].map(Number)
    const clip = (v: number): number => Math.min(1 - 1 / 62, Math.max(1 / 62, v))
    expect(curve.probabilities.map((p) => p.toFixed(6))).toEqual(levels.map((v) => clip(v).toFixed(6)))
  })

  it('is drawn straight between blocks and flat outside', () => {
    const curve = { scores: [0, 1], probabilities: [0.2, 0.6] }
    expect([-1, 0, 0.5, 1, 2].map((s) => isotonicAt(curve, s))).toEqual([0.2, 0.2, expect.closeTo(0.4, 12), 0.6, 0.6])
  })
})
