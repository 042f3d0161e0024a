import type { InputColumn } from './boosting/inputs.ts'
import { moments } from './moments.ts'

/** What each class looks like in one column; entry 0 for rows without the outcome, 1 for those with it. Plain JSON. */
type Look =
  | { readonly type: 'number'; readonly name: string; readonly mean: readonly number[]; readonly variance: readonly number[] }
  /** Smoothed log-shares of each word, the last for words that were not there in training. */
  | {
      readonly type: 'category'
      readonly name: string
      readonly levels: readonly string[]
      readonly logShare: readonly (readonly number[])[]
    }

/** Plain JSON. */
export interface NaiveBayes {
  readonly intercept: number
  readonly looks: readonly Look[]
}

/** Added to every variance, as a share of the column's own: a class that is always the same would be infinitely sure. */
const LEAST_VARIANCE = 1e-3

/**
 * Naive Bayes: columns independent given the class, numbers normal, words counted with one added to each (Hastie et al. 2009,
 * 6.6.3; Laplace's rule). A missing value says nothing. Columns that are constant or all missing are left out, numbers
 * that are not finite count as missing. O(rows x columns).
 *
 * @param outcome 0 or 1, one a row
 */
export function fitNaiveBayes(columns: readonly InputColumn[], outcome: ArrayLike<number>): NaiveBayes {
  let positives = 0
  for (let row = 0; row < outcome.length; row++) positives += outcome[row] === 1 ? 1 : 0
  const looks = columns.flatMap((column): Look[] => (column.type === 'number' ? numberLook(column, outcome) : wordLook(column, outcome)))
  return { intercept: Math.log((positives + 1) / (outcome.length - positives + 1)), looks }
}

function numberLook(column: InputColumn & { type: 'number' }, outcome: ArrayLike<number>): Look[] {
  const known = column.values.filter(Number.isFinite)
  const spread = known.length > 0 ? moments(known).deviation ** 2 : 0
  if (!(spread > 0) || !Number.isFinite(spread)) return []
  const classes = [0, 1].map((label) =>
    moments(column.values.filter((v, row) => (outcome[row] === 1 ? 1 : 0) === label && Number.isFinite(v))),
  )
  // A class without a value looks like everybody.
  if (classes.some(({ n }) => n === 0)) return []
  return [
    {
      type: 'number',
      name: column.info.name,
      mean: classes.map(({ mean }) => mean),
      variance: classes.map(({ deviation }) => deviation ** 2 + LEAST_VARIANCE * spread),
    },
  ]
}

function wordLook(column: InputColumn & { type: 'category' }, outcome: ArrayLike<number>): Look[] {
  const size = column.levels.length
  const counts = [new Float64Array(size), new Float64Array(size)]
  column.codes.forEach((code, row) => {
    if (code >= 0) counts[outcome[row] === 1 ? 1 : 0]![code]!++
  })
  if (column.levels.filter((_, code) => counts[0]![code]! + counts[1]![code]! > 0).length < 2) return []
  const logShare = counts.map((count) => {
    const total = count.reduce((sum, n) => sum + n, 0) + size + 1
    return [...Array.from(count, (n) => Math.log((n + 1) / total)), Math.log(1 / total)]
  })
  return [{ type: 'category', name: column.info.name, levels: column.levels, logShare }]
}

/** Log-odds of every row. A column of the model that is not there is missing in every row. */
export function predictNaiveBayes(model: NaiveBayes, columns: readonly InputColumn[], rows: number): Float64Array {
  const scores = new Float64Array(rows).fill(model.intercept)
  for (const part of naiveBayesParts(model, columns, rows)) for (let row = 0; row < rows; row++) scores[row]! += part[row]!
  return scores
}

/** What each look adds to the intercept, row by row; nothing where the value is missing. */
export function naiveBayesParts(model: NaiveBayes, columns: readonly InputColumn[], rows: number): Float64Array[] {
  return model.looks.map((look) => {
    const part = new Float64Array(rows)
    const column = columns.find(({ info }) => info.name === look.name)
    if (look.type === 'number' && column?.type === 'number') addNumbers(part, look, column.values)
    if (look.type === 'category' && column?.type === 'category') {
      const place = column.levels.map((level) => look.levels.indexOf(level))
      const odds = look.logShare[1]!.map((share, k) => share - look.logShare[0]![k]!)
      column.codes.forEach((code, row) => {
        if (code >= 0) part[row] = odds.at(place[code]!)!
      })
    }
    return part
  })
}

function addNumbers(into: Float64Array, { mean, variance }: Look & { type: 'number' }, values: Float64Array): void {
  const [m0, m1, v0, v1] = [mean[0]!, mean[1]!, variance[0]!, variance[1]!]
  const level = Math.log(v0 / v1) / 2
  for (let row = 0; row < into.length; row++) {
    const value = values[row]!
    if (Number.isFinite(value)) into[row] = level + (value - m0) ** 2 / (2 * v0) - (value - m1) ** 2 / (2 * v1)
  }
}
