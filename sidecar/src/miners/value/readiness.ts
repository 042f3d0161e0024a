import type { DataFacts, Readiness } from '@assay/shared'
import type { ValueParams } from './model.ts'
import { JUDGED_BUYERS } from './verdict.ts'

const REPEATERS = 30

/** Enough customers who came back, and a later period in which some bought. */
export function readiness(facts: DataFacts, params: ValueParams): Readiness {
  const needs = [
    { what: 'customers with an order', have: facts.customers, need: params.minimumCustomers },
    { what: 'customers with two orders or more', have: facts.repeaters, need: REPEATERS },
    { what: 'periods to be judged on', have: facts.periods, need: 1 },
    { what: 'customers who bought in the judged periods', have: facts.judgedPositives, need: JUDGED_BUYERS },
  ]
  const missing = needs.filter(({ have, need }) => have < need)
  const note =
    missing.length === 0
      ? `enough to forecast value: ${facts.customers} customers, ${facts.repeaters} of them with two orders or more`
      : missing.map(({ what, have, need }) => `${need - have} more ${what} needed (${have} of ${need})`).join('; ')
  return { miner: 'value', ready: missing.length === 0, needs, note }
}
