import type { ScoreObject } from '@assay/shared'
import type { Block, Driver, Store } from './store.ts'

/** One record of a run as it is composed: what every miner said, what was said before, what stands in the CRM. */
export interface RecordScores {
  readonly object: ScoreObject
  readonly id: string
  readonly said: readonly { miner: string; model: string; fields: Record<string, string>; signs: string; unscored: string | null }[]
  /** Earlier risks, newest first. */
  readonly history: readonly { model: string; scoredAt: number; risk: number }[]
  readonly published: { readonly fields: Record<string, string>; readonly writtenAt: number } | null
}

/** Records looked at in one query: enough to be fast, few enough to be small. */
const PAGE = 4_000
const HISTORY = 11

async function all(driver: Driver, sql: string, params: Record<string, string | number | readonly string[]>): Promise<Block[]> {
  const blocks: Block[] = []
  for await (const block of driver.blocks(sql, params)) blocks.push(block)
  return blocks
}

const texts = (block: Block, name: string): readonly (string | null)[] => block.columns[name] as readonly (string | null)[]
const floats = (block: Block, name: string): Float64Array => block.columns[name] as Float64Array

/** Every record that the run scored or that carries fields from an earlier one; ids ascending, page by page. */
export async function* recordsToPublish(
  store: Store,
  connection: string,
  object: ScoreObject,
  run: string,
): AsyncIterable<readonly RecordScores[]> {
  const { driver } = store
  const ids: string[] = []
  const idText = `SELECT DISTINCT id FROM (
      SELECT id FROM score_log WHERE connection = {connection:String} AND object = {object:String} AND run = {run:String}
      UNION ALL SELECT id FROM published_log WHERE connection = {connection:String} AND object = {object:String})
    ORDER BY id`
  for (const block of await all(driver, idText, { connection, object, run })) ids.push(...(texts(block, 'id') as readonly string[]))
  for (let start = 0; start < ids.length; start += PAGE) yield page(driver, connection, object, run, ids.slice(start, start + PAGE))
}

async function page(driver: Driver, connection: string, object: ScoreObject, run: string, ids: readonly string[]): Promise<RecordScores[]> {
  const params = { connection, object, run, ids, from: ids[0]!, to: ids[ids.length - 1]!, history: HISTORY }
  const within = 'connection = {connection:String} AND object = {object:String} AND id >= {from:String} AND id <= {to:String}'
  const said = await all(
    driver,
    `SELECT id, miner, model, fields, signs, unscored FROM score_log WHERE ${within} AND run = {run:String}
     ORDER BY id, miner, scored_at DESC, received_at DESC LIMIT 1 BY id, miner`,
    params,
  )
  const history = await all(
    driver,
    // One a day: several runs of one day must not push the last weeks out.
    `SELECT id, model, scored_at, risk FROM (
       SELECT id, model, scored_at, received_at, JSONExtractString(fields, 'churn_risk') AS risk FROM score_log
       WHERE ${within} AND run != {run:String} AND miner = 'churn' AND risk != ''
       ORDER BY id, scored_at DESC, received_at DESC LIMIT 1 BY id, toDate(scored_at))
     ORDER BY id, scored_at DESC, received_at DESC LIMIT {history:UInt32} BY id`,
    params,
  )
  const published = await all(
    driver,
    `SELECT id, fields, written_at FROM published_log WHERE ${within} ORDER BY id, written_at DESC, received_at DESC LIMIT 1 BY id`,
    params,
  )
  const records = new Map(
    ids.map((id) => [
      id,
      {
        said: [] as RecordScores['said'][number][],
        history: [] as RecordScores['history'][number][],
        published: null as RecordScores['published'],
      },
    ]),
  )
  for (const block of said) {
    for (let i = 0; i < block.size; i++) {
      records.get(texts(block, 'id')[i]!)?.said.push({
        miner: texts(block, 'miner')[i]!,
        model: texts(block, 'model')[i]!,
        fields: JSON.parse(texts(block, 'fields')[i]!) as Record<string, string>,
        signs: texts(block, 'signs')[i]!,
        unscored: texts(block, 'unscored')[i] ?? null,
      })
    }
  }
  for (const block of history) {
    for (let i = 0; i < block.size; i++) {
      records.get(texts(block, 'id')[i]!)?.history.push({
        model: texts(block, 'model')[i]!,
        scoredAt: floats(block, 'scored_at')[i]!,
        risk: Number(texts(block, 'risk')[i]),
      })
    }
  }
  for (const block of published) {
    for (let i = 0; i < block.size; i++) {
      const record = records.get(texts(block, 'id')[i]!)
      if (record)
        record.published = {
          fields: JSON.parse(texts(block, 'fields')[i]!) as Record<string, string>,
          writtenAt: floats(block, 'written_at')[i]!,
        }
    }
  }
  return ids.map((id) => ({ object, id, ...records.get(id)! }))
}

/** What the CRM acknowledged last for one record, or null. */
export async function publishedRecord(
  store: Store,
  connection: string,
  object: ScoreObject,
  id: string,
): Promise<RecordScores['published']> {
  for (const block of await all(
    store.driver,
    `SELECT fields, written_at FROM published_log WHERE connection = {connection:String} AND object = {object:String} AND id = {id:String}
     ORDER BY written_at DESC, received_at DESC LIMIT 1`,
    { connection, object, id },
  )) {
    if (block.size > 0)
      return { fields: JSON.parse(texts(block, 'fields')[0]!) as Record<string, string>, writtenAt: floats(block, 'written_at')[0]! }
  }
  return null
}

/** Whether any record of that kind carries fields, as far as is remembered. */
export async function hasPublished(store: Pick<Store, 'driver'>, connection: string, object: ScoreObject): Promise<boolean> {
  const rows = await store.driver.rows<{ found: number | string }>(
    'SELECT count() AS found FROM (SELECT 1 FROM published_log WHERE connection = {connection:String} AND object = {object:String} LIMIT 1)',
    { connection, object },
  )
  return Number(rows[0]?.found ?? 0) > 0
}
