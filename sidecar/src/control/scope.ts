import type { Claims } from './claims.ts'
import type { Database } from './control.ts'
import type { Vault } from './secrets.ts'

/** What every part of the control plane works with. `organisation` stands in every query it makes. */
export interface Scope {
  readonly database: Database
  readonly organisation: string
  readonly vault: Vault
  readonly claim: Claims
  /** Epoch ms. */
  readonly now: () => number
}

/** Rows that go to the database in one statement: enough to be fast, little enough to stay a small text. */
const ROWS_AT_ONCE = 5000

export function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) yield rows.slice(start, start + ROWS_AT_ONCE)
}

/** The last row for each key: one statement may not change the same row twice. */
export function lastOf<T>(rows: readonly T[], key: (row: T) => string): readonly T[] {
  const last = new Map<string, T>()
  for (const row of rows) {
    // Deleted first, so that a row that is said again also takes its later place in the line.
    last.delete(key(row))
    last.set(key(row), row)
  }
  return last.size === rows.length ? rows : [...last.values()]
}

/** A key of several words that no other words give. */
export const keyOf = (...words: readonly (string | number)[]): string => JSON.stringify(words)
