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

/** A churn score with its day. */
export interface DatedScore extends ChurnScore {
  /** Epoch ms: the day that the customer was looked at. */
  readonly asOf: number
}

/** The newest churn scores of one record, each of another day, newest first. */
export async function lastChurnScores(store: Store, connection: string, id: string, count: number): Promise<readonly DatedScore[]> {
  const text = `SELECT object, model, as_of, JSONExtractString(fields, 'churn_risk') AS risk, signs FROM score_log
    WHERE connection = {connection:String} AND object IN ('account', 'contact') AND miner = 'churn' AND id = {id:String} AND unscored IS NULL
    ORDER BY as_of DESC, scored_at DESC, received_at DESC LIMIT 1 BY as_of LIMIT {count:UInt32}`
  const scores: DatedScore[] = []
  for await (const block of store.driver.blocks(text, { connection, id, count })) {
    const column = (name: string): readonly (string | null)[] => block.columns[name] as readonly (string | null)[]
    for (let i = 0; i < block.size; i++) {
      scores.push({
        object: column('object')[i] as ScoreObject,
        id,
        risk: Number(column('risk')[i]),
        model: column('model')[i]!,
        asOf: (block.columns['as_of'] as Float64Array)[i]!,
        signs: JSON.parse(column('signs')[i]!) as Sign[],
      })
    }
  }
  return scores
}
