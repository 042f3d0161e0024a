/**
 * How regular buying is: k of Erlang-k gaps, 1 where purchases come at random, larger where they come like clockwork. From the
 * share that one of two consecutive gaps of a customer has in both: of Erlang-k gaps it is beta(k, k), with variance
 * 1 / (4 (2k + 1)) (Wheat & Morrison 1990, "Estimating purchase regularity with two interpurchase times").
 *
 * @param shares t1 / (t1 + t2), one of each customer; NaN where there are no two gaps
 * @returns NaN with fewer than 30 customers
 */
export function regularity(shares: ArrayLike<number>): number {
  let n = 0
  let squares = 0
  for (let i = 0; i < shares.length; i++) {
    const share = shares[i]!
    if (Number.isNaN(share)) continue
    n++
    // The mean is .5 by symmetry: no degree of freedom is spent on it.
    squares += (share - 0.5) ** 2
  }
  if (n < LEAST) return Number.NaN
  const variance = squares / n
  return variance === 0 ? MOST : Math.max(0, Math.min(MOST, (1 - 4 * variance) / (8 * variance)))
}

const LEAST = 30
const MOST = 100
