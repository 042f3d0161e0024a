import { sortedKnown, sortedQuantile } from './quantile.ts'

/** A share that is not there counts as this much: the logarithm of nothing is no number. */
const FLOOR = 1e-4
const BINS = 10

/**
 * Population stability index: sum of (q - p) ln(q / p) over bins, p and q the shares of the reference and of the rows looked at
 * (Siddiqi 2006). Usual reading: below .1 fine, .1 to .25 watch, above act. 0 where either side is empty.
 */
export function stabilityIndex(reference: ArrayLike<number>, now: ArrayLike<number>): number {
  const total = (counts: ArrayLike<number>): number => Array.from(counts).reduce((sum, n) => sum + n, 0)
  const [before, after] = [total(reference), total(now)]
  if (before === 0 || after === 0) return 0
  let index = 0
  for (let k = 0; k < reference.length; k++) {
    const p = Math.max(FLOOR, reference[k]! / before)
    const q = Math.max(FLOOR, now[k]! / after)
    index += (q - p) * Math.log(q / p)
  }
  return index
}

/** The same of numbers, in ten bins of the reference, or one a value where they are few; missing values are a bin of their own. */
export function numbersIndex(reference: Float64Array, now: Float64Array): number {
  const sorted = sortedKnown(reference)
  const different = [...new Set(sorted)]
  const edges =
    different.length <= BINS
      ? different.slice(1)
      : [...new Set(Array.from({ length: BINS - 1 }, (_, k) => sortedQuantile(sorted, (k + 1) / BINS)))]
  const counts = (values: Float64Array): Float64Array => {
    const found = new Float64Array(edges.length + 2)
    for (const value of values) {
      const above = edges.findIndex((edge) => value < edge)
      found[Number.isNaN(value) ? edges.length + 1 : above < 0 ? edges.length : above]!++
    }
    return found
  }
  return stabilityIndex(counts(reference), counts(now))
}

/** The same of words, null where missing. */
export function wordsIndex(reference: readonly (string | null)[], now: readonly (string | null)[]): number {
  const words = [...new Set([...reference, ...now])]
  const place = new Map(words.map((word, k) => [word, k]))
  const counts = (values: readonly (string | null)[]): Float64Array => {
    const found = new Float64Array(words.length)
    for (const word of values) found[place.get(word)!]!++
    return found
  }
  return stabilityIndex(counts(reference), counts(now))
}
