import type { Line, Measured } from './steps.ts'

/** How one line grew from one size to the next. */
export interface Growth {
  readonly from: number
  readonly to: number
  readonly phase: Line['phase']
  readonly name: string
  /** e in seconds ~ accounts^e, by CPU seconds: 1 is linear. */
  readonly exponent: number
  /** The exponent that n log n has between these two sizes. */
  readonly allowed: number
  readonly worse: boolean
}

/** Below this a step is mostly its own start; noise on a shared machine moves an exponent by about the slack. */
const SECONDS = 1
const SLACK = 0.1

/** Between neighbouring sizes, every line that is long enough in the larger one. */
export function growth(sizes: readonly Pick<Measured, 'accounts' | 'lines'>[]): readonly Growth[] {
  const ascending = [...sizes].sort((a, b) => a.accounts - b.accounts)
  return ascending.slice(1).flatMap((larger, i) => {
    const smaller = ascending[i]!
    const allowed = nLogN(smaller.accounts, larger.accounts)
    const key = (line: Line): string => `${line.phase} ${line.name}`
    const before = new Map(smaller.lines.map((line) => [key(line), line]))
    return larger.lines.flatMap((line): Growth[] => {
      const seconds = line.cost.cpuSeconds
      const earlier = before.get(key(line))?.cost.cpuSeconds ?? 0
      if (seconds < SECONDS || earlier <= 0) return []
      const exponent = Math.log(seconds / earlier) / Math.log(larger.accounts / smaller.accounts)
      return [
        {
          from: smaller.accounts,
          to: larger.accounts,
          phase: line.phase,
          name: line.name.trim(),
          exponent,
          allowed,
          worse: exponent > allowed + SLACK,
        },
      ]
    })
  })
}

function nLogN(from: number, to: number): number {
  return Math.log((to * Math.log(to)) / (from * Math.log(from))) / Math.log(to / from)
}
