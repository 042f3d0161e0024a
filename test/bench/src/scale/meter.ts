import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openPeakMemory } from './memory.ts'

/** What one part of the work cost this process. */
export interface Cost {
  readonly wallSeconds: number
  /** All threads: JavaScript, ClickHouse, the mining thread, garbage collection. */
  readonly cpuSeconds: number
  readonly peakBytes: number
  /** How long the event loop could answer nobody, at the worst (ms). */
  readonly stallMs: number
}

export const NOTHING: Cost = { wallSeconds: 0, cpuSeconds: 0, peakBytes: 0, stallMs: 0 }

/** Two parts of one step together. */
export const together = (a: Cost, b: Cost): Cost => ({
  wallSeconds: a.wallSeconds + b.wallSeconds,
  cpuSeconds: a.cpuSeconds + b.cpuSeconds,
  peakBytes: Math.max(a.peakBytes, b.peakBytes),
  stallMs: Math.max(a.stallMs, b.stallMs),
})

const RESOLUTION_MS = 10

/** A stop watch of this process: `lap` gives what was spent since the lap before. */
export function openMeter(): { readonly memory: 'kernel' | 'sampled'; lap(): Cost; stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const memory = openPeakMemory()
  let at = performance.now()
  let cpu = process.cpuUsage()
  return {
    memory: memory.kind,
    lap() {
      const now = performance.now()
      const used = process.cpuUsage()
      const cost: Cost = {
        wallSeconds: (now - at) / 1000,
        cpuSeconds: (used.user + used.system - cpu.user - cpu.system) / 1e6,
        peakBytes: memory.take(),
        // The histogram counts the timer's own interval as delay.
        stallMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
      }
      delay.reset()
      at = now
      cpu = used
      return cost
    },
    stop() {
      delay.disable()
      memory.stop()
    },
  }
}
