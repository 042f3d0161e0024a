import type { Trial } from '@assay/shared'
import { isoDay } from '../../numeric/iso-day.ts'
import { independentTotal, pipelineTotal, sharedError } from '../../numeric/pipeline-total.ts'
import { STAGE_RATE, BASE_RATE } from './candidates.ts'
import type { Total, WinsModel } from './model.ts'
import { chosenOf, probabilities } from './predict.ts'
import { rowsWhere } from './splits.ts'
import { numbersOf, type Table, tableOf } from './table.ts'

const DAY = 86_400_000

const isWonWithin = (table: Table, row: number, horizonDays: number): boolean => table.how[row] === 1 && table.days[row]! <= horizonDays

/** What was won within the horizon of the deals that were open on each day whose horizon was over; money only where every one won has its worth. */
export function totalsOf(table: Table, horizonDays: number): Total[] {
  const rows = Array.from({ length: table.size }, (_, row) => row)
  const known = rows.filter((row) => !Number.isNaN(table.asOf[row]!) && !Number.isNaN(table.outcome[row]!))
  return [...Map.groupBy(known, (row) => table.asOf[row]!)]
    .map(([day, group]) => {
      const won = group.filter((row) => isWonWithin(table, row, horizonDays))
      const money = won.reduce((sum, row) => sum + table.value[row]!, 0)
      return { day, deals: group.length, wins: won.length, money: Number.isNaN(money) ? null : money }
    })
    .sort((a, b) => a.day - b.day)
}

interface Figures {
  readonly wins: number
  readonly money: number | null
}

/** One past day: what came of the deals that were open, and what each way to forecast would have said. */
export interface Backtest {
  readonly on: string
  readonly deals: number
  readonly actual: Figures
  readonly ours: Figures & {
    readonly low: number
    readonly high: number
    readonly moneyLow: number | null
    readonly moneyHigh: number | null
  }
  readonly stage: Figures
  /** What the horizon before brought; null where it is not known. */
  readonly runRate: Figures | null
}

export interface Forecast {
  readonly horizonDays: number
  /** Errors that the periods share, as a share of the forecast. */
  readonly shared: { readonly wins: number; readonly money: number | null }
  readonly moneyRatio: number | null
  readonly backtest: readonly Backtest[]
  /** Mean absolute error in percent of what came, over the days on which all three can be told. */
  readonly errors: { readonly days: number; readonly wins: Errors; readonly money: Errors | null }
  /** Share of those days on which what came lay within the 95 % interval that the other days would have given. */
  readonly covered: number | null
}
interface Errors {
  readonly ours: number
  readonly stage: number
  readonly runRate: number | null
}

interface Day {
  readonly asOf: number
  readonly table: Table
  readonly p: Float64Array
  readonly stage: Float64Array
  /** What each deal is worth if it is won; null where amounts are unknown. */
  readonly worth: Float64Array | null
  readonly actual: Figures
}

