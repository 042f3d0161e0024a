import type { Control } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import type { Scope } from './scope.ts'

export function decisions({ database, organisation, now }: Scope): Control['decisions'] {
  return {
    async get<T>(connection: string, key: string) {
      const rows = await database.query<{ value: T }>(
        'select value from assay.decision where org_id = $1 and connection = $2 and key = $3',
        [organisation, connection, key],
      )
      return rows[0]?.value ?? null
    },
    async set(connection, key, value, by) {
      await database.query(
        `insert into assay.decision (org_id, connection, key, value, decided_by, at) values ($1, $2, $3, $4::json, $5, $6::timestamptz)
         on conflict (org_id, connection, key) do update set value = excluded.value, decided_by = excluded.decided_by, at = excluded.at`,
        [organisation, connection, key, toJson(value), by, toInstant(now())],
      )
    },
  }
}
