import { idSet } from './idSet.ts'
import { plainName, type SectionName } from './sections.ts'

const MOST_VALUES = 100_000
const MOST_NEAR = 10_000
const EXAMPLES = 10

/** Which key of a section names a record of which other section. */
export const REFERENCES: Readonly<Record<string, SectionName>> = {
  account: 'accounts',
  contact: 'contacts',
  deal: 'deals',
  product: 'products',
  owner: 'users',
  parent: 'accounts',
}

/** Keys that name no record. */
export interface Orphans {
  /** "deals.account" */
  readonly from: string
  readonly to: SectionName
  /** Rows whose key names no record there. */
  readonly rows: number
  /** Different keys among them. */
  readonly keys: number
  readonly examples: readonly string[]
  /** Keys that would name a record but for case, blanks and punctuation. */
  readonly nearMatches: readonly { readonly key: string; readonly meant: string; readonly rows: number }[]
  /** False when there were more different keys than are kept (100,000): the counts are of those kept. */
  readonly complete: boolean
}

/** The ids of a section, and their texts (the first 10,000) for near matches. */
export interface Targets {
  add(id: string): void
  has(id: string): boolean
  /** The id that is the same but for case, blanks and punctuation; null when there is none. */
  near(key: string): string | null
  readonly size: number
}

export function targets(): Targets {
  const ids = idSet()
  const texts = new Map<string, string>()
  return {
    add(id) {
      if (ids.add(id) && texts.size < MOST_NEAR) texts.set(plainName(id), id)
    },
    has: (id) => ids.has(id),
    near: (key) => texts.get(plainName(key)) ?? null,
    get size() {
      return ids.size
    },
  }
}

/** The keys that rows of one column name, each with its number of rows. */
export interface KeyCounter {
  add(key: string): void
  against(to: SectionName, known: Targets): Orphans
}

export function keyCounter(from: string): KeyCounter {
  const counts = new Map<string, number>()
  let complete = true
  return {
    add(key) {
      const before = counts.get(key)
      if (before === undefined && counts.size >= MOST_VALUES) complete = false
      else counts.set(key, (before ?? 0) + 1)
    },
    against(to, known) {
      const lost = [...counts].filter(([key]) => !known.has(key)).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      const nearMatches = lost.flatMap(([key, rows]) => {
        const meant = known.near(key)
        return meant === null ? [] : [{ key, meant, rows }]
      })
      return {
        from,
        to,
        rows: lost.reduce((sum, [, rows]) => sum + rows, 0),
        keys: lost.length,
        examples: lost.slice(0, EXAMPLES).map(([key]) => key),
        nearMatches: nearMatches.slice(0, EXAMPLES),
        complete,
      }
    },
  }
}
