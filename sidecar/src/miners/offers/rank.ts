import { byPopularity, repeatRates, type Repeats } from './demand.ts'
import { orderCount, type History } from './history.ts'
import type { Rule, Weights } from './model.ts'

/** What ranking needs of a model. */
export type Knowledge = Repeats & {
  readonly rules: readonly Rule[]
  readonly orders: number
  readonly popularity: ArrayLike<number>
  readonly owned: ArrayLike<number>
}

/** One proposal, best first in its list. */
export interface Offer {
  readonly item: number
  readonly score: number
  /** The customer bought it before. */
  readonly bought: boolean
  /** The best rule that leads to it; null where none does. */
  readonly rule: Rule | null
}

/** Ranks what one customer may want next; keeps scratch space, so that a row costs no memory of its own. */
export interface Ranker {
  rank(history: History, row: number, count: number): Offer[]
}

/** Rules by the first product of their condition, packed: those of product p stand at `from[p] .. from[p + 1]`. */
interface PackedRules {
  readonly from: Int32Array
  /** Position in the model's list. */
  readonly rule: Int32Array
  /** The second product of the condition; -1 where there is none. */
  readonly second: Int32Array
  readonly offer: Int32Array
  readonly confidence: Float64Array
}

function packRules(rules: readonly Rule[], products: number): PackedRules {
  const from = new Int32Array(products + 1)
  for (const { ifBought } of rules) from[ifBought[0]! + 1]!++
  for (let item = 0; item < products; item++) from[item + 1]! += from[item]!
  const next = from.slice()
  const order = new Int32Array(rules.length)
  rules.forEach(({ ifBought }, r) => {
    order[next[ifBought[0]!]!++] = r
  })
  return {
    from,
    rule: order,
    second: order.map((r) => rules[r]!.ifBought[1] ?? -1),
    offer: order.map((r) => rules[r]!.offer),
    confidence: Float64Array.from(order, (r) => rules[r]!.confidence),
  }
}

/**
 * Score of a product for a customer = decayed share of the own orders that hold it × how readily buyers come back for
 * it + weight × confidence of the best rule, for what is new + weight × share of all orders that hold it.
 * Equal scores: the more popular one, then the code. What an owner does not buy twice is left out for owners.
 */
export function createRanker(known: Knowledge, weights: Weights): Ranker {
  const products = known.popularity.length
  const popular = byPopularity(known.popularity)
  const place = new Int32Array(products)
  popular.forEach((item, at) => {
    place[item] = at
  })
  const { rates, average } = repeatRates(known)
  const readiness = rates.map((rate) => (average === 0 ? 1 : (rate / average) ** weights.repeat))
  const packed = packRules(known.rules, products)
  const boughtBy = new Int32Array(products).fill(-1)
  const touchedBy = new Int32Array(products).fill(-1)
  const personal = new Float64Array(products)
  /** Place of the best rule among the packed ones. */
  const best = new Int32Array(products)
  const touched = new Int32Array(products)
  let turn = 0
  let size = 0

  const touch = (item: number): void => {
    if (touchedBy[item] === turn) return
    touchedBy[item] = turn
    personal[item] = 0
    best[item] = -1
    touched[size++] = item
  }
  const addOwn = (history: History, row: number): void => {
    let weight = 1
    let all = 0
    for (let b = history.rows[row + 1]! - 1; b >= history.rows[row]!; b--) {
      for (let i = history.offsets[b]!; i < history.offsets[b + 1]!; i++) {
        const item = history.items[i]!
        touch(item)
        boughtBy[item] = turn
        personal[item]! += weight
      }
      all += weight
      weight *= weights.decay
    }
    for (let i = 0; i < size; i++) personal[touched[i]!]! /= all
  }
  const addRules = (own: number): void => {
    for (let i = 0; i < own; i++) {
      const item = touched[i]!
      for (let at = packed.from[item]!; at < packed.from[item + 1]!; at++) {
        const next = packed.offer[at]!
        const second = packed.second[at]!
        if (boughtBy[next] === turn || (second >= 0 && boughtBy[second] !== turn)) continue
        touch(next)
        if (best[next]! < 0 || packed.confidence[at]! > packed.confidence[best[next]!]!) best[next] = at
      }
    }
  }
  const scoreOf = (item: number): number => {
    const rule = touchedBy[item] === turn ? best[item]! : -1
    return (
      (touchedBy[item] === turn ? personal[item]! * readiness[item]! : 0) +
      (rule < 0 ? 0 : weights.rules * packed.confidence[rule]!) +
      (weights.popular * known.popularity[item]!) / Math.max(1, known.orders)
    )
  }

  return {
    rank(history, row, count) {
      turn++
      size = 0
      if (orderCount(history, row) > 0) addOwn(history, row)
      if (weights.rules > 0) addRules(size)
      const items: number[] = []
      const scores: number[] = []
      const consider = (item: number): void => {
        if (boughtBy[item] === turn && known.owned[item] === 1) return
        const score = scoreOf(item)
        let at = items.length
        while (at > 0 && (scores[at - 1]! < score || (scores[at - 1] === score && place[items[at - 1]!]! > place[item]!))) at--
        if (at >= count) return
        items.splice(at, 0, item)
        scores.splice(at, 0, score)
        if (items.length > count) {
          items.pop()
          scores.pop()
        }
      }
      for (let i = 0; i < size; i++) consider(touched[i]!)
      for (let i = 0, filled = 0; i < products && filled < count; i++) {
        if (touchedBy[popular[i]!] === turn) continue
        filled++
        consider(popular[i]!)
      }
      return items.map((item, i) => ({
        item,
        score: scores[i]!,
        bought: boughtBy[item] === turn,
        rule: touchedBy[item] === turn && best[item]! >= 0 ? known.rules[packed.rule[best[item]!]!]! : null,
      }))
    },
  }
}
