import type { Btyd, BuyingFitReport, EventDefinition, Report, Rng, Trial } from '@assay/shared'
import { isoDay } from '../../numeric/iso-day.ts'
import { PAST_RATE } from './baseline.ts'
import { expectedPurchases } from './buying.ts'
import { BUYING, REGRESSION } from './horizon.ts'
import { assumedIn, totalInterval } from './level.ts'
import { levelledDeviance, meanAbsoluteError, plainDeviance, rankCorrelation, topDecileShare } from './measures.ts'
import type { Horizon, ValueBuying, ValueModel } from './model.ts'
import { type JudgedDay, judgedDays, sumOf } from './pool.ts'
import { predictRegression } from './regression.ts'
import { type Gate, pooled, verdictOf } from './verdict.ts'

const MINER = 'value'

/** Whether the values may be published, with everything they were judged by. */
export function judge(trials: readonly Trial<ValueModel>[], definition: EventDefinition, rng: Rng, version: number): Report {
  const days = definition.horizonDays ?? 90
  const main = judgedDays(trials, days)
  const windows = [...new Set(trials.flatMap(({ model }) => model.horizons.map((one) => one.days)))].filter((one) => one !== days)
  const others = windows.map((window) => ({ window, judged: judgedDays(trials, window) }))
  const gate = verdictOf(main, rng.fork('value'))
  const longer = others.map(({ window, judged }) => ({
    window,
    judged,
    gate: judged.length > 0 ? verdictOf(judged, rng.fork(`value ${window}`)) : null,
  }))
  const last = main.at(-1) ?? null
  const lost = longer.find((one) => one.gate?.verdict === 'refuse')
  const { verdict, why }: Pick<Gate, 'verdict' | 'why'> =
    gate.verdict === 'publish' && lost ? { verdict: 'refuse', why: `over ${lost.window} days: ${lost.gate!.why}` } : gate
  const rows = main.reduce((sum, { money }) => sum + money.length, 0)
  const btyd = last === null ? fitted(trials.at(-1)?.model) : btydOf(last)
  return {
    miner: MINER,
    version,
    event: definition.event,
    verdict,
    why,
    protocol: 'later-period',
    population: {
      who: definition.who,
      rows,
      positives: main.reduce((sum, { orderDays }) => sum + orderDays.reduce((n, count) => n + (count > 0 ? 1 : 0), 0), 0),
    },
    judgedAt: [...new Set(main.flatMap(({ on }) => (on === null ? [] : [isoDay(on)])))].sort(),
    metrics: main.length === 0 ? {} : { ...metricsOf(main), ...(gate.gain === null ? {} : { gainOverPastRate: gate.gain }) },
    baselines: main.length === 0 ? [] : [{ name: PAST_RATE, ...figures(main, (day) => day.rate) }],
    candidates: main.length === 0 ? [] : candidatesOf(main),
    ...(btyd === null ? {} : { btyd }),
    details: {
      totals: main.map(totalOf),
      coverage: coverageOf(main),
      ...(last === null ? {} : modelDetails(last.model, last.horizon)),
      ...(last === null && trials.length > 0 ? { amounts: trials.at(-1)!.model.amounts } : {}),
      longer: longer.map(({ window, judged, gate: said }) => ({
        days: window,
        verdict: said?.verdict ?? 'not judged',
        why: said?.why ?? 'no window of that length is over',
        ...(judged.length === 0
          ? {}
          : {
              metrics: metricsOf(judged),
              totals: judged.map(totalOf),
              coverage: coverageOf(judged),
              baseline: figures(judged, (day) => day.rate),
            }),
      })),
    },
  }
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0)

/** The total is that of the newest judged day, with everybody: several days may overlap and do not add up. */
function figures(days: readonly JudgedDay[], of: (day: JudgedDay) => Float64Array): Record<string, number> {
  return {
    topDecileShare: finite(pooled(days, (day) => topDecileShare(of(day), day.money))),
    rankCorrelation: finite(pooled(days, (day) => rankCorrelation(of(day), day.money))),
    mae: finite(pooled(days, (day) => meanAbsoluteError(of(day), day.money))),
    deviance: finite(pooled(days, (day) => sumOf(plainDeviance(of(day), day.money)) / day.money.length)),
    devianceAtEqualTotals: finite(pooled(days, (day) => sumOf(levelledDeviance(of(day), day.money)) / day.money.length)),
    total: sumOf(of(days.at(-1)!)),
  }
}

function metricsOf(days: readonly JudgedDay[]): Report['metrics'] {
  const newest = totalOf(days.at(-1)!)
  const inside = days.filter((day) => day.inside !== null)
  const { total: _, ...said } = figures(days, (day) => day.published)
  return {
    ...said,
    bestTopDecileShare: finite(pooled(days, (day) => topDecileShare(day.money, day.money))),
    total: { value: newest.said, low: newest.low, high: newest.high },
    totalUncorrected: newest.uncorrected,
    totalCorrected: newest.corrected,
    totalHappened: newest.happened,
    ...(inside.length === 0 ? {} : { customersInside80: finite(pooled(inside, (day) => day.inside!)) }),
  }
}

