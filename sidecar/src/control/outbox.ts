import type { ScoreObject } from '@assay/shared'
import type { Control, OutboxRow } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import { chunks, keyOf, lastOf } from './scope.ts'
import type { Scope } from './scope.ts'

type Outbox = Control['outbox']

/**
 * The rows of these numbers ($1 organisation, $2 connection, $3 list), by one look into the index each: a table that fills up
 * within one publish has no statistics yet, and a plain join then reads all of it for every answer of the CRM.
 */
const NUMBERED = `ctid = any (array(
  select found.place from json_array_elements_text($3::json) as numbered (seq)
  cross join lateral (
    select ctid as place from assay.outbox as held
    where held.org_id = $1 and held.connection = $2 and held.seq = numbered.seq::bigint limit 1) as found))`

export function outbox({ database, organisation, now }: Scope): Outbox {
  const counted = async (table: 'outbox' | 'outbox_rejected', connection: string, object: ScoreObject | null): Promise<number> => {
    const rows = await database.query<{ total: number }>(
      `select count(*) as total from assay.${table} where org_id = $1 and connection = $2 and ($3::text is null or object = $3)`,
      [organisation, connection, object],
    )
    return rows[0]?.total ?? 0
  }
  return {
    async put(connection, run, rows) {
      const once = lastOf(rows, (row) => keyOf(row.object, row.id))
      await database.transaction(async (inside) => {
        for (const some of chunks(once)) {
          // A replaced row gets a new number: whoever acknowledges the old value then takes nothing off.
          await inside.query(
            `insert into assay.outbox (org_id, connection, run, object, record_id, fields, later)
             select $1, $2, $3, object, id, "values", "after"
             from json_to_recordset($4::json) as r(object text, id text, "values" json, "after" json)
             on conflict (org_id, connection, object, record_id) do update
             set seq = excluded.seq, run = excluded.run, fields = excluded.fields, later = excluded.later`,
            [organisation, connection, run, toJson(some.map(({ object, id, values, after }) => ({ object, id, values, after })))],
          )
        }
      })
    },
    waiting: (connection, after, limit, object) =>
      database.query<OutboxRow>(
        `select seq, object, record_id as id, fields as "values", later as "after" from assay.outbox
         where org_id = $1 and connection = $2 and seq > $3 and ($5::text is null or object = $5) order by seq limit $4`,
        [organisation, connection, after, limit, object ?? null],
      ),
    count: (connection, object) => counted('outbox', connection, object ?? null),
    async keepOnly(connection, run, object) {
      await database.query(
        `delete from assay.outbox where org_id = $1 and connection = $2 and run <> $3 and ($4::text is null or object = $4)`,
        [organisation, connection, run, object ?? null],
      )
    },
    async done(connection, seqs) {
      await database.transaction(async (inside) => {
        for (const some of chunks(seqs)) {
          // What was refused earlier and is written now is no open question any more.
          await inside.query(
            `with taken as (
               delete from assay.outbox
               where ${NUMBERED}
               returning object, record_id)
             delete from assay.outbox_rejected r using taken
             where r.org_id = $1 and r.connection = $2 and r.object = taken.object and r.record_id = taken.record_id`,
            [organisation, connection, toJson(some)],
          )
        }
      })
    },
    async reject(connection, rows) {
      const at = toInstant(now())
      const once = lastOf(rows, (row) => keyOf(row.object, row.id))
      await database.transaction(async (inside) => {
        for (const some of chunks(rows)) {
          await inside.query(
            `delete from assay.outbox
             where ${NUMBERED}`,
            [organisation, connection, toJson(some.map((row) => row.seq))],
          )
        }
        for (const some of chunks(once)) {
          await inside.query(
            `insert into assay.outbox_rejected (org_id, connection, object, record_id, why, fields, at)
             select $1, $2, object, id, why, "values", $3::timestamptz
             from json_to_recordset($4::json) as r(object text, id text, why text, "values" json)
             on conflict (org_id, connection, object, record_id) do update
             set why = excluded.why, fields = excluded.fields, at = excluded.at`,
            [organisation, connection, at, toJson(some.map((row) => ({ ...row, values: row.values ?? {} })))],
          )
        }
      })
    },
    async rejected(connection, limit) {
      const rows = await database.query<Awaited<ReturnType<Outbox['rejected']>>['rows'][number]>(
        `select object, record_id as id, why, at from assay.outbox_rejected
         where org_id = $1 and connection = $2 order by at desc, seq limit $3`,
        [organisation, connection, limit],
      )
      return { total: await counted('outbox_rejected', connection, null), rows }
    },
  }
}
