import type { Column, Parallel, Rng } from '@assay/shared'
import { type BoostingOptions, fitBoosting } from '../../numeric/boosting/fit.ts'
import type { InputColumn } from '../../numeric/boosting/inputs.ts'
import { predictBoosting } from '../../numeric/boosting/predict.ts'
import { logistic } from '../../numeric/logistic.ts'
import { explainBoosting } from '../../numeric/shap/explain.ts'
import { encode, learnSlots, PLAN, plannedIn } from './design.ts'
import type { Periods } from './intervals.ts'
import type { Head } from './model.ts'
import type { Table } from './table.ts'

/** Inputs of trees beside the columns: which interval, and where the planned close lies from its beginning. */
const INTERVAL = 'interval'
const PLAN_FROM = 'plan_from_interval'
/** A large input has a small coefficient: the penalty hardly touches the shape over time. */
const TIME_SCALE = 5
/** Fewer than so many of either kind, and the head says the average. */
const LEAST_OF_A_CLASS = 5
/** Parts of log-odds that belong to no feature: they stand in the rest. */
export const NO_FEATURE = ''

const TREES: Partial<BoostingOptions> = { leaves: 8, learningRate: 0.06, minChildWeight: 10, rounds: 150, patience: 15 }

const startOf = (edges: readonly number[], k: number): number => (k === 0 ? 0 : edges[k - 1]!)

/** Whether the planned close lies in an interval, and whether it lies before it. */
function planned(at: number, edges: readonly number[], k: number): [number, number] {
  if (Number.isNaN(at)) return [0, 0]
  const start = startOf(edges, k)
  return at <= start ? [0, 1] : [at <= edges[k]! ? 1 : 0, 0]
}

function constantHead(target: Float64Array, edges: readonly number[]): Head {
  const happened = target.reduce((sum, y) => sum + y, 0)
  const odds = Math.log((happened + 0.5) / (target.length - happened + 0.5))
  return { kind: 'linear', slots: [], weights: [], intercepts: edges.map(() => odds), plan: null }
}

const isOneSided = (target: Float64Array): boolean => {
  const happened = target.reduce((sum, y) => sum + y, 0)
  return Math.min(happened, target.length - happened) < LEAST_OF_A_CLASS
}

/** Log-odds by logistic regression (L2 of `strength`): all columns, the interval, and the planned close against it. */
export function fitLinearHead(table: Table, periods: Periods, target: Float64Array, edges: readonly number[], strength: number): Head {
  if (isOneSided(target)) return constantHead(target, edges)
  const slots = learnSlots(table)
  const spread = (values: Float64Array): Float64Array => Float64Array.from(periods.row, (row) => values[row]!)
  const intervals = edges.slice(1).map((_, k) => Float64Array.from(periods.interval, (at) => (at === k + 1 ? TIME_SCALE : 0)))
  const plan = plannedIn(table)
  const hasPlan = plan.some((at) => !Number.isNaN(at))
  const dummies = hasPlan
    ? [0, 1].map((side) => Float64Array.from(periods.row, (row, at) => planned(plan[row]!, edges, periods.interval[at]!)[side]!))
    : []
  const centres = dummies.map((values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length))
  const columns = [
    ...slots.map((slot) => spread(encode(slot, table))),
    ...intervals,
    ...dummies.map((values, side) => values.map((v) => v - centres[side]!)),
  ]
  const fit = logistic(columns, target, { lambda: strength, maxIterations: 30 })
  const rest = [...fit.coefficients].slice(slots.length)
  return {
    kind: 'linear',
    slots,
    weights: [...fit.coefficients].slice(0, slots.length),
    intercepts: edges.map((_, k) => fit.intercept + (k === 0 ? 0 : TIME_SCALE * rest[k - 1]!)),
    plan: hasPlan ? { weights: [rest[edges.length - 1]!, rest[edges.length]!], centres: [centres[0]!, centres[1]!] } : null,
  }
}

/** The columns of a table once for each of those periods, with the two that change from interval to interval. */
function treeColumns(table: Table, rows: ArrayLike<number>, intervals: ArrayLike<number>, edges: readonly number[]): InputColumn[] {
  const pick = (column: Column): InputColumn =>
    column.type === 'number'
      ? { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) }
      : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) }
  const plan = plannedIn(table)
  const number = (name: string, values: Float64Array): InputColumn => ({ type: 'number', info: { name }, values })
  return [
    ...table.columns.map(pick),
    number(INTERVAL, Float64Array.from(intervals)),
    number(
      PLAN_FROM,
      Float64Array.from(rows, (row, at) => plan[row]! - startOf(edges, intervals[at]!)),
    ),
  ]
}

