/** Longer (ms) than any CRM lets a signed call be on its way. */
const REMEMBERED_MS = 15 * 60_000
const MOST = 10_000

/** Calls that were taken in, for as long as somebody on the way could send one of them once more. */
export interface Repeats {
  has(call: string): boolean
  /** Only of calls that are genuine: nobody else may fill the memory. */
  remember(call: string, now: number): void
}

export function openRepeats(): Repeats {
  const heard = new Map<string, number>()
  return {
    has: (call) => heard.has(call),
    remember(call, now) {
      for (const [key, at] of heard) {
        if (now - at < REMEMBERED_MS && heard.size < MOST) break
        heard.delete(key)
      }
      heard.set(call, now)
    },
  }
}
