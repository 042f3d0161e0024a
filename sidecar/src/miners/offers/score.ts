import { OFFER_RANKS, TEXT_LIMIT, type Frame, type ScoreColumns } from '@assay/shared'
import { historyOf, orderCount, translation } from './history.ts'
import type { OffersModel } from './model.ts'
import { createRanker } from './rank.ts'
import { offerWhy, productName } from './why.ts'

/** Three proposals a customer, with code and reason; none where no product of theirs is known. */
export function score(model: OffersModel, now: Frame): ScoreColumns {
  const rows = now.ids.length
  const fields: Record<string, (string | null)[]> = {}
  for (const k of OFFER_RANKS) {
    for (const name of [`offer_${k}`, `offer_${k}_code`, `offer_${k}_why`]) fields[name] = Array.from({ length: rows }, () => null)
  }
  const unscored: (string | null)[] = Array.from({ length: rows }, () => 'No bought product is known.')
  if (now.baskets === null) return { ids: now.ids, fields, signs: null, unscored }
  const history = historyOf(now.baskets, translation(now.baskets, model.codes))
  const ranker = createRanker(model, model.weights)
  for (let row = 0; row < rows; row++) {
    if (orderCount(history, row) === 0) continue
    const offers = ranker.rank(history, row, OFFER_RANKS.length)
    unscored[row] = offers.length === 0 ? 'Owns every product already.' : null
    offers.forEach((offer, i) => {
      const field = `offer_${OFFER_RANKS[i]!}`
      fields[field]![row] = productName(model, offer.item).slice(0, TEXT_LIMIT)
      fields[`${field}_code`]![row] = model.codes[offer.item]!
      fields[`${field}_why`]![row] = offerWhy(model, offer, history, row, now.asOf)
    })
  }
  return { ids: now.ids, fields, signs: null, unscored }
}
