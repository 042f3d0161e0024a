import { openPeakMemory } from './memory.ts'

/** What one part of the work cost this process. */
export interface Cost {
  readonly wallSeconds: number
  /** All threads: JavaScript, ClickHouse, the mining thread, garbage collection. */
  readonly cpuSeconds: number
  readonly peakBytes: number
  /** How long the event loop could answer nobody, at the worst (ms); on a machine with other work also the time that others had. */
  readonly stallMs: number
  /** What the main thread itself computed at a stretch, at the worst (ms of CPU): a stall that is our own. */
  readonly busyMs: number
}

export const NOTHING: Cost = { wallSeconds: 0, cpuSeconds: 0, peakBytes: 0, stallMs: 0, busyMs: 0 }

/** Two parts of one step together. */
export const together = (a: Cost, b: Cost): Cost => ({
  wallSeconds: a.wallSeconds + b.wallSeconds,
  cpuSeconds: a.cpuSeconds + b.cpuSeconds,
  peakBytes: Math.max(a.peakBytes, b.peakBytes),
  stallMs: Math.max(a.stallMs, b.stallMs),
  busyMs: Math.max(a.busyMs, b.busyMs),
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
        ...loop.take(),
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

/** The longest stops of the event loop. Node's own histogram forgets the stop that follows a reset, which is every lap's first. */
function watchLoop(): { take(): Pick<Cost, 'stallMs' | 'busyMs'>; stop(): void } {
  const threadMs = (): number => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let last = performance.now()
  let worked = threadMs()
  let stallMs = 0
  let busyMs = 0
  const look = (): void => {
    const now = performance.now()
    const work = threadMs()
    stallMs = Math.max(stallMs, now - last - TICK_MS)
    busyMs = Math.max(busyMs, work - worked)
    last = now
    worked = work
  }
  const timer = setInterval(look, TICK_MS).unref()
  return {
    take() {
      look()
      const taken = { stallMs, busyMs }
      stallMs = 0
      busyMs = 0
      return taken
    },
    stop: () => clearInterval(timer),
  }
}
