import { describe, expect, it } from 'vitest'
import { incidence, slopesBetween, wonOdds } from '../../src/miners/wins/incidence.ts'
import { edgesOf, endingPeriods, periodsOf } from '../../src/miners/wins/intervals.ts'
import { tableOf } from '../../src/miners/wins/table.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { sigmoid } from '../../src/numeric/sigmoid.ts'

const rng = seededRng('incidence')
const draw = (size: number): Float64Array => Float64Array.from({ length: size }, () => 4 * rng.next() - 2.5)

describe('competing risks', () => {
  it('add up to one, and to what following each way by hand gives', () => {
    for (let k = 0; k < 20; k++) {
      const [ends, wins] = [draw(5), draw(5)]
      const { won, lost, open } = incidence(ends, wins)
      let byHand = 0
      for (let end = 0; end < 5; end++) {
        let path = sigmoid(ends[end]!) * sigmoid(wins[end]!)
        for (let before = 0; before < end; before++) path *= 1 - sigmoid(ends[before]!)
        byHand += path
      }
      expect(won).toBeCloseTo(byHand, 12)
      expect(won + lost + open).toBeCloseTo(1, 12)
    }
  })

  it('give each log-odds its part of the difference between two deals, and all parts add up', () => {
    for (let k = 0; k < 20; k++) {
      const from = { ends: draw(4), wins: draw(4) }
      const to = { ends: draw(4), wins: draw(4) }
      const slopes = slopesBetween(from, to)
      let sum = 0
      for (let i = 0; i < 4; i++) {
        sum += slopes.ends[i]! * (to.ends[i]! - from.ends[i]!) + slopes.wins[i]! * (to.wins[i]! - from.wins[i]!)
      }
      expect(sum).toBeCloseTo(wonOdds(to.ends, to.wins) - wonOdds(from.ends, from.wins), 5)
    }
  })

  it('have the slope that a small step shows', () => {
    const deal = { ends: draw(3), wins: draw(3) }
    const slopes = slopesBetween(deal, deal)
    for (let i = 0; i < 3; i++) {
      const ends = deal.ends.map((value, k) => (k === i ? value + 1e-5 : value))
      expect((wonOdds(ends, deal.wins) - wonOdds(deal.ends, deal.wins)) / 1e-5).toBeCloseTo(slopes.ends[i]!, 3)
      const wins = deal.wins.map((value, k) => (k === i ? value + 1e-5 : value))
      expect((wonOdds(deal.ends, wins) - wonOdds(deal.ends, deal.wins)) / 1e-5).toBeCloseTo(slopes.wins[i]!, 3)
    }
  })
})

describe('intervals', () => {
  it('double, and end with the horizon', () => {
    expect(edgesOf(28)).toEqual([7, 14, 28])
    expect(edgesOf(84)).toEqual([7, 14, 28, 56, 84])
    expect(edgesOf(7)).toEqual([7])
  })

  it('hold a deal until it ends or is seen no longer; an interval seen in part tells nothing', () => {
    const table = tableOf({
      asOf: 0,
      ids: ['won at once', 'lost late', 'open', 'seen for ten days', 'unknown'],
      columns: [],
      outcome: null,
      baskets: null,
      next: null,
      endings: { how: Int8Array.of(1, 2, 0, 0, -1), days: Float64Array.of(0, 20, 90, 10, 5), value: new Float64Array(5) },
    })
    const periods = periodsOf(table, [7, 14, 28])
    const told = [...periods.row].map((row, at) => `${row}/${periods.interval[at]}/${periods.ended[at]}/${periods.won[at]}`)
    expect(told).toEqual(['0/0/1/1', '1/0/0/0', '1/1/0/0', '1/2/1/0', '2/0/0/0', '2/1/0/0', '2/2/0/0', '3/0/0/0'])
    expect([...endingPeriods(periods).row]).toEqual([0, 1])
  })
})
