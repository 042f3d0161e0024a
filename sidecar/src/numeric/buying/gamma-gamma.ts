import { bfgs } from '../bfgs.ts'
import { lnGamma } from '../ln-gamma.ts'
import { nelderMead } from '../nelder-mead.ts'

/** What one customer's purchases were worth on average, and how many they were. */
export interface Spending {
  readonly purchases: number
  /** Above 0. */
  readonly mean: number
}

export interface GammaGammaFit {
  readonly p: number
  readonly q: number
  /** In money. */
  readonly v: number
  readonly logLikelihood: number
  /** Why no mean can be expected from it; null where one can. */
  readonly degenerate: string | null
}

/** Parameters stay between e^-9 and e^9 (after money is scaled to about 1): outside, a steep wall. */
const WALL = 9
const LIMIT = 1e3

const lnLikelihood = (p: number, q: number, v: number, { purchases: x, mean: m }: Spending): number =>
  lnGamma(p * x + q) -
  lnGamma(p * x) -
  lnGamma(q) +
  q * Math.log(v) +
  (p * x - 1) * Math.log(m) +
  p * x * Math.log(x) -
  (p * x + q) * Math.log(x * m + v)

/**
 * Gamma-Gamma: purchases of a customer are gamma(p, u) worth, the u of customers gamma(q, v) (Fader & Hardie 2013, "The
 * Gamma-Gamma model of monetary value", brucehardie.com/notes/025, equation 1a). Maximum likelihood on the logarithms, from
 * two starts.
 *
 * @param all customers with a purchase of value, at least two
 */
export function fitGammaGamma(all: readonly Spending[]): GammaGammaFit {
  const scale = all.reduce((sum, one) => sum + one.mean, 0) / all.length
  const seen = new Map<string, { spending: Spending; weight: number }>()
  for (const { purchases, mean } of all) {
    const key = `${purchases}|${mean}`
    const known = seen.get(key)
    if (known) known.weight++
    else seen.set(key, { spending: { purchases, mean: mean / scale }, weight: 1 })
  }
  const distinct = [...seen.values()]
  const loss = (logs: Float64Array): number => {
    const [p, q, v] = [Math.exp(logs[0]!), Math.exp(logs[1]!), Math.exp(logs[2]!)]
    let sum = 0
    for (const { spending, weight } of distinct) sum += weight * lnLikelihood(p, q, v, spending)
    let wall = 0
    for (const value of logs) wall += Math.max(0, Math.abs(value) - WALL) ** 2
    return -sum / all.length + wall
  }
  const rough = [
    [1, 1, 0],
    [0, 1.5, 1],
  ]
    .map((start) => nelderMead(loss, start, { tolerance: 1e-6, maxEvaluations: 300 }))
    .sort((a, b) => a.value - b.value)[0]!
  const fine = bfgs(loss, rough.at, { tolerance: 1e-8, maxIterations: 100 })
  const best = fine.value <= rough.value ? fine.at : rough.at
  const [p, q, v] = [Math.exp(best[0]!), Math.exp(best[1]!), Math.exp(best[2]!) * scale]
  const logLikelihood = all.reduce((sum, one) => sum + lnLikelihood(p, q, v, one), 0)
  return { p, q, v, logLikelihood, degenerate: degenerate(p, q) }
}

function degenerate(p: number, q: number): string | null {
  if (!Number.isFinite(p) || !Number.isFinite(q)) return 'no fit was found'
  if (q <= 1) return 'q is not above 1: the amounts scatter too widely for a mean to exist'
  if (p > LIMIT) return 'p grew without end: a customer always spends the same'
  if (q > LIMIT) return 'q grew without end: all customers spend alike'
  return null
}

/**
 * What a purchase of a customer with this history is expected to be worth: between the customer's own mean and that of all,
 * the nearer to the own the more purchases are known (equation 5 there). Needs q > 1.
 */
export function expectedSpending({ p, q, v }: Pick<GammaGammaFit, 'p' | 'q' | 'v'>, { purchases, mean }: Spending): number {
  const own = (p * purchases) / (p * purchases + q - 1)
  return own * (purchases > 0 ? mean : 0) + (1 - own) * ((p * v) / (q - 1))
}
