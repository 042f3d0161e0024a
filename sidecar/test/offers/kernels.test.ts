import { expect, test } from 'vitest'
import { hitsAt } from '../../src/miners/offers/hits.ts'
import { acceptedByFalseDiscovery } from '../../src/numeric/false-discovery.ts'
import { fisherTail, logFactorials } from '../../src/numeric/hypergeometric.ts'

test('Fisher: the tea lady, and a tail that sums to one', () => {
  const table = logFactorials(40)
  // Fisher 1935: all eight cups right by chance, 1 in 70; six or more, 17 in 70.
  expect(fisherTail(4, 4, 4, 8, table)).toBeCloseTo(1 / 70, 12)
  expect(fisherTail(3, 4, 4, 8, table)).toBeCloseTo(17 / 70, 12)
  expect(fisherTail(0, 15, 12, 40, table)).toBeCloseTo(1, 12)
  expect(fisherTail(9, 15, 12, 40, table)).toBeGreaterThan(fisherTail(10, 15, 12, 40, table))
})

test('Benjamini-Hochberg accepts up to the last p-value under the line', () => {
  // The example of the paper (1995, section 3.3): four of fifteen at 5 %.
  const p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1]
  expect(acceptedByFalseDiscovery(Float64Array.from(p), 0.05).filter(Boolean)).toHaveLength(4)
  expect(acceptedByFalseDiscovery(Float64Array.of(0.9, 0.8), 0.05)).toEqual([false, false])
  expect(acceptedByFalseDiscovery(Float64Array.of(0.03, 0.045), 0.05)).toEqual([true, true])
})

test('recall, gain and hit of a ranked list by hand', () => {
  const at3 = hitsAt([5, 1, 7, 2], new Set([1, 2]), 3)
  expect(at3).toEqual({ recall: 0.5, ndcg: 1 / Math.log2(3) / (1 + 1 / Math.log2(3)), hit: 1 })
  expect(hitsAt([5], new Set([1]), 10)).toEqual({ recall: 0, ndcg: 0, hit: 0 })
  expect(hitsAt([1], new Set([1, 2, 3]), 1)).toEqual({ recall: 1 / 3, ndcg: 1, hit: 1 })
})