/** Forecasts of every judged day, by models that knew nothing later, against stage probability x amount and the run-rate. */
export function forecastOf(trials: readonly Trial<WinsModel>[]): Forecast | null {
  const days = trials.flatMap(({ model, frame }) =>
    frame.asOf === null || !frame.endings ? [] : [dayOf(model, tableOf(frame), frame.asOf)],
  )
  const last = trials.at(-1)?.model
  if (days.length === 0 || last === undefined) return null
  const past = runRates(trials)
  const ones = (day: Day): Float64Array => new Float64Array(day.table.size).fill(1)
  const wins = days.map((day) => ({ actual: day.actual.wins, ...independentTotal(day.p, ones(day)) }))
  const hasMoney = days.every((day) => day.worth !== null && day.actual.money !== null)
  const money = hasMoney ? days.map((day) => ({ actual: day.actual.money!, ...independentTotal(day.p, day.worth!) })) : null
  const others = <T>(all: readonly T[], k: number): T[] => all.filter((_, i) => i !== k)
  const backtest = days.map((day, k): Backtest => {
    const count = pipelineTotal(day.p, ones(day), { shared: sharedError(others(wins, k)), forecasts: days.length - 1 })
    const sum = money && pipelineTotal(day.p, day.worth!, { shared: sharedError(others(money, k)), forecasts: days.length - 1 })
    const before = past.get(day.asOf - last.horizonDays * DAY)
    return {
      on: isoDay(day.asOf),
      deals: day.table.size,
      actual: day.actual,
      ours: {
        wins: count.expected,
        low: count.low,
        high: count.high,
        money: sum?.expected ?? null,
        moneyLow: sum?.low ?? null,
        moneyHigh: sum?.high ?? null,
      },
      stage: {
        wins: independentTotal(day.stage, ones(day)).expected,
        money: hasMoney ? independentTotal(day.stage, day.worth!).expected : null,
      },
      runRate: before ? { wins: before.wins, money: before.money } : null,
    }
  })
  const told = backtest.some(({ runRate }) => runRate !== null) ? backtest.filter(({ runRate }) => runRate !== null) : backtest
  return {
    horizonDays: last.horizonDays,
    shared: { wins: sharedError(wins), money: money && sharedError(money) },
    moneyRatio: last.moneyRatio,
    backtest,
    errors: { days: told.length, wins: errorsOf(told, 'wins'), money: hasMoney ? errorsOf(told, 'money') : null },
    covered:
      backtest.length < 2
        ? null
        : backtest.filter(({ actual, ours }) =>
            hasMoney
              ? actual.money! >= ours.moneyLow! && actual.money! <= ours.moneyHigh!
              : actual.wins >= ours.low && actual.wins <= ours.high,
          ).length / backtest.length,
  }
}

function dayOf(model: WinsModel, all: Table, asOf: number): Day {
  const table = rowsWhere(all, (row) => !Number.isNaN(all.outcome[row]!))
  const baseline = model.candidates.find(({ name }) => name === STAGE_RATE) ?? model.candidates.find(({ name }) => name === BASE_RATE)!
  const worth = worthOf(table, model.moneyRatio)
  const won = Array.from({ length: table.size }, (_, row) => row).filter((row) => isWonWithin(table, row, model.horizonDays))
  const money = won.reduce((sum, row) => sum + table.value[row]!, 0)
  return {
    asOf,
    table,
    p: probabilities(chosenOf(model), table, model.edges),
    stage: probabilities(baseline, table, model.edges),
    worth,
    actual: { wins: won.length, money: worth === null || Number.isNaN(money) ? null : money },
  }
}

/** Amounts as they stood, by what won ones came to; a deal without an amount is worth the mean of the others. Null where too few have one. */
function worthOf(table: Table, ratio: number | null): Float64Array | null {
  const amount = numbersOf(table, 'amount')
  if (amount === null || ratio === null) return null
  const known = amount.filter((value) => !Number.isNaN(value))
  if (known.length < table.size / 2) return null
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)
  return amount.map((value) => ratio * (Number.isNaN(value) ? mean : value))
}

/** By day, what the horizon after it brought: known to whoever stood at its end. */
function runRates(trials: readonly Trial<WinsModel>[]): ReadonlyMap<number, Total> {
  const found = new Map<number, Total>()
  for (const { model, frame } of trials) {
    const own = frame.asOf === null || !frame.endings ? [] : totalsOf(tableOf(frame), model.horizonDays)
    for (const one of [...model.totals, ...own]) found.set(one.day, one)
  }
  return found
}

function errorsOf(days: readonly Backtest[], of: 'wins' | 'money'): Errors {
  const mape = (said: (day: Backtest) => number): number => {
    const told = days.filter((day) => (day.actual[of] ?? 0) > 0)
    return (100 * told.reduce((sum, day) => sum + Math.abs(said(day) - day.actual[of]!) / day.actual[of]!, 0)) / Math.max(1, told.length)
  }
  const known = days.every(({ runRate }) => runRate !== null && runRate[of] !== null)
  return {
    ours: mape((day) => day.ours[of]!),
    stage: mape((day) => day.stage[of]!),
    runRate: known ? mape((day) => day.runRate![of]!) : null,
  }
}