/**
 * Log-odds by boosting. With `later` it ends when those rows are not said better any more; without, after `rounds` trees.
 */
export function fitTreeHead(
  table: Table,
  periods: Periods,
  target: Float64Array,
  edges: readonly number[],
  rng: Rng,
  end: { readonly later: { table: Table; periods: Periods; target: Float64Array } } | { readonly rounds: number },
  parallel: Parallel,
): Head {
  if (isOneSided(target)) return constantHead(target, edges)
  const columns = treeColumns(table, periods.row, periods.interval, edges)
  const later =
    'later' in end
      ? { columns: treeColumns(end.later.table, end.later.periods.row, end.later.periods.interval, edges), outcome: end.later.target }
      : null
  const options = 'rounds' in end ? { ...TREES, rounds: end.rounds } : TREES
  const { inputs, intercept, trees, gains } = fitBoosting(columns, target, options, rng, later, parallel).model
  return {
    kind: 'trees',
    boosting: JSON.parse(JSON.stringify({ inputs, intercept, trees, gains })) as Extract<Head, { kind: 'trees' }>['boosting'],
  }
}

/** Log-odds of every row, one array an interval. */
export function headScores(head: Head, table: Table, edges: readonly number[]): Float64Array[] {
  if (head.kind === 'trees') {
    const rows = Array.from({ length: table.size }, (_, row) => row)
    return edges.map((_, k) =>
      predictBoosting(head.boosting, treeColumns(table, rows, new Int32Array(table.size).fill(k), edges), table.size),
    )
  }
  const { base, parts } = linearParts(head, table, edges)
  return edges.map((_, k) => {
    const scores = new Float64Array(table.size).fill(base[k]!)
    for (const part of parts.values()) for (let row = 0; row < table.size; row++) scores[row]! += part[k]![row]!
    return scores
  })
}

/** Log-odds taken apart: base of the interval + what each feature adds (`NO_FEATURE`: what belongs to none) = score. */
export interface HeadParts {
  readonly base: readonly number[]
  /** By feature, one array an interval. */
  readonly parts: ReadonlyMap<string, readonly Float64Array[]>
}

export function headParts(head: Head, table: Table, edges: readonly number[]): HeadParts {
  if (head.kind === 'linear') return linearParts(head, table, edges)
  const rows = Array.from({ length: table.size }, (_, row) => row)
  const parts = new Map<string, Float64Array[]>()
  const base = edges.map((_, k) => {
    const columns = treeColumns(table, rows, new Int32Array(table.size).fill(k), edges)
    const { average, contributions } = explainBoosting(head.boosting, columns, table.size)
    head.boosting.inputs.forEach(({ name }, j) => {
      const feature = name === INTERVAL ? NO_FEATURE : name === PLAN_FROM ? PLAN : name
      const known = parts.get(feature) ?? edges.map(() => new Float64Array(table.size))
      contributions[j]!.forEach((value, row) => (known[k]![row]! += value))
      parts.set(feature, known)
    })
    return average
  })
  return { base, parts }
}

function linearParts(head: Extract<Head, { kind: 'linear' }>, table: Table, edges: readonly number[]): HeadParts {
  const flat = new Map<string, Float64Array>()
  head.slots.forEach((slot, j) => {
    const part = flat.get(slot.column) ?? new Float64Array(table.size)
    encode(slot, table).forEach((value, row) => (part[row]! += head.weights[j]! * value))
    flat.set(slot.column, part)
  })
  const parts = new Map<string, Float64Array[]>([...flat].map(([name, part]) => [name, edges.map(() => part)]))
  const { plan } = head
  if (plan) {
    const at = plannedIn(table)
    const known = parts.get(PLAN) ?? edges.map(() => new Float64Array(table.size))
    parts.set(
      PLAN,
      known.map((part, k) =>
        part.map((value, row) => {
          const [inside, before] = planned(at[row]!, edges, k)
          return value + plan.weights[0] * (inside - plan.centres[0]) + plan.weights[1] * (before - plan.centres[1])
        }),
      ),
    )
  }
  return { base: head.intercepts, parts }
}
