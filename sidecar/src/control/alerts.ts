import type { AlertState, Control } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import { chunks, keyOf, lastOf } from './scope.ts'
import type { Scope } from './scope.ts'

type Alerts = Control['alerts']

export function alerts({ database, organisation }: Scope): Alerts {
  return {
    states: (connection) =>
      database.query<AlertState>(
        `select object, record_id as id, band, since, pending, model, task_key as "taskKey", task_id as "taskId"
         from assay.alert_state where org_id = $1 and connection = $2 order by object, record_id`,
        [organisation, connection],
      ),
    async save(connection, states) {
      const once = lastOf(states, (state) => keyOf(state.object, state.id)).map((state) => ({ ...state, since: toInstant(state.since) }))
      await database.transaction(async (inside) => {
        for (const some of chunks(once)) {
          await inside.query(
            `insert into assay.alert_state (org_id, connection, object, record_id, band, since, pending, model, task_key, task_id)
             select $1, $2, object, id, band, since, pending, model, "taskKey", "taskId"
             from json_to_recordset($3::json)
               as r(object text, id text, band text, since timestamptz, pending json, model text, "taskKey" text, "taskId" text)
             on conflict (org_id, connection, object, record_id) do update
             set band = excluded.band, since = excluded.since, pending = excluded.pending, model = excluded.model,
                 task_key = excluded.task_key, task_id = excluded.task_id`,
            [organisation, connection, toJson(some)],
          )
        }
      })
    },
    async sentSince(connection, since) {
      // A digest is one task about many records, so tasks are counted, not rows.
      const rows = await database.query<{ owner: string; tasks: number }>(
        `select owner, count(distinct task_key) as tasks from assay.alert_sent
         where org_id = $1 and connection = $2 and at >= $3::timestamptz group by owner`,
        [organisation, connection, toInstant(since)],
      )
      return Object.fromEntries(rows.map((row) => [row.owner, row.tasks]))
    },
    async logSent(connection, sent) {
      const once = lastOf(sent, (one) => keyOf(one.taskKey, one.object, one.id)).map((one) => ({ ...one, at: toInstant(one.at) }))
      await database.transaction(async (inside) => {
        for (const some of chunks(once)) {
          // A step that was killed and runs again logs the same task again: its first instant stays.
          await inside.query(
            `insert into assay.alert_sent (org_id, connection, task_key, object, record_id, owner, reason, at)
             select $1, $2, "taskKey", object, id, owner, reason, at
             from json_to_recordset($3::json) as r("taskKey" text, object text, id text, owner text, reason text, at timestamptz)
             on conflict (org_id, connection, task_key, object, record_id) do nothing`,
            [organisation, connection, toJson(some)],
          )
        }
      })
    },
    list: (connection, limit) =>
      database.query<Awaited<ReturnType<Alerts['list']>>[number]>(
        `select owner, object, record_id as id, at, reason from assay.alert_sent
         where org_id = $1 and connection = $2 order by at desc, seq limit $3`,
        [organisation, connection, limit],
      ),
  }
}
