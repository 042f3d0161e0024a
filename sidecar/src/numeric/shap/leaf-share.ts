import { gaussLegendre, type Quadrature } from './gauss-legendre.ts'

/** Rules for as many inputs as come up, made once. */
export type Quadratures = (inputs: number) => Quadrature

export function newQuadratures(): Quadratures {
  const made: Quadrature[] = []
  // A leaf behind d inputs asks for the integral of a polynomial of degree d - 1.
  return (inputs) => (made[inputs] ??= gaussLegendre(Math.max(1, Math.ceil(inputs / 2))))
}

/**
 * Shapley values of one leaf. The leaf as a game: a set of known inputs S is worth value x prod (passes_j, for j in S) x
 * prod (share_j, for j not in S). Its Shapley values are integrals of the slope of its multilinear extension along the
 * diagonal (Owen 1972, theorem 5): value (passes_i - share_i) x integral over t of prod_{j != i} (t passes_j + (1 - t) share_j),
 * a polynomial, so the quadrature is exact. O(d^2).
 *
 * @param passes 1 where the row meets what the path asks of input j
 * @param share share of the training rows that went the path's way at its questions about input j, above 0
 */
export function leafShare(
  value: number,
  passes: ArrayLike<number>,
  share: ArrayLike<number>,
  { points, weights }: Quadrature,
  into: Float64Array,
  at: number,
): void {
  const d = share.length
  for (let j = 0; j < d; j++) into[at + j] = 0
  for (let q = 0; q < points.length; q++) {
    const t = points[q]!
    let product = weights[q]!
    for (let j = 0; j < d; j++) product *= t * passes[j]! + (1 - t) * share[j]!
    for (let j = 0; j < d; j++) into[at + j]! += product / (t * passes[j]! + (1 - t) * share[j]!)
  }
  for (let j = 0; j < d; j++) into[at + j]! *= value * (passes[j]! - share[j]!)
}
