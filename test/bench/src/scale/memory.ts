import { readFileSync, writeFileSync } from 'node:fs'

/** The most memory (resident bytes) that this process held since the last look. */
export interface PeakMemory {
  /** `kernel`: exact, kept by Linux · `sampled`: looked at every few milliseconds, so short peaks are missed. */
  readonly kind: 'kernel' | 'sampled'
  take(): number
  stop(): void
}

const SAMPLE_MS = 20
/** Writing 5 there sets the high-water mark back to what is held now (proc(5)). */
const RESET = { file: '/proc/self/clear_refs', text: '5' } as const

export function openPeakMemory(): PeakMemory {
  try {
    writeFileSync(RESET.file, RESET.text)
    highWater()
  } catch {
    return sampled()
  }
  return {
    kind: 'kernel',
    take() {
      const peak = highWater()
      writeFileSync(RESET.file, RESET.text)
      return peak
    },
    stop() {},
  }
}

function highWater(): number {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  if (found === null) throw new Error('no VmHWM')
  return Number(found[1]) * 1024
}

function sampled(): PeakMemory {
  let peak = process.memoryUsage.rss()
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const timer = setInterval(look, SAMPLE_MS).unref()
  return {
    kind: 'sampled',
    take() {
      look()
      const taken = peak
      peak = process.memoryUsage.rss()
      return taken
    },
    stop: () => clearInterval(timer),
  }
}
