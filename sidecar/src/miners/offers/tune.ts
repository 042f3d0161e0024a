import { sampleRows } from '../../numeric/stable-sample.ts'
import { demandOf, ownedProducts } from './demand.ts'
import { findRules } from './find-rules.ts'
import { hitsAt } from './hits.ts'
import { orderCount, withoutLast, type History } from './history.ts'
import type { OffersModel, OffersParams, Weights } from './model.ts'
import { createRanker, type Knowledge } from './rank.ts'

/** Used where too few customers came back often enough to tune anything. */
export const USUAL: Weights = { decay: 0.9, repeat: 1, rules: 0.1, popular: 0.1 }
const LEAST_CUSTOMERS = 50
const TOP = 10

/** In the order in which they are tuned. */
const NAMES = ['repeat', 'decay', 'popular', 'rules'] as const
const GRID: { readonly [K in keyof Weights]: readonly number[] } = {
  decay: [1, 0.95, 0.9, 0.8],
  repeat: [0, 0.5, 1, 1.5],
  popular: [0.01, 0.1, 0.3, 1],
  rules: [0.02, 0.05, 0.1, 0.2, 0.4],
}

/**
 * Weights that best foretell the last order of training customers from the orders before it. Rules and popularity
 * are learned anew without those orders, so that nothing is tuned on what it already knows. The measure is NDCG@10: the
 * first three are what people see, so the order counts. One weight after the other; of equal ones the earlier stays.
 */
export function tuneWeights(
  history: History,
  ids: readonly string[],
  products: number,
  params: OffersParams,
): Pick<OffersModel, 'weights' | 'tried'> {
  const enough = ids.map((_, row) => row).filter((row) => orderCount(history, row) > params.leastOrders)
  if (enough.length < LEAST_CUSTOMERS) return { weights: USUAL, tried: [] }
  const rows = sampleRows(ids, Int32Array.from(enough), params.sample)
  const marked = new Uint8Array(ids.length)
  for (const row of rows) marked[row] = 1
  const before = withoutLast(history, marked)
  const demand = demandOf(before, products)
  const known: Knowledge = { ...demand, owned: ownedProducts(demand), rules: findRules(before, ids, products, params).rules }
  const targets = Array.from(rows, (row) => {
    const last = history.rows[row + 1]! - 1
    return new Set(history.items.subarray(history.offsets[last], history.offsets[last + 1]))
  })
  const gainOf = (weights: Weights): number => {
    const ranker = createRanker(known, weights)
    let sum = 0
    rows.forEach((row, i) => {
      const ranked = ranker.rank(before, row, TOP).map((offer) => offer.item)
      sum += hitsAt(ranked, targets[i]!, TOP).ndcg
    })
    return sum / rows.length
  }
  return climb(gainOf)
}

/** Share of the gain that may be given up to propose what is new: a repeat is often bought without being proposed. */
const FOR_NEW = 0.005

type Tried = Weights & { readonly ndcg: number }

function climb(gainOf: (weights: Weights) => number): Pick<OffersModel, 'weights' | 'tried'> {
  const tried: Tried[] = []
  const measured = (weights: Weights): Tried => {
    const known = tried.find((each) => NAMES.every((name) => each[name] === weights[name]))
    if (known !== undefined) return known
    const fresh = { ...weights, ndcg: gainOf(weights) }
    tried.push(fresh)
    return fresh
  }
  let best = measured(USUAL)
  for (const name of NAMES) {
    for (const value of GRID[name]) {
      const { decay, repeat, popular, rules } = best
      const next = measured({ decay, repeat, popular, rules, [name]: value })
      if (next.ndcg > best.ndcg) best = next
    }
  }
  const same = (each: Tried) => NAMES.every((name) => name === 'rules' || each[name] === best[name])
  const bold = tried.filter((each) => same(each) && each.ndcg >= (1 - FOR_NEW) * best.ndcg)
  const chosen = bold.reduce((most, each) => (each.rules > most.rules ? each : most), best)
  const { decay, repeat, popular, rules } = chosen
  return { weights: { decay, repeat, rules, popular }, tried: tried.map((each) => ({ ...each, chosen: each === chosen })) }
}
