import { AssayError, type Frame } from '@assay/shared'
import { beforeAll, describe, expect, it } from 'vitest'
import { value } from '../../src/miners/value/index.ts'
import type { ValueModel } from '../../src/miners/value/model.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { company, dayOf, DEFINITION, lesson } from './planted.ts'

const PATIENCE = 240_000
const params = value.params.parse({})
const fit = (frames: readonly Frame[]): Promise<ValueModel> =>
  value.fit({ definition: DEFINITION, frames, order: 'time' }, params, seededRng('fit'))
const judge = (trials: readonly { model: ValueModel; frame: Frame }[]) => value.judge(trials, DEFINITION, params, seededRng('judge'))

const numbers = (frame: Frame, name: string): Float64Array => {
  const found = frame.columns.find((column) => column.info.name === name)
  if (found?.type !== 'number') throw new TypeError(name)
  return found.values
}
const change = (frame: Frame, names: readonly string[], of: (value: number, row: number) => number): Frame => ({
  ...frame,
  columns: frame.columns.map((column) =>
    column.type === 'number' && names.includes(column.info.name) ? { ...column, values: column.values.map(of) } : column,
  ),
})
const MONEY = ['money', 'money_90d', 'net_money', 'net_money_365d', 'day_value', 'repeat_value']
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0)

describe('a company whose customers buy, spend and stop as the models say', { timeout: PATIENCE }, () => {
  const all = company('planted', 700, 1500)
  const day = 1000
  const learned: { model?: ValueModel } = {}
  beforeAll(async () => {
    learned.model = await fit(lesson(all, day).frames)
  }, PATIENCE)

  it('is forecast within its interval, over the horizon and over a year, better than by the past rate', () => {
    const report = judge([{ model: learned.model!, frame: dayOf(all, day, [90, 365]) }])
    console.log(report.why, JSON.stringify(report.metrics), JSON.stringify(report.baselines), JSON.stringify(report.details['longer']))
    expect(report.verdict).toBe('publish')
    const totals = report.details['totals'] as { covered: boolean }[]
    expect(totals.map((one) => one.covered)).toEqual([true])
    const longer = report.details['longer'] as { days: number; verdict: string; totals: { covered: boolean }[] }[]
    expect(longer.map(({ days, verdict }) => [days, verdict])).toEqual([[365, 'publish']])
    expect(longer[0]!.totals.map((one) => one.covered)).toEqual([true])
    expect(Number(report.metrics['customersInside80'])).toBeGreaterThan(0.7)
  })

  it('gives totals of one window to everybody, however many days are judged', () => {
    const trials = [800, 900, 1000].map((on) => ({ model: learned.model!, frame: dayOf(all, on, [90]) }))
    const { candidates, baselines } = judge(trials)
    const alone = judge(trials.slice(-1))
    const totals = (list: readonly object[]): unknown[] => list.map((one) => (one as { total: number }).total)
    expect(totals(candidates)).toEqual(totals(alone.candidates))
    expect(totals(baselines)).toEqual(totals(alone.baselines))
  })

  it('reports the buying fits with parameters, likelihood and error on what followed', () => {
    const { btyd } = judge([{ model: learned.model!, frame: dayOf(all, day, [90]) }])
    expect(btyd).toMatchObject({ model: 'BG/NBD', degenerate: false, customers: learned.model!.customers })
    expect(Object.keys(btyd!.parameters)).toEqual(['r', 'alpha', 'a', 'b'])
    expect(btyd!.tried.map((one) => one.model)).toEqual(['NBD', 'BG/NBD', 'MBG/NBD', 'Pareto/NBD'])
    for (const one of btyd!.tried) expect(one.holdOut!.said / one.holdOut!.happened, one.model).toBeGreaterThan(0.5)
    // Whoever stops is missed by NBD, which says too much.
    const error = (name: string): number => btyd!.tried.find((one) => one.model === name)!.holdOut!.mae
    expect(error('BG/NBD')).toBeLessThan(error('NBD'))
  })

  it('gives everybody a figure of two digits with a range around it, and those who never ordered none', () => {
    const now = dayOf(all, day)
    const withProspect: Frame = {
      ...now,
      ids: [...now.ids, 'zz'],
      columns: now.columns.map((column) =>
        column.type === 'number' ? { ...column, values: Float64Array.of(...column.values, Number.NaN) } : column,
      ),
    }
    const said = value.score(learned.model!, withProspect, params)
    const of = (name: string): Float64Array => said.fields[name] as Float64Array
    now.ids.forEach((_, row) => {
      expect(of('value_12m_low')[row]!).toBeLessThanOrEqual(of('value_12m')[row]!)
      expect(of('value_12m')[row]!).toBeLessThanOrEqual(of('value_12m_high')[row]!)
      expect(Number(of('value_12m')[row]!.toPrecision(2))).toBe(of('value_12m')[row]!)
    })
    expect(said.unscored.at(-1)).toBe('no order yet')
    expect(of('value_12m').at(-1)).toBeNaN()
  })

  it('names the golden customers, those who may become one, and those who fade; without a verdict no forecast', () => {
    const outlook = value.outlook!(learned.model!, true)
    const frame = dayOf(all, day)
    const year = numbers(frame, 'net_money_365d')
    const sorted = Array.from(year).sort((a, b) => b - a)
    let [made, count] = [0, 0]
    while (made < 0.8 * sum(year)) made += sorted[count++]!
    expect(outlook.golden.customers).toBe(count)
    expect(outlook.revenue).toBeCloseTo(sum(year), 1)
    expect(outlook.named[0]!.past).toBeCloseTo(sorted[0]!, 2)
    const golden = new Set(frame.ids.filter((_, row) => year[row]! >= sorted[count - 1]!))
    for (const one of outlook.mayBecome) expect(golden.has(one.id)).toBe(false)
    for (const one of outlook.fading) expect(golden.has(one.id)).toBe(true)
    expect(outlook.forecasts.map(({ days, beyond }) => [days, beyond])).toEqual([
      [90, null],
      [365, null],
    ])
    const bare = value.outlook!(learned.model!, false)
    expect(bare.forecasts).toEqual([])
    expect(bare.mayBecome).toEqual([])
    expect(bare.named[0]).toMatchObject({ past: outlook.named[0]!.past, expected: null })
  })
})

