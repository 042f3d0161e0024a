import type { Kind } from '@assay/shared'
import type { Column } from './columns.ts'
import type { TableHead } from './detect.ts'
import type { Meaning } from './given.ts'
import type { SectionName } from './sections.ts'

/** A flat outcome and where its value is found. */
export interface Outcome {
  readonly meaning: Meaning
  /** The attribute of the section's records that holds it. */
  readonly attribute: string
  /** The value of that attribute, as text, that says it happened. Any other says it did not; null is not said. */
  readonly positive: string
  /** Set when it lives in another file, joined by the record's id. */
  readonly from: { readonly head: TableHead; readonly id: number; readonly value: number | null; readonly at: Column | null } | null
  /** True when nobody named it and its column's name gave it away. */
  readonly found: boolean
}

/** One section with its file opened: every column has its place and its format. */
export interface Section {
  readonly name: SectionName
  readonly kind: Kind | null
  readonly head: TableHead
  /** By key of `mapping.json`. */
  readonly columns: Readonly<Record<string, Column>>
  readonly attributes: readonly Column[]
  readonly order: 'file' | null
  readonly ignore: readonly string[]
  readonly stable: readonly string[]
  readonly outcome: Outcome | null
  /** True: every deal is won on the day it closes. */
  readonly won: boolean
  /** Stages that mean won and lost; null takes them by their words. */
  readonly stages: { readonly won: ReadonlySet<string>; readonly lost: ReadonlySet<string> } | null
  /** True when several rows may belong to one record: the file also holds records of a finer kind. The first row speaks. */
  readonly distinct: boolean
  /** A column of deals whose numbers below nothing say that the row is a return and no order, where no amount says it. */
  readonly returned: Column | null
  /** Columns of money whose sign or code says the currency of a row, where no column does. */
  readonly money: readonly number[]
  /** Columns that say when something of this file took place, where the section itself has none (lines of an invoice). */
  readonly when: readonly Column[]
}

/** What a folder of exports holds: what `mapping.json` says, completed by what was found. */
export interface Mapping {
  readonly folder: string
  /** The mapping.json that was read, or null. */
  readonly source: string | null
  readonly horizonDays: number | null
  /** ISO dates; empty means: choose and pool. */
  readonly judgeAt: readonly string[]
  readonly currency: string | null
  /** ISO date; null means: the newest event. */
  readonly today: string | null
  /** Null means: propose it from the data. */
  readonly unit: 'account' | 'contact' | null
  readonly sections: Readonly<Partial<Record<SectionName, Section>>>
  /** Files that hold nothing for us, each with the reason; `broken` when they cannot be read at all. */
  readonly unused: readonly { readonly file: string; readonly why: string; readonly broken: boolean }[]
  /** What was decided without being told, one sentence each. */
  readonly notes: readonly string[]
}
