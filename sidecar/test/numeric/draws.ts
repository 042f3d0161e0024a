import type { Rng } from '@assay/shared'

/** Gamma draw by Marsaglia & Tsang 2000; for shape below 1 with their boost. */
export function gammaDraw(rng: Rng, shape: number, rate: number): number {
  if (shape < 1) return gammaDraw(rng, shape + 1, rate) * (1 - rng.next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next())
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - rng.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate
  }
}

/** Beta draw, from two gamma draws. */
export function betaDraw(rng: Rng, a: number, b: number): number {
  const one = gammaDraw(rng, a, 1)
  return one / (one + gammaDraw(rng, b, 1))
}
