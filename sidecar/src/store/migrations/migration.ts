import type { Table } from '../tables.ts'

/** One numbered step. Never changed once it is out there: what comes later gets the next number. */
export interface Migration {
  readonly number: number
  readonly name: string
  /** Tables that this step makes. */
  readonly tables: readonly Table[]
  /** Statements on tables of earlier steps, run on every node; they must bear being run twice (`IF NOT EXISTS`). */
  readonly statements?: (layout: { readonly database: string; readonly cluster: string | null }) => readonly string[]
}
