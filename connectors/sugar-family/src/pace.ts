import type { Host } from '@assay/shared'

export interface Pace {
  /** Resolves when the next call may be made. */
  ready(): Promise<void>
  /** No call for so long (ms). */
  pause(ms: number): void
}

/** So many calls may follow each other at once after a time of rest. */
const BURST = 20

/**
 * Holds a session to so many calls a second: neither CRM names a limit, a hosted one blocks whoever asks too much, and a server on
 * premises is shared with the people who work in it.
 */
export const openPace = (host: Host, callsPerSecond: number): Pace => {
  let left = BURST
  let filledAt = host.now()
  let pausedUntil = 0
  return {
    async ready() {
      for (let ms = pausedUntil - host.now(); ms > 0; ms = pausedUntil - host.now()) await host.sleep(ms)
      const now = host.now()
      left = Math.min(BURST, left + ((now - filledAt) / 1000) * callsPerSecond)
      filledAt = now
      left -= 1
      if (left < 0) await host.sleep((-left / callsPerSecond) * 1000)
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, host.now() + ms)
    },
  }
}
