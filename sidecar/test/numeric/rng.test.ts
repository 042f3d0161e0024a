import { describe, expect, it } from 'vitest'
import { hashUnit, seededRng, xoshiro128 } from '../../src/numeric/rng.ts'

describe('seededRng', () => {
  it('steps as the C reference does (values computed with it in edorfaus/xoshiro-6502, test-rom/testdata.asm)', () => {
    const draw = xoshiro128([0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0])
    expect([draw(), draw(), draw(), draw()]).toEqual([0xf1391922, 0x6fe53806, 0xa5be2840, 0xf510ee70])
  })

  it('gives the same numbers for the same seed and others for another', () => {
    const take = (seed: string | number): number[] => {
      const rng = seededRng(seed)
      return Array.from({ length: 5 }, () => rng.next())
    }
    expect(take('a')).toEqual(take('a'))
    expect(take('a')).not.toEqual(take('b'))
    expect(take(1)).not.toEqual(take(2))
  })

  it('forks by name, whatever was drawn before', () => {
    const one = seededRng('s')
    const two = seededRng('s')
    two.next()
    expect(one.fork('folds').next()).toBe(two.fork('folds').next())
    expect(one.fork('folds').next()).not.toBe(one.fork('other').next())
  })

  it('is uniform: chi-square of 16 cells and the mean', () => {
    const rng = seededRng('uniform')
    const cells = new Float64Array(16)
    let sum = 0
    for (let i = 0; i < 64_000; i++) {
      cells[rng.below(16)]!++
      sum += rng.next()
    }
    // 99.99 % quantile of chi-square with 15 degrees of freedom is 44.3.
    expect(cells.reduce((s, c) => s + (c - 4000) ** 2 / 4000, 0)).toBeLessThan(44.3)
    expect(sum / 64_000).toBeCloseTo(0.5, 2)
  })

  it('refuses a range it cannot draw from', () => {
    expect(() => seededRng(1).below(0)).toThrow(RangeError)
    expect(hashUnit('x')).toBe(hashUnit('x'))
  })
})
