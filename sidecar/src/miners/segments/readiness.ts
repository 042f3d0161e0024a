import type { DataFacts, Readiness } from '@assay/shared'

/** Three segments of thirty customers, and some to spare. */
const CUSTOMERS = 100
/** Without customers who came back there is nothing to tell them apart by but the day. */
const REPEATERS = 30

export function readiness(facts: DataFacts): Readiness {
  const needs = [
    { what: 'customers with an order', have: facts.customers, need: CUSTOMERS },
    { what: 'customers with two orders or more', have: facts.repeaters, need: REPEATERS },
  ]
  const short = needs.filter((each) => each.have < each.need)
  return {
    miner: 'segments',
    ready: short.length === 0,
    needs,
    note:
      short.length === 0
        ? `Enough to look for segments: ${facts.customers} customers, ${facts.repeaters} of them with two orders or more.`
        : `${short.map((each) => `${each.need - each.have} more ${each.what}`).join(' and ')} needed.`,
  }
}
