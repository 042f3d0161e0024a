/** Lanczos coefficients for g = 7, n = 9 (Godfrey's, as printed in Numerical Recipes and many others). */
const COEFFICIENTS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const

/**
 * Natural logarithm of the gamma function for x > 0, to about 1e-13 (Lanczos 1964).
 *
 * @example lnGamma(5) // ln 24
 */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x)
  let sum = COEFFICIENTS[0] as number
  for (let i = 1; i < 9; i++) sum += COEFFICIENTS[i]! / (x - 1 + i)
  const t = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

/** ln B(a, b) = ln G(a) + ln G(b) - ln G(a + b). */
export const lnBeta = (a: number, b: number): number => lnGamma(a) + lnGamma(b) - lnGamma(a + b)
