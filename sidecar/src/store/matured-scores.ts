import type { ScoreObject } from '@assay/shared'
import { instant } from './instant.ts'
import type { Store } from './store.ts'

/** A day for which a model scored churn, epoch ms. */
export interface ScoredDay {
  readonly asOf: number
  readonly model: string
}

/** Days with churn scores, oldest first. */
export async function scoredDays(store: Pick<Store, 'driver'>, connection: string, object: ScoreObject): Promise<readonly ScoredDay[]> {
  const days: ScoredDay[] = []
  const text = `SELECT toFloat64(toUnixTimestamp64Milli(as_of)) AS at, model FROM score_log
    WHERE connection = {connection:String} AND object = {object:String} AND miner = 'churn' AND unscored IS NULL
    GROUP BY as_of, model ORDER BY as_of, model`
  for await (const block of store.driver.blocks(text, { connection, object })) {
    for (let i = 0; i < block.size; i++)
      days.push({ asOf: (block.columns['at'] as Float64Array)[i]!, model: (block.columns['model'] as readonly string[])[i]! })
  }
  return days
}

/** Scores of one day that stood in the CRM at some time before `until`, by id: what a person could have acted on. */
export interface StoodScores {
  readonly ids: readonly string[]
  /** 0 to 1. */
  readonly probability: Float64Array
  /** Percent, as it was published. */
  readonly risk: Float64Array
}

export async function stoodScores(
  store: Pick<Store, 'driver'>,
  connection: string,
  object: ScoreObject,
  { asOf, model }: ScoredDay,
  until: number,
): Promise<StoodScores> {
  const ids: string[] = []
  const probability: number[] = []
  const risk: number[] = []
  const text = `SELECT id, probability, toFloat64OrNull(JSONExtractString(fields, 'churn_risk')) AS risk FROM score_log
    WHERE connection = {connection:String} AND object = {object:String} AND miner = 'churn' AND model = {model:String}
      AND as_of = toDateTime64({as_of:String}, 3, 'UTC') AND unscored IS NULL AND probability IS NOT NULL
      AND id GLOBAL IN (SELECT id FROM published_log WHERE connection = {connection:String} AND object = {object:String}
        AND written_at <= toDateTime64({until:String}, 3, 'UTC') AND JSONExtractString(fields, 'churn_risk') != '')
    ORDER BY id, scored_at DESC, received_at DESC LIMIT 1 BY id`
  const params = { connection, object, model, as_of: instant(asOf), until: instant(until) }
  for await (const block of store.driver.blocks(text, params)) {
    for (let i = 0; i < block.size; i++) {
      ids.push((block.columns['id'] as readonly string[])[i]!)
      probability.push((block.columns['probability'] as Float64Array)[i]!)
      risk.push((block.columns['risk'] as Float64Array)[i]!)
    }
  }
  return { ids, probability: Float64Array.from(probability), risk: Float64Array.from(risk) }
}
