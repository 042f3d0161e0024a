import type { CategoryColumn, Column, Drift, Frame, Rng, Trial } from '@assay/shared'
import { auc } from '../../numeric/auc.ts'
import { fitBoosting } from '../../numeric/boosting/fit.ts'
import { predictBoosting } from '../../numeric/boosting/predict.ts'
import { hashUnit } from '../../numeric/rng.ts'
import { sigmoid } from '../../numeric/sigmoid.ts'
import { numbersIndex, stabilityIndex, wordsIndex } from '../../numeric/stability-index.ts'
import type { PropensityModel } from './model.ts'
import type { Pool } from './pool.ts'
import { chosenOf, predict, prepare } from './predict.ts'
import { columnOf, stack, type Table, take } from './table.ts'

const WATCH = 0.1
const ACT = 0.25
/** Enough to tell old rows from new ones. */
const TOLD_APART = 3000

const stateOf = (psi: number): Drift['state'] => (psi < WATCH ? 'fine' : psi <= ACT ? 'watch' : 'act')
const entry = (column: string, of: Drift['of'], psi: number): Drift => ({ column, of, psi, state: stateOf(psi) })

/**
 * How far the judged rows are from those that taught the first of the judged models: outcome, score and everything
 * together, then every column, the farthest first. Empty where there is no time between them, or nobody says what taught.
 */
export function movedOf(pool: Pool, trials: readonly Trial<PropensityModel>[], rng: Rng): Drift[] {
  const first = trials[0]
  const inTime = trials.some(({ frame, model }) => frame.asOf !== null || model.validation.kind === 'later rows')
  if (!first?.taught || first.taught.length === 0 || !inTime) return []
  const taught = stack(first.taught, true)
  const judged = stack(
    trials.map(({ frame }) => frame),
    true,
  )
  if (taught.size === 0 || judged.size === 0) return []
  const before = predict(chosenOf(first.model), prepare(first.model, taught)).probability
  const happened = taught.outcome.reduce((sum, y) => sum + y, 0)
  const columns = taught.columns.flatMap((column) => {
    const now = columnOf(judged, column.info.name)
    return now?.type === column.type ? [entry(column.info.name, 'column', columnIndex(column, now))] : []
  })
  return [
    entry(
      first.model.event,
      'outcome',
      stabilityIndex([happened, taught.size - happened], [pool.positives, pool.outcome.length - pool.positives]),
    ),
    entry('score', 'score', numbersIndex(before, pool.probability)),
    everything(first.taught, trials, rng),
    ...columns.sort((a, b) => b.psi - a.psi || (a.column < b.column ? -1 : 1)),
  ]
}

function columnIndex(before: Column, now: Column): number {
  if (before.type === 'number') return now.type === 'number' ? numbersIndex(before.values, now.values) : 0
  const words = (column: CategoryColumn): (string | null)[] => Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]!))
  return now.type === 'category' ? wordsIndex(words(before), words(now)) : 0
}

/** Trees that tell judged rows from those that taught, tried on customers that they were not shown: .5 where they cannot. */
function everything(taught: readonly Frame[], trials: readonly Trial<PropensityModel>[], rng: Rng): Drift {
  const old = labelled(taught, 0)
  const now = labelled(
    trials.map(({ frame }) => frame),
    1,
  )
  const table = stack([...old, ...now], true)
  const sides = [0, 1].map((side) => thin(table, (row) => table.outcome[row] === side))
  const rows = take(table, Uint32Array.from([...sides[0]!, ...sides[1]!].sort((a, b) => a - b)))
  const half = rows.ids.map((id) => hashUnit(`apart/${id}`) < 0.5)
  const said = new Float64Array(rows.size)
  for (const side of [true, false]) {
    const learn = take(rows, Uint32Array.from([...rows.ids.keys()].filter((row) => half[row] === side)))
    const tryOn = [...rows.ids.keys()].filter((row) => half[row] !== side)
    const test = take(rows, Uint32Array.from(tryOn))
    const { model } = fitBoosting(learn.columns, learn.outcome, { rounds: 60, leaves: 6, depth: 3, learningRate: 0.1 }, rng.fork('apart'))
    predictBoosting(model, test.columns, test.size).forEach((score, k) => (said[tryOn[k]!] = sigmoid(score)))
  }
  const part = (side: number): Float64Array => said.filter((_, row) => rows.outcome[row] === side)
  const ranked = auc(said, rows.outcome)
  return { ...entry('all columns together', 'everything', numbersIndex(part(0), part(1))), auc: Number.isFinite(ranked) ? ranked : 0.5 }
}

const labelled = (frames: readonly Frame[], label: number): Frame[] =>
  frames.map((frame) => ({ ...frame, outcome: new Float64Array(frame.ids.length).fill(label) }))

/** Evenly spaced rows of one side. */
function thin(table: Table, keep: (row: number) => boolean): number[] {
  const rows = [...table.ids.keys()].filter(keep)
  const step = Math.max(1, Math.ceil(rows.length / TOLD_APART))
  return rows.filter((_, k) => k % step === 0)
}
