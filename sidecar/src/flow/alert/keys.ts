import type { AlertState } from '../../control/control.ts'

const DAY = 86_400_000
const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
const DIGEST = 'digest-'

/** One task per customer and turn, for ever: made again by a run that was killed, it is the same task. */
export const taskKey = (state: Pick<AlertState, 'object' | 'id' | 'since'>): string =>
  `churn-${state.object}-${state.id}-${day(state.since)}`

/** The Monday that the week of an instant begins with (UTC). The first of January 1970 was a Thursday. */
const monday = (at: number): number => (Math.floor((at / DAY - 4) / 7) * 7 + 4) * DAY

/** One digest per owner and week. */
export const digestKey = (owner: string, at: number): string => `${DIGEST}${owner}-${day(monday(at))}`
export const isDigest = (key: string): boolean => key.startsWith(DIGEST)
/** Whose digest that is, and when its week is over. */
export function digestOf(key: string): { readonly owner: string; readonly weekEnds: number } {
  return { owner: key.slice(DIGEST.length, -11), weekEnds: Date.parse(key.slice(-10)) + 7 * DAY }
}
