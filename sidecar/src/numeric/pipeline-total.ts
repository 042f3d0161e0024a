/** 97.5 % point of the normal distribution. */
const Z = 1.959963984540054

export interface PipelineTotal {
  readonly expected: number
  readonly low: number
  readonly high: number
}

/** Sum over deals of chance times worth, and its variance where deals are independent (Poisson-binomial). */
export function independentTotal(probability: ArrayLike<number>, worth: ArrayLike<number>): { expected: number; variance: number } {
  let expected = 0
  let variance = 0
  for (let i = 0; i < probability.length; i++) {
    const [p, v] = [probability[i]!, worth[i]!]
    expected += p * v
    variance += p * (1 - p) * v * v
  }
  return { expected, variance }
}

/**
 * The sum with its 95 % interval. Deals of one period fare alike, so the errors of earlier forecasts say how much wider it is
 * than independent deals would have it: variance = sum p (1 - p) v^2 + (shared x sum p v)^2, a little more where the earlier forecasts are few.
 */
export function pipelineTotal(
  probability: ArrayLike<number>,
  worth: ArrayLike<number>,
  past: { readonly shared: number; readonly forecasts: number },
): PipelineTotal {
  const { expected, variance } = independentTotal(probability, worth)
  const few = 1 + 1 / Math.max(1, past.forecasts)
  const reach = Z * Math.sqrt(few * (variance + (past.shared * expected) ** 2))
  return { expected, low: Math.max(0, expected - reach), high: expected + reach }
}

/** The part of the relative error of earlier forecasts that independent deals do not explain, as a standard deviation; 0 where they do. */
export function sharedError(past: readonly { readonly actual: number; readonly expected: number; readonly variance: number }[]): number {
  const known = past.filter(({ expected }) => expected > 0)
  const sum = known.reduce((total, { actual, expected, variance }) => total + ((actual - expected) ** 2 - variance) / expected ** 2, 0)
  return known.length === 0 ? 0 : Math.sqrt(Math.max(0, sum / known.length))
}
