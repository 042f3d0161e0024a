import { describe, expect, it } from 'vitest'
import type { AlertState } from '../../src/control/index.ts'
import { digestKey, digestOf, isDigest } from '../../src/flow/alert/keys.ts'
import { alertPolicy } from '../../src/flow/alert/policy.ts'
import { transitions, type Turned } from '../../src/flow/alert/transitions.ts'
import { DAY, MONDAY } from './planes.ts'

const policy = alertPolicy.parse({})
const bands = { medium: 30, high: 60 }

/** Runs the pure step night after night, keeping states as the control plane would. */
function nights(): (
  risks: Readonly<Record<string, number>>,
  at: { night: number; dataUntil?: number; model?: string; bands?: typeof bands },
) => Turned {
  const states = new Map<string, AlertState>()
  return (risks, { night, dataUntil = night, model = 'm1', bands: edges = bands }) => {
    const seen = Object.entries(risks).map(([id, risk]) => ({ object: 'account' as const, id, risk, model }))
    const at = { now: MONDAY + night * DAY, dataUntil: MONDAY + dataUntil * DAY }
    const turned = transitions(seen, [...states.values()], at, edges, policy)
    for (const state of turned.states) states.set(state.id, state)
    for (const { state } of turned.over) states.set(state.id, { ...state, taskKey: null, taskId: null })
    return turned
  }
}
const ids = (states: readonly { readonly id: string }[]): string[] => states.map((state) => state.id)

describe('a band', () => {
  it('is taken note of in silence by the first run', () => {
    const turned = nights()({ a: 90, b: 10 }, { night: 0 })
    expect(turned).toMatchObject({ reset: true, raised: [], still: [], over: [] })
    expect(turned.states.map(({ id, band }) => [id, band])).toEqual([
      ['a', 'High'],
      ['b', 'Low'],
    ])
  })

  it('counts after days AND on newer data', () => {
    const night = nights()
    night({ a: 10 }, { night: 0 })
    expect(ids(night({ a: 80 }, { night: 1 }).raised)).toEqual([])
    expect(ids(night({ a: 80 }, { night: 2 }).raised)).toEqual([])
    // Long enough, but nothing newer was read since: the feed may be dead.
    expect(ids(night({ a: 80 }, { night: 4, dataUntil: 1 }).raised)).toEqual([])
    expect(ids(night({ a: 80 }, { night: 5 }).raised)).toEqual(['a'])
  })

  it('starts anew when it did not last', () => {
    const night = nights()
    night({ a: 10 }, { night: 0 })
    night({ a: 80 }, { night: 1 })
    night({ a: 10 }, { night: 2 })
    expect(ids(night({ a: 80 }, { night: 3 }).raised)).toEqual([])
    expect(ids(night({ a: 80 }, { night: 5 }).raised)).toEqual(['a'])
  })

  it('has its own way down, so that nothing flickers at the edge', () => {
    const night = nights()
    night({ a: 10 }, { night: 0 })
    night({ a: 61 }, { night: 1 })
    expect(ids(night({ a: 61 }, { night: 3 }).raised)).toEqual(['a'])
    for (let i = 4; i < 20; i++) {
      const turned = night({ a: i % 2 === 0 ? 59 : 61 }, { night: i })
      expect([...turned.raised, ...turned.over]).toEqual([])
    }
    night({ a: 50 }, { night: 20 })
    expect(night({ a: 50 }, { night: 22 }).over).toMatchObject([{ why: 'recovered', state: { id: 'a', band: 'Medium' } }])
    expect(night({ a: 50 }, { night: 23 }).over).toEqual([])
  })

  it('is reset in silence by a new model, and by edges that an admin moved', () => {
    const night = nights()
    night({ a: 10, b: 10 }, { night: 0 })
    night({ a: 80, b: 10 }, { night: 1 })
    const other = night({ a: 80, b: 90 }, { night: 3, model: 'm2' })
    expect(other).toMatchObject({ reset: true, raised: [] })
    expect(night({ a: 80, b: 90 }, { night: 6, model: 'm2' })).toMatchObject({ reset: false, raised: [], states: [] })
    expect(night({ a: 80, b: 90 }, { night: 9, model: 'm2', bands: { medium: 5, high: 70 } })).toMatchObject({ reset: true, raised: [] })
    expect(night({ a: 80, b: 90 }, { night: 12, model: 'm2', bands: { medium: 5, high: 70 } })).toMatchObject({ reset: false, raised: [] })
  })

  it('of a customer who is new is taken note of, and no reset for the others', () => {
    const night = nights()
    night({ a: 10 }, { night: 0 })
    night({ a: 80 }, { night: 1 })
    const turned = night({ a: 80, fresh: 95 }, { night: 3 })
    expect(turned.reset).toBe(false)
    expect(ids(turned.raised)).toEqual(['a'])
  })

  it('closes a task that a new model sees no reason for, and that of a customer who is scored no more', () => {
    const night = nights()
    night({ a: 10, b: 10 }, { night: 0 })
    night({ a: 80, b: 80 }, { night: 1 })
    expect(ids(night({ a: 80, b: 80 }, { night: 3 }).raised)).toEqual(['a', 'b'])
    night({ a: 20, b: 80 }, { night: 4, model: 'm2' })
    expect(night({ a: 20, b: 80 }, { night: 5, model: 'm2' }).over).toEqual([])
    expect(ids(night({ a: 20, b: 80 }, { night: 6, model: 'm2' }).over.map((one) => one.state))).toEqual(['a'])
    night({ a: 20 }, { night: 7, model: 'm2' })
    expect(night({ a: 20 }, { night: 9, model: 'm2' }).over).toMatchObject([{ why: 'not scored', state: { id: 'b' } }])
    expect(night({ a: 20 }, { night: 12, model: 'm2' }).over).toEqual([])
  })

  it('owes a word to whoever was raised and not told', () => {
    const night = nights()
    night({ a: 10 }, { night: 0 })
    night({ a: 80 }, { night: 1 })
    night({ a: 80 }, { night: 3 })
    expect(ids(night({ a: 80 }, { night: 4 }).owed)).toEqual(['a'])
    expect(ids(night({ a: 57 }, { night: 9 }).owed)).toEqual(['a'])
    night({ a: 5 }, { night: 10 })
    expect(night({ a: 5 }, { night: 12 }).owed).toEqual([])
  })

  it('says nothing where nobody is scored', () => {
    const night = nights()
    night({ a: 80 }, { night: 0 })
    expect(night({}, { night: 1 })).toEqual({ states: [], raised: [], owed: [], over: [], still: [], reset: false })
  })
})

describe('a digest', () => {
  it('is one for an owner and a week, from Monday to Sunday', () => {
    const key = digestKey('own-er-7', MONDAY)
    expect(key).toBe('digest-own-er-7-2026-06-01')
    expect(digestKey('own-er-7', MONDAY + 6.4 * DAY)).toBe(key)
    expect(digestKey('own-er-7', MONDAY + 7 * DAY)).not.toBe(key)
    expect(isDigest(key)).toBe(true)
    expect(digestOf(key)).toEqual({ owner: 'own-er-7', weekEnds: Date.UTC(2026, 5, 8) })
  })
})
