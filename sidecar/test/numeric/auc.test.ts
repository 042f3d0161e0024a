import { describe, expect, it } from 'vitest'
import { auc } from '../../src/numeric/auc.ts'
import { midRanks } from '../../src/numeric/mid-ranks.ts'
import { seededRng } from '../../src/numeric/rng.ts'

describe('auc', () => {
  it('equals counting every pair, ties as half', () => {
    const rng = seededRng('auc')
    const scores = Array.from({ length: 300 }, () => rng.below(40))
    const outcome = scores.map((s) => (rng.next() < s / 60 ? 1 : 0))
    let wins = 0
    let pairs = 0
    for (let i = 0; i < 300; i++)
      for (let j = 0; j < 300; j++)
        if (outcome[i] === 1 && outcome[j] === 0) {
          pairs++
          wins += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0
        }
    expect(auc(scores, outcome)).toBeCloseTo(wins / pairs, 12)
  })

  it('gives .75 on the example of scikit-learn roc_auc_score', () => {
    expect(auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75)
  })

  it('is not a number with one class', () => expect(auc([1, 2], [1, 1])).toBeNaN())

  it('shares ranks among ties', () => expect([...midRanks([10, 20, 20, 30])]).toEqual([1, 2.5, 2.5, 4]))
})
