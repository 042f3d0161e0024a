import { UTC_OFFSET_MS } from './portal.ts'
import { correlationId, type Reply } from './reply.ts'

export type Policy = 'DAILY' | 'TEN_SECONDLY_ROLLING' | 'SECONDLY'
/** HubSpot answers 429 in two forms: as documented, and as recorded in the wild. */
export type LimitBody = 'documented' | 'recorded'

export interface LimitSettings {
  readonly perTenSeconds?: number
  readonly perDay?: number
  readonly searchPerSecond?: number
}

export interface Limits {
  /** Counts the request, or answers 429. Search has its own allowance and counts for the day. */
  admit(now: number, isSearch: boolean, isOAuth: boolean): Reply | null
  /** The headers that tell what is left; search answers tell the day only. */
  headers(now: number, isSearch: boolean, isOAuth: boolean): Record<string, string>
  usage(now: number): { limit: number; used: number; resetsAt: number }
}

const DAY_MS = 86_400_000
const PER_DAY = 625_000
const OAUTH_PER_TEN_SECONDS = 110

export function createLimits(settings: 'off' | LimitSettings): Limits {
  const off = settings === 'off'
  const { perTenSeconds = 190, perDay = PER_DAY, searchPerSecond = 5 } = off ? {} : settings
  const lastTenSeconds: number[] = []
  const lastSecond: number[] = []
  let day = Number.NaN
  let used = 0

  const dayOf = (now: number): number => Math.floor((now + UTC_OFFSET_MS) / DAY_MS)
  const expire = (times: number[], before: number): void => {
    while ((times[0] ?? Infinity) <= before) times.shift()
  }
  const settle = (now: number): void => {
    if (dayOf(now) !== day) {
      day = dayOf(now)
      used = 0
    }
    expire(lastTenSeconds, now - 10_000)
    expire(lastSecond, now - 1_000)
  }
  const allowance = (isOAuth: boolean): number =>
    isOAuth && settings !== 'off' && settings.perTenSeconds === undefined ? OAUTH_PER_TEN_SECONDS : perTenSeconds

  return {
    admit(now, isSearch, isOAuth) {
      settle(now)
      if (!off) {
        if (used >= perDay) return limitReply('DAILY', 'documented')
        if (isSearch && lastSecond.length >= searchPerSecond) return limitReply('SECONDLY', 'recorded')
        if (!isSearch && lastTenSeconds.length >= allowance(isOAuth)) return limitReply('TEN_SECONDLY_ROLLING', 'documented')
        ;(isSearch ? lastSecond : lastTenSeconds).push(now)
      }
      used += 1
      return null
    },
    headers(now, isSearch, isOAuth) {
      if (off) return {}
      settle(now)
      const most = allowance(isOAuth)
      const daily = {
        'X-HubSpot-RateLimit-Daily': String(perDay),
        'X-HubSpot-RateLimit-Daily-Remaining': String(Math.max(0, perDay - used)),
      }
      if (isSearch) return isOAuth ? {} : daily
      return {
        ...(isOAuth ? {} : daily),
        'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
        'X-HubSpot-RateLimit-Max': String(most),
        'X-HubSpot-RateLimit-Remaining': String(Math.max(0, most - lastTenSeconds.length)),
        'X-HubSpot-RateLimit-Secondly': String(Math.floor(most / 10)),
        'X-HubSpot-RateLimit-Secondly-Remaining': String(Math.floor(most / 10)),
      }
    },
    usage(now) {
      settle(now)
      return { limit: perDay, used, resetsAt: (dayOf(now) + 1) * DAY_MS - UTC_OFFSET_MS }
    },
  }
}

/** The answer to a request too many. */
export function limitReply(policy: Policy, body: LimitBody): Reply {
  const message = `You have reached your ${policy.toLowerCase()} limit.`
  const head = { status: 'error', message, correlationId: correlationId() }
  return {
    status: 429,
    body:
      body === 'recorded'
        ? { ...head, category: 'RATE_LIMITS' }
        : { ...head, errorType: 'RATE_LIMIT', policyName: policy, requestId: correlationId() },
  }
}
