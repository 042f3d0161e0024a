export interface Moments {
  readonly n: number
  readonly mean: number
  /** Of the population (divided by n). */
  readonly deviation: number
  /** Third standardised moment; 0 where all are equal. */
  readonly skewness: number
}

/** Mean, standard deviation and skewness of what is not missing (NaN), in two passes. */
export function moments(values: ArrayLike<number>): Moments {
  let n = 0
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!
    if (Number.isNaN(v)) continue
    n++
    sum += v
  }
  const mean = n === 0 ? Number.NaN : sum / n
  let second = 0
  let third = 0
  for (let i = 0; i < values.length; i++) {
    const gap = values[i]! - mean
    if (Number.isNaN(gap)) continue
    second += gap * gap
    third += gap * gap * gap
  }
  const deviation = n === 0 ? Number.NaN : Math.sqrt(second / n)
  return { n, mean, deviation, skewness: deviation > 0 ? third / n / deviation ** 3 : 0 }
}
