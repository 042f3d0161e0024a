import { describe, expect, it } from 'vitest'
import { AssayError, type DataFacts, type Frame, type NumberColumn, REST_SIGN, type Sign } from '@assay/shared'
import { customerHistory, customersOn } from '@assay/conformance'
import { churn, conversion, credit, response } from '../../src/miners/churn/index.ts'
import { findLeaks } from '../../src/miners/churn/leaks.ts'
import type { PropensityModel } from '../../src/miners/churn/model.ts'
import { averageOf } from '../../src/miners/churn/signs.ts'
import { splitsOf } from '../../src/miners/churn/splits.ts'
import type { Pool } from '../../src/miners/churn/pool.ts'
import { stack, tableOf } from '../../src/miners/churn/table.ts'
import { verdictOf } from '../../src/miners/churn/verdict.ts'
import { chanceToPass } from '../../src/numeric/auc-power.ts'
import { isoDay } from '../../src/numeric/iso-day.ts'
import { seededRng } from '../../src/numeric/rng.ts'

const params = churn.params.parse({})
const { training, later } = customerHistory(seededRng('propensity'))
const DAY = 86_400_000
const fitted = churn.fit(training, params, seededRng('fit'))

/** With one more number column, filled from the outcome of each row. */
function withColumn(frame: Frame, name: string, source: string, of: (outcome: number, row: number) => number): Frame {
  const info = { name, label: name, unit: 'number', phrase: `${name} {value}`, sourceFields: [source], restricted: false } as const
  const column: NumberColumn = { type: 'number', info, values: Float64Array.from(frame.outcome!, of) }
  return { ...frame, columns: [...frame.columns, column] }
}

const logit = (p: number): number => Math.log(p / (1 - p))
const sum = (signs: readonly Sign[], of: (sign: Sign) => number): number => signs.reduce((total, sign) => total + of(sign), 0)

describe('miners of one engine', () => {
  it('have names of their own, and only churn writes', () => {
    expect([churn, response, credit, conversion].map((miner) => [miner.id, miner.writes.length])).toEqual([
      ['churn', 6],
      ['response', 0],
      ['credit', 0],
      ['conversion', 0],
    ])
  })

  it('score a percent for churn and a probability for the others', async () => {
    const model = await fitted
    const said = churn.score(model, later[0]!, params)
    expect(said.fields['churn_risk']![0]).toBe(Math.round(100 * said.probability![0]!))
    expect(response.score(model, later[0]!, params).fields).toEqual({})
  })
})

describe('the warning threshold', { timeout: 60_000 }, () => {
  it('is not that of rows the model has learned by heart', async () => {
    const rng = seededRng('noise')
    const noise = (k: number): NumberColumn => ({
      type: 'number',
      info: { name: `n${k}`, label: `n${k}`, unit: 'number', phrase: '{value}', sourceFields: [`n${k}`], restricted: false },
      values: Float64Array.from({ length: 200 }, () => rng.next()),
    })
    const frame: Frame = {
      asOf: null,
      ids: Array.from({ length: 200 }, (_, row) => `r${row}`),
      columns: Array.from({ length: 40 }, (_, k) => noise(k)),
      outcome: Float64Array.from({ length: 200 }, () => (rng.next() < 0.4 ? 1 : 0)),
      baskets: null,
      next: null,
    }
    const definition = { event: 'noise', from: 'column', horizonDays: null, who: 'all' } as const
    const model = await response.fit({ definition, frames: [frame], order: 'none' }, params, seededRng('threshold'))
    // Nothing can be told from noise: the best that can be done is to warn of nearly everybody.
    const said = response.score(model, frame, params).probability!
    expect([...said].filter((p) => p >= model.threshold).length).toBeGreaterThan(150)
  })
})

describe('splits inside the training data', () => {
  it('leave a whole horizon between what teaches and what is predicted', () => {
    const table = stack(training.frames, false)
    const { kind, splits, later: laterSplits } = splitsOf(table, 'time', 60, 5, 's')
    expect(kind).toBe('later periods')
    for (const split of splits.slice(0, laterSplits)) {
      const first = Math.min(...Array.from(split.validate, (row) => table.asOf[row]!))
      const last = Math.max(...Array.from(split.train, (row) => table.asOf[row]!))
      expect(first - last).toBeGreaterThanOrEqual(60 * DAY)
    }
  })

  it('fall back to folds, all rows of a customer in one, where the periods are too near each other', () => {
    const table = stack(training.frames, false)
    const { kind, splits } = splitsOf(table, 'time', 365, 5, 's')
    expect(kind).toBe('folds')
    for (const { train, validate } of splits) {
      const taught = new Set(Array.from(train, (row) => table.ids[row]))
      expect(Array.from(validate).some((row) => taught.has(table.ids[row]))).toBe(false)
    }
    expect(splits.reduce((n, split) => n + split.validate.length, 0)).toBe(table.size)
  })

  it('keep the order of a file: what comes later never teaches', () => {
    const table = stack([{ ...training.frames[0]!, asOf: null }], true)
    const { kind, splits } = splitsOf(table, 'file', null, 5, 's')
    expect(kind).toBe('later rows')
    for (const { train, validate } of splits) expect(Math.max(...train)).toBeLessThan(Math.min(...validate))
  })
})

