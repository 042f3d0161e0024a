import { expect, it } from 'vitest'
import { growth } from '../src/scale/growth.ts'
import type { Line } from '../src/scale/steps.ts'

const line = (name: string, cpuSeconds: number): Line => ({
  phase: 'first run',
  name,
  cost: { wallSeconds: cpuSeconds, cpuSeconds, peakBytes: 0, stallMs: 0, busyMs: 0 },
  records: null,
  standInSeconds: null,
  said: null,
})

it('tells linear, n log n and worse apart, whatever the order of the sizes', () => {
  const grown = growth([
    { accounts: 100_000, lines: [line('sync', 100), line('sorted', 12.5 * 4), line('pairs', 400), line('quick', 0.5)] },
    { accounts: 10_000, lines: [line('sync', 10), line('sorted', 4), line('pairs', 4), line('quick', 0.001)] },
  ])
  expect(grown.map(({ name, worse }) => [name, worse])).toEqual([
    ['sync', false],
    ['sorted', false],
    ['pairs', true],
  ])
  expect(grown[0]).toMatchObject({ from: 10_000, to: 100_000 })
  expect(grown[0]!.exponent).toBeCloseTo(1, 10)
  // log10(5/4): what the logarithm adds between these sizes.
  expect(grown[0]!.allowed).toBeCloseTo(1 + Math.log10(5 / 4), 10)
  expect(grown[2]!.exponent).toBeCloseTo(2, 10)
})

it('compares the runs after a change with each other, not with the first run', () => {
  const both = (first: number, later: number): readonly Line[] => [
    line('sync', first),
    { ...line('sync', later), phase: 'after a 1 % change' },
  ]
  const grown = growth([
    { accounts: 1_000, lines: both(1, 5) },
    { accounts: 10_000, lines: both(10, 5) },
  ])
  expect(grown.map(({ phase, exponent }) => [phase, Math.round(exponent)])).toEqual([
    ['first run', 1],
    ['after a 1 % change', 0],
  ])
})
