import { describe, expect, it } from 'vitest'
import type { Frame, Miner, NumberColumn } from '@assay/shared'
import { customerHistory, type MinerCase, minerChecks, minerSuite } from '../src/index.ts'
import { learn, toyMiner, type ToyModel, toyRng } from './toy-miner.ts'

const { training, later, enough } = customerHistory(toyRng('planted'))
const given = (miner: Miner<unknown, ToyModel>): MinerCase => ({
  miner,
  training,
  later,
  enough,
  rng: toyRng,
  predicts: true,
  matters: 'contentment',
  ranges: { churn_risk: [1, 99] },
})

// The sound one keeps every promise; so whatever is caught below is the fault and nothing else.
minerSuite(given(toyMiner))

const zeros = (frame: Frame): Frame => ({
  ...frame,
  columns: frame.columns.map((c) => (c.type === 'number' ? { ...c, values: c.values.map((v) => (Number.isNaN(v) ? 0 : v)) } : c)),
})

/** A miner with one fault, and the promise that it breaks. */
const faults: Record<string, { miner: Miner<unknown, ToyModel>; breaks: string }> = {
  'Math.random in fit': {
    breaks: 'the same seed gives the same bytes',
    miner: { ...toyMiner, fit: async (t) => ({ ...learn(t.frames), intercept: learn(t.frames).intercept + Math.random() * 1e-6 }) },
  },
  'keeps something from the last fit': {
    breaks: 'a fit leaves nothing behind that another fit finds',
    miner: (() => {
      let seen = 0
      return {
        ...toyMiner,
        async fit(t) {
          const rows = t.frames.reduce((sum, frame) => sum + frame.ids.length, 0)
          const change = seen !== 0 && seen !== rows ? 0.1 : 0
          seen = rows
          return { ...learn(t.frames), intercept: learn(t.frames).intercept + change }
        },
      }
    })(),
  },
  'a feature that looks ahead': {
    breaks: 'a score does not look ahead',
    miner: {
      ...toyMiner,
      score: (model, now, params) => {
        const peek: Frame = {
          ...now,
          columns: now.columns.map((c) =>
            c.info.name === 'contentment' && now.outcome ? { ...(c as NumberColumn), values: now.outcome } : c,
          ),
        }
        return toyMiner.score(model, peek, params)
      },
    },
  },
  'missing read as zero': {
    breaks: 'missing is not zero',
    miner: {
      ...toyMiner,
      fit: async (t) => learn(t.frames.map(zeros)),
      score: (model, now, params) => toyMiner.score(model, zeros(now), params),
    },
  },
  'missing read as zero in fit only': {
    breaks: 'missing is not zero',
    miner: { ...toyMiner, fit: async (t) => learn(t.frames.map(zeros)) },
  },
  'depends on the order of columns': {
    breaks: 'the order of columns does not matter',
    miner: {
      ...toyMiner,
      async fit(t) {
        const model = learn(t.frames)
        const first = t.frames[0]?.columns[0]?.info.name
        return { ...model, columns: model.columns.map((c) => (c.name === first ? { ...c, weight: c.weight * 1.1 } : c)) }
      },
    },
  },
  'depends on the order of rows': {
    breaks: 'the order of rows does not matter, unless it is that of time',
    miner: {
      ...toyMiner,
      async fit(t) {
        const first = t.frames[0]?.outcome?.[0] ?? 0
        const last = t.frames[0]?.outcome?.at(-1) ?? 0
        const model = learn(t.frames)
        const value = (t.frames[0]?.columns[0] as NumberColumn | undefined)?.values[0] ?? 0
        return { ...model, intercept: model.intercept + 0.01 * (first - last) + 0.001 * value }
      },
    },
  },
  'changes its input': {
    breaks: 'inputs stay untouched',
    miner: {
      ...toyMiner,
      score(model, now, params) {
        const column = now.columns.find((c): c is NumberColumn => c.type === 'number')!
        const kept = column.values.slice()
        column.values.sort()
        const said = toyMiner.score(model, now, params)
        // Put back at the end but for one value, so that the rest of these tests still works.
        column.values.set(kept)
        column.values[0] = kept[0]! + 1e-9
        return said
      },
    },
  },
  'counts in its model while scoring': {
    breaks: 'judging and scoring do not change the model',
    miner: {
      ...toyMiner,
      score(model, now, params) {
        model.intercept += 1e-9
        return toyMiner.score(model, now, params)
      },
    },
  },
  'publishes without beating the baseline': {
    breaks: 'noise is never published',
    miner: { ...toyMiner, judge: (...given_) => ({ ...toyMiner.judge(...given_), verdict: 'publish' }) },
  },
  'refuses whatever comes': {
    breaks: 'what is there to learn is published, with its baselines beside it',
    miner: { ...toyMiner, judge: (...given_) => ({ ...toyMiner.judge(...given_), verdict: 'refuse' }) },
  },
  'a model that is not JSON': {
    breaks: 'a model survives JSON',
    miner: {
      ...toyMiner,
      async fit(t) {
        const model = learn(t.frames)
        return { ...model, columns: new Map(model.columns.map((c) => [c.name, c])) as unknown as ToyModel['columns'] }
      },
      judge: (trials, ...rest) =>
        toyMiner.judge(
          trials.map(({ model, frame }) => ({ frame, model: opened(model) })),
          ...rest,
        ),
      score: (model, now, params) => toyMiner.score(opened(model), now, params),
    },
  },
  'a report with NaN in it': {
    breaks: 'the verdict is a report, in plain JSON',
    miner: { ...toyMiner, judge: (...given_) => ({ ...toyMiner.judge(...given_), details: { lift: Number.NaN } }) },
  },
  'signs that do not add up': {
    breaks: 'signs add up',
    miner: {
      ...toyMiner,
      score(model, now, params) {
        const said = toyMiner.score(model, now, params)
        return { ...said, signs: said.signs!.map((signs) => signs.slice(0, 2)) }
      },
    },
  },
  'points that do not add up': {
    breaks: 'signs add up',
    miner: {
      ...toyMiner,
      score(model, now, params) {
        const said = toyMiner.score(model, now, params)
        return { ...said, signs: said.signs!.map((signs) => signs.map((sign) => ({ ...sign, points: sign.contribution * 25 }))) }
      },
    },
  },
  'ranks within the chunk': {
    breaks: 'cutting the frame into chunks changes nothing',
    miner: {
      ...toyMiner,
      score(model, now, params) {
        const said = toyMiner.score(model, now, params)
        const most = Math.max(...said.probability!)
        return { ...said, fields: { churn_risk: said.probability!.map((p) => Math.max(1, Math.round((99 * p) / most))) } }
      },
    },
  },
  'writes a field that is not its own': {
    breaks: 'scores are in their range, of fields that the miner writes, and finite',
    miner: {
      ...toyMiner,
      score(model, now, params) {
        const said = toyMiner.score(model, now, params)
        return { ...said, fields: { ...said.fields, value_12m: said.probability! } }
      },
    },
  },
  'says 0 and 100 percent': {
    breaks: 'scores are in their range, of fields that the miner writes, and finite',
    miner: {
      ...toyMiner,
      score(model, now, params) {
        const said = toyMiner.score(model, now, params)
        return { ...said, fields: { churn_risk: said.probability!.map((p) => (p > 0.5 ? 100 : 0)) } }
      },
    },
  },
  'divides by the spread of a constant column': {
    breaks: 'constant columns do no harm',
    miner: {
      ...toyMiner,
      score(model, now, params) {
        const constant = now.columns.some((c) => c.type === 'number' && c.values.length > 0 && c.values.every((v) => v === c.values[0]))
        const said = toyMiner.score(model, now, params)
        return constant ? { ...said, probability: said.probability!.map(() => Number.NaN) } : said
      },
    },
  },
  'crashes on few customers': {
    breaks: 'three customers do no harm',
    miner: {
      ...toyMiner,
      async fit(t) {
        if (t.frames.some((frame) => frame.ids.length < 5)) throw new TypeError("Cannot read properties of undefined (reading 'values')")
        return learn(t.frames)
      },
    },
  },
  'learns from one class': {
    breaks: 'outcomes of one class are refused with a reason',
    miner: {
      ...toyMiner,
      async fit(t) {
        try {
          return learn(t.frames)
        } catch {
          return { columns: [], intercept: 3 }
        }
      },
    },
  },
  'is always ready': {
    breaks: 'readiness refuses next to nothing, in numbers',
    miner: { ...toyMiner, readiness: () => ({ miner: 'toy', ready: true, needs: [], note: 'go ahead' }) },
  },
}

const opened = (model: ToyModel): ToyModel => {
  const columns = model.columns as unknown as Map<string, ToyModel['columns'][number]>
  return { ...model, columns: columns instanceof Map ? [...columns.values()] : [] }
}

describe('planted faults are caught by the promise that they break', () => {
  it.each(Object.entries(faults))('%s', async (_, { miner, breaks }) => {
    const check = minerChecks.find((one) => one.name === breaks)
    expect(check, `no promise is called "${breaks}"`).toBeDefined()
    await expect(check!.run(given(miner))).rejects.toThrow()
  })
})
