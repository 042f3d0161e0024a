/** What is known of one connection's daily calls. Pure arithmetic; quota.ts keeps it in the database. */
export interface Allowance {
  /** Rises when a new day begins; a lease of an earlier one is void. */
  readonly period: number
  /** Calls made in this period, as far as the processes have told. */
  readonly spent: number
  /** Calls handed out to processes and not yet told as spent. Of a killed process they stay out until the period ends. */
  readonly leased: number
  /** The CRM's own limit for a day; null where it has none or has not said. */
  readonly limit: number | null
  /** Calls that the CRM said are left, less what was handed out since; null where it has not said. */
  readonly remaining: number | null
  /** When the period ends (epoch ms). */
  readonly resetsAt: number
}

/** What a process says when it comes for more. */
export interface Request {
  readonly now: number
  /** Calls it needs at once; 0 only settles. */
  readonly need: number
  /** Calls it would like to take along, so that it need not come back for each. */
  readonly wish: number
  /** Its last lease: how much of it was used and how much was not. */
  readonly settle: { readonly period: number; readonly used: number; readonly unused: number }
  /** What the CRM said since. */
  readonly seen: { readonly limit?: number; readonly remaining?: number; readonly resetsAt?: number } | null
}

const DAY_MS = 24 * 60 * 60 * 1000
/** No process takes more than this part of what is left, so that the others find some, too. */
const LARGEST_PART = 16

export const newAllowance = (now: number): Allowance => ({
  period: 1,
  spent: 0,
  leased: 0,
  limit: null,
  remaining: null,
  resetsAt: now + DAY_MS,
})

/** Calls that may still be handed out: within our share of the limit, and never more than the CRM says are left. */
export function available(allowance: Allowance, share: number): number {
  const ours = allowance.limit === null ? Infinity : Math.floor(allowance.limit * share) - allowance.spent - allowance.leased
  return Math.max(0, Math.min(ours, allowance.remaining ?? Infinity))
}

/** Settles, takes in what the CRM said, and grants `need` or more; null when there is not enough for `need`. */
export function grant(before: Allowance, share: number, request: Request): { after: Allowance; granted: number | null } {
  let after = settle(renew(before, request.now), request.settle)
  if (request.seen !== null) after = believe(after, request.seen)
  const left = available(after, share)
  if (request.need > left) return { after, granted: null }
  const granted = Math.max(request.need, Math.min(request.wish, Math.floor(left / LARGEST_PART)))
  return {
    after: { ...after, leased: after.leased + granted, remaining: after.remaining === null ? null : after.remaining - granted },
    granted,
  }
}

const renew = (allowance: Allowance, now: number): Allowance =>
  now < allowance.resetsAt ? allowance : { ...newAllowance(now), period: allowance.period + 1, limit: allowance.limit }

function settle(allowance: Allowance, { period, used, unused }: Request['settle']): Allowance {
  if (period !== allowance.period) return allowance
  return {
    ...allowance,
    spent: allowance.spent + used,
    leased: Math.max(0, allowance.leased - used - unused),
    remaining: allowance.remaining === null ? null : allowance.remaining + unused,
  }
}

/** The CRM's word wins over our count, both ways: fewer calls left than we thought, or fewer made. */
function believe(allowance: Allowance, seen: NonNullable<Request['seen']>): Allowance {
  const limit = seen.limit ?? allowance.limit
  const remaining = seen.remaining ?? null
  return {
    ...allowance,
    limit,
    // All users of the CRM together made `limit - remaining` calls: ours cannot have been more.
    spent: limit === null || remaining === null ? allowance.spent : Math.min(allowance.spent, Math.max(0, limit - remaining)),
    remaining: remaining === null ? allowance.remaining : Math.max(0, remaining - allowance.leased),
    resetsAt: seen.resetsAt ?? allowance.resetsAt,
  }
}
