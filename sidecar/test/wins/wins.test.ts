import { AssayError, type Column, type Report } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { wins } from '../../src/miners/wins/index.ts'
import { auc } from '../../src/numeric/auc.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { DEFINITION, dealPast, dealsOn, HORIZON } from './planted.ts'

const params = wins.params.parse({})
const { training, later } = dealPast(seededRng('planted'), 300)
const model = await wins.fit(training, params, seededRng('fit'))
const report: Report = wins.judge(
  later.map((frame) => ({ model, frame })),
  DEFINITION,
  params,
  seededRng('judge'),
)

describe('wins on deals whose true chance is known', () => {
  it('ranks nearly as well as the truth, and says about the truth', () => {
    const { frame, truth } = dealsOn(18_400, 1500, seededRng('truth'))
    const said = wins.score(model, frame, params).probability!
    expect(auc(said, frame.outcome!)).toBeGreaterThan(auc(truth, frame.outcome!) - 0.03)
    const off = said.reduce((sum, p, row) => sum + Math.abs(p - truth[row]!), 0) / said.length
    expect(off).toBeLessThan(0.08)
  })

  it('is published against named baselines, with how likely that was', () => {
    expect(report.verdict, report.why).toBe('publish')
    expect(report.baselines.map(({ name }) => name)).toEqual(['base rate', 'stage win rate', 'age only'])
    expect(report.power).toBeGreaterThan(0)
    const stages = report.details['stages'] as { stage: string; said: number; happened: number }[]
    expect(stages.map(({ stage }) => stage)).toEqual(['first talk', 'offer', 'terms'])
    for (const { said, happened } of stages) expect(Math.abs(said - happened)).toBeLessThan(0.1)
  })

  it('says how many will be won, lost and still open', () => {
    const { said, happened } = report.details['endings'] as Record<'said' | 'happened', { won: number; lost: number; open: number }>
    for (const how of ['won', 'lost', 'open'] as const) expect(Math.abs(said[how] - happened[how]) / 600).toBeLessThan(0.08)
  })

  it('learns from deals that are not yet followed to the end: without them it knows less', async () => {
    const short = training.frames.filter((frame) => !frame.outcome!.some(Number.isNaN))
    const lastDay = training.frames.at(-1)!
    expect(short).not.toContain(lastDay)
    const without = await wins.fit({ ...training, frames: short }, params, seededRng('fit'))
    expect((model as { trained: { rows: number } }).trained.rows).toBeGreaterThan((without as { trained: { rows: number } }).trained.rows)
  })

  it('forecasts the pipeline, in deals and in money, beside the stage and the run-rate', () => {
    const forecast = report.details['forecast'] as {
      backtest: {
        actual: { wins: number; money: number }
        ours: { wins: number; money: number; low: number; high: number }
        runRate: unknown
      }[]
      errors: { wins: { ours: number; stage: number } }
    }
    expect(forecast.backtest).toHaveLength(2)
    for (const { actual, ours } of forecast.backtest) {
      expect(actual.wins).toBeGreaterThan(ours.low)
      expect(actual.wins).toBeLessThan(ours.high)
      expect(Math.abs(actual.money / ours.money - 1)).toBeLessThan(0.3)
    }
    // The second day stands one horizon after the first: what the first brought is its run-rate.
    expect(forecast.backtest[1]!.runRate).toEqual({ wins: forecast.backtest[0]!.actual.wins, money: forecast.backtest[0]!.actual.money })
  })
})

describe('wins refuses with a reason', () => {
  const refusal = async (change: (how: number, row: number) => number): Promise<string> => {
    const frames = training.frames.map((frame) => ({
      ...frame,
      endings: { ...frame.endings!, how: frame.endings!.how.map(change) },
    }))
    try {
      await wins.fit({ ...training, frames }, params, seededRng('fit'))
    } catch (error) {
      if (error instanceof AssayError && error.kind === 'data') return error.message
      throw error
    }
    return 'a model'
  }

  it('where no deal has ended', async () => {
    expect(await refusal(() => 0)).toContain('0 were won and 0 lost')
  })
  it('where nobody ever lost', async () => {
    expect(await refusal((how) => (how === 2 ? 0 : how))).toContain('0 lost')
  })
  it('where nobody knows how deals ended', async () => {
    expect(await refusal(() => -1)).toContain('no deal that was open')
  })

  it('but learns where there is one stage, and where nobody knows since when deals are open', async () => {
    const frames = training.frames.map((frame) => ({
      ...frame,
      columns: frame.columns.flatMap((column): Column[] =>
        column.info.name === 'age_days' ? [] : column.type === 'category' ? [{ ...column, codes: column.codes.map(() => 0) }] : [column],
      ),
    }))
    const made = await wins.fit({ ...training, frames }, params, seededRng('fit'))
    const scored = wins.score(made, later[0]!, params)
    expect(scored.probability!.every((p) => p > 0 && p < 1)).toBe(true)
    const judged = wins.judge([{ model: made, frame: later[0]! }], DEFINITION, params, seededRng('judge'))
    expect(judged.baselines.map(({ name }) => name)).toEqual(['base rate', 'stage win rate'])
    expect(JSON.stringify(judged.details['leftOut'])).toContain('age only')
  })

  it('and a day whose horizon is not over is not judged', () => {
    const { frame } = dealsOn(18_400, 200, seededRng('early'), HORIZON - 1)
    const judged = wins.judge([{ model, frame }], DEFINITION, params, seededRng('judge'))
    expect(judged).toMatchObject({ verdict: 'refuse', population: { rows: 0 } })
  })
})
