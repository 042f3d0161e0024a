import type { DataFacts, Readiness } from '@assay/shared'
import type { Params } from './model.ts'
import { JUDGED_POSITIVES } from './verdict.ts'

/** Enough events, enough others, and later periods to be judged on. `events` are called by their name: "lost customers". */
export function propensityReadiness(miner: string, events: string, facts: DataFacts, params: Params): Readiness {
  const others = `rows that are not ${events}`
  const needs = [
    { what: `${events} to learn from`, have: facts.positives, need: params.minimumPositives },
    { what: `${others} to learn from`, have: facts.rows - facts.positives, need: params.minimumPositives },
    { what: 'periods to be judged on', have: facts.periods, need: 1 },
    { what: `${events} in the judged periods`, have: facts.judgedPositives, need: JUDGED_POSITIVES },
  ]
  const missing = needs.filter(({ have, need }) => have < need)
  const note =
    missing.length === 0
      ? `enough to learn from: ${facts.positives} ${events} in ${facts.rows} rows`
      : missing.map(({ what, have, need }) => `${need - have} more ${what} needed (${have} of ${need})`).join('; ')
  return { miner, ready: missing.length === 0, needs, note }
}
