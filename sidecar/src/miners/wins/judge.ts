import type { Column, Driver, EventDefinition, Report, Trial } from '@assay/shared'
import { aucInterval, type Interval } from '../../numeric/auc-interval.ts'
import { brier } from '../../numeric/brier.ts'
import { correlation } from '../../numeric/correlation.ts'
import { isoDay } from '../../numeric/iso-day.ts'
import { lift } from '../../numeric/lift.ts'
import { logLoss } from '../../numeric/log-loss.ts'
import { prAuc } from '../../numeric/pr-auc.ts'
import { calibrationError, reliability } from '../../numeric/reliability.ts'
import { forecastOf } from './forecast.ts'
import { headParts } from './heads.ts'
import { slopesBetween } from './incidence.ts'
import type { WinsModel } from './model.ts'
import { type Pool, poolTrials } from './pool.ts'
import { chosenOf } from './predict.ts'
import { numbersOf, type Table, tableOf, wordAt, columnOf } from './table.ts'
import { endedAuc, type Rival, verdictOf } from './verdict.ts'

/** How many deals are named among the hits and the misses. */
const NAMED = 20
const MOST_DRIVERS = 12
const AGES = [0, 14, 28, 56, 112, Number.POSITIVE_INFINITY] as const
const LEAST_IN_GROUP = 20

/** Looks at all rows that the models had not seen, together, and says whether the chances may be published. */
export function judgeWins(
  miner: { id: string; version: number },
  trials: readonly Trial<WinsModel>[],
  definition: EventDefinition,
): Report {
  const pool = poolTrials(trials)
  const judged = pool.positives > 0 && pool.positives < pool.outcome.length
  const rivals = pool.names.map((name): Rival => {
    const said = pool.said.get(name)!
    return {
      name,
      baseline: pool.baselines.has(name),
      probability: said,
      auc: judged ? finite(aucInterval(said, pool.outcome).value) : null,
      logLoss: pool.outcome.length > 0 ? finite(logLoss(said, pool.outcome)) : null,
    }
  })
  const gate = judged
    ? verdictOf(pool, rivals, definition.horizonDays)
    : {
        verdict: 'refuse' as const,
        why: `cannot be judged: ${pool.positives} of ${pool.outcome.length} judged rows were won`,
        power: null,
        detectable: null,
      }
  const last = trials.at(-1)?.model
  return {
    miner: miner.id,
    version: miner.version,
    event: definition.event,
    verdict: gate.verdict,
    why: gate.why,
    protocol: 'later-period',
    population: { who: definition.who, rows: pool.outcome.length, positives: pool.positives },
    judgedAt: [...new Set(trials.flatMap(({ frame }) => (frame.asOf === null ? [] : [isoDay(frame.asOf)])))].sort(),
    metrics: judged ? metricsOf(pool) : {},
    baselines: rivals.filter((rival) => rival.baseline).map(({ name, auc, logLoss: loss }) => ({ name, auc, logLoss: loss })),
    candidates: rivals
      .filter((rival) => !rival.baseline)
      .map(({ name, auc, logLoss: loss }) => ({ name, auc, logLoss: loss, chosen: name === last?.chosen })),
    ...(gate.power === null ? {} : { power: gate.power }),
    ...(gate.detectable === null ? {} : { detectable: gate.detectable }),
    ...(last ? { leaks: last.leaks, drivers: driversOf(last, tableOf(trials.at(-1)!.frame)) } : {}),
    details: {
      ...(judged
        ? {
            reliability: reliability(pool.probability, pool.outcome),
            lift: [0.05, 0.1, 0.2].map((share) => lift(pool.probability, pool.outcome, share)),
          }
        : {}),
      ...(judged
        ? {
            stages: byStage(pool),
            ages: byAge(pool),
            hits: named(pool, 1, -1),
            misses: named(pool, 1, 1),
            disappointments: named(pool, 0, -1),
          }
        : {}),
      periods: periodsOf(pool),
      endings: pool.endings,
      forecast: forecastOf(trials),
      ...(last ? modelDetails(last) : {}),
    },
  }
}

