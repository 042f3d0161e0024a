const TERMS = 200_000

function series(a: number, b: number, c: number, z: number): number {
  let term = 1
  let sum = 1
  for (let j = 0; j < TERMS; j++) {
    term *= ((a + j) * (b + j) * z) / ((c + j) * (j + 1))
    sum += term
    if (Math.abs(term) < 1e-16 * Math.abs(sum)) return sum
  }
  return sum
}

/**
 * Gauss's hypergeometric function 2F1(a, b; c; z) for 0 <= z < 1 and c > 0, by its series; where the series converges
 * slowly (z > .9) or overflows, after Euler's transformation (1-z)^(c-a-b) 2F1(c-a, c-b; c; z) (Abramowitz & Stegun
 * 15.1.1, 15.3.3), when that one has the smaller terms.
 *
 * @example hyp2f1(1, 1, 2, 0.5) // -ln(1 - z) / z = 1.386…
 */
export function hyp2f1(a: number, b: number, c: number, z: number): number {
  if (z === 0) return 1
  const plain = z <= 0.9 || a + b <= c ? series(a, b, c, z) : Number.NaN
  if (Number.isFinite(plain)) return plain
  return (1 - z) ** (c - a - b) * series(c - a, c - b, c, z)
}

/**
 * ln 2F1(a, b; a + 1; z) for a, b > 0 and 0 <= z < 1, given 1 - z so that z near 1 keeps its digits. After Euler's transformation
 * it is (1-z)^(1-b) 2F1(1, a+1-b; a+1; z), and that by Gauss's continued fraction (DLMF 15.7.1 with b = 0; modified Lentz):
 * no overflow however many purchases there are, and some hundred steps where the series needs a million.
 */
export function lnHyp2f1Next(a: number, b: number, z: number, oneMinusZ: number): number {
  const numerator = a + 1 - b
  let f = a
  let upper = a
  let lower = 0
  for (let j = 1; j < TERMS; j++) {
    const n = j >> 1
    const u = (j % 2 === 1 ? (numerator + n) * (a + n) : n * (a - numerator + n)) * z
    const t = a + j
    lower = 1 / (t - u * lower || Number.MIN_VALUE)
    upper = t - u / upper || Number.MIN_VALUE
    const change = upper * lower
    f *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return (1 - b) * Math.log(oneMinusZ) + Math.log(a / f)
}
