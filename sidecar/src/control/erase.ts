import type { Kind } from '@assay/shared'
import type { Control, Database } from './control.ts'
import { toJson } from './parsers.ts'
import type { Scope } from './scope.ts'

/** Tables with a row of their own for a record, named as (object, record_id). */
const RECORD_TABLES = ['told', 'outbox', 'outbox_rejected', 'alert_state', 'alert_sent', 'feedback'] as const
/** Documents that may name a record among others, in lists of `{ id, … }`. */
const DOCUMENTS = [
  { table: 'run', column: 'detail' },
  { table: 'model', column: 'report' },
] as const

export function erase({ database, organisation }: Scope): Control['erase'] {
  return (connection, object, id) =>
    database.transaction(async (inside) => {
      const removed: Record<string, number> = {}
      for (const table of RECORD_TABLES) {
        const rows = await inside.query(
          `delete from assay.${table} where org_id = $1 and connection = $2 and object = $3 and record_id = $4 returning 1 as one`,
          [organisation, connection, object, id],
        )
        removed[table] = rows.length
      }
      const aside = await inside.query(
        'delete from assay.aside where org_id = $1 and connection = $2 and kind = $3 and place = $4 returning 1 as one',
        [organisation, connection, object, id],
      )
      removed['aside'] = aside.length
      for (const { table, column } of DOCUMENTS) {
        removed[table] = await eraseFromDocuments(inside, { organisation, connection, object, id, table, column })
      }
      return removed
    })
}

interface Where {
  readonly organisation: string
  readonly connection: string
  readonly object: Kind
  readonly id: string
  readonly table: string
  readonly column: string
}

async function eraseFromDocuments(database: Database, { organisation, connection, object, id, table, column }: Where): Promise<number> {
  const rows = await database.query<{ id: string; document: unknown }>(
    `select id, ${column} as document from assay.${table} where org_id = $1 and connection = $2 and strpos(${column}::text, $3) > 0`,
    [organisation, connection, JSON.stringify(id)],
  )
  let changed = 0
  for (const row of rows) {
    const without = withoutRecord(row.document, object, id)
    if (toJson(without) === toJson(row.document)) continue
    await database.query(`update assay.${table} set ${column} = $3::json where org_id = $1 and id = $2`, [
      organisation,
      row.id,
      toJson(without),
    ])
    changed += 1
  }
  return changed
}

/** The same document without the list entries that are about this record: `{ id }`, of this `object` where they name one. */
export function withoutRecord(document: unknown, object: Kind, id: string): unknown {
  const isIt = (member: unknown): boolean =>
    typeof member === 'object' &&
    member !== null &&
    'id' in member &&
    member.id === id &&
    (!('object' in member) || member.object === object)
  if (Array.isArray(document)) return document.filter((member) => !isIt(member)).map((member: unknown) => withoutRecord(member, object, id))
  if (typeof document !== 'object' || document === null) return document
  return Object.fromEntries(Object.entries(document).map(([key, member]) => [key, withoutRecord(member, object, id)]))
}
