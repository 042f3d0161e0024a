/** What everything goes by that depends on time: tokens, limits, jobs, stamps. */
export interface Clock {
  /** Epoch ms. */
  readonly now: () => number
  advance(ms: number): void
}

/** A clock that runs with another one, this machine's unless one is named, and can be moved on. */
export function createClock(other: () => number = Date.now): Clock {
  let advanced = 0
  return {
    now: () => other() + advanced,
    advance(ms) {
      advanced += ms
    },
  }
}
