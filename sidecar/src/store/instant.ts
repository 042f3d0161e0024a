/** The days that ClickHouse's DateTime64(3) holds: 1900-01-01 up to, not including, 2300-01-01 (UTC, epoch ms). */
const FIRST = Date.UTC(1900, 0, 1)
const END = Date.UTC(2300, 0, 1)

/**
 * Epoch ms as DateTime64(3) text in UTC. Null for null and for what DateTime64 cannot hold (before 1900, after 2299, not a
 * number): such a date is unknown to the store, never another date.
 */
export function instantText(ms: number | null | undefined): string | null {
  if (ms === null || ms === undefined || !(ms >= FIRST && ms < END)) return null
  return new Date(Math.trunc(ms)).toISOString().replace('T', ' ').slice(0, 23)
}

/** As `instantText`, where there must be something (a parameter, a column that is never NULL): the nearest instant that can be held. */
export function instant(ms: number): string {
  const held = Number.isNaN(ms) ? FIRST : Math.min(Math.max(ms, FIRST), END - 1)
  return instantText(held) ?? instantText(FIRST)!
}
