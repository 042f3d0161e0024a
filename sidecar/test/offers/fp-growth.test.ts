import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { associationRules } from '../../src/numeric/association-rules.ts'
import { frequentItemsets, type Itemsets, type Transactions } from '../../src/numeric/fp-growth.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { knownData } from './known-data.ts'

function packed(baskets: readonly (readonly number[])[], itemCount: number): Transactions {
  const offsets = new Int32Array(baskets.length + 1)
  baskets.forEach((basket, t) => {
    offsets[t + 1] = offsets[t]! + basket.length
  })
  return { offsets, items: Int32Array.from(baskets.flat()), itemCount }
}

function named(lines: readonly (readonly string[])[]): { transactions: Transactions; names: string[] } {
  const names = [...new Set(lines.flat())].sort()
  const codes = new Map(names.map((name, i) => [name, i]))
  return {
    transactions: packed(
      lines.map((line) => [...new Set(line)].map((name) => codes.get(name)!)),
      names.length,
    ),
    names,
  }
}

function sizes(sets: Itemsets): number[] {
  const bySize: number[] = []
  sets.counts.forEach((_, s) => {
    const size = sets.offsets[s + 1]! - sets.offsets[s]!
    bySize[size - 1] = (bySize[size - 1] ?? 0) + 1
  })
  return bySize
}

const UNLIMITED = { maxSize: 20, limit: 1_000_000 }

test('FP-growth finds what counting every subset finds', () => {
  const rng = seededRng(7)
  for (let round = 0; round < 20; round++) {
    const baskets = Array.from({ length: 40 }, () => Array.from({ length: 8 }, (_, i) => i).filter((i) => rng.next() < 0.2 + i * 0.08))
    const found = frequentItemsets(packed(baskets, 8), 6, UNLIMITED)
    const ours = new Map<string, number>()
    found.counts.forEach((count, s) => ours.set([...found.items.subarray(found.offsets[s], found.offsets[s + 1])].join(' '), count))
    const expected = new Map<string, number>()
    for (let mask = 1; mask < 256; mask++) {
      const set = Array.from({ length: 8 }, (_, i) => i).filter((i) => (mask >> i) & 1)
      const count = baskets.filter((basket) => set.every((item) => basket.includes(item))).length
      if (count >= 6) expected.set(set.join(' '), count)
    }
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(expected))
    expect(found.counts.length).toBe(expected.size)
  }
})

test('limits hold: no larger itemset than asked for, and a stop that is said', () => {
  const all = packed(
    Array.from({ length: 10 }, () => [0, 1, 2, 3, 4]),
    5,
  )
  expect(sizes(frequentItemsets(all, 2, { maxSize: 5, limit: 100 }))).toEqual([5, 10, 10, 5, 1])
  expect(sizes(frequentItemsets(all, 2, { maxSize: 2, limit: 100 }))).toEqual([5, 10])
  const stopped = frequentItemsets(all, 2, { maxSize: 5, limit: 12 })
  expect(stopped.complete).toBe(false)
  expect(stopped.counts.length).toBe(12)
})

// Counts: arules' Groceries and FIMI's retail, agreed by two implementations (plain Eclat, published figures).
const groceries = knownData('groceries/groceries.csv')
describe.runIf(groceries)('groceries (needs ASSAY_DATA)', () => {
  const lines = groceries === null ? [] : readFileSync(groceries, 'utf8').trim().split('\n')
  const { transactions, names } = named(lines.map((line) => line.split(',').map((name) => name.trim())))
  test.each([
    [492, 31],
    [99, 333],
    [50, 1001],
    [10, 13492],
  ])('at least %i baskets: %i itemsets', (minCount, expected) => {
    expect(frequentItemsets(transactions, minCount, UNLIMITED).counts.length).toBe(expected)
  })
  test('itemsets of each size at .1 %', () => {
    expect(sizes(frequentItemsets(transactions, 10, UNLIMITED))).toEqual([157, 2981, 6831, 3137, 376, 10])
  })
  test.each([
    [60, 0.25, 463],
    [10, 0.8, 410],
    [50, 0.25, 662],
    [99, 0.5, 15],
    [10, 0.5, 5668],
  ])('rules from %i baskets with confidence %f: %i', (minCount, confidence, expected) => {
    const rules = associationRules(frequentItemsets(transactions, minCount, UNLIMITED), 9835, confidence)
    expect(rules.consequents.length).toBe(expected)
  })
  test('the rule with the highest lift', () => {
    const rules = associationRules(frequentItemsets(transactions, 10, UNLIMITED), 9835, 0.8)
    const best = rules.lift.indexOf(Math.max(...rules.lift))
    expect(rules.antecedents[best]!.map((item) => names[item])).toEqual(['liquor', 'red/blush wine'])
    expect(names[rules.consequents[best]!]).toBe('bottled beer')
    expect(rules.lift[best]).toBeCloseTo(11.2353, 4)
    expect(rules.confidence[best]).toBeCloseTo(0.9048, 4)
    expect(rules.both[best]).toBe(19)
  })
})

const retail = knownData('fimi/retail.dat')
describe.runIf(retail)('FIMI retail (needs ASSAY_DATA)', () => {
  const lines = retail === null ? [] : readFileSync(retail, 'utf8').trim().split('\n')
  const transactions = packed(
    lines.map((line) => line.trim().split(/\s+/).map(Number)),
    16470,
  )
  test.each([
    [882, [70, 58, 25, 6]],
    [441, [221, 237, 102, 19, 1]],
    [177, [956, 1133, 504, 91, 7]],
    [89, [2117, 3260, 1794, 382, 36]],
  ])('at least %i baskets', (minCount, expected) => {
    expect(sizes(frequentItemsets(transactions, minCount, UNLIMITED))).toEqual(expected)
  })
})