describe('signs', () => {
  const isotonicOf = (model: PropensityModel): PropensityModel => ({
    ...model,
    candidates: model.candidates.map((c) =>
      c.name === model.chosen
        ? { ...c, calibration: { kind: 'isotonic', scores: [-3, -1, 0, 2], probabilities: [0.02, 0.2, 0.45, 0.9] } }
        : c,
    ),
  })

  it.each(['platt', 'isotonic'] as const)('add up to log-odds and points with a %s calibration', async (kind) => {
    const model = kind === 'platt' ? await fitted : isotonicOf(await fitted)
    const said = churn.score(churn.model.parse(model), later[0]!, params)
    said.signs!.forEach((signs, row) => {
      const p = said.probability![row]!
      expect(sum(signs, (s) => s.contribution) + averageOf(model)).toBeCloseTo(logit(p), 8)
      expect(sum(signs, (s) => s.points) + 100 * model.trained.rate).toBeCloseTo(100 * p, 8)
    })
  })

  it('are at most six and the rest, strongest first, none against its own evidence', async () => {
    const said = churn.score(await fitted, later[0]!, params)
    for (const signs of said.signs!) {
      expect(signs.length).toBeLessThanOrEqual(7)
      expect(signs.at(-1)!.feature).toBe(REST_SIGN)
      const named = signs.slice(0, -1)
      named.forEach((sign, k) => {
        if (k > 0) expect(Math.abs(named[k - 1]!.contribution)).toBeGreaterThanOrEqual(Math.abs(sign.contribution))
        if (sign.evidence) expect(sign.evidence.rate > sign.evidence.average).toBe(sign.contribution > 0)
        if (sign.evidence) expect(sign.evidence.n).toBeGreaterThanOrEqual(30)
      })
    }
  })

  it('carry the source fields, and whether they are restricted', async () => {
    const signs = churn.score(await fitted, later[0]!, params).signs!.flat()
    const cases = signs.find((sign) => sign.feature === 'cases_90d')!
    expect(cases).toMatchObject({ restricted: true, sourceFields: ['deal.cases_90d'] })
    expect(cases.text).toMatch(/^\d+ cases in 90 days$/)
    expect(signs.find((sign) => sign.feature === 'contentment' && sign.value === null)?.text ?? 'contentment: not known').toBe(
      'contentment: not known',
    )
  })
})

