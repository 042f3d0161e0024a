import { cpuUsage } from 'node:process'

/** Seconds by the clock, and of CPU in all threads of the process. On a busy machine only the second can be compared. */
export interface Spent {
  readonly wall: number
  readonly cpu: number
}

/** What a piece of work gave, and what it cost. */
export function timed<T>(work: () => T): { result: T; spent: Spent } {
  const before = cpuUsage()
  const start = performance.now()
  const result = work()
  const wall = (performance.now() - start) / 1000
  const { user, system } = cpuUsage(before)
  return { result, spent: { wall, cpu: (user + system) / 1e6 } }
}

/** "1.24 times": how many times as long as the other. */
export const times = (own: number, other: number): string => `${(own / other).toFixed(2)} times`
