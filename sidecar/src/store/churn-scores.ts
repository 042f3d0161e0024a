import type { ScoreObject, Sign } from '@assay/shared'
import type { Store } from './store.ts'

/** One customer's churn score of one run. */
export interface ChurnScore {
  readonly object: ScoreObject
  readonly id: string
  readonly risk: number
  readonly model: string
  readonly signs: readonly Sign[]
}

/** All customers with a churn score of that run, by id. */
export async function churnScores(store: Store, connection: string, object: ScoreObject, run: string): Promise<readonly ChurnScore[]> {
  const scores: ChurnScore[] = []
  const text = `SELECT id, model, JSONExtractString(fields, 'churn_risk') AS risk, signs FROM score_log
    WHERE connection = {connection:String} AND object = {object:String} AND run = {run:String} AND miner = 'churn' AND unscored IS NULL
    ORDER BY id, scored_at DESC, received_at DESC LIMIT 1 BY id`
  for await (const block of store.driver.blocks(text, { connection, object, run })) {
    const column = (name: string): readonly (string | null)[] => block.columns[name] as readonly (string | null)[]
    for (let i = 0; i < block.size; i++) {
      scores.push({
        object,
        id: column('id')[i]!,
        risk: Number(column('risk')[i]),
        model: column('model')[i]!,
        signs: JSON.parse(column('signs')[i]!) as Sign[],
      })
    }
  }
  return scores
}
