import { describe, expect, it } from 'vitest'
import { calendar, DAY } from '../../src/flow/mine/days.ts'
import { dealCalendar } from '../../src/flow/mine/deal-calendar.ts'
import { valueDays } from '../../src/flow/mine/value-days.ts'

const at = (day: number): number => day * DAY
const [first, today, horizonDays] = [at(0), at(730), 90]
const asked = (...days: readonly number[]) => {
  const judgeAt = days.map(at)
  const buying = calendar({ firstEvent: first, today, horizonDays, judgeAt })
  const money = valueDays({ firstEvent: first, today, horizonDays, judgeAt })
  const deals = dealCalendar({ firstEnded: first, today, horizonDays: 84, judgeAt })
  return [
    { days: buying.trials.map(({ judged }) => judged / DAY), note: buying.note },
    { days: money.trials.filter(({ judged }) => judged.includes(90)).map(({ day }) => day / DAY), note: money.note },
    { days: deals.trials.flatMap(({ judged }) => judged.map((day) => day / DAY)), note: deals.note },
  ]
}

describe('days of the verdict that were asked for', () => {
  it('are those that are judged, and no others', () => {
    for (const one of asked(500, 600)) expect(one).toEqual({ days: [500, 600], note: null })
  })

  it('are left out where the horizon is not over, which is said', () => {
    for (const one of asked(600, 700)) {
      expect(one.days).toEqual([600])
      expect(one.note).toMatch(/^not judged on 1971-12-02: \d\d days after that are not over$/)
    }
  })

  it('give way to chosen ones where none is left, which is said', () => {
    for (const one of asked(700)) {
      expect(one.days.length).toBeGreaterThan(0)
      for (const day of one.days) expect(day + 84).toBeLessThanOrEqual(730)
      expect(one.note).toContain('other days were chosen')
    }
    for (const one of asked(5)) {
      expect(one.days).not.toContain(5)
      expect(one.note).toContain('nothing could be learned before; other days were chosen')
    }
  })
})
