import type { ScoreObject } from '@assay/shared'
import type { AlertState } from '../../control/control.ts'
import { type Bands, bandOf } from '../bands.ts'
import type { AlertPolicy } from './policy.ts'

/** One customer's newest risk. */
export interface Risk {
  readonly object: ScoreObject
  readonly id: string
  readonly risk: number
  readonly model: string
}

/** What the newest scores mean for what was known before: new states, and who turned. */
export interface Turned {
  readonly states: readonly AlertState[]
  /** Customers whose High has lasted. */
  readonly raised: readonly Risk[]
  /** Customers with an open task who are well below the edge again, lastingly. */
  readonly recovered: readonly AlertState[]
  /** Customers with an open task who stay: their task is kept up to date. */
  readonly still: readonly { readonly state: AlertState; readonly risk: Risk }[]
  /** The first run, or another model: everything was reset in silence. */
  readonly reset: boolean
}

const DAY = 86_400_000

/**
 * A band counts once it has lasted: seen again on newer data, and for `persistDays`. Down again means well below the
 * edge, not just below it. A first run and a new model only take stock. Pure.
 */
export function transitions(
  risks: readonly Risk[],
  before: readonly AlertState[],
  at: { readonly now: number; readonly dataUntil: number },
  bands: Bands,
  policy: AlertPolicy,
): Turned {
  const known = new Map(before.map((state) => [`${state.object} ${state.id}`, state]))
  const states: AlertState[] = []
  const raised: Risk[] = []
  const recovered: AlertState[] = []
  const still: { state: AlertState; risk: Risk }[] = []
  const model = risks[0]?.model ?? ''
  const reset = before.every((state) => state.model !== model)
  for (const risk of risks) {
    const state = known.get(`${risk.object} ${risk.id}`)
    const seen = stickyBand(risk.risk, state, bands, policy)
    if (!state || state.model !== risk.model) {
      states.push({ object: risk.object, id: risk.id, band: seen, since: at.now, pending: null, model: risk.model, taskKey: state?.taskKey ?? null, taskId: state?.taskId ?? null })
      continue
    }
    const next = advance(state, seen, at, policy)
    states.push(next)
    const turned = next.band !== state.band
    if (turned && next.band === 'High' && state.taskKey === null) raised.push(risk)
    else if (turned && state.band === 'High' && state.taskKey !== null) recovered.push(next)
    else if (state.taskKey !== null) still.push({ state: next, risk })
  }
  return { states, raised, recovered, still, reset }
}

/** The band with its own way down: a High stays High until the risk is `recoveryPoints` below the edge. */
function stickyBand(risk: number, state: AlertState | undefined, bands: Bands, policy: AlertPolicy): string {
  const plain = bandOf(risk, bands)
  const leavingHigh = state?.band === 'High' && plain !== 'High' && risk > bands.high - policy.recoveryPoints
  return leavingHigh ? 'High' : plain
}

function advance(state: AlertState, seen: string, at: { readonly now: number; readonly dataUntil: number }, policy: AlertPolicy): AlertState {
  if (seen === state.band) return { ...state, pending: null }
  if (state.pending?.band !== seen) return { ...state, pending: { band: seen, since: at.now, dataUntil: at.dataUntil } }
  const lasted = at.now - state.pending.since >= policy.persistDays * DAY && at.dataUntil > state.pending.dataUntil
  return lasted ? { ...state, band: seen, since: at.now, pending: null } : state
}
