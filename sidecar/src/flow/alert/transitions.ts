import type { ScoreObject } from '@assay/shared'
import type { AlertState } from '../../control/control.ts'
import { type Bands, bandOf } from '../bands.ts'
import { taskKey } from './keys.ts'
import type { AlertPolicy } from './policy.ts'

/** One customer's newest risk. */
export interface Risk {
  readonly object: ScoreObject
  readonly id: string
  readonly risk: number
  readonly model: string
}

/** What the newest scores mean for what was known before. A state with a key and no task id is owed: somebody is still to be told. */
export interface Turned {
  /** States that are other than before; those of `over` are not among them: they are kept once the CRM has heard of it. */
  readonly states: readonly AlertState[]
  /** Customers whose High has lasted, just now. */
  readonly raised: readonly AlertState[]
  /** Customers who were raised by an earlier run that did not come to tell anybody. */
  readonly owed: readonly AlertState[]
  /** Customers with a task who are well below the edge again, lastingly, or no longer scored. */
  readonly over: readonly { readonly state: AlertState; readonly why: 'recovered' | 'not scored' }[]
  /** Customers with a task who stay: their task is kept up to date. */
  readonly still: readonly AlertState[]
  /** The first run, another model or other edges: everything was reset in silence. */
  readonly reset: boolean
}

const DAY = 86_400_000
/** Where a customer stands who is not scored any more. */
const UNSCORED = 'Not scored'
interface At {
  readonly now: number
  readonly dataUntil: number
}

/**
 * A band counts once it has lasted: seen again on newer data, and for `persistDays`. Down again means well below the
 * edge, not just below it. A first run, a new model and edges that an admin moved only take stock. Pure.
 */
export function transitions(risks: readonly Risk[], before: readonly AlertState[], at: At, bands: Bands, policy: AlertPolicy): Turned {
  const known = new Map(before.map((state) => [keyOf(state), state]))
  const states: AlertState[] = []
  const raised: AlertState[] = []
  const owed: AlertState[] = []
  const over: { state: AlertState; why: 'recovered' | 'not scored' }[] = []
  const still: AlertState[] = []
  const reset = risks.length > 0 && before.every((state) => state.model !== yardstick(risks[0]!.model, bands))
  const file = (state: AlertState | undefined, advanced: AlertState, why: 'recovered' | 'not scored'): void => {
    const turned = advanced.band !== state?.band
    const isNew = turned && advanced.band === 'High' && advanced.taskKey === null && !reset
    const next = isNew ? { ...advanced, taskKey: taskKey(advanced) } : advanced
    const longAgo = at.now - next.since >= policy.persistDays * DAY && next.pending?.band !== 'High'
    const isOver = next.taskKey !== null && next.band !== 'High' && (turned || longAgo)
    if (isOver && !reset) {
      over.push({ state: next, why })
      return
    }
    if (!state || !same(state, next)) states.push(next)
    if (reset || next.taskKey === null) return
    if (isNew) raised.push(next)
    else if (next.band === 'High') (next.taskId === null ? owed : still).push(next)
  }
  for (const risk of risks) {
    const model = yardstick(risk.model, bands)
    const state = known.get(keyOf(risk))
    known.delete(keyOf(risk))
    const seen = stickyBand(risk.risk, state, bands, policy)
    if (state?.model === model) file(state, advance(state, seen, at, policy), 'recovered')
    else {
      const { taskKey: key = null, taskId = null } = state ?? {}
      states.push({ object: risk.object, id: risk.id, band: seen, since: at.now, pending: null, model, taskKey: key, taskId })
    }
  }
  // Whoever is no longer scored can neither recover nor turn; a task about them must not stand for ever.
  const lost = risks.length > 0 && !reset ? [...known.values()].filter((state) => state.taskKey !== null) : []
  for (const state of lost) file(state, advance(state, UNSCORED, at, policy), 'not scored')
  return { states, raised, owed, over, still, reset }
}

const keyOf = (one: { readonly object: string; readonly id: string }): string => `${one.object} ${one.id}`
/** What a band was measured with: bands by another model or with other edges cannot be compared. */
const yardstick = (model: string, bands: Bands): string => `${model} ${bands.medium}-${bands.high}`
const same = (a: AlertState, b: AlertState): boolean =>
  a.band === b.band &&
  a.since === b.since &&
  a.taskKey === b.taskKey &&
  a.taskId === b.taskId &&
  a.pending?.band === b.pending?.band &&
  a.pending?.since === b.pending?.since

/** The band with its own way down: a High stays High until the risk is `recoveryPoints` below the edge. */
function stickyBand(risk: number, state: AlertState | undefined, bands: Bands, policy: AlertPolicy): string {
  const plain = bandOf(Math.round(risk), bands)
  const leavingHigh = state?.band === 'High' && plain !== 'High' && risk > bands.high - policy.recoveryPoints
  return leavingHigh ? 'High' : plain
}

function advance(state: AlertState, seen: string, at: At, policy: AlertPolicy): AlertState {
  if (seen === state.band) return { ...state, pending: null }
  if (state.pending?.band !== seen) return { ...state, pending: { band: seen, since: at.now, dataUntil: at.dataUntil } }
  const lasted = at.now - state.pending.since >= policy.persistDays * DAY && at.dataUntil > state.pending.dataUntil
  return lasted ? { ...state, band: seen, since: at.now, pending: null } : state
}
