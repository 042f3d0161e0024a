import type { Field } from './fields.ts'
import type { ObjectName } from './objects.ts'
import type { Stage } from './to-salesforce.ts'
import type { Row } from './values.ts'

/** What the org holds before anybody writes to it. Read-only; everything is computed when asked for. */
export interface Source {
  /** Epoch ms of the last instant of its history: nothing in it was modified later. */
  readonly today: number
  readonly currency: string
  /** One unit of that currency in home currency. */
  readonly rates: Readonly<Record<string, number>>
  get(object: ObjectName, id: string): Row | null
  /** Rows with a greater id, ascending by id, with those that were deleted or merged away. */
  after(object: ObjectName, id: string | null): Iterable<Row>
  /** Ids of what was last modified in [from, to), in no order, deleted ones too; null where the source keeps no such index. */
  modified(object: ObjectName, from: number, to: number): readonly string[] | null
  /** Rows that hang on one of these parents, whatever the object; null where they cannot be found without reading everything. */
  below(object: ObjectName, parents: readonly string[]): Iterable<Row> | null
  /** About how many live rows there are: of a large company a sample is counted. */
  count(object: ObjectName): number
  /** The fields that only this company has. */
  customFields(): Readonly<Partial<Record<ObjectName, readonly Field[]>>>
  /** What occurs in picklists, by object and field. */
  picked(): Readonly<Record<string, readonly string[]>>
  /** The stages that occur. */
  stages(): ReadonlyMap<string, Stage>
}

/** An org that nobody has filled yet. */
export const EMPTY_SOURCE: Source = {
  today: 0,
  currency: 'EUR',
  rates: { EUR: 1 },
  get: () => null,
  after: () => [],
  modified: () => [],
  below: () => [],
  count: () => 0,
  customFields: () => ({}),
  picked: () => ({}),
  stages: () => new Map(),
}
