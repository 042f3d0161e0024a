import type { Column } from '@assay/shared'
import { sortedKnown, sortedQuantile } from '../../numeric/quantile.ts'
import type { Evidence } from './model.ts'
import type { Table } from './table.ts'

const BINS = 8
/** Fewer customers than this are no evidence. */
const LEAST = 30
/** Share of the range of the training rows by which a value may leave it. */
const BEYOND = 0.1

/** How often the event happened by value of a column: eight equal groups of numbers, each word, and the missing. */
export function learnEvidence(column: Column, outcome: Float64Array): Evidence {
  const edges = column.type === 'number' ? edgesOf(column.values) : []
  const levels = column.type === 'category' ? [...column.levels] : []
  const [low, high] = column.type === 'number' ? rangeOf(column.values) : [0, 0]
  const empty = { column: column.info.name, edges, levels, bins: [], missing: { n: 0, rate: 0 }, low, high }
  const size = column.type === 'number' ? edges.length + 1 : levels.length
  const counts = Array.from({ length: size + 1 }, () => ({ n: 0, positives: 0 }))
  for (let row = 0; row < outcome.length; row++) {
    const count = counts[binOf(empty, column, row) ?? size]!
    count.n++
    count.positives += outcome[row]!
  }
  const bins = counts.map(({ n, positives }) => ({ n, rate: n === 0 ? 0 : positives / n }))
  return { ...empty, bins: bins.slice(0, size), missing: bins[size]! }
}

/** What happened to customers like that row, or null where there were too few of them. */
export function evidenceAt(evidence: Evidence, column: Column | undefined, row: number): { rate: number; n: number } | null {
  const bin = column ? binOf(evidence, column, row) : null
  const found = bin === null ? evidence.missing : evidence.bins[bin]
  return found && found.n >= LEAST ? { rate: found.rate, n: found.n } : null
}

/** Whether that row says something no training row came near: a line drawn on from there means nothing. */
export function isBeyond(evidence: Evidence, column: Column | undefined, row: number): boolean {
  if (column?.type !== 'number') return false
  const margin = (evidence.high - evidence.low) * BEYOND
  return column.values[row]! > evidence.high + margin || column.values[row]! < evidence.low - margin
}

function rangeOf(values: Float64Array): [number, number] {
  const known = values.filter(Number.isFinite)
  return known.length === 0 ? [0, 0] : [known.reduce((a, b) => Math.min(a, b), Infinity), known.reduce((a, b) => Math.max(a, b), -Infinity)]
}

/** Null where missing; -1 for a word that was not seen in training. */
function binOf(evidence: Pick<Evidence, 'edges' | 'levels'>, column: Column, row: number): number | null {
  if (column.type === 'category') return column.codes[row]! < 0 ? null : evidence.levels.indexOf(column.levels[column.codes[row]!]!)
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

/** The table's column of that evidence. */
export const columnFor = (evidence: Evidence, table: Table): Column | undefined =>
  table.columns.find((c) => c.info.name === evidence.column)