/** What was said of the total, with and without the correction that an earlier window asks for, and what came. */
function totalOf(day: JudgedDay) {
  const uncorrected = sumOf(day.said)
  const { value, low, high } = totalInterval(sumOf(day.published), day.horizon.scatter)
  const happened = sumOf(day.money)
  return {
    on: day.on === null ? null : isoDay(day.on),
    customers: day.money.length,
    said: value,
    low,
    high,
    uncorrected,
    corrected: uncorrected * day.horizon.level.factor,
    correctedFrom: day.horizon.level.on === null ? null : isoDay(day.horizon.level.on),
    sameSeason: day.horizon.level.sameSeason,
    happened,
    covered: happened >= low && happened <= high,
    seasonSeen: day.horizon.scatter.seasonSeen,
    ...assumedIn(day.horizon.scatter),
  }
}

/** In how many of the judged windows the total came to lie in its interval. */
const coverageOf = (days: readonly JudgedDay[]): { covered: number; windows: number } => ({
  covered: days.filter((day) => totalOf(day).covered).length,
  windows: days.length,
})

function candidatesOf(days: readonly JudgedDay[]): Report['candidates'] {
  const chosen = days.at(-1)!.horizon.chosen
  const all = [{ name: BUYING, ...figures(days, (day) => day.buying), chosen: chosen === BUYING }]
  const everywhere = days.every((day) => day.horizon.regression !== null)
  if (!everywhere) return all
  const regression = (day: JudgedDay): Float64Array =>
    predictRegression(day.horizon.regression!, { customers: day.customers, expected: day.buying })
  return [...all, { name: REGRESSION, ...figures(days, regression), chosen: chosen === REGRESSION }]
}

const fitReport = (fit: ValueBuying, holdOut: BuyingFitReport['holdOut']): BuyingFitReport => ({
  model: fit.title,
  parameters: Object.fromEntries(fit.names.map((name, j) => [name, fit.parameters[j]!])),
  logLikelihood: fit.logLikelihood,
  degenerate: fit.degenerate !== null,
  why: fit.degenerate,
  holdOut,
})

/** The buying fits of the newest judged day, each held against what its customers then did. */
function btydOf(day: JudgedDay): Btyd | null {
  const { model, customers, orderDays, horizon } = day
  const heldOut = (fit: ValueBuying): BuyingFitReport['holdOut'] => {
    const said = expectedPurchases(fit, customers, horizon.days)
    let [absolute, squares] = [0, 0]
    said.forEach((value, i) => {
      absolute += Math.abs(value - orderDays[i]!)
      squares += (value - orderDays[i]!) ** 2
    })
    return {
      days: horizon.days,
      mae: absolute / said.length,
      rmse: Math.sqrt(squares / said.length),
      said: sumOf(said),
      happened: sumOf(orderDays),
    }
  }
  const tried = model.buying.map((fit) => fitReport(fit, heldOut(fit)))
  const at = model.buying.findIndex((fit) => fit.id === 'bg-nbd')
  const reference = tried[Math.max(0, at)]
  if (reference === undefined) return null
  return {
    ...reference,
    used: model.used,
    customers: model.buying[Math.max(0, at)]!.customers,
    until: model.asOf === null ? '' : isoDay(model.asOf),
    tried,
  }
}

/** The fits alone, where there is no window after them; held against the windows after earlier fits of the same models. */
function fitted(model: ValueModel | undefined): Btyd | null {
  const reference = model?.buying.find((fit) => fit.id === 'bg-nbd') ?? model?.buying[0]
  if (model === undefined || reference === undefined) return null
  return {
    ...fitReport(reference, earlier(reference)),
    used: model.used,
    customers: reference.customers,
    until: model.asOf === null ? '' : isoDay(model.asOf),
    tried: model.buying.map((fit) => fitReport(fit, earlier(fit))),
  }
}

const earlier = ({ holdOut }: ValueBuying): BuyingFitReport['holdOut'] =>
  holdOut && { days: holdOut.days, mae: holdOut.mae, rmse: holdOut.rmse, said: holdOut.said, happened: holdOut.happened }

function modelDetails(model: ValueModel, horizon: Horizon): Record<string, unknown> {
  return {
    buying: { used: model.used, choice: model.choice, regularity: model.regularity },
    amounts: model.amounts,
    compared: horizon.compared,
    tried: horizon.tried,
    past: horizon.past.map(({ on, said, happened }) => ({ on: isoDay(on), said, happened })),
    scatter: horizon.scatter,
  }
}
