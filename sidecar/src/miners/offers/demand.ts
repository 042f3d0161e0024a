import type { History } from './history.ts'

/** How each product sells; all lists by product number. */
export interface Demand {
  readonly customers: number
  readonly orders: number
  readonly popularity: Int32Array
  readonly buyers: Int32Array
  readonly chances: Int32Array
  readonly again: Int32Array
}

/** Who could have come back for a product, and who did. */
export interface Repeats {
  readonly chances: ArrayLike<number>
  readonly again: ArrayLike<number>
}

/** Counts orders, buyers, and who of them came back for the same product. One pass. */
export function demandOf(history: History, products: number): Demand {
  const counts = () => new Int32Array(products)
  const [popularity, buyers, chances, again] = [counts(), counts(), counts(), counts()] as const
  const seenBy = new Int32Array(products).fill(-1)
  const repeatedBy = new Int32Array(products).fill(-1)
  let customers = 0
  for (let row = 0; row + 1 < history.rows.length; row++) {
    const end = history.rows[row + 1]!
    if (end > history.rows[row]!) customers++
    for (let b = history.rows[row]!; b < end; b++) {
      for (let i = history.offsets[b]!; i < history.offsets[b + 1]!; i++) {
        const item = history.items[i]!
        popularity[item]!++
        if (seenBy[item] !== row) {
          seenBy[item] = row
          buyers[item]!++
          if (b + 1 < end) chances[item]!++
        } else if (repeatedBy[item] !== row) {
          repeatedBy[item] = row
          again[item]!++
        }
      }
    }
  }
  return { customers, orders: history.times.length, popularity, buyers, chances, again }
}

/** Below this share of buyers who come back for it a product is one that is owned, not used up. */
const OWNED = 0.1
/** A product with little history is taken for as lasting as the catalogue, as if so many buyers had been seen. */
const PRIOR = 5

/**
 * Share of the buyers with a later order who bought the product again, drawn to the catalogue's average where few are
 * known; and that average.
 */
export function repeatRates({ chances, again }: Repeats): { rates: Float64Array; average: number } {
  let all = 0
  let back = 0
  for (let item = 0; item < chances.length; item++) {
    all += chances[item]!
    back += again[item]!
  }
  const average = all === 0 ? 1 : back / all
  return { rates: Float64Array.from(chances, (count, item) => (again[item]! + PRIOR * average) / (count + PRIOR)), average }
}

/** 1 for products that owners hardly ever buy a second time: machines, licences, an implementation, a training. */
export function ownedProducts(repeats: Repeats): Uint8Array {
  return Uint8Array.from(repeatRates(repeats).rates, (rate) => (rate < OWNED ? 1 : 0))
}

/** Product numbers by falling popularity, equal ones by code. */
export function byPopularity(popularity: ArrayLike<number>): Int32Array {
  return Int32Array.from(popularity, (_, item) => item).sort((a, b) => popularity[b]! - popularity[a]! || a - b)
}
