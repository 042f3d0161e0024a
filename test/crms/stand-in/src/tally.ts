import { isWithin } from './family.ts'

/** What came in, counted. */
export interface RequestCounts {
  /** HTTP calls; one that carries several requests is one. */
  readonly total: number
  /** By family and what is below it, or by family and status; all without arguments. */
  count(family?: string, status?: number): number
  /** family → status → how many. */
  byFamily(): Readonly<Record<string, Readonly<Record<string, number>>>>
  reset(): void
}

export interface Tally extends RequestCounts {
  add(family: string, status: number): void
  /** A request within another one: no HTTP call of its own. */
  addWithin(family: string, status: number): void
}

export function createTally(): Tally {
  const counts = new Map<string, Map<number, number>>()
  let total = 0
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((left, right) => left + right, 0)
  const addWithin: Tally['addWithin'] = (family, status) => {
    const statuses = counts.get(family) ?? new Map<number, number>()
    counts.set(family, statuses)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  return {
    get total() {
      return total
    },
    count(family, status) {
      let matching = 0
      for (const [name, statuses] of counts)
        if (family === undefined || isWithin(family, name))
          matching += status === undefined ? sum(statuses.values()) : (statuses.get(status) ?? 0)
      return matching
    },
    byFamily: () => Object.fromEntries([...counts].map(([family, statuses]) => [family, Object.fromEntries(statuses)])),
    reset() {
      counts.clear()
      total = 0
    },
    add(family, status) {
      total += 1
      addWithin(family, status)
    },
    addWithin,
  }
}
