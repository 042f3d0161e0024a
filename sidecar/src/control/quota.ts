import { AssayError } from '@assay/shared'
import type { QuotaLedger } from '@assay/shared'
import { grant, newAllowance } from './allowance.ts'
import type { Allowance, Request } from './allowance.ts'
import type { Control } from './control.ts'
import { toInstant } from './parsers.ts'
import type { Scope } from './scope.ts'

/** Calls taken along at most: 30,000 calls then cost about 120 visits to the database. */
const LEASE = 256
/** What the CRM reported waits at most this long before the other processes hear of it. */
const REPORT_EVERY_MS = 2000

type Seen = Parameters<QuotaLedger['report']>[0]

/**
 * The daily allowance of one connection, kept in one row so that every process draws from the same. A process leases
 * calls in chunks and spends them without asking; the row is locked only while a chunk is granted.
 */
export function quota({ database, organisation }: Pick<Scope, 'database' | 'organisation'>): Control['quota'] {
  /** One visit: settles, reports and asks in one transaction. */
  const visit = (connection: string, share: number, request: Request) =>
    database.transaction(async (inside) => {
      const first = newAllowance(request.now)
      await inside.query(
        `insert into assay.quota (org_id, connection, period, spent, leased, resets_at) values ($1, $2, $3, 0, 0, $4::timestamptz)
         on conflict (org_id, connection) do nothing`,
        [organisation, connection, first.period, toInstant(first.resetsAt)],
      )
      const rows = await inside.query<Allowance>(
        `select period, spent, leased, daily_limit as "limit", remaining, resets_at as "resetsAt"
         from assay.quota where org_id = $1 and connection = $2 for update`,
        [organisation, connection],
      )
      const { after, granted } = grant(rows[0]!, share, request)
      await inside.query(
        `update assay.quota set period = $3, spent = $4, leased = $5, daily_limit = $6, remaining = $7, resets_at = $8::timestamptz
         where org_id = $1 and connection = $2`,
        [organisation, connection, after.period, after.spent, after.leased, after.limit, after.remaining, toInstant(after.resetsAt)],
      )
      return { after, granted }
    })

  return (connection, share, clock) => {
    let lease = { period: 0, used: 0, unused: 0 }
    let until = 0
    let seen: Seen | null = null
    let knownLimit: number | null = null
    let visitedAt = 0
    let line: Promise<unknown> = Promise.resolve()

    const refill = async (calls: number): Promise<void> => {
      const now = clock.now()
      // While others waited in line for the same chunk it may have come.
      if (spend(calls, now)) return
      const reported = seen
      const settled = lease
      seen = null
      // Empty while the visit lasts: what it gives back must not be spent meanwhile.
      lease = { ...lease, used: 0, unused: 0 }
      const { after, granted } = await visit(connection, share, { now, need: calls, wish: LEASE, settle: settled, seen: reported }).catch(
        (error: unknown) => {
          lease = settled
          seen = { ...reported, ...seen }
          throw error
        },
      )
      visitedAt = now
      knownLimit = after.limit
      until = after.resetsAt
      lease = { period: after.period, used: 0, unused: granted ?? 0 }
      if (granted === null) {
        const ours = after.limit === null ? 'what the CRM says is left' : `${Math.floor(after.limit * share)} of ${after.limit} calls a day`
        throw new AssayError('limit', `the allowance of this connection is used up (${ours})`, {
          retryAfterMs: Math.max(0, after.resetsAt - now),
          hint: 'It goes on by itself when the allowance is renewed. ASSAY_QUOTA_SHARE sets how much of it Assay may use.',
        })
      }
      lease = { ...lease, used: calls, unused: lease.unused - calls }
    }

    /** Takes from the lease, or says that a visit is due. */
    const spend = (calls: number, now: number): boolean => {
      if (lease.unused < calls || now >= until) return false
      if (seen !== null && (now - visitedAt >= REPORT_EVERY_MS || isNews(seen))) return false
      lease = { ...lease, used: lease.used + calls, unused: lease.unused - calls }
      return true
    }
    /** A limit we did not know, or fewer calls left than we hold, cannot wait. */
    const isNews = (what: Seen): boolean =>
      (what.limit !== undefined && what.limit !== knownLimit) || (what.remaining !== undefined && what.remaining < lease.unused)

    return {
      take(calls) {
        if (spend(calls, clock.now())) return Promise.resolve()
        const turn = line.then(() => refill(calls))
        line = turn.catch(() => undefined)
        return turn
      },
      report(what) {
        seen = { ...seen, ...what }
      },
    }
  }
}
