import { predictBoosting } from '../../numeric/boosting/predict.ts'
import { naiveBayesParts, predictNaiveBayes } from '../../numeric/naive-bayes.ts'
import { explainBoosting } from '../../numeric/shap/explain.ts'
import { hazardParts, withinHorizon } from './hazard.ts'
import { linearParts, matrix, rawScores } from './linear.ts'
import type { Learned } from './model.ts'
import type { Table } from './table.ts'

/** Kinds of row that are worked out for a group of leaves: always the same, because chunks must not leave a trace. */
const KINDS = 256

/** Log-odds before calibration, row by row. */
export function rawOf(learned: Learned, table: Table): Float64Array {
  if (learned.kind === 'linear') return rawScores(learned, matrix(learned.slots, table), table.size)
  if (learned.kind === 'hazard')
    return rawScores(learned, matrix(learned.slots, table), table.size).map((f) => withinHorizon(learned.steps, f))
  if (learned.kind === 'trees') return predictBoosting(learned.trees, table.columns, table.size)
  if (learned.kind === 'bayes') return predictNaiveBayes(learned.bayes, table.columns, table.size)
  const members = learned.of.map((member) => rawOf(member, table))
  return Float64Array.from({ length: table.size }, (_, row) => members.reduce((sum, raw) => sum + raw[row]!, 0) / members.length)
}

/** Log-odds taken apart: `start` and the parts of a row add up to what `rawOf` gives, for every learner. */
export interface Parts {
  /** Where all rows start: about the mean of the training rows. */
  readonly start: number
  /** By column. A column that is not there added nothing to any row. */
  readonly parts: ReadonlyMap<string, Float64Array>
}

/** Each member's parts, divided by how many members there are. */
function meanParts(members: readonly Parts[]): Parts {
  const parts = new Map<string, Float64Array>()
  for (const member of members) {
    for (const [column, part] of member.parts) {
      const sum = parts.get(column) ?? new Float64Array(part.length)
      for (let row = 0; row < part.length; row++) sum[row]! += part[row]! / members.length
      parts.set(column, sum)
    }
  }
  return { start: members.reduce((sum, { start }) => sum + start, 0) / members.length, parts }
}

/** Lines and naive Bayes are sums as they are, measured from the training mean; trees have Shapley values. */
export function partsOf(learned: Learned, table: Table): Parts {
  if (learned.kind === 'mean') return meanParts(learned.of.map((member) => partsOf(member, table)))
  if (learned.kind === 'linear') return { start: learned.intercept, parts: linearParts(learned, table) }
  if (learned.kind === 'hazard') return hazardParts(learned, table)
  if (learned.kind === 'trees') {
    const { average, contributions } = explainBoosting(learned.trees, table.columns, table.size, KINDS)
    return { start: average, parts: new Map(learned.trees.inputs.map((input, k) => [input.name, contributions[k]!])) }
  }
  const { bayes, centres } = learned
  const moved = naiveBayesParts(bayes, table.columns, table.size).map((part, k) => part.map((value) => value - centres[k]!))
  return {
    start: centres.reduce((sum, centre) => sum + centre, bayes.intercept),
    parts: new Map(bayes.looks.map((look, k) => [look.name, moved[k]!])),
  }
}

/** The columns that it reads. */
export function columnsRead(learned: Learned): ReadonlySet<string> {
  if (learned.kind === 'mean') return new Set(learned.of.flatMap((member) => [...columnsRead(member)]))
  if (learned.kind === 'linear' || learned.kind === 'hazard') return new Set(learned.slots.map((slot) => slot.column))
  if (learned.kind === 'bayes') return new Set(learned.bayes.looks.map((look) => look.name))
  return new Set(learned.trees.inputs.filter((_, k) => learned.trees.gains[k]! > 0).map((input) => input.name))
}
