import type { LiveRecord } from '@assay/shared'
import type { ObjectType } from './object-types.ts'

/** What the portal holds before anybody writes to it. Read-only; everything is computed when asked for. */
export interface Source {
  /** Epoch ms of the last instant of its history: nothing in it was modified later. */
  readonly today: number
  readonly currency: string
  /** One unit of that currency in home currency. */
  readonly rates: Readonly<Record<string, number>>
  readonly users: readonly LiveRecord<'user'>[]
  get(type: ObjectType, id: string): LiveRecord | null
  /** Records of a type with a greater id, ascending by id. */
  after(type: ObjectType, id: string | null): Iterable<LiveRecord>
  /** Every record, ascending by id within its type: what a look at all types costs one pass for. */
  everything(): Iterable<readonly [ObjectType, LiveRecord]>
  /** Ids of `to` records that hang together with the given record, parents and children alike, ascending. */
  linked(from: ObjectType, id: string, to: ObjectType): readonly string[]
  /** Changes of a deal's stage, amount, close date and owner, oldest first. */
  history(dealId: string): readonly LiveRecord<'dealHistory'>[]
  /** Merged away before today: into which record; null when it was not. */
  mergedInto(type: ObjectType, id: string): string | null
  /** What was merged into this record before today, and when; oldest first. */
  losersOf(type: ObjectType, id: string): readonly Deleted[]
  /** Deleted before today, from a position on: a stretch at a time, so that no call scans the whole world. `next` is null at the end. */
  deleted(type: ObjectType, position: number): { readonly records: readonly Deleted[]; readonly next: number | null }
  /** A sample that shows which values and columns occur. */
  sample(): Iterable<LiveRecord>
}

export interface Deleted {
  readonly id: string
  readonly at: number
}

/** A portal that nobody has filled yet. */
export const EMPTY_SOURCE: Source = {
  today: 0,
  currency: 'USD',
  rates: {},
  users: [],
  get: () => null,
  after: () => [],
  everything: () => [],
  linked: () => [],
  history: () => [],
  mergedInto: () => null,
  losersOf: () => [],
  deleted: () => ({ records: [], next: null }),
  sample: () => [],
}
