import type { Exchange, Route } from '../exchange.ts'
import { idOf } from '../ids.ts'
import type { Org } from '../org.ts'
import { methodNotAllowed, ok, refuse, type Reply } from '../reply.ts'
import { aggregated } from '../soql/aggregate.ts'
import { planOf, type Plan } from '../soql/plan.ts'
import { record } from '../soql/present.ts'
import type { Snapshot } from '../store.ts'

/** How large the pages of a query are. */
export interface PageSettings {
  /** Rows at most, however many are asked for. Default 2000. */
  readonly most: number
  /** Pages come with fewer rows than asked for, at random. */
  readonly short: boolean
  /** How long a result can be fetched, in ms on the clock. Default 2 days. */
  readonly locatorMs: number
  /** How many results one user may have open. The oldest is given up for a new one. Default 10. */
  readonly open: number
}

interface Cursor {
  readonly plan: Plan
  readonly ids: readonly string[]
  readonly snapshot: Snapshot
  readonly userId: string
  readonly expiresAt: number
  readonly batchSize: number
}

const SMALLEST_BATCH = 200
const LONGEST_QUERY = 100_000

export interface QueryRoutes {
  readonly route: Route
  /** Every result that is still open is gone. */
  expireLocators(): void
}

/** `/query`, `/queryAll` and the pages after the first. */
export function queryRoutes(org: Org, settings: () => PageSettings, random: () => number): QueryRoutes {
  const cursors = new Map<string, Cursor>()
  let made = 0

  const forget = (key: string): void => {
    cursors.get(key)?.snapshot.close()
    cursors.delete(key)
  }

  const first = (exchange: Exchange): Reply => {
    const soql = exchange.query.get('q')
    if (soql === null) throw refuse(400, 'MALFORMED_QUERY', 'A query string has to be specified')
    if (soql.length > LONGEST_QUERY) throw refuse(400, 'QUERY_TOO_COMPLICATED', 'SOQL statements cannot be longer than 100,000 characters.')
    const snapshot = org.store.snapshot()
    const asking = { org, userId: exchange.userId, all: exchange.rest[0] === 'queryAll', asOf: snapshot.revision }
    try {
      const plan = planOf(soql, asking)
      if (plan.query.isCount || plan.query.aggregates.length > 0 || plan.query.groupBy.length > 0) {
        snapshot.close()
        return aggregated(plan, asking)
      }
      const ids = plan.sorted() ?? [...plan.rows(null)].map((row) => String(row['Id']))
      const { most, locatorMs } = settings()
      const asked = Number(/batchSize=(\d+)/.exec(String(exchange.headers['sforce-query-options'] ?? ''))?.[1] ?? 2000)
      const batchSize = Math.min(most, Math.max(SMALLEST_BATCH, Math.min(2000, asked)))
      const cursor: Cursor = { plan, ids, snapshot, userId: exchange.userId, expiresAt: org.now() + locatorMs, batchSize }
      return page(cursor, null, 0, exchange)
    } catch (error) {
      snapshot.close()
      throw error
    }
  }

  const keep = (cursor: Cursor): string => {
    const own = [...cursors].filter(([, each]) => each.userId === cursor.userId)
    for (const [oldest] of own.slice(0, Math.max(0, own.length - settings().open + 1))) forget(oldest)
    made += 1
    const key = idOf('0r8', made)
    cursors.set(key, cursor)
    return key
  }

  const page = (cursor: Cursor, key: string | null, from: number, exchange: Exchange): Reply => {
    const { plan, ids, batchSize } = cursor
    const size = settings().short ? Math.max(1, Math.ceil(batchSize * random())) : batchSize
    const to = Math.min(ids.length, from + size)
    const records = []
    for (const id of ids.slice(from, to)) {
      const row = plan.row(id)
      if (row !== null) records.push(record(plan.columns, row, plan.object, exchange.prefix, cursor.snapshot.revision))
    }
    const isDone = to >= ids.length
    if (isDone && key === null) cursor.snapshot.close()
    // The last page may be asked for again: a result lives until its time is over.
    const locator = isDone ? null : `${key ?? keep(cursor)}-${to}`
    return ok({
      totalSize: ids.length,
      done: isDone,
      ...(locator === null ? {} : { nextRecordsUrl: `${exchange.prefix}/query/${locator}` }),
      records,
    })
  }

  const more = (exchange: Exchange): Reply => {
    const [, key, offset] = /^(\w{15,18})-(\d+)$/.exec(exchange.rest[1] ?? '') ?? []
    const cursor = cursors.get(key ?? '')
    const from = Number(offset)
    if (
      key === undefined ||
      cursor === undefined ||
      cursor.userId !== exchange.userId ||
      cursor.expiresAt <= org.now() ||
      from > cursor.ids.length
    )
      throw refuse(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
    return page(cursor, key, from, exchange)
  }

  return {
    route(exchange) {
      if (exchange.method !== 'GET') throw methodNotAllowed(exchange.method)
      return exchange.rest.length > 1 ? more(exchange) : first(exchange)
    },
    expireLocators() {
      for (const key of cursors.keys()) forget(key)
    },
  }
}