/** The report is JSON: what cannot be computed is null, not NaN. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
const bare = ({ value, low, high }: Interval): { value: number; low: number; high: number } => ({ value, low, high })

const finiteInterval = (name: string, interval: Interval): Report['metrics'] =>
  Number.isFinite(interval.low) ? { [name]: bare(interval) } : {}

function metricsOf(pool: Pool): Report['metrics'] {
  const { probability, outcome, clusters } = pool
  return {
    auc: bare(aucInterval(probability, outcome, clusters)),
    ...finiteInterval('aucOfEnded', endedAuc(pool)),
    prAuc: prAuc(probability, outcome),
    logLoss: logLoss(probability, outcome),
    brier: brier(probability, outcome),
    ece: calibrationError(probability, outcome),
    lift10: lift(probability, outcome, 0.1).lift,
  }
}

interface Group {
  readonly n: number
  readonly said: number
  readonly happened: number
  readonly auc: number | null
}

function groupOf(pool: Pool, rows: readonly number[]): Group {
  const [p, y] = [rows.map((row) => pool.probability[row]!), rows.map((row) => pool.outcome[row]!)]
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return { n: rows.length, said: mean(p), happened: mean(y), auc: finite(aucInterval(p, y).value) }
}

const allRows = (pool: Pool): number[] => Array.from({ length: pool.outcome.length }, (_, row) => row)

/** Whether what was said holds in every stage. */
function byStage(pool: Pool): (Group & { stage: string })[] {
  const groups = Map.groupBy(allRows(pool), (row) => wordAt(columnOf(pool.table, 'stage'), row))
  return [...groups]
    .flatMap(([stage, rows]) => (stage === null || rows.length < LEAST_IN_GROUP ? [] : [{ stage, ...groupOf(pool, rows) }]))
    .sort((a, b) => (a.stage < b.stage ? -1 : 1))
}

/** How well deals of one age are told apart. */
function byAge(pool: Pool): (Group & { fromDays: number })[] {
  const ages = numbersOf(pool.table, 'age_days')
  if (ages === null) return []
  return AGES.slice(0, -1).flatMap((fromDays, k) => {
    const rows = allRows(pool).filter((row) => ages[row]! >= fromDays && ages[row]! < AGES[k + 1]!)
    return rows.length < LEAST_IN_GROUP ? [] : [{ fromDays, ...groupOf(pool, rows) }]
  })
}

/** Deals by name, each once: with `direction` -1 the surest first, with 1 the least expected first. */
function named(pool: Pool, outcome: 0 | 1, direction: 1 | -1): { id: string; on: string | null; probability: number }[] {
  const rows = allRows(pool).filter((row) => pool.outcome[row] === outcome)
  rows.sort((i, j) => direction * (pool.probability[i]! - pool.probability[j]!) || (pool.table.ids[i]! < pool.table.ids[j]! ? -1 : 1))
  const seen = new Set<string>()
  return rows
    .filter((row) => !seen.has(pool.table.ids[row]!) && seen.add(pool.table.ids[row]!))
    .slice(0, NAMED)
    .map((row) => {
      const asOf = pool.table.asOf[row]!
      return { id: pool.table.ids[row]!, on: Number.isNaN(asOf) ? null : isoDay(asOf), probability: pool.probability[row]! }
    })
}

function periodsOf(pool: Pool): unknown[] {
  return pool.periods.map((period) => ({
    on: period.asOf === null ? null : isoDay(period.asOf),
    rows: period.rows,
    positives: period.positives,
    said: finite(period.said),
    happened: period.rows === 0 ? null : period.positives / period.rows,
    auc: finite(period.auc.value),
  }))
}

function modelDetails(model: WinsModel): Record<string, unknown> {
  return {
    trained: model.trained,
    validation: model.validation,
    leftOut: model.leftOut,
    calibration: chosenOf(model).calibration,
  }
}

/** What the newest model leans on, on the newest judged rows, strongest first: mean size of what it moves, in log-odds. */
function driversOf(model: WinsModel, table: Table): Driver[] {
  const { ends, wins } = chosenOf(model)
  if (ends === null || wins === null || table.size === 0) return []
  const [h, q] = [headParts(ends, table, model.edges), headParts(wins, table, model.edges)]
  const size = model.edges.length
  const base = { ends: h.base, wins: q.base }
  // At the average deal: what a step in each log-odds is worth there.
  const slopes = slopesBetween(base, base)
  const all = model.features.map(({ name, label }) => {
    const part = new Float64Array(table.size)
    for (let k = 0; k < size; k++) {
      h.parts.get(name)?.[k]!.forEach((value, row) => (part[row]! += slopes.ends[k]! * value))
      q.parts.get(name)?.[k]!.forEach((value, row) => (part[row]! += slopes.wins[k]! * value))
    }
    const moves = part.reduce((sum, value) => sum + Math.abs(value), 0) / table.size
    return { feature: name, label, moves, direction: directionOf(columnOf(table, name), part) }
  })
  const total = all.reduce((sum, { moves }) => sum + moves, 0)
  return all
    .map((one) => ({ ...one, share: total === 0 ? 0 : one.moves / total }))
    .sort((a, b) => b.moves - a.moves || (a.feature < b.feature ? -1 : 1))
    .slice(0, MOST_DRIVERS)
}

function directionOf(column: Column | undefined, part: Float64Array): Driver['direction'] {
  if (column?.type !== 'number') return 'mixed'
  const known = [...part.keys()].filter((row) => !Number.isNaN(column.values[row]!))
  const slope = correlation(
    known.map((row) => column.values[row]!),
    known.map((row) => part[row]!),
  )
  return slope >= 0 ? 'up' : 'down'
}
