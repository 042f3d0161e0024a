import type { Frame } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { seededRng } from '../../src/numeric/rng.ts'
import { DAY } from '../../src/flow/mine/days.ts'
import { flatLesson } from '../../src/flow/mine/flat-lesson.ts'
import { within } from '../../src/flow/mine/within.ts'

/** A lead a day for 400 days; every third converts, nine in ten of those after ten days, the others after forty. Known up to day 400. */
const created = Float64Array.from({ length: 400 }, (_, row) => row * DAY)
const lag = (row: number): number => (row % 30 === 0 ? 40 : 10)
const happened = created.map((at, row) => (row % 3 === 0 && row + lag(row) <= 400 ? at + lag(row) * DAY : Number.NaN))
const frame: Frame = {
  asOf: null,
  ids: Array.from(created, (_, row) => `l${row}`),
  columns: [],
  outcome: happened.map((at) => (Number.isNaN(at) ? 0 : 1)),
  baskets: null,
  next: null,
}
const table = { frame, createdAt: created, happenedAt: happened }
const asked = { horizonDays: null, judgeAt: [] }
const soon = within(table, 400 * DAY, asked)!

describe('a lead that converts within so many days', () => {
  it('has the horizon within which nine in ten came, unless another is given', () => {
    expect(soon.horizonDays).toBeGreaterThanOrEqual(10)
    expect(soon.horizonDays).toBeLessThan(40)
    expect(soon.note).toContain('nine in ten')
    expect(within(table, 400 * DAY, { horizonDays: 45, judgeAt: [] })!.horizonDays).toBe(45)
  })

  it('has no outcome while its days are not over, and none from before anybody wrote one down', () => {
    const young = [...soon.outcome.keys()].filter((row) => row + soon.horizonDays > 400)
    expect(young.length).toBeGreaterThan(5)
    for (const row of young) expect(soon.outcome[row]).toBeNaN()
    for (let row = 0; row < 10; row++) expect(soon.outcome[row]).toBeNaN()
    expect(soon.outcome[33]).toBe(1)
    // Converted, but later than that.
    expect(soon.outcome[30]).toBe(0)
    expect(soon.outcome[31]).toBe(0)
  })

  it('does not know the future: what comes after the first judged day moves neither the horizon nor what a period was taught', () => {
    const cut = 280 * DAY
    const later = happened.map((at) => (at > cut ? Number.NaN : at))
    const known = { ...table, happenedAt: later, frame: { ...frame, outcome: later.map((at) => (Number.isNaN(at) ? 0 : 1)) } }
    expect(within(known, 400 * DAY, { horizonDays: null, judgeAt: [cut] })!.horizonDays).toBe(
      within(table, 400 * DAY, { horizonDays: null, judgeAt: [cut] })!.horizonDays,
    )
    const definition = { event: 'converted', from: 'column', horizonDays: soon.horizonDays, who: 'leads' } as const
    const knownAt = created.map((at) => at + soon.horizonDays * DAY)
    const lesson = flatLesson({ ...frame, outcome: soon.outcome }, definition, 'time', seededRng('w'), { createdAt: created, knownAt })
    expect(lesson.trials.length).toBe(3)
    for (const trial of lesson.trials) {
      const begins = Number(trial.frame.ids[0]!.slice(1))
      const taught = trial.training.frames[0]!.ids.map((id) => Number(id.slice(1)))
      expect(Math.max(...taught) + soon.horizonDays).toBeLessThanOrEqual(begins)
      expect(Math.max(...taught) + soon.horizonDays).toBeGreaterThan(begins - 3)
    }
  })

  it('is not asked where nothing says when it happened', () => {
    expect(within({ ...table, happenedAt: happened.map(() => Number.NaN) }, 400 * DAY, asked)).toBeNull()
  })
})
