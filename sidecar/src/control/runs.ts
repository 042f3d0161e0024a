import { randomUUID } from 'node:crypto'
import type { Control, Run } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import type { Scope } from './scope.ts'

const COLUMNS = 'id, connection, step, started_at as "startedAt", finished_at as "finishedAt", state, detail'

export function runs({ database, organisation, now }: Scope): Control['runs'] {
  const end = async (id: string, state: Run['state'], detail: Readonly<Record<string, unknown>>): Promise<void> => {
    await database.query(
      'update assay.run set state = $3, detail = $4::json, finished_at = $5::timestamptz where org_id = $1 and id = $2',
      [organisation, id, state, toJson(detail), toInstant(now())],
    )
  }
  return {
    async start(step, connection) {
      const rows = await database.query<Run>(
        `insert into assay.run (org_id, id, connection, step, started_at, state, detail)
         values ($1, $2, $3, $4, $5::timestamptz, 'running', '{}') returning ${COLUMNS}`,
        [organisation, randomUUID(), connection, step, toInstant(now())],
      )
      return rows[0]!
    },
    finish: (id, detail) => end(id, 'done', detail),
    fail: (id, why) => end(id, 'failed', { why }),
    async last(step, connection) {
      const rows = await database.query<Run>(
        `select ${COLUMNS} from assay.run where org_id = $1 and step = $2 and connection is not distinct from $3 order by seq desc limit 1`,
        [organisation, step, connection],
      )
      return rows[0] ?? null
    },
    list: (limit) =>
      database.query<Run>(`select ${COLUMNS} from assay.run where org_id = $1 order by seq desc limit $2`, [organisation, limit]),
  }
}

/** Runs that a killed process left behind. Only the one owner of an embedded database can know that nobody else runs them. */
export async function endAbandonedRuns({ database, organisation, now }: Scope): Promise<void> {
  await database.query(
    `update assay.run set state = 'failed', finished_at = $2::timestamptz, detail = $3::json where org_id = $1 and state = 'running'`,
    [organisation, toInstant(now()), toJson({ why: 'the process ended before this step did; the next run goes on where it stopped' })],
  )
}