describe('leaks', { timeout: 60_000 }, () => {
  const leaky = (name: string, source: string, of: (outcome: number, row: number) => number): Promise<PropensityModel> =>
    churn.fit({ ...training, frames: training.frames.map((frame) => withColumn(frame, name, source, of)) }, params, seededRng('leak'))

  it('an attribute that repeats the outcome is left out with its evidence', async () => {
    const model = await leaky('close_reason', 'attribute.close_reason', (outcome, row) => outcome * 10 + (row % 7))
    expect(model.leaks).toMatchObject([{ column: 'close_reason', auc: expect.closeTo(1, 1) }])
    expect(model.features.map((f) => f.name)).not.toContain('close_reason')
  })

  it('an attribute that is filled in only after the outcome is left out', async () => {
    const model = await leaky('left_on', 'attribute.left_on', (outcome, row) => (outcome === 1 && row % 5 > 0 ? row % 11 : Number.NaN))
    expect(model.leaks.map((leak) => leak.column)).toEqual(['left_on'])
  })

  it('a harmless attribute stays, and so does one that the admin declared stable', async () => {
    expect((await leaky('size', 'attribute.size', (_, row) => row % 13)).leaks).toEqual([])
    const frames = training.frames.map((frame) => withColumn(frame, 'grade', 'attribute.grade', (outcome, row) => outcome * 10 + (row % 7)))
    const model = await churn.fit({ ...training, frames }, { ...params, stable: ['grade'] }, seededRng('leak'))
    expect(model.leaks).toEqual([])
  })

  it('one honest column that is all a narrow table has to say stays in; the same column among those that rank well goes', async () => {
    const narrow = (strength: number): Promise<PropensityModel> => {
      const frames = training.frames.map((frame) => {
        const few = { ...frame, columns: frame.columns.filter(({ info }) => info.name === 'size') }
        const graded = withColumn(few, 'grade', 'attribute.grade', (outcome, row) => outcome * strength + ((row * 7919) % 10))
        return withColumn(
          withColumn(graded, 'shelf', 'attribute.shelf', (_, row) => row % 13),
          'room',
          'attribute.room',
          (_, row) => row % 7,
        )
      })
      return churn.fit({ ...training, frames }, params, seededRng('leak'))
    }
    // It ranks .76 alone, and .82.
    expect((await narrow(3)).leaks).toEqual([])
    expect((await narrow(4)).leaks.map((leak) => leak.column)).toEqual(['grade'])
  })

  it.each(['s0', 's3', 's6'])('one honest column stays in beside many of noise, with few events in many rows (%s)', (seed) => {
    const rng = seededRng(seed)
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next())
    const outcome = Float64Array.from({ length: 12_000 }, (_, row) => (row % 100 === 0 ? 1 : 0))
    const bare: Frame = { asOf: null, ids: Array.from(outcome, (_, row) => `r${row}`), columns: [], outcome, baskets: null, next: null }
    // It ranks .76 alone; a line through 25 columns ranks the few rows that it learned from better than that.
    const honest = withColumn(bare, 'grade', 'attribute.grade', (happened) => happened + normal())
    const noise = Array.from({ length: 24 }, (_, k) => `noise ${k}`)
    const frame = noise.reduce((wide, name) => withColumn(wide, name, `attribute.${name}`, normal), honest)
    expect(findLeaks(tableOf(frame), [])).toEqual([])
  })
})

describe('readiness', () => {
  const facts: DataFacts = { ...customerHistory(seededRng('x')).enough, positives: 33 }

  it('says what is missing in numbers', () => {
    const said = churn.readiness(facts, params)
    expect(said.ready).toBe(false)
    expect(said.note).toBe('7 more lost customers to learn from needed (33 of 40)')
  })
})

describe('verdict', () => {
  it('says how much more data would tell, where the difference could be chance', async () => {
    const report = churn.judge([{ model: await fitted, frame: cut(later[0]!, 80) }], training.definition, params, seededRng('j'))
    expect(report.verdict).toBe('refuse')
    expect(report.why).toMatch(
      /^could be chance: AUC .* about \d+ more customer-months are needed to tell; with so much data a good model \(AUC \.?\d.*\) would have passed with a chance of \d+ %, and a difference of 0\.\d\d four times in five$/,
    )
    expect(chanceToPass(report.detectable!, report.detectable! / 2.801585)).toBeCloseTo(0.8, 4)
  })

  it('counts no customer-months where no difference is to be seen', () => {
    const outcome = Float64Array.from({ length: 400 }, (_, row) => (row % 4 === 0 ? 1 : 0))
    const baseline = outcome.map((_, row) => ((row * 7919) % 400) / 1000)
    const said = baseline.map((p, row) => p + (row === 0 ? 0.3 : 0))
    const pool = { outcome, positives: 100, probability: said, clusters: null } as unknown as Pool
    const gate = verdictOf(pool, [{ name: 'base rate', baseline: true, probability: baseline, auc: 0.5, logLoss: 0.6 }], 90)
    expect(gate).toMatchObject({ verdict: 'refuse', why: expect.stringContaining('no difference is to be seen') })
    expect(gate.why).not.toContain('needed')
  })

  it('does not trust an interval from a handful of events', async () => {
    const report = churn.judge([{ model: await fitted, frame: cut(later[0]!, 25) }], training.definition, params, seededRng('j'))
    expect(report).toMatchObject({
      verdict: 'refuse',
      why: expect.stringMatching(
        /^too few to judge: it happened in 5 of 25 judged rows; 20 of either kind are needed; .* a chance of 0 %$/,
      ),
    })
  })

  it('refuses for drift when the event has become another one', async () => {
    const model = await fitted
    const moved = later.map((frame) => ({ ...frame, outcome: frame.outcome!.map((y, row) => (y === 1 || row % 8 > 0 ? 1 : 0)) }))
    const report = churn.judge(
      moved.map((frame) => ({ model, frame })),
      training.definition,
      params,
      seededRng('j'),
    )
    expect(report).toMatchObject({ verdict: 'refuse', why: expect.stringMatching(/^drift: /) })
  })

  it('names hits and misses with their day, and pools periods by customer', async () => {
    const model = await fitted
    const report = churn.judge(
      later.map((frame) => ({ model, frame })),
      training.definition,
      params,
      seededRng('j'),
    )
    expect(report.judgedAt).toEqual([isoDay(18_150 * DAY), isoDay(18_210 * DAY)])
    const hits = report.details['hits'] as { id: string; on: string; probability: number }[]
    expect(hits.length).toBeGreaterThan(5)
    expect(report.judgedAt).toContain(hits[0]!.on)
    const { warnedAndHappened, warnedInVain, missed, rightlyQuiet } = report.details['confusion'] as Record<string, number>
    expect(warnedAndHappened! + warnedInVain! + missed! + rightlyQuiet!).toBe(report.population.rows)
    expect(warnedAndHappened! + missed!).toBe(report.population.positives)
  })

  it('cannot judge nothing', () => {
    expect(churn.judge([], training.definition, params, seededRng('j'))).toMatchObject({ verdict: 'refuse' })
  })
})

