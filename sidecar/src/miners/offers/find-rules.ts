import { associationRules } from '../../numeric/association-rules.ts'
import { acceptedByFalseDiscovery } from '../../numeric/false-discovery.ts'
import { frequentItemsets, type Transactions } from '../../numeric/fp-growth.ts'
import { fisherTail, logFactorials } from '../../numeric/hypergeometric.ts'
import { sampleRows } from '../../numeric/stable-sample.ts'
import { orderCount, type History } from './history.ts'
import type { OffersModel, OffersParams } from './model.ts'

/** Two products that lead to a third: longer conditions are hardly ever met and never explain better. */
const MOST_ITEMS = 3
const LEAST_CUSTOMERS = 10
const LEAST_SHARE = 0.005
const FALSE_RULES = 0.05

/** What each of the given customers ever bought: the transactions in which rules are looked for. */
function everBought(history: History, customers: Int32Array, products: number): Transactions {
  const offsets = new Int32Array(customers.length + 1)
  const items = new Int32Array(history.items.length)
  const seenBy = new Int32Array(products).fill(-1)
  let size = 0
  customers.forEach((row, t) => {
    for (let i = history.offsets[history.rows[row]!]!; i < history.offsets[history.rows[row + 1]!]!; i++) {
      const item = history.items[i]!
      if (seenBy[item] === row) continue
      seenBy[item] = row
      items[size++] = item
    }
    offsets[t + 1] = size
  })
  return { offsets, items: items.slice(0, size), itemCount: products }
}

/** Rules, and what they were found with. */
export type Found = Pick<OffersModel, 'rules' | 'leastSupport' | 'ruleCustomers'>

/**
 * Rules between products of the same customer, strongest first: more frequent together than chance explains (Fisher's
 * exact test, at most 5 % false ones by Benjamini-Hochberg) and better than every shorter rule to the same product.
 * The least support is the lowest, from half a percent of the customers on, at which the itemsets fit the limit.
 */
export function findRules(history: History, ids: readonly string[], products: number, params: OffersParams): Found {
  const buying = Int32Array.from(ids.flatMap((_, row) => (orderCount(history, row) > 0 ? [row] : [])))
  const chosen = sampleRows(ids, buying, params.ruleCustomers)
  const customers = chosen.length
  const transactions = everBought(history, chosen, products)
  let leastSupport = Math.max(LEAST_CUSTOMERS, Math.ceil(LEAST_SHARE * customers))
  const search = () => frequentItemsets(transactions, leastSupport, { maxSize: MOST_ITEMS, limit: params.mostItemsets })
  let itemsets = search()
  while (!itemsets.complete) {
    leastSupport = Math.ceil(leastSupport * 1.5)
    itemsets = search()
  }
  const found = associationRules(itemsets, customers, 0)
  const better = Array.from(found.improvement, (value, r) => (value > 0 ? r : -1)).filter((r) => r >= 0)
  const table = logFactorials(customers)
  const chance = Float64Array.from(better, (r) =>
    fisherTail(found.both[r]!, found.antecedentCounts[r]!, found.consequentCounts[r]!, customers, table),
  )
  const accepted = acceptedByFalseDiscovery(chance, FALSE_RULES)
  // Leverage: customers above what independence would give. Favours neither tiny nor self-evident rules.
  const leverage = (r: number) => found.both[r]! - (found.antecedentCounts[r]! * found.consequentCounts[r]!) / customers
  const kept = better.filter((_, i) => accepted[i]).sort((a, b) => leverage(b) - leverage(a) || a - b)
  return {
    leastSupport,
    ruleCustomers: customers,
    rules: kept.slice(0, params.mostRules).map((r) => ({
      ifBought: [...found.antecedents[r]!],
      offer: found.consequents[r]!,
      both: found.both[r]!,
      ifCount: found.antecedentCounts[r]!,
      offerCount: found.consequentCounts[r]!,
      confidence: found.confidence[r]!,
      lift: found.lift[r]!,
    })),
  }
}
