import { describe, expect, it } from 'vitest'
import { customerHistory } from '@assay/conformance'
import { hazardLearner, withinHorizon } from '../../src/miners/churn/hazard.ts'
import { churn } from '../../src/miners/churn/index.ts'
import { partsOf, rawOf } from '../../src/miners/churn/learned.ts'
import { prepare } from '../../src/miners/churn/predict.ts'
import { stack, tableOf } from '../../src/miners/churn/table.ts'
import { seededRng } from '../../src/numeric/rng.ts'

const { training, later } = customerHistory(seededRng('hazard'))
/** Contracts: whoever leaves does so on some day of the horizon. */
const contracts = {
  ...training,
  definition: { event: 'no active subscription in 60 days', from: 'end', horizonDays: 60, who: 'customers with a contract' },
  frames: training.frames.map((frame) => ({
    ...frame,
    eventAfter: Float64Array.from(frame.outcome!, (y, row) => (y === 1 ? 1 + ((row * 37) % 60) : Number.NaN)),
  })),
} as const

describe('hazard by month', { timeout: 120_000 }, () => {
  it('makes the chance of the whole horizon from those of its steps', () => {
    const sigmoid = (f: number): number => 1 / (1 + Math.exp(-f))
    const stays = (1 - sigmoid(-2)) * (1 - sigmoid(-1.5)) * (1 - sigmoid(-2.25))
    expect(sigmoid(withinHorizon([0, 0.5, -0.25], -2))).toBeCloseTo(1 - stays, 12)
    expect(Number.isFinite(withinHorizon([0, 0, 0], 800)) && Number.isFinite(withinHorizon([0], -800))).toBe(true)
  })

  it('finds a known hazard again: two steps, one twice as dangerous', () => {
    const size = 20_000
    const draw = seededRng('planted')
    const outcome = new Float64Array(size)
    const eventAfter = new Float64Array(size).fill(Number.NaN)
    for (let row = 0; row < size; row++) {
      const first = draw.next() < 0.1
      const second = !first && draw.next() < 0.2
      if (!first && !second) continue
      outcome[row] = 1
      eventAfter[row] = first ? 10 : 45
    }
    const base = tableOf({ ...training.frames[0]!, ids: [], columns: [], outcome: new Float64Array(0) })
    const ids = Array.from({ length: size }, (_, row) => String(row))
    const table = { ...base, size, ids, asOf: new Float64Array(size), outcome, eventAfter, columns: [] }
    const learned = hazardLearner(60, [1]).learn(table, 0, draw)
    if (learned.kind !== 'hazard') throw new Error('the hazard is something else')
    const chance = (f: number): number => 1 / (1 + Math.exp(-f))
    expect(chance(learned.intercept)).toBeCloseTo(0.1, 1)
    expect(chance(learned.intercept + learned.steps[1]!)).toBeCloseTo(0.2, 1)
    expect(chance(rawOf(learned, table)[0]!)).toBeCloseTo(1 - 0.9 * 0.8, 1)
  })

  it('competes where days are known, and its parts add up', async () => {
    const model = await churn.fit(contracts, churn.params.parse({}), seededRng('fit'))
    const hazard = model.candidates.find(({ name }) => name === 'hazard by month')!
    expect(hazard.validation!.auc).toBeGreaterThan(0.6)
    const table = prepare(model, tableOf(later[0]!))
    const { start, parts } = partsOf(hazard.learned, table)
    rawOf(hazard.learned, table).forEach((f, row) =>
      expect([...parts.values()].reduce((sum, part) => sum + part[row]!, start)).toBeCloseTo(f, 9),
    )
  })

  it('does not where nobody knows the days', () => {
    expect(stack(training.frames, false).eventAfter.every((days) => Number.isNaN(days))).toBe(true)
  })
})
