import { limitExceeded } from './faults.ts'
import type { Reply } from './reply.ts'

export interface LimitSettings {
  /** Calls in 24 hours. Default 100,000. */
  readonly perDay?: number
  /** Calls that others had made already. */
  readonly used?: number
}

/** The org's allowance of API calls in the last 24 hours, rolling by the hour. */
export interface Limits {
  /** Counts the request, or answers 403. */
  admit(now: number): Reply | null
  headers(now: number): Record<string, string>
  usage(now: number): { readonly max: number; readonly used: number }
  set(settings: LimitSettings): void
}

const HOUR = 3_600_000

export function createLimits(given: LimitSettings): Limits {
  let perDay = given.perDay ?? 100_000
  /** hour → calls in it. What others had used was used in the hour before the first call. */
  let hours = new Map<number, number>()
  let before: number | null = given.used ?? null

  const settle = (now: number): number => {
    const hour = Math.floor(now / HOUR)
    if (before !== null) {
      hours.set(hour, (hours.get(hour) ?? 0) + before)
      before = null
    }
    let used = 0
    for (const [each, calls] of hours)
      if (each <= hour - 24) hours.delete(each)
      else used += calls
    return used
  }

  return {
    admit(now) {
      if (settle(now) >= perDay) return limitExceeded()
      const hour = Math.floor(now / HOUR)
      hours.set(hour, (hours.get(hour) ?? 0) + 1)
      return null
    },
    headers: (now) => ({ 'Sforce-Limit-Info': `api-usage=${settle(now)}/${perDay}` }),
    usage: (now) => ({ max: perDay, used: settle(now) }),
    set(settings) {
      if (settings.perDay !== undefined) perDay = settings.perDay
      if (settings.used !== undefined) {
        hours = new Map()
        before = settings.used
      }
    },
  }
}
