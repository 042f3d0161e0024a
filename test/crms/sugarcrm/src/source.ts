import type { Audit } from './audit.ts'
import type { Field } from './fields.ts'
import type { ModuleName } from './modules.ts'
import type { Facts } from './to-sugar.ts'
import type { Row } from './values.ts'

/** What the instance holds before anybody writes to it. Read-only; everything is computed when asked for. */
export interface Source {
  readonly facts: Facts
  get(module: ModuleName, id: string): Row | null
  /** Rows with a greater id, ascending by id, deleted ones too. */
  after(module: ModuleName, id: string | null): Iterable<Row>
  /** Ids of what was last modified in [from, to], ascending by instant and id, deleted ones too; the other way round when asked. */
  modified(module: ModuleName, from: number, to: number, backwards: boolean): Iterable<string>
  /** Rows that hang on one of these records, whatever the module; null where they cannot be found without reading everything. */
  below(module: ModuleName, parents: readonly string[]): Iterable<Row> | null
  /** About how many live rows there are: of a large company a sample is counted. */
  count(module: ModuleName): number
  /** The audit log of an opportunity, oldest first. */
  audit(id: string): readonly Audit[]
  /** The fields that only this company has. */
  customFields(): Readonly<Partial<Record<ModuleName, readonly Field[]>>>
  /** What occurs in dropdowns, by list. */
  picked(): Readonly<Record<string, readonly string[]>>
}
