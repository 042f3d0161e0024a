import type { Kind } from '@assay/shared'
import type { Control } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import { chunks, keyOf, lastOf } from './scope.ts'
import type { Scope } from './scope.ts'

/** A record that is told about again waits once, at the end of the line; whoever is to be erased stays so. */
export function told({ database, organisation, now }: Scope): Control['told'] {
  return {
    async add(connection, { changed, erased }) {
      const at = toInstant(now())
      const rows = lastOf(
        [...changed.map((one) => ({ ...one, what: 'changed' })), ...erased.map((one) => ({ ...one, what: 'erased' }))],
        (row) => keyOf(row.kind, row.id),
      )
      await database.transaction(async (inside) => {
        for (const some of chunks(rows)) {
          await inside.query(
            `insert into assay.told (org_id, connection, object, record_id, what, at)
             select $1, $2, kind, id, what, $3::timestamptz from json_to_recordset($4::json) as r(kind text, id text, what text)
             on conflict (org_id, connection, object, record_id) do update set seq = excluded.seq, at = excluded.at,
               what = case when assay.told.what = 'erased' then 'erased' else excluded.what end`,
            [organisation, connection, at, toJson(some)],
          )
        }
      })
    },
    waiting: (connection, what, limit) =>
      database.query<{ kind: Kind; id: string; seq: number }>(
        `select object as kind, record_id as id, seq from assay.told
         where org_id = $1 and connection = $2 and what = $3 order by seq limit $4`,
        [organisation, connection, what, limit],
      ),
    async done(connection, rows) {
      for (const some of chunks(rows)) {
        await database.query(
          `delete from assay.told using json_to_recordset($3::json) as r(kind text, id text, seq bigint)
           where org_id = $1 and connection = $2 and object = r.kind and record_id = r.id and told.seq = r.seq`,
          [organisation, connection, toJson(some)],
        )
      }
    },
  }
}
