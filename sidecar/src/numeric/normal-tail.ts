/**
 * Chance of a standard normal value at least `z` away from 0, on either side: erfc(|z| / sqrt 2), by the continued fraction
 * (Abramowitz & Stegun 7.1.14) for large and the series (7.1.5) for small values; about 1e-13. NaN for NaN.
 */
export function normalTail(z: number): number {
  if (Number.isNaN(z)) return Number.NaN
  const x = Math.abs(z) / Math.SQRT2
  if (x < 2) {
    let term = x
    let sum = x
    for (let n = 1; n < 100; n++) {
      term *= (-x * x) / n
      sum += term / (2 * n + 1)
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum
  }
  let fraction = 0
  for (let k = 80; k > 0; k--) fraction = k / 2 / (x + fraction)
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction))
}

/** Chance of at least such a difference between two shares, `hits` of `n` each, where both are the same (pooled z-test, two-sided). 1 where either is empty. */
export function sameShare(first: { hits: number; n: number }, second: { hits: number; n: number }): number {
  if (first.n === 0 || second.n === 0) return 1
  const pooled = (first.hits + second.hits) / (first.n + second.n)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / first.n + 1 / second.n))
  return error === 0 ? 1 : normalTail((first.hits / first.n - second.hits / second.n) / error)
}
