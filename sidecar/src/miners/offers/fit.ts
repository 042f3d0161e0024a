import { AssayError, type Rng, type Training } from '@assay/shared'
import { demandOf, ownedProducts } from './demand.ts'
import { findRules } from './find-rules.ts'
import { catalogueOf, historyOf, translation } from './history.ts'
import type { OffersModel, OffersParams } from './model.ts'
import { nonProducts } from './non-products.ts'
import { tuneWeights } from './tune.ts'

/**
 * Learns from the order history of the newest frame. `next` is never looked at: whatever follows a frame is kept for
 * the verdict. Nothing here is drawn at random, so `rng` is not used.
 */
// eslint-disable-next-line typescript/require-await -- the contract is asynchronous
export async function fit(training: Training, params: OffersParams, _rng: Rng): Promise<OffersModel> {
  const frame = training.frames.at(-1)
  const baskets = frame?.baskets ?? null
  if (frame === undefined || baskets === null || baskets.items.length === 0) {
    throw new AssayError('data', 'offers need orders with products; there are none', {
      hint: 'Map line items (or products on deals), with the product code of each line.',
    })
  }
  const all = catalogueOf(baskets)
  const reasons = nonProducts(all.codes, all.names)
  const kept = reasons.flatMap((why, i) => (why === null ? [i] : []))
  const codes = kept.map((i) => all.codes[i]!)
  if (codes.length === 0) throw new AssayError('data', `none of the ${all.codes.length} product codes stands for a product`)
  const history = historyOf(baskets, translation(baskets, codes))
  const demand = demandOf(history, codes.length)
  return {
    asOf: frame.asOf,
    customers: demand.customers,
    orders: demand.orders,
    codes,
    names: kept.map((i) => all.names[i]!),
    popularity: [...demand.popularity],
    buyers: [...demand.buyers],
    chances: [...demand.chances],
    again: [...demand.again],
    owned: [...ownedProducts(demand)],
    excluded: reasons.flatMap((why, i) => (why === null ? [] : [{ code: all.codes[i]!, name: all.names[i] ?? null, why }])),
    ...findRules(history, frame.ids, codes.length, params),
    ...tuneWeights(history, frame.ids, codes.length, params),
  }
}
