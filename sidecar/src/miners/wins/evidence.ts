import type { Column } from '@assay/shared'
import { sortedKnown, sortedQuantile } from '../../numeric/quantile.ts'
import type { Evidence } from './model.ts'
import { wordAt } from './table.ts'

const BINS = 6
/** Fewer rows than this are no evidence. */
const LEAST = 30

/** How often deals were won by value of a column: six equal groups of numbers, each word, and the missing. Rows without an outcome tell nothing. */
export function learnEvidence(column: Column, outcome: Float64Array): Evidence {
  const edges = column.type === 'number' ? edgesOf(column.values) : []
  const levels = column.type === 'category' ? [...column.levels] : []
  const place = { edges, levels }
  const size = column.type === 'number' ? edges.length + 1 : levels.length
  const counts = Array.from({ length: size + 1 }, () => ({ n: 0, won: 0 }))
  for (let row = 0; row < outcome.length; row++) {
    if (Number.isNaN(outcome[row]!)) continue
    const count = counts[binOf(place, column, row) ?? size]!
    count.n++
    count.won += outcome[row]!
  }
  const bins = counts.map(({ n, won }) => ({ n, rate: n === 0 ? 0 : won / n }))
  return { column: column.info.name, edges, levels, bins: bins.slice(0, size), missing: bins[size]! }
}

/** What became of deals like that row, or null where there were too few of them. */
export function evidenceAt(evidence: Evidence, column: Column | undefined, row: number): { rate: number; n: number } | null {
  const bin = column ? binOf(evidence, column, row) : null
  const found = bin === null ? evidence.missing : evidence.bins[bin]
  return found && found.n >= LEAST ? { rate: found.rate, n: found.n } : null
}

/** Null where missing; -1 for a word that was not seen in training. */
function binOf(evidence: Pick<Evidence, 'edges' | 'levels'>, column: Column, row: number): number | null {
  if (column.type === 'category') {
    const word = wordAt(column, row)
    return word === null ? null : evidence.levels.indexOf(word)
  }
  const value = column.values[row]!
  if (Number.isNaN(value)) return null
  const bin = evidence.edges.findIndex((edge) => value <= edge)
  return bin < 0 ? evidence.edges.length : bin
}

function edgesOf(values: Float64Array): number[] {
  const sorted = sortedKnown(values)
  const distinct = [...new Set(sorted)]
  if (distinct.length <= BINS) return distinct.slice(0, -1)
  const edges = Array.from({ length: BINS - 1 }, (_, k) => sortedQuantile(sorted, (k + 1) / BINS))
  return [...new Set(edges)].filter((edge) => edge < sorted.at(-1)!)
}
