import { setImmediate } from 'node:timers/promises'
import type { CrmRecord, Kind } from '@assay/shared'
import { columnsOf, type StoreColumn, versionTable } from './columns.ts'
import { instantText } from './instant.ts'
import type { Block, Driver } from './store.ts'

/** Records that are asked for at once: their ids travel as one parameter, and the answer is compared at a stretch. */
const AT_ONCE = 2_000

type Living = Exclude<CrmRecord, { readonly deleted: true }>
type Column = Block['columns'][string]

/**
 * Those of these records that say the very same as the newest version that is kept of them, and nothing earlier: somebody
 * touched the record in the CRM (mostly we, by writing a score) and changed nothing of the customer's. Two more versions of such
 * a record would answer every as-of question as one does. Tombstones are never among them. One query for each 2,000.
 */
export async function echoesAmong(driver: Driver, connection: string, records: readonly CrmRecord[]): Promise<ReadonlySet<CrmRecord>> {
  const echoes = new Set<CrmRecord>()
  const living = records.filter((record): record is Living => !record.deleted)
  for (const [kind, own] of Map.groupBy(living, (record) => record.kind)) {
    for (let start = 0; start < own.length; start += AT_ONCE) {
      const some = own.slice(start, start + AT_ONCE)
      for (const record of await same(driver, connection, kind, some)) echoes.add(record)
      await setImmediate()
    }
  }
  return echoes
}

async function same(driver: Driver, connection: string, kind: Kind, records: readonly Living[]): Promise<readonly Living[]> {
  const columns = columnsOf(kind)
  const byId = Map.groupBy(records, (record) => record.id)
  const found: Living[] = []
  const sql = `SELECT id, version, known_at, deleted, ${columns.map((column) => column.name).join(', ')}, toJSONString(attributes) AS held
    FROM ${versionTable(kind)} WHERE connection = {connection:String} AND id IN {ids:Array(String)}
    ORDER BY id, version DESC, received_at DESC LIMIT 1 BY id`
  for await (const block of driver.blocks(sql, { connection, ids: [...byId.keys()] })) {
    const { id, deleted, known_at: knownAt, version, held } = block.columns
    for (let row = 0; row < block.size; row++) {
      if (cell(deleted, row) !== 0) continue
      const own = byId.get(String(cell(id, row))) ?? []
      // Two versions of one record in one page: the later may differ from the earlier, so both are kept.
      const [record] = own
      if (own.length !== 1 || record === undefined) continue
      const older = record.version < Number(cell(version, row)) || record.knownAt < Number(cell(knownAt, row))
      if (!older && saysTheSame(record, columns, block, row) && sameAttributes(record, String(cell(held, row)))) found.push(record)
    }
  }
  return found
}

/** Null where the store holds NULL. */
function cell(column: Column | undefined, row: number): number | string | null {
  const value = column?.[row] ?? null
  return typeof value === 'number' && Number.isNaN(value) ? null : value
}

function saysTheSame(record: Living, columns: readonly StoreColumn[], block: Block, row: number): boolean {
  const body = record.body as Readonly<Record<string, string | number | boolean | null>>
  return columns.every((column) => kept(column, body[column.member] ?? null) === cell(block.columns[column.name], row))
}

/** A value as it comes back from the store. */
function kept({ type }: StoreColumn, value: string | number | boolean | null): number | string | null {
  if (value === null) return null
  if (type === 'instant') return instantText(Number(value)) === null ? null : Math.trunc(Number(value))
  if (type === 'flag') return value === true ? 1 : 0
  if (type === 'number') return Number.isFinite(Number(value)) ? Number(value) : null
  return String(value)
}

function sameAttributes(record: Living, held: string): boolean {
  const before = new Map(Object.entries(JSON.parse(held) as Record<string, string | null>))
  const now = Object.entries(record.attributes)
  return now.length === before.size && now.every(([name, value]) => before.get(name) === (value === null ? null : String(value)))
}
