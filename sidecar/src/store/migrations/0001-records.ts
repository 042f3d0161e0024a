import { KINDS } from '@assay/shared'
import { versionTable } from '../columns.ts'
import { versions } from '../tables.ts'
import type { Migration } from './migration.ts'

/** One table of versions for every kind of record. */
export const records: Migration = {
  number: 1,
  name: 'records',
  tables: KINDS.map((kind) => versions(kind, versionTable(kind))),
}
