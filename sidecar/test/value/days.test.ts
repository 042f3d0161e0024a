import { describe, expect, it } from 'vitest'
import { valueDays } from '../../src/flow/mine/value-days.ts'

const DAY = 86_400_000
const at = (day: number): number => day * DAY
const plain = (history: { first: number; today: number; horizon: number; judgeAt?: number[] }) => {
  const { windows, trials, final } = valueDays({
    firstEvent: at(history.first) + 1000,
    today: at(history.today),
    horizonDays: history.horizon,
    judgeAt: history.judgeAt?.map(at),
  })
  const days = (trial: (typeof trials)[number]) => ({
    day: trial.day / DAY,
    judged: trial.judged,
    past: trial.past.map(({ day, windows: over }) => `${day / DAY}:${over.join('+')}`),
  })
  return { windows, trials: trials.map(days), final: days(final) }
}

describe('days that teach and judge a forecast of money', () => {
  it('are never so near that a window reaches past the day that is judged', () => {
    for (const today of [400, 700, 1200, 2000])
      for (const horizon of [30, 90, 180, 365]) {
        const { trials, final } = plain({ first: 0, today, horizon })
        for (const { day, judged, past } of [...trials, final]) {
          for (const window of judged) expect(day + window).toBeLessThanOrEqual(today)
          for (const one of past) {
            const [on, over] = one.split(':')
            for (const window of over!.split('+')) expect(Number(on) + Number(window)).toBeLessThanOrEqual(day)
          }
        }
      }
  })

  it('carry a year only where a year lies in the past with half of one before it', () => {
    const judgedYears = (today: number) =>
      plain({ first: 0, today, horizon: 90 }).trials.filter(({ judged }) => judged.includes(365)).length
    expect(judgedYears(547)).toBe(0)
    expect(judgedYears(548)).toBe(1)
    expect(judgedYears(548 + 365)).toBe(2)
  })

  it('are those that were asked for, where their window is over', () => {
    const { trials } = plain({ first: 0, today: 373, horizon: 90, judgeAt: [282, 300] })
    expect(trials.map(({ day, judged }) => [day, judged])).toEqual([[282, [90]]])
    expect(trials[0]!.past).toEqual(['102:90', '132:90', '162:90', '192:90'])
  })

  it('know the same season of last year', () => {
    const { final } = plain({ first: 0, today: 800, horizon: 90 })
    expect(final.past).toContain('435:90+365')
  })

  it('are none in a history that is too short', () => {
    expect(plain({ first: 0, today: 60, horizon: 90 }).trials).toEqual([])
  })
})
