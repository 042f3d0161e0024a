import { describe, expect, it } from 'vitest'
import { type EventDay, exportEnd } from '../../src/features/export-end.ts'

const DAY = 86_400_000
const START = Date.UTC(2024, 0, 1)
const on = (day: number, events = 1): EventDay => ({ day: START + day * DAY, events })
const NOW = START + 900 * DAY
/** A year of working days, so many events each. */
const year = (events: number): EventDay[] => Array.from({ length: 365 }, (_, i) => on(i, events)).filter((_, i) => i % 7 < 5)

describe('where an export ends', () => {
  const last = year(1).at(-1)!.day

  it('is its newest day', () => {
    expect(exportEnd(year(5), NOW)).toEqual({ day: last, beyond: null })
    expect(exportEnd([], NOW)).toBeNull()
    expect(exportEnd([on(3)], NOW)).toEqual({ day: on(3).day, beyond: null })
  })

  it.each([1, 5, 500])('not one wrong date in the past or the future, at %d events a day', (events) => {
    expect(exportEnd([...year(events), on(700)], NOW)).toEqual({ day: last, beyond: { events: 1, newest: on(700).day } })
    expect(exportEnd([...year(events), on(420)], NOW)).toEqual({ day: last, beyond: { events: 1, newest: on(420).day } })
    expect(exportEnd([...year(events), on(5000)], NOW)).toEqual({ day: last, beyond: { events: 1, newest: on(5000).day } })
  })

  it('nor several, wherever they lie', () => {
    expect(exportEnd([...year(5), on(420), on(600), on(5000)], NOW)).toMatchObject({ day: last, beyond: { events: 3 } })
  })

  it('never beyond the clock, however much is planned there', () => {
    const planned = Array.from({ length: 60 }, (_, i) => on(901 + i, 5))
    const running = Array.from({ length: 901 }, (_, i) => on(i, 5))
    expect(exportEnd([...running, ...planned], NOW)).toEqual({ day: NOW, beyond: { events: 300, newest: on(960).day } })
  })

  it('a company that buys rarely may be silent for long', () => {
    const rare = Array.from({ length: 24 }, (_, i) => on(i * 15))
    expect(exportEnd([...rare, on(24 * 15 + 60)], NOW)?.beyond).toBeNull()
  })

  it('nor is a season a silence', () => {
    const season = (from: number): EventDay[] => Array.from({ length: 90 }, (_, i) => on(from + i, 20))
    expect(exportEnd([...season(0), ...season(365), on(730, 3)], NOW)?.beyond).toBeNull()
  })

  it('never on the planned end of a subscription, which is counted among what lies beyond', () => {
    const plan = (day: number): EventDay => ({ ...on(day, 0), plans: 2 })
    expect(exportEnd([...year(5), plan(380), plan(540)], NOW)).toEqual({ day: last, beyond: { events: 4, newest: on(540).day } })
    expect(exportEnd([plan(380)], NOW)).toBeNull()
  })

  it('all of it ahead of the clock stands as it is', () => {
    expect(exportEnd(year(5), START - DAY)).toEqual({ day: last, beyond: null })
  })
})
