import { moments } from './moments.ts'

/** Pearson correlation of two columns without missing values; 0 where one is constant. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = moments(a)
  const y = moments(b)
  if (!(x.deviation > 0) || !(y.deviation > 0)) return 0
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! - x.mean) * (b[i]! - y.mean)
  return sum / a.length / (x.deviation * y.deviation)
}
