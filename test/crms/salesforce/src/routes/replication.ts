import type { Exchange } from '../exchange.ts'
import type { ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'
import { ok, refuse, type Reply } from '../reply.ts'
import { instantOf, instantText, type Row } from '../values.ts'

const MINUTE = 60_000
const DAY = 86_400_000
/** How far back deletions and changes can be asked for. */
const WINDOW_DAYS = 15
const MOST_IDS = 600_000

const minute = (at: number): number => Math.floor(at / MINUTE) * MINUTE

/** [from, to) of a replication call, seconds cut off; refuses what Salesforce refuses. */
function windowOf(org: Org, { query }: Exchange): { from: number; to: number } {
  const [start, end] = [instantOf(query.get('start') ?? ''), instantOf(query.get('end') ?? '')]
  if (Number.isNaN(start) || Number.isNaN(end)) throw refuse(400, 'INVALID_REPLICATION_DATE', 'start and end must be dates and times')
  const [from, to] = [minute(start), minute(end)]
  if (to - from < MINUTE) throw refuse(400, 'INVALID_REPLICATION_DATE', 'endDate must be at least one minute greater than startDate')
  if (from < minute(org.now()) - WINDOW_DAYS * DAY)
    throw refuse(400, 'INVALID_REPLICATION_DATE', 'startDate before org replication enabled date')
  return { from, to }
}

/** Deleted rows of the window; those merged away are among them. */
export function deletedRoute(org: Org, object: ObjectName, exchange: Exchange): Reply {
  const { from, to } = windowOf(org, exchange)
  const gone = [...rowsIn(org, object, from, to)].filter((row) => row['IsDeleted'] === true)
  if (gone.length > MOST_IDS) throw refuse(400, 'EXCEEDED_ID_LIMIT', 'too many ids')
  const now = minute(org.now())
  return ok({
    deletedRecords: gone.map((row) => ({ deletedDate: instantText(Number(row['SystemModstamp'])), id: row['Id'] })),
    earliestDateAvailable: instantText(now - WINDOW_DAYS * DAY),
    latestDateCovered: instantText(Math.min(to, now)),
  })
}

export function updatedRoute(org: Org, object: ObjectName, exchange: Exchange): Reply {
  const { from, to } = windowOf(org, exchange)
  const changed = [...rowsIn(org, object, from, to)].filter((row) => row['IsDeleted'] !== true)
  if (changed.length > MOST_IDS) throw refuse(400, 'EXCEEDED_ID_LIMIT', 'too many ids')
  return ok({ ids: changed.map((row) => row['Id']), latestDateCovered: instantText(Math.min(to, minute(org.now()))) })
}

function* rowsIn(org: Org, object: ObjectName, from: number, to: number): Generator<Row> {
  const ids = org.store.modified(object, from, to)
  const rows = ids === null ? org.store.after(object, null, true) : [...ids].sort().map((id) => org.store.row(object, id))
  for (const row of rows) {
    const at = Number(row?.['SystemModstamp'])
    if (row !== null && at >= from && at < to) yield row
  }
}
