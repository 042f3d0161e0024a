import type { Itemsets } from './fp-growth.ts'

/** Rule r says that who has all of `antecedents[r]` tends to have `consequents[r]`. Counts are transactions. */
export interface Rules {
  readonly antecedents: readonly (readonly number[])[]
  readonly consequents: Int32Array
  /** With antecedent and consequent. */
  readonly both: Int32Array
  /** With the antecedent. */
  readonly antecedentCounts: Int32Array
  /** With the consequent. */
  readonly consequentCounts: Int32Array
  readonly confidence: Float64Array
  readonly lift: Float64Array
  /** Confidence above that of every shorter rule to the same consequent, the one without any condition included. */
  readonly improvement: Float64Array
}

const keyOf = (items: readonly number[]): string => items.join(' ')

/** Every proper subset of a few items, the empty one first. */
function properSubsets(items: readonly number[]): number[][] {
  const subsets: number[][] = []
  for (let mask = 0; mask < 2 ** items.length - 1; mask++) subsets.push(items.filter((_, i) => (mask >> i) & 1))
  return subsets
}

/**
 * All rules with one consequent that the itemsets hold and whose confidence is at least `minConfidence`, in the
 * order of the itemsets. Confidence = supp(AB) / supp(A), lift = confidence / supp(B) (Agrawal, Imielinski & Swami
 * 1993; Brin et al. 1997), improvement after Bayardo, Agrawal & Gunopulos 1999.
 */
export function associationRules(itemsets: Itemsets, transactions: number, minConfidence: number): Rules {
  const { offsets, items, counts } = itemsets
  const known = new Map<string, number>([['', transactions]])
  counts.forEach((count, s) => known.set(keyOf([...items.subarray(offsets[s], offsets[s + 1])]), count))
  const confidenceOf = (antecedent: readonly number[], consequent: number): number => {
    const whole = known.get(keyOf([...antecedent, consequent].sort((a, b) => a - b)))
    const condition = known.get(keyOf(antecedent))
    return whole === undefined || condition === undefined ? 0 : whole / condition
  }
  const rows: { antecedent: number[]; consequent: number; both: number; confidence: number; improvement: number }[] = []
  counts.forEach((both, s) => {
    const set = [...items.subarray(offsets[s], offsets[s + 1])]
    if (set.length < 2) return
    for (const consequent of set) {
      const antecedent = set.filter((item) => item !== consequent)
      const confidence = both / (known.get(keyOf(antecedent)) ?? Infinity)
      if (confidence < minConfidence) continue
      const shorter = Math.max(...properSubsets(antecedent).map((part) => confidenceOf(part, consequent)))
      rows.push({ antecedent, consequent, both, confidence, improvement: confidence - shorter })
    }
  })
  const countOf = (set: readonly number[]) => known.get(keyOf(set)) ?? 0
  return {
    antecedents: rows.map((row) => row.antecedent),
    consequents: Int32Array.from(rows, (row) => row.consequent),
    both: Int32Array.from(rows, (row) => row.both),
    antecedentCounts: Int32Array.from(rows, (row) => countOf(row.antecedent)),
    consequentCounts: Int32Array.from(rows, (row) => countOf([row.consequent])),
    confidence: Float64Array.from(rows, (row) => row.confidence),
    lift: Float64Array.from(rows, (row) => (row.confidence * transactions) / countOf([row.consequent])),
    improvement: Float64Array.from(rows, (row) => row.improvement),
  }
}
