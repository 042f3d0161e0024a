import type { DataFacts, Readiness } from '@assay/shared'
import type { Params } from './model.ts'
import { JUDGED_WON } from './verdict.ts'

/** Enough open deals that were won and enough that were not, to learn from and to be judged on. */
export function winsReadiness(miner: string, facts: DataFacts, params: Params): Readiness {
  const needs = [
    { what: 'open deals that were won within the horizon, to learn from', have: facts.positives, need: params.minimumWon },
    { what: 'open deals that were not, to learn from', have: facts.rows - facts.positives, need: params.minimumWon },
    { what: 'past days to be judged on', have: facts.periods, need: 1 },
    { what: 'open deals that were won, to be judged on', have: facts.judgedPositives, need: JUDGED_WON },
  ]
  const missing = needs.filter(({ have, need }) => have < need)
  const note =
    missing.length === 0
      ? `enough to learn from: ${facts.positives} of ${facts.rows} open deals on past days were won within the horizon`
      : missing.map(({ what, have, need }) => `${need - have} more ${what} needed (${have} of ${need})`).join('; ')
  return { miner, ready: missing.length === 0, needs, note }
}
