import type { Trial } from '@assay/shared'
import { aucInterval, type Interval } from '../../numeric/auc-interval.ts'
import type { PropensityModel } from './model.ts'
import { chosenOf, predict, prepare, unknownRows } from './predict.ts'
import { tableOf, take } from './table.ts'

export interface Period {
  readonly asOf: number | null
  readonly rows: number
  readonly positives: number
  /** Mean probability that was said. */
  readonly said: number
  readonly auc: Interval
}

/** All judged rows of all trials together. */
export interface Pool {
  readonly ids: readonly string[]
  readonly outcome: Float64Array
  readonly positives: number
  /** Of the chosen candidate of each trial's model. */
  readonly probability: Float64Array
  /** Which trial a row is from. */
  readonly trial: Int32Array
  /** Customers, where one is judged on several days; null where all rows are of different ones. */
  readonly clusters: readonly string[] | null
  /** Candidates and baselines that every trial's model has, with what they said on the same rows. */
  readonly names: readonly string[]
  readonly baselines: ReadonlySet<string>
  readonly said: ReadonlyMap<string, Float64Array>
  readonly periods: readonly Period[]
}

/** Predicts every trial with its own model. Rows without an outcome, and rows that get no score, are not judged. */
export function poolTrials(trials: readonly Trial<PropensityModel>[]): Pool {
  const first = trials[0]?.model.candidates ?? []
  const names = first.map((c) => c.name).filter((name) => trials.every(({ model }) => model.candidates.some((c) => c.name === name)))
  const parts = trials.map(({ model, frame }) => {
    const all = prepare(model, tableOf(frame))
    const unknown = unknownRows(chosenOf(model), all)
    const rows = Uint32Array.from(
      Array.from({ length: all.size }, (_, row) => row).filter((row) => !Number.isNaN(all.outcome[row]!) && !unknown[row]),
    )
    const table = take(all, rows)
    const { probability } = predict(chosenOf(model), table)
    const said = names.map(
      (name) =>
        predict(
          model.candidates.find((c) => c.name === name)!,
          table,
        ).probability,
    )
    return { table, probability, said, asOf: frame.asOf }
  })
  const ids = parts.flatMap(({ table }) => table.ids)
  const outcome = join(parts.map(({ table }) => table.outcome))
  return {
    ids,
    outcome,
    positives: outcome.reduce((sum, y) => sum + y, 0),
    probability: join(parts.map(({ probability }) => probability)),
    trial: Int32Array.from(parts.flatMap(({ table }, k) => Array.from({ length: table.size }, () => k))),
    clusters: new Set(ids).size < ids.length ? ids : null,
    names,
    baselines: new Set(first.filter((c) => c.baseline).map((c) => c.name)),
    said: new Map(names.map((name, k) => [name, join(parts.map((part) => part.said[k]!))])),
    periods: parts.map(({ table, probability, asOf }) => ({
      asOf,
      rows: table.size,
      positives: table.outcome.reduce((sum, y) => sum + y, 0),
      said: probability.reduce((sum, p) => sum + p, 0) / table.size,
      auc: aucInterval(probability, table.outcome),
    })),
  }
}

function join(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let start = 0
  for (const part of parts) {
    all.set(part, start)
    start += part.length
  }
  return all
}
