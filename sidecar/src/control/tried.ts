import type { ScoreObject, ScoreValue } from '@assay/shared'
import type { Control, OutboxRow } from './control.ts'
import { toJson } from './parsers.ts'

type Plane = Pick<Control, 'database' | 'organisation'>
type Values = Readonly<Record<string, ScoreValue>>

/** What was tried with some records and did not end as written. */
export interface Tried {
  /** Rows that an earlier publish left in the outbox: perhaps sent, perhaps not. By record id. */
  readonly waiting: ReadonlyMap<string, OutboxRow>
  /** What the CRM refused last, and when (epoch ms). By record id. */
  readonly rejected: ReadonlyMap<string, { readonly values: Values; readonly at: number }>
}

export async function tried(
  { database, organisation }: Plane,
  connection: string,
  object: ScoreObject,
  ids: readonly string[],
): Promise<Tried> {
  const params = [organisation, connection, object, toJson(ids)]
  const among = (table: 'outbox' | 'outbox_rejected', columns: string): string =>
    // From the list to the rows, one look into the key each: a table that fills up within one publish has no statistics yet, and a
    // plain join then reads all of it for every page.
    `select found.* from json_array_elements_text($4::json) as asked (record_id)
     cross join lateral (
       select ${columns} from assay.${table} as held
       where held.org_id = $1 and held.connection = $2 and held.object = $3 and held.record_id = asked.record_id limit 1) as found`
  const waiting = await database.query<OutboxRow>(
    among('outbox', 'seq, object, record_id as id, fields as "values", later as "after"'),
    params,
  )
  const rejected = await database.query<{ id: string; values: Values; at: number }>(
    among('outbox_rejected', 'record_id as id, fields as "values", at'),
    params,
  )
  return { waiting: new Map(waiting.map((row) => [row.id, row])), rejected: new Map(rejected.map((row) => [row.id, row])) }
}

/** Rows that wait from any publish but this one, oldest first, in pages. */
export const leftOver = (
  { database, organisation }: Plane,
  connection: string,
  run: string,
  after: number,
  limit: number,
): Promise<readonly OutboxRow[]> =>
  database.query<OutboxRow>(
    `select seq, object, record_id as id, fields as "values", later as "after" from assay.outbox
     where org_id = $1 and connection = $2 and run <> $3 and seq > $4 order by seq limit $5`,
    [organisation, connection, run, after, limit],
  )
