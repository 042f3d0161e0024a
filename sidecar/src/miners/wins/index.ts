import { DEAL_FIELDS, type Miner } from '@assay/shared'
import { fitWins } from './fit.ts'
import { judgeWins } from './judge.ts'
import { type Params, params, type WinsModel, winsModel } from './model.ts'
import { winsReadiness } from './readiness.ts'
import { scoreWins } from './score.ts'

const HEAD = { id: 'wins', version: 1 }

/** Which open deals will be won: won and lost compete, and what is open may stay so. */
export const wins: Miner<Params, WinsModel> = {
  ...HEAD,
  title: 'Win chance',
  params,
  model: winsModel,
  writes: DEAL_FIELDS,
  readiness: (facts, settings) => winsReadiness(HEAD.id, facts, settings),
  fit: async (training, settings, rng, meter, parallel) => fitWins(HEAD, training, settings, rng, meter, parallel),
  judge: (trials, definition) => judgeWins(HEAD, trials, definition),
  score: (model, now) => scoreWins(model, now),
}
