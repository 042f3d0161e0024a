import { describe, expect, it } from 'vitest'
import { type Column, type Frame, REST_SIGN } from '@assay/shared'
import { customerHistory } from '@assay/conformance'
import { columnsRead, partsOf, rawOf } from '../../src/miners/churn/learned.ts'
import { response } from '../../src/miners/churn/index.ts'
import { prepare } from '../../src/miners/churn/predict.ts'
import { tableOf } from '../../src/miners/churn/table.ts'
import { seededRng } from '../../src/numeric/rng.ts'

const { training, later } = customerHistory(seededRng('learned'))
const params = response.params.parse({})
const flat = { ...training, definition: { ...training.definition, from: 'column', horizonDays: null }, order: 'none' } as const
const costs: Record<string, number> = {}
const fitted = response.fit(flat, params, seededRng('fit'), {
  measure: (what, work) => {
    costs[what] = (costs[what] ?? 0) + 1
    return work()
  },
})

describe('what every learner learned', { timeout: 60_000 }, () => {
  it('is tried and told to the meter by name', async () => {
    const names = (await fitted).candidates.map(({ name }) => name)
    expect(names).toEqual([
      'base rate',
      'recency only',
      'decision tree',
      'naive Bayes',
      'logistic regression',
      'boosted trees',
      'logistic regression and boosted trees, averaged',
    ])
    for (const name of names.slice(1)) expect(costs[name]).toBeGreaterThan(0)
  })

  it('has parts that add up to its log-odds, row by row, also where values are missing', async () => {
    const model = await fitted
    const table = prepare(model, tableOf(later[0]!))
    for (const { name, learned } of model.candidates) {
      const raw = rawOf(learned, table)
      const { start, parts } = partsOf(learned, table)
      for (const column of parts.keys()) if (parts.get(column)!.some((part) => part !== 0)) expect(columnsRead(learned)).toContain(column)
      raw.forEach((f, row) =>
        expect(
          [...parts.values()].reduce((sum, part) => sum + part[row]!, start),
          name,
        ).toBeCloseTo(f, 9),
      )
    }
  })

  it('says the leaves of the tree as rules that hold everybody once', async () => {
    const tree = (await fitted).candidates.find(({ name }) => name === 'decision tree')!.learned
    if (tree.kind !== 'trees') throw new Error('the decision tree is no tree')
    expect(tree.rules.reduce((n, rule) => n + rule.n, 0)).toBe(training.frames.reduce((n, frame) => n + frame.ids.length, 0))
    expect(tree.rules.map(({ text }) => text).join(' ')).toContain('contentment')
  })
})

describe('signs', { timeout: 60_000 }, () => {
  it('about a value that nobody had are not said, but counted in the rest', async () => {
    const absurd: Frame = {
      ...later[0]!,
      columns: later[0]!.columns.map((c) =>
        c.info.name === 'contentment' && c.type === 'number' ? { ...c, values: c.values.map(() => -500) } : c,
      ),
    }
    const said = response.score(await fitted, absurd, params)
    expect(said.signs!.flat().some((sign) => sign.feature === 'contentment')).toBe(false)
    const report = response.judge([{ model: await fitted, frame: absurd }], training.definition, params, seededRng('j'))
    expect((report.details['signs'] as { beyondExperience: number }).beyondExperience).toBeGreaterThan(0)
  })

  it('list what is not known of a row in the rest', async () => {
    const said = response.score(await fitted, later[0]!, params)
    const contentment = later[0]!.columns.find((c) => c.info.name === 'contentment')!
    if (contentment.type !== 'number') throw new Error('contentment is no number')
    const row = contentment.values.findIndex((value) => Number.isNaN(value))
    expect(said.signs![row]!.find((sign) => sign.feature === REST_SIGN)!.text).toMatch(/^everything else; not known: .*contentment/)
  })
})

describe('columns that no company should have', { timeout: 120_000 }, () => {
  const info = (name: string) =>
    ({ name, label: name, unit: 'text', phrase: `${name} {value}`, sourceFields: [`deal.${name}`], restricted: false }) as const
  const withColumn = (of: (frame: Frame) => Column): typeof flat => ({
    ...flat,
    frames: flat.frames.map((frame) => ({ ...frame, columns: [...frame.columns, of(frame)] })),
  })

  it('ten thousand words do no harm', async () => {
    const levels = Array.from({ length: 10_000 }, (_, k) => `word ${k}`)
    const wordy = (frame: Frame): Column => ({
      type: 'category',
      info: info('wordy'),
      codes: Int32Array.from(frame.ids, (_, row) => (row * 7919) % levels.length),
      levels,
    })
    const model = await response.fit(withColumn(wordy), params, seededRng('words'))
    const frame = { ...later[0]!, columns: [...later[0]!.columns, wordy(later[0]!)] }
    expect(response.score(model, frame, params).probability!.every((p) => p > 0 && p < 1)).toBe(true)
    expect(JSON.stringify(model)).not.toMatch(/null,null/)
  })

  it('numbers without end are missing, or refused with a reason', async () => {
    const endless = (frame: Frame): Column => ({
      type: 'number',
      info: { ...info('endless'), unit: 'number' },
      values: Float64Array.from(frame.ids, (_, row) => (row % 3 === 0 ? Infinity : row % 3 === 1 ? Number.NaN : row)),
    })
    const model = await response.fit(withColumn(endless), params, seededRng('endless'))
    const frame = { ...later[0]!, columns: [...later[0]!.columns, endless(later[0]!)] }
    expect(response.score(model, frame, params).probability!.every((p) => p > 0 && p < 1)).toBe(true)
  })
})

describe('drift and power in the report', { timeout: 60_000 }, () => {
  it('say what moved, how far, and how likely a good model would have passed', async () => {
    const inTime = { ...flat, definition: training.definition, order: 'time' } as const
    const model = await response.fit(inTime, params, seededRng('fit'))
    const moved: Frame[] = later.map((frame) => ({
      ...frame,
      columns: frame.columns.map((c) =>
        c.info.name === 'cases_90d' && c.type === 'number' ? { ...c, values: c.values.map((v) => v + 7) } : c,
      ),
    }))
    const judged = (frames: readonly Frame[]) =>
      response.judge(
        frames.map((frame) => ({ model, frame, taught: training.frames })),
        training.definition,
        params,
        seededRng('j'),
      )
    const still = judged(later)
    const drifted = judged(moved)
    const columns = (report: typeof still) => report.drift!.filter(({ of }) => of === 'column')
    expect(columns(drifted)[0]).toMatchObject({ column: 'cases_90d', state: 'act' })
    expect(columns(still).find(({ column }) => column === 'cases_90d')!.psi).toBeLessThan(0.1)
    const apart = (report: typeof still) => report.drift!.find(({ of }) => of === 'everything')!.auc!
    expect(apart(drifted)).toBeGreaterThan(0.95)
    expect(apart(still)).toBeLessThan(0.65)
    expect(still.power).toBeGreaterThan(0.3)
    expect(still.power).toBeLessThanOrEqual(1)
    expect(still.drivers!.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6)
  })
})
