import type { Control } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import { chunks, keyOf, lastOf } from './scope.ts'
import type { Scope } from './scope.ts'

type Feedback = Control['feedback']

export function feedback({ database, organisation }: Scope): Feedback {
  return {
    async put(connection, rows) {
      const once = lastOf(rows, (row) => keyOf(row.object, row.id, row.offer, row.at)).map((row) => ({ ...row, at: toInstant(row.at) }))
      await database.transaction(async (inside) => {
        for (const some of chunks(once)) {
          await inside.query(
            `insert into assay.feedback (org_id, connection, object, record_id, offer, at, response)
             select $1, $2, object, id, offer, at, response
             from json_to_recordset($3::json) as r(object text, id text, offer text, at timestamptz, response text)
             on conflict (org_id, connection, object, record_id, offer, at) do update set response = excluded.response`,
            [organisation, connection, toJson(some)],
          )
        }
      })
    },
    list: (connection) =>
      database.query<Awaited<ReturnType<Feedback['list']>>[number]>(
        `select object, record_id as id, offer, response, at from assay.feedback
         where org_id = $1 and connection = $2 order by at, object, record_id, offer`,
        [organisation, connection],
      ),
    of: (connection, object, id) =>
      database.query<Awaited<ReturnType<Feedback['of']>>[number]>(
        `select offer, response, at from assay.feedback
         where org_id = $1 and connection = $2 and object = $3 and record_id = $4 order by at, offer`,
        [organisation, connection, object, id],
      ),
    async remove(connection, { object, id, offer, at }) {
      await database.query(
        `delete from assay.feedback
         where org_id = $1 and connection = $2 and object = $3 and record_id = $4 and offer = $5 and at = $6`,
        [organisation, connection, object, id, offer, toInstant(at)],
      )
    },
  }
}
