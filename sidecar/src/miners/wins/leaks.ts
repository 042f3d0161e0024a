import { auc } from '../../numeric/auc.ts'
import { hashUnit } from '../../numeric/rng.ts'
import type { WinsModel } from './model.ts'
import { type Table, wordAt } from './table.ts'

/** Fields of which only today's word is known: it may have been set when the deal ended. */
const OF_TODAY: ReadonlySet<string> = new Set(['pipeline', 'type'])
/** Alone it ranks this well: it has seen the ending. */
const TOO_GOOD = 0.9
/** That it is filled in at all tells this much. */
const TELLING_GAPS = 0.75
const PRIOR = 20

/** Columns of today that know more than they could have known. */
export function findLeaks(table: Table): WinsModel['leaks'] {
  const rows = Array.from({ length: table.size }, (_, row) => row).filter((row) => !Number.isNaN(table.outcome[row]!))
  const outcome = rows.map((row) => table.outcome[row]!)
  return table.columns.flatMap((column) => {
    const { name, label } = column.info
    if (!OF_TODAY.has(name) || column.type !== 'category') return []
    const gaps = Math.abs(
      auc(
        rows.map((row) => (wordAt(column, row) === null ? 1 : 0)),
        outcome,
      ) - 0.5,
    )
    if (gaps + 0.5 > TELLING_GAPS) return [{ column: name, label, auc: gaps + 0.5, why: 'whether it is filled in gives the ending away' }]
    const alone = auc(
      ratesOfOthers(
        rows.map((row) => wordAt(column, row)),
        rows.map((row) => hashUnit(`leak/${table.ids[row]!}`) < 0.5),
        outcome,
      ),
      outcome,
    )
    return alone > TOO_GOOD
      ? [{ column: name, label, auc: alone, why: 'alone it ranks better than anything known before the ending could' }]
      : []
  })
}

/** By row, how often deals with its word were won among the deals of the other half. */
function ratesOfOthers(words: readonly (string | null)[], half: readonly boolean[], outcome: readonly number[]): number[] {
  const average = outcome.reduce((sum, y) => sum + y, 0) / Math.max(1, outcome.length)
  const halves = [new Map<string | null, { n: number; won: number }>(), new Map<string | null, { n: number; won: number }>()]
  words.forEach((word, i) => {
    const counts = halves[half[i] ? 1 : 0]!
    const known = counts.get(word) ?? { n: 0, won: 0 }
    counts.set(word, { n: known.n + 1, won: known.won + outcome[i]! })
  })
  return words.map((word, i) => {
    const other = halves[half[i] ? 0 : 1]!.get(word) ?? { n: 0, won: 0 }
    return (other.won + PRIOR * average) / (other.n + PRIOR)
  })
}
