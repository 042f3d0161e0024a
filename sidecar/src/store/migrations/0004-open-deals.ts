import { identifier } from '../params.ts'
import { ON_EVERY_NODE } from '../store.ts'
import { localName } from '../tables.ts'
import type { Migration } from './migration.ts'

const COLUMNS = [
  'owner_id LowCardinality(Nullable(String))',
  'pipeline LowCardinality(Nullable(String))',
  'stage LowCardinality(Nullable(String))',
  'type LowCardinality(Nullable(String))',
  "created_at Nullable(DateTime64(3, 'UTC'))",
  "planned_close_at Nullable(DateTime64(3, 'UTC'))",
  "stage_since Nullable(DateTime64(3, 'UTC'))",
  'stage_dated UInt8',
  'amount_dated UInt8',
  'plan_dated UInt8',
  'owner_dated UInt8',
]

/** What a deal was on a day while it was open: its stage, its plan, its owner, and which of these its history dates. */
export const openDeals: Migration = {
  number: 4,
  name: 'open deals',
  tables: [],
  statements: ({ cluster }) => {
    const tables = cluster === null ? ['deal_day'] : [localName('deal_day', cluster), 'deal_day']
    const added = COLUMNS.map((column) => `ADD COLUMN IF NOT EXISTS ${column}`).join(', ')
    return tables.map((table) => `ALTER TABLE ${identifier(table)} ${ON_EVERY_NODE} ${added}`)
  },
}
