import type { CrmRecord, Kind } from '@assay/shared'
import { columnsOf, versionTable, type ColumnType, type StoreColumn } from './columns.ts'
import { instantText, instant } from './instant.ts'
import type { Driver } from './store.ts'

/** Rows of one insert: every insert makes a part on disk, and parts are merged later, so that few large ones cost less. */
const BATCH = 10_000

/** Keeps these versions; of two with the same (kind, id, version) the later one in the list. */
export async function append(driver: Driver, connection: string, records: readonly CrmRecord[], receivedAt: number): Promise<void> {
  const byKind = new Map<Kind, Map<string, CrmRecord>>()
  for (const record of records) {
    const own = byKind.get(record.kind) ?? new Map<string, CrmRecord>()
    byKind.set(record.kind, own.set(`${record.version} ${record.id}`, record))
  }
  for (const [kind, own] of byKind) await driver.insert(versionTable(kind), rowBatches(kind, connection, [...own.values()], receivedAt))
}

function* rowBatches(kind: Kind, connection: string, records: readonly CrmRecord[], receivedAt: number): Generator<readonly object[]> {
  const columns = columnsOf(kind)
  const received = instant(receivedAt)
  for (let start = 0; start < records.length; start += BATCH) {
    yield records.slice(start, start + BATCH).map((record) => rowOf(connection, columns, record, received))
  }
}

function rowOf(connection: string, columns: readonly StoreColumn[], record: CrmRecord, received: string): object {
  const row: Record<string, unknown> = {
    connection,
    id: record.id,
    version: Math.min(Math.max(Math.trunc(record.version), 0), Number.MAX_SAFE_INTEGER),
    known_at: instant(record.knownAt),
    received_at: received,
    deleted: record.deleted ? 1 : 0,
  }
  if (record.deleted) return { ...row, merged_into: record.mergedInto }
  const body = record.body as Readonly<Record<string, string | number | boolean | null>>
  for (const column of columns) row[column.name] = cell(column.type, body[column.member] ?? null)
  row['attributes'] = Object.fromEntries(
    Object.entries(record.attributes).map(([name, value]) => [name, value === null ? null : String(value)]),
  )
  return row
}

function cell(type: ColumnType, value: string | number | boolean | null): string | number | null {
  if (value === null) return null
  if (type === 'instant') return instantText(Number(value))
  if (type === 'flag') return value === true ? 1 : 0
  if (type === 'number') return Number.isFinite(Number(value)) ? Number(value) : null
  return String(value)
}
