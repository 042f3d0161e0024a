import type { Cursor, Kind } from '@assay/shared'
import type { Control } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import { chunks, keyOf, lastOf } from './scope.ts'
import type { Scope } from './scope.ts'

/** Reasons and places are for people to read; a whole payload in one of them is cut. */
const READABLE = 1000

export function cursors({ database, organisation }: Scope): Control['cursors'] {
  return {
    async get(connection, kind) {
      const rows = await database.query<{ cursor: Cursor }>(
        'select cursor from assay.cursor where org_id = $1 and connection = $2 and kind = $3',
        [organisation, connection, kind],
      )
      return rows[0]?.cursor ?? null
    },
    async set(connection, kind, cursor) {
      await database.query(
        `insert into assay.cursor (org_id, connection, kind, cursor) values ($1, $2, $3, $4)
         on conflict (org_id, connection, kind) do update set cursor = excluded.cursor`,
        [organisation, connection, kind, cursor],
      )
    },
    async clear(connection) {
      await database.query('delete from assay.cursor where org_id = $1 and connection = $2', [organisation, connection])
    },
  }
}

/** A record that is refused again is the same aside with a newer reason: reading twice does not count it twice. */
export function asides({ database, organisation, now }: Scope): Control['asides'] {
  return {
    async add(connection, rows) {
      const at = toInstant(now())
      const once = lastOf(
        rows.map((row) => ({ kind: row.kind, place: row.where.slice(0, READABLE), why: row.why.slice(0, READABLE) })),
        (row) => keyOf(row.kind, row.place),
      )
      await database.transaction(async (inside) => {
        for (const some of chunks(once)) {
          await inside.query(
            `insert into assay.aside (org_id, connection, kind, place, why, at)
             select $1, $2, kind, place, why, $3::timestamptz from json_to_recordset($4::json) as r(kind text, place text, why text)
             on conflict (org_id, connection, kind, place) do update set why = excluded.why, at = excluded.at`,
            [organisation, connection, at, toJson(some)],
          )
        }
      })
    },
    async list(connection, limit) {
      const counted = await database.query<{ total: number }>(
        'select count(*) as total from assay.aside where org_id = $1 and connection = $2',
        [organisation, connection],
      )
      const rows = await database.query<{ kind: Kind; where: string; why: string; at: number }>(
        'select kind, place as "where", why, at from assay.aside where org_id = $1 and connection = $2 order by at desc, seq limit $3',
        [organisation, connection, limit],
      )
      return { total: counted[0]?.total ?? 0, rows }
    },
  }
}
