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

/** A stop watch of this process: `lap` gives what was spent since the lap before. */
export function openMeter(): { readonly memory: 'kernel' | 'sampled'; lap(): Cost; stop(): void } {
  const loop = watchLoop()
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
        stallMs: loop.take(),
      }
      at = now
      cpu = used
      return cost
    },
    stop() {
      loop.stop()
      memory.stop()
    },
  }
}

const TICK_MS = 10

/** The longest stop of the event loop. Node's own histogram forgets the stop that follows a reset, which is every lap's first. */
function watchLoop(): { take(): number; stop(): void } {
  let last = performance.now()
  let longest = 0
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last - TICK_MS)
    last = now
  }
  const timer = setInterval(look, TICK_MS).unref()
  return {
    take() {
      look()
      const taken = longest
      longest = 0
      return taken
    },
    stop: () => clearInterval(timer),
  }
}
