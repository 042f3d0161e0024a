import { TEXT_LIMIT } from '@assay/shared'
import { orderCount, type History } from './history.ts'
import type { OffersModel, Rule } from './model.ts'
import type { Offer } from './rank.ts'

const DAY = 86_400_000
/** Newest orders that a sentence looks at. */
const RECENT = 5
const NAME_LENGTH = 60

const grouped = (value: number): string => value.toString().replace(/\B(?=(\d{3})+$)/g, ',')
const percent = (share: number): string => (share < 0.01 ? 'under 1' : `${Math.round(100 * share)}`)

/** The product in words, or its code where no name is known. */
export const productName = (model: OffersModel, item: number): string => model.names[item] ?? model.codes[item]!

const shortName = (model: OffersModel, item: number): string => {
  const name = productName(model, item)
  return name.length <= NAME_LENGTH ? name : `${name.slice(0, NAME_LENGTH - 1)}…`
}

function ownWhy(item: number, history: History, row: number, asOf: number | null): string {
  const orders = orderCount(history, row)
  const end = history.rows[row + 1]!
  const holding: number[] = []
  for (let b = history.rows[row]!; b < end; b++) {
    if (history.items.subarray(history.offsets[b], history.offsets[b + 1]).includes(item)) holding.push(b)
  }
  const recent = holding.filter((b) => b >= end - RECENT).length
  const last = history.times[holding.at(-1)!]!
  const days = asOf === null ? Number.NaN : Math.floor(asOf / DAY) - Math.floor(last / DAY)
  const when = Number.isNaN(days) ? '' : `, last ${grouped(days)} ${days === 1 ? 'day' : 'days'} ago`
  if (orders === 1) return `Bought in the only order so far${when}`
  if (recent === 0 || orders <= RECENT) return `Bought in ${holding.length} of ${orders} orders${when}`
  return `Bought in ${recent} of the last ${RECENT} orders${when}`
}

function ruleWhy(model: OffersModel, rule: Rule): string {
  const { ifBought, both, ifCount, offerCount } = rule
  const elsewhere = (offerCount - both) / Math.max(1, model.ruleCustomers - ifCount)
  const condition = ifBought.map((item) => shortName(model, item)).join(' and ')
  const times = elsewhere > 0 ? rule.confidence / elsewhere : Infinity
  const more =
    times === Infinity
      ? '; by nobody else'
      : times >= 1.5
        ? `; ${times < 3 ? times.toFixed(1) : grouped(Math.round(times))} times as often as by others`
        : ''
  return `Bought by ${percent(rule.confidence)} % of customers who bought ${condition} (n = ${grouped(ifCount)})${more}`
}

/** One plain sentence that says why this is proposed to this customer, with the numbers behind it. */
export function offerWhy(model: OffersModel, offer: Offer, history: History, row: number, asOf: number | null): string {
  const popular = `Bought by ${percent(model.buyers[offer.item]! / Math.max(1, model.customers))} % of all customers (n = ${grouped(model.customers)})`
  const why = offer.bought ? ownWhy(offer.item, history, row, asOf) : offer.rule === null ? popular : ruleWhy(model, offer.rule)
  return why.slice(0, TEXT_LIMIT)
}