describe('rows and columns that are not there', { timeout: 60_000 }, () => {
  it('a row of which nothing is known has no score and says why', async () => {
    const frame = cut(later[0]!, 3)
    const empty: Frame = {
      ...frame,
      columns: frame.columns.map((c) =>
        c.type === 'number'
          ? { ...c, values: c.values.map((v, row) => (row === 1 ? Number.NaN : v)) }
          : { ...c, codes: c.codes.map((v, row) => (row === 1 ? -1 : v)) },
      ),
    }
    const said = churn.score(await fitted, empty, params)
    expect(said.unscored[0]).toBeNull()
    expect(said.unscored[1]).toMatch(/nothing that the model reads is known/)
    expect([said.fields['churn_risk']![1], said.probability![1]]).toEqual([Number.NaN, Number.NaN])
    expect(said.signs![1]).toEqual([])
  })

  it('without order days there is no buying model, and the report says so', async () => {
    const frames = training.frames.map((frame) => ({ ...frame, columns: frame.columns.filter((c) => c.info.name !== 'order_days') }))
    const model = await churn.fit({ ...training, frames }, params, seededRng('x'))
    expect(model.rhythm).toBeNull()
    expect(model.leftOut).toContain('buy till you die: order days, span and tenure are not all there')
    expect(model.candidates.map((c) => c.name)).toEqual([
      'base rate',
      'recency only',
      'decision tree',
      'naive Bayes',
      'logistic regression',
      'boosted trees',
      'logistic regression and boosted trees, averaged',
    ])
  })

  it('a column that is numbers in one period and words in another is an error that names it', async () => {
    const odd = training.frames.map((frame, k) =>
      k === 0
        ? {
            ...frame,
            columns: frame.columns.map((c) =>
              c.info.name === 'contentment'
                ? { type: 'category' as const, info: c.info, codes: new Int32Array(frame.ids.length), levels: ['x'] }
                : c,
            ),
          }
        : frame,
    )
    const attempt = churn.fit({ ...training, frames: odd }, params, seededRng('x'))
    await expect(attempt).rejects.toThrow(AssayError)
    await expect(attempt).rejects.toThrow('contentment')
  })

  it('words that were not seen in training do no harm', async () => {
    const frame = customersOn(18_300, 20, seededRng('new words'))
    const renamed: Frame = {
      ...frame,
      columns: frame.columns.map((c) => (c.type === 'category' ? { ...c, levels: c.levels.map((level) => `new ${level}`) } : c)),
    }
    const said = churn.score(await fitted, renamed, params)
    expect(said.probability!.every((p) => p > 0 && p < 1)).toBe(true)
  })
})

describe('isoDay', () => {
  it('equals what Date says, over 400 years', () => {
    for (let day = -70_000; day < 80_000; day += 373) expect(isoDay(day * DAY + 5)).toBe(new Date(day * DAY).toISOString().slice(0, 10))
  })
})

function cut(frame: Frame, n: number): Frame {
  return {
    ...frame,
    ids: frame.ids.slice(0, n),
    outcome: frame.outcome!.slice(0, n),
    columns: frame.columns.map((c) =>
      c.type === 'number' ? { ...c, values: c.values.slice(0, n) } : { ...c, codes: c.codes.slice(0, n) },
    ),
  }
}
