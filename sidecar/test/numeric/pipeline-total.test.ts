import { describe, expect, it } from 'vitest'
import { independentTotal, pipelineTotal, sharedError } from '../../src/numeric/pipeline-total.ts'
import { seededRng } from '../../src/numeric/rng.ts'

describe('the total of a pipeline', () => {
  it('has the mean and the variance that all ways to end, weighed, give', () => {
    const p = [0.2, 0.7, 0.5]
    const worth = [100, 10, 40]
    let [mean, square] = [0, 0]
    for (let ways = 0; ways < 8; ways++) {
      let [chance, total] = [1, 0]
      p.forEach((one, i) => {
        const won = (ways >> i) & 1
        chance *= won ? one : 1 - one
        total += won ? worth[i]! : 0
      })
      mean += chance * total
      square += chance * total * total
    }
    const { expected, variance } = independentTotal(p, worth)
    expect(expected).toBeCloseTo(mean, 10)
    expect(variance).toBeCloseTo(square - mean * mean, 8)
  })

  it('finds what periods share in their errors, and covers what comes 95 times in 100', () => {
    const rng = seededRng('pipeline')
    const p = Float64Array.from({ length: 200 }, () => rng.next())
    const ones = new Float64Array(200).fill(1)
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next())
    const season = 0.15
    const period = (): { actual: number; expected: number; variance: number } => {
      const factor = Math.max(0, 1 + season * normal())
      const actual = p.reduce((sum, one) => sum + (rng.next() < one * factor ? 1 : 0), 0)
      return { actual, ...independentTotal(p, ones) }
    }
    const past = Array.from({ length: 400 }, period)
    const shared = sharedError(past)
    expect(shared).toBeGreaterThan(0.1)
    expect(shared).toBeLessThan(0.2)
    const { low, high } = pipelineTotal(p, ones, { shared, forecasts: past.length })
    const covered = Array.from({ length: 1000 }, period).filter(({ actual }) => actual >= low && actual <= high).length / 1000
    expect(covered).toBeGreaterThan(0.9)
    expect(covered).toBeLessThan(0.99)
    expect(sharedError([])).toBe(0)
  })
})
