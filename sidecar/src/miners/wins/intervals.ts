import type { Table } from './table.ts'

/** Ends of the intervals of a horizon: a week, then each as long as all before it together. */
export function edgesOf(horizonDays: number): number[] {
  const edges: number[] = []
  for (let end = 7; end < horizonDays * 0.8; end *= 2) edges.push(end)
  return [...edges, horizonDays]
}

/** Rows of a table once for each interval in which they were seen to the end. */
export interface Periods {
  readonly row: Int32Array
  readonly interval: Int32Array
  /** 1 where the deal ended in that interval. */
  readonly ended: Float64Array
  /** 1 where it was won then; of use where it ended. */
  readonly won: Float64Array
}

/**
 * Discrete time: a deal is at risk in every interval until it ends or is seen no longer (Allison 1982, Sociological Methodology
 * 13:61; competing risks as in Tutz & Schmid 2016, 8.1). An interval that was seen in part only tells nothing.
 */
export function periodsOf(table: Table, edges: readonly number[]): Periods {
  const row: number[] = []
  const interval: number[] = []
  const ended: number[] = []
  const won: number[] = []
  for (let i = 0; i < table.size; i++) {
    const how = table.how[i]!
    for (let k = 0; how >= 0 && k < edges.length; k++) {
      const ends = how > 0 && table.days[i]! <= edges[k]!
      if (!ends && table.days[i]! < edges[k]!) break
      row.push(i)
      interval.push(k)
      ended.push(ends ? 1 : 0)
      won.push(ends && how === 1 ? 1 : 0)
      if (ends) break
    }
  }
  return { row: Int32Array.from(row), interval: Int32Array.from(interval), ended: Float64Array.from(ended), won: Float64Array.from(won) }
}

/** Those of them in which a deal ended. */
export function endingPeriods(periods: Periods): Periods {
  const kept = [...periods.row.keys()].filter((at) => periods.ended[at] === 1)
  return {
    row: Int32Array.from(kept, (at) => periods.row[at]!),
    interval: Int32Array.from(kept, (at) => periods.interval[at]!),
    ended: new Float64Array(kept.length).fill(1),
    won: Float64Array.from(kept, (at) => periods.won[at]!),
  }
}
