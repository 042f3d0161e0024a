/** ln(exp(a) + exp(b)), without overflow. */
export function logAdd(a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return b
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b))
}

/** ln(exp(a) - exp(b)) for a > b; -Infinity where they are equal. */
export const logSubtract = (a: number, b: number): number => (b >= a ? Number.NEGATIVE_INFINITY : a + Math.log(-Math.expm1(b - a)))
