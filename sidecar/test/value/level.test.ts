import { describe, expect, it } from 'vitest'
import { assumedIn, scatterOf, totalInterval } from '../../src/miners/value/level.ts'
import { seededRng } from '../../src/numeric/rng.ts'

const DAY = 86_400_000
const QUARTER = 90

/** How often the next total lies in the interval that so many past windows give, where totals scatter by `deviation` (of the logarithm). */
function coverage(windows: number, deviation: number): number {
  const rng = seededRng(`coverage ${windows} ${deviation}`)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next())
  const total = (): number => 1000 * Math.exp(deviation * normal())
  const draws = 4000
  let covered = 0
  for (let draw = 0; draw < draws; draw++) {
    const past = Array.from({ length: windows }, (_, k) => ({ on: k * QUARTER * DAY, said: 1000, happened: total() }))
    const { low, high } = totalInterval(1000, scatterOf(past, QUARTER, null))
    const happened = total()
    if (happened >= low && happened <= high) covered++
  }
  return covered / draws
}

describe('the interval of a total', () => {
  it('covers what comes where totals scatter as is assumed, however few windows were seen', () => {
    for (const windows of [0, 1, 3, 6]) expect(coverage(windows, 0.25)).toBeGreaterThanOrEqual(0.95)
  })

  it('is too narrow where they scatter more than that, until windows have shown it', () => {
    const blind = coverage(0, 0.6)
    expect(blind).toBeLessThan(0.85)
    expect(coverage(6, 0.6)).toBeGreaterThan(blind + 0.04)
    expect(coverage(20, 0.6)).toBeGreaterThan(0.9)
  })

  it('says how much of it was assumed, and is called assumed while fewer than two windows are behind it', () => {
    const after = (windows: number) =>
      assumedIn(
        scatterOf(
          Array.from({ length: windows }, (_, k) => ({ on: k * QUARTER * DAY, said: 1, happened: 1.1 })),
          QUARTER,
          null,
        ),
      )
    expect(after(0)).toEqual({ assumedShare: 1, assumed: true })
    expect(after(1)).toEqual({ assumedShare: 0.75, assumed: true })
    expect(after(3)).toEqual({ assumedShare: 0.5, assumed: false })
  })

  it('counts windows that overlap as no more than fit side by side', () => {
    const overlapping = [0, 30, 60].map((on) => ({ on: on * DAY, said: 1, happened: 1.1 }))
    expect(scatterOf(overlapping, QUARTER, null).counted).toBeCloseTo(1 + 60 / 90, 9)
    expect(assumedIn(scatterOf(overlapping, QUARTER, null)).assumed).toBe(true)
  })
})
