/** 1 / (1 + exp(-x)), without overflow. */
export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x))
  const e = Math.exp(x)
  return e / (1 + e)
}

/** Log-odds ln(p / (1 - p)); infinite at 0 and 1. */
export const logit = (p: number): number => Math.log(p) - Math.log1p(-p)
