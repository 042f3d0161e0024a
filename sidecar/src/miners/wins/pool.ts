import type { Trial } from '@assay/shared'
import { aucInterval, type Interval } from '../../numeric/auc-interval.ts'
import type { WinsModel } from './model.ts'
import { chosenOf, incidences, probabilities } from './predict.ts'
import { unknownRows } from './score.ts'
import { rowsWhere } from './splits.ts'
import { concat, type Table, tableOf } from './table.ts'

interface Period {
  readonly asOf: number | null
  readonly rows: number
  readonly positives: number
  /** Mean probability that was said. */
  readonly said: number
  readonly auc: Interval
}

/** All judged rows of all trials together. */
export interface Pool {
  readonly table: Table
  readonly outcome: Float64Array
  readonly positives: number
  /** Of the chosen candidate of each trial's model. */
  readonly probability: Float64Array
  /** Deals, where one is judged on several days; null where all rows are of different ones. */
  readonly clusters: readonly string[] | null
  /** Candidates and baselines that every trial's model has, with what they said on the same rows. */
  readonly names: readonly string[]
  readonly baselines: ReadonlySet<string>
  readonly said: ReadonlyMap<string, Float64Array>
  readonly periods: readonly Period[]
  /** Competing risks: how many were said to be won, lost and still open at the end of the horizon (before calibration), and how many were. */
  readonly endings: { readonly said: Endings3; readonly happened: Endings3 } | null
}
interface Endings3 {
  readonly won: number
  readonly lost: number
  readonly open: number
}

/** Predicts every trial with its own model. Rows without an outcome, and rows that get no score, are not judged. */
export function poolTrials(trials: readonly Trial<WinsModel>[]): Pool {
  const first = trials[0]?.model.candidates ?? []
  const names = first.map((c) => c.name).filter((name) => trials.every(({ model }) => model.candidates.some((c) => c.name === name)))
  const parts = trials.map(({ model, frame }) => {
    const all = tableOf(frame)
    const unknown = unknownRows(model, all)
    const table = rowsWhere(all, (row) => !Number.isNaN(all.outcome[row]!) && !unknown[row])
    const said = names.map((name) =>
      probabilities(
        model.candidates.find((c) => c.name === name)!,
        table,
        model.edges,
      ),
    )
    const probability = probabilities(chosenOf(model), table, model.edges)
    return { table, probability, said, asOf: frame.asOf, endings: frame.endings ? endingsOf(model, table) : null }
  })
  const table = concat(parts.map((part) => part.table))
  const joined = (of: (part: (typeof parts)[number]) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...of(part)]))
  return {
    table,
    outcome: table.outcome,
    positives: table.outcome.reduce((sum, y) => sum + y, 0),
    probability: joined((part) => part.probability),
    clusters: new Set(table.ids).size < table.size ? table.ids : null,
    names,
    baselines: new Set(first.filter((c) => c.baseline).map((c) => c.name)),
    said: new Map(names.map((name, k) => [name, joined((part) => part.said[k]!)])),
    periods: parts.map((part) => ({
      asOf: part.asOf,
      rows: part.table.size,
      positives: part.table.outcome.reduce((sum, y) => sum + y, 0),
      said: part.probability.reduce((sum, p) => sum + p, 0) / part.table.size,
      auc: aucInterval(part.probability, part.table.outcome),
    })),
    endings: parts.every((part) => part.endings !== null)
      ? {
          said: summed(parts.map((part) => part.endings!.said)),
          happened: summed(parts.map((part) => part.endings!.happened)),
        }
      : null,
  }
}

function endingsOf(model: WinsModel, table: Table): { said: Endings3; happened: Endings3 } {
  const said = summed(incidences(chosenOf(model), table, model.edges) ?? [])
  const within = (how: number): number =>
    table.how.reduce((n, one, row) => n + (one === how && table.days[row]! <= model.horizonDays ? 1 : 0), 0)
  return { said, happened: { won: within(1), lost: within(2), open: table.size - within(1) - within(2) } }
}

const summed = (all: readonly Endings3[]): Endings3 =>
  all.reduce((sum, one) => ({ won: sum.won + one.won, lost: sum.lost + one.lost, open: sum.open + one.open }), { won: 0, lost: 0, open: 0 })
