import type { Host } from '@assay/shared'

export type Pace = 'plain' | 'search'

/** Keeps one session below HubSpot's limits per interval: counts its own calls, and believes the headers more than its count. */
export interface Governor {
  /** Resolves when a call may be made, and counts it. */
  ready(pace: Pace): Promise<void>
  /** Learns from the headers of an answer. */
  learn(headers: Headers): void
  /** No call before `ms` from now: every call of the session waits, not only the one that was refused. */
  pause(ms: number): void
  /** The length of HubSpot's interval as last told (ms). */
  interval(): number
}

const numberOf = (headers: Headers, name: string): number | null => {
  const text = headers.get(`x-hubspot-ratelimit-${name}`)
  const value = text === null ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}

export const openGovernor = (
  host: Pick<Host, 'now' | 'sleep'>,
  limits: { readonly callsPerTenSeconds: number; readonly searchesPerSecond: number },
): Governor => {
  let interval = 10_000
  let most = limits.callsPerTenSeconds
  let pausedUntil = 0
  // Instants of the calls inside the running interval and second, oldest first.
  const calls: number[] = []
  const searches: number[] = []

  const forget = (instants: number[], before: number) => {
    let old = 0
    while (old < instants.length && (instants[old] ?? 0) <= before) old += 1
    if (old > 0) instants.splice(0, old)
  }
  const wait = (pace: Pace, now: number): number => {
    forget(calls, now - interval)
    forget(searches, now - 1000)
    const full = calls.length >= most ? (calls[calls.length - most] ?? now) + interval - now : 0
    const searched =
      pace === 'search' && searches.length >= limits.searchesPerSecond
        ? (searches[searches.length - limits.searchesPerSecond] ?? now) + 1000 - now
        : 0
    return Math.max(pausedUntil - now, full, searched)
  }

  return {
    async ready(pace) {
      for (let ms = wait(pace, host.now()); ms > 0; ms = wait(pace, host.now())) await host.sleep(ms)
      calls.push(host.now())
      if (pace === 'search') searches.push(host.now())
    },
    learn(headers) {
      interval = numberOf(headers, 'interval-milliseconds') ?? interval
      most = Math.max(1, numberOf(headers, 'max') ?? most)
      // Others use the same allowance: none left means until our oldest call leaves the interval.
      if (numberOf(headers, 'remaining') === 0) pausedUntil = Math.max(pausedUntil, (calls[0] ?? host.now()) + interval)
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, host.now() + ms)
    },
    interval: () => interval,
  }
}

/** What the headers say about the day; null where they say nothing (OAuth apps, search). */
export const dayOf = (headers: Headers): { limit: number; remaining: number } | null => {
  const limit = numberOf(headers, 'daily')
  const remaining = numberOf(headers, 'daily-remaining')
  return limit === null || remaining === null ? null : { limit, remaining }
}
