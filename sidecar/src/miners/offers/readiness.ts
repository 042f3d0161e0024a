import type { DataFacts, Readiness } from '@assay/shared'

const REPEATERS = 50
const PRODUCTS = 5
const LINES = 200

export function readiness(facts: DataFacts): Readiness {
  const needs = [
    { what: 'customers with two orders or more', have: facts.repeaters, need: REPEATERS },
    { what: 'products', have: facts.products, need: PRODUCTS },
    { what: 'order lines', have: facts.lineItems, need: LINES },
  ]
  const short = needs.filter((each) => each.have < each.need)
  return {
    miner: 'offers',
    ready: short.length === 0,
    needs,
    note:
      short.length === 0
        ? `Enough to look for offers: ${facts.lineItems} order lines with ${facts.products} products.`
        : `${short.map((each) => `${each.need - each.have} more ${each.what}`).join(' and ')} needed.`,
  }
}
