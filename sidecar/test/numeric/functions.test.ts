import { describe, expect, it } from 'vitest'
import { bfgs } from '../../src/numeric/bfgs.ts'
import { hyp2f1, lnHyp2f1Next } from '../../src/numeric/hyp2f1.ts'
import { lnBeta, lnGamma } from '../../src/numeric/ln-gamma.ts'
import { logAdd, logSubtract } from '../../src/numeric/log-add.ts'
import { nelderMead } from '../../src/numeric/nelder-mead.ts'

describe('special functions', () => {
  it('has ln gamma at whole and half numbers', () => {
    expect(lnGamma(1)).toBeCloseTo(0, 12)
    expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12)
    expect(lnGamma(11)).toBeCloseTo(Math.log(3628800), 10)
    expect(lnGamma(0.1)).toBeCloseTo(2.252712651734206, 11)
    expect(lnBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 12)
  })

  it('has 2F1 where it is an elementary function', () => {
    for (const z of [0.1, 0.5, 0.9, 0.99]) {
      expect(hyp2f1(1, 1, 2, z)).toBeCloseTo(-Math.log(1 - z) / z, 9)
      expect(hyp2f1(2.5, 1.3, 1.3, z) * (1 - z) ** 2.5).toBeCloseTo(1, 9)
    }
    // Euler's integral, by the midpoint rule: 2F1(2, 3; 4.5; .7).
    const steps = 200_000
    let sum = 0
    for (let k = 0; k < steps; k++) {
      const t = (k + 0.5) / steps
      sum += (t ** 2 * (1 - t) ** 0.5 * (1 - 0.7 * t) ** -2) / steps
    }
    expect(hyp2f1(2, 3, 4.5, 0.7)).toBeCloseTo(sum / Math.exp(lnBeta(3, 1.5)), 6)
  })

  it('agrees with itself: continued fraction and series', () => {
    for (const [a, b, z] of [
      [1.2, 1.6, 0.3],
      [5.7, 5.1, 0.85],
      [12, 1.5, 0.6],
      [3.3, 2.2, 0.97],
    ] as const)
      expect(lnHyp2f1Next(a, b, z, 1 - z)).toBeCloseTo(Math.log(hyp2f1(a, b, a + 1, z)), 10)
    expect(lnHyp2f1Next(3, 2, 0, 1)).toBeCloseTo(0, 12)
    expect(Number.isFinite(lnHyp2f1Next(900, 899, 0.99999, 1e-5))).toBe(true)
  })

  it('adds and subtracts logarithms', () => {
    expect(logAdd(Math.log(2), Math.log(3))).toBeCloseTo(Math.log(5), 12)
    expect(logAdd(-1e5, -1e5)).toBeCloseTo(-1e5 + Math.log(2), 8)
    expect(logSubtract(Math.log(5), Math.log(3))).toBeCloseTo(Math.log(2), 12)
    expect(logSubtract(1, 1)).toBe(Number.NEGATIVE_INFINITY)
  })
})

describe('minimisers', () => {
  const rosenbrock = (x: Float64Array): number => (1 - x[0]!) ** 2 + 100 * (x[1]! - x[0]! ** 2) ** 2

  it('find the bottom of the banana valley of Rosenbrock 1960', () => {
    const simplex = nelderMead(rosenbrock, [-1.2, 1], { tolerance: 1e-12 })
    expect(simplex.at[0]).toBeCloseTo(1, 4)
    const sharp = bfgs(rosenbrock, [-1.2, 1], { tolerance: 1e-9, maxIterations: 300 })
    expect(sharp.at[0]).toBeCloseTo(1, 4)
    expect(sharp.at[1]).toBeCloseTo(1, 4)
  })

  it('walk around places without a value', () => {
    const f = (x: Float64Array): number => (x[0]! < 0 ? Number.NaN : (x[0]! - 2) ** 2)
    expect(nelderMead(f, [0.1]).at[0]).toBeCloseTo(2, 4)
    expect(bfgs(f, [0.1]).at[0]).toBeCloseTo(2, 5)
  })
})
