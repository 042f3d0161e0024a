import type { Receipt } from '@assay/shared'
import type { Control } from './control.ts'
import { toJson } from './parsers.ts'
import { keyOf, lastOf } from './scope.ts'
import type { Scope } from './scope.ts'

export function receipts({ database, organisation }: Scope): Control['receipts'] {
  return {
    async add(connection, receipt) {
      await database.query('insert into assay.receipt (org_id, connection, receipt) values ($1, $2, $3::json)', [
        organisation,
        connection,
        toJson(receipt),
      ])
    },
    async get(connection) {
      const rows = await database.query<{ receipt: Receipt }>(
        'select receipt from assay.receipt where org_id = $1 and connection = $2 order by seq',
        [organisation, connection],
      )
      const newest = rows.at(-1)?.receipt
      if (newest === undefined) return null
      const made = rows.flatMap((row) => row.receipt.made)
      return { ...newest, made: lastOf(made, (one) => keyOf(one.type, one.object, one.name)) }
    },
    async clear(connection) {
      await database.query('delete from assay.receipt where org_id = $1 and connection = $2', [organisation, connection])
    },
  }
}