describe('no figure beyond what the history can carry', () => {
  it(
    'says how many days are missing, and scores nobody',
    async () => {
      const all = company('short', 200, 700)
      const day = 420
      const model = await fit([dayOf(all, day - 180, [90]), dayOf(all, day - 90, [90]), dayOf(all, day)])
      const said = value.score(model, dayOf(all, day), params)
      expect(said.unscored[0]).toMatch(/the history of \d+ days cannot carry a figure over 365 days: \d+ more days are needed/)
      expect((said.fields['value_12m'] as Float64Array).every(Number.isNaN)).toBe(true)
      const outlook = value.outlook!(model, true)
      expect(outlook.forecasts[1]).toMatchObject({ days: 365, said: null })
      expect(outlook.forecasts[0]!.beyond).toBeNull()
    },
    PATIENCE,
  )
})

describe('bad input', () => {
  const all = company('bad', 120, 700)
  const frames = (of: (frame: Frame) => Frame): Frame[] => [dayOf(all, 330, [90]), dayOf(all, 420)].map(of)
  const finite = (model: unknown): void => expect(JSON.stringify(model)).not.toMatch(/null,null|NaN|Infinity/)

  it.each([
    ['three customers', (frame: Frame) => pick(frame, 3), /needs 50 customers/],
    ['one purchase each', (frame: Frame) => once(frame), /10 of whom came back/],
    ['several currencies, so that no money is known', (frame: Frame) => without(frame, MONEY), /value of orders is known of 0/],
    [
      'nothing but refunds',
      (frame: Frame) => change(frame, MONEY, (money) => -Math.abs(money)),
      /no customer has spent more than came back/,
    ],
  ] as const)('%s: a reason', async (_, of, why) => {
    const tried = fit(frames(of))
    await expect(tried).rejects.toBeInstanceOf(AssayError)
    await expect(tried).rejects.toThrow(why)
  })

  it(
    'constant amounts: each order is worth the same, and that is said',
    async () => {
      const same = frames((frame) => {
        const days = numbers(frame, 'order_days')
        const flat = change(frame, ['day_value', 'repeat_value'], (money) => (Number.isNaN(money) ? money : 50))
        return change(flat, ['money', 'net_money', 'net_money_365d'], (_money, row) => 50 * days[row]!)
      })
      const model = await fit(same)
      expect(model.amounts.kind).toBe('own mean')
      expect(model.amounts.why).not.toBe('')
      finite(model)
      const [first] = model.outlook.named
      expect(first!.expected).toBeGreaterThanOrEqual(0)
    },
    PATIENCE,
  )

  it(
    'customers who sent everything back are worth less than those who kept it',
    async () => {
      const back = frames((frame) => change(frame, ['net_money', 'net_money_365d'], (money, row) => (row % 2 === 0 ? -5 : money)))
      const model = await fit(back)
      finite(model)
      for (const one of [...model.outlook.named, ...model.outlook.mayBecome]) expect(one.past).toBeGreaterThanOrEqual(0)
      const report = judge([{ model, frame: change(dayOf(all, 420, [90]), ['net_money'], (money, row) => (row % 2 === 0 ? -5 : money)) }])
      expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/)
    },
    PATIENCE,
  )
})

function pick(frame: Frame, n: number): Frame {
  return {
    ...frame,
    ids: frame.ids.slice(0, n),
    columns: frame.columns.map((column) => (column.type === 'number' ? { ...column, values: column.values.slice(0, n) } : column)),
    followed: (frame.followed ?? []).map((one) => ({ ...one, money: one.money.slice(0, n), orderDays: one.orderDays.slice(0, n) })),
  }
}
const without = (frame: Frame, names: readonly string[]): Frame => ({
  ...frame,
  columns: frame.columns.filter((column) => !names.includes(column.info.name)),
})
function once(frame: Frame): Frame {
  const one = change(frame, ['order_days', 'orders', 'valued_days'], () => 1)
  const zero = change(one, ['span_days', 'repeat_days'], () => 0)
  return change(zero, ['repeat_value', 'ln_gaps', 'gap_share'], () => Number.NaN)
}
