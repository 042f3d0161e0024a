import type { ScoreObject } from '@assay/shared'
import { instant } from './instant.ts'
import type { Block, Driver, PublishedEntry, ScoreEntry, Store } from './store.ts'

const BATCH = 2_500

function* batches<T>(entries: readonly T[], row: (entry: T) => object): Generator<readonly object[]> {
  for (let start = 0; start < entries.length; start += BATCH) yield entries.slice(start, start + BATCH).map(row)
}

/** Idempotent: the same (object, id, miner, scoredAt, run) again replaces itself. */
export async function logScores(driver: Driver, connection: string, entries: readonly ScoreEntry[], received: number): Promise<void> {
  const row = (entry: ScoreEntry): object => ({
    connection,
    object: entry.object,
    id: entry.id,
    miner: entry.miner,
    model: entry.model,
    run: entry.run,
    as_of: instant(entry.asOf),
    scored_at: instant(entry.scoredAt),
    fields: JSON.stringify(entry.fields),
    probability: entry.probability,
    signs: entry.signs,
    unscored: entry.unscored,
    received_at: received,
  })
  await driver.insert('score_log', batches(entries, row))
}

/** Idempotent: the same (object, id, writtenAt, run) again replaces itself. */
export async function logPublished(
  driver: Driver,
  connection: string,
  entries: readonly PublishedEntry[],
  received: number,
): Promise<void> {
  const row = (entry: PublishedEntry): object => ({
    connection,
    object: entry.object,
    id: entry.id,
    run: entry.run,
    written_at: instant(entry.writtenAt),
    fields: JSON.stringify(entry.fields),
    received_at: received,
  })
  await driver.insert('published_log', batches(entries, row))
}

/** What stands in the CRM now, one row a record in the order of ids: `id`, `fields` (JSON text), `written_at`, `run`. */
export function lastPublished(store: Store, connection: string, object: ScoreObject): AsyncIterable<Block> {
  return store.driver.blocks(
    `SELECT id, fields, written_at, run FROM published_log
    WHERE connection = {connection:String} AND object = {object:String}
    ORDER BY id, written_at DESC, received_at DESC LIMIT 1 BY id`,
    { connection, object },
  )
}

/** What stands in the CRM for some records, as `lastPublished`; for a slice of a large one. */
export function lastPublishedOf(store: Store, connection: string, object: ScoreObject, ids: readonly string[]): AsyncIterable<Block> {
  return store.driver.blocks(
    `SELECT id, fields, written_at, run FROM published_log
    WHERE connection = {connection:String} AND object = {object:String} AND id IN ({ids:Array(String)})
    ORDER BY id, written_at DESC, received_at DESC LIMIT 1 BY id`,
    { connection, object, ids },
  )
}

const SCORE_COLUMNS = 'object, id, miner, model, run, as_of, scored_at, fields, probability, signs, unscored'

/** All that one run computed, in the order of object, id and miner. Columns as in `ScoreEntry`, in snake case; `fields` is JSON text. */
export function scoresOfRun(store: Store, connection: string, run: string): AsyncIterable<Block> {
  return store.driver.blocks(
    `SELECT ${SCORE_COLUMNS} FROM score_log WHERE connection = {connection:String} AND run = {run:String}
    ORDER BY object, id, miner, scored_at DESC, received_at DESC LIMIT 1 BY object, id, miner`,
    { connection, run },
  )
}

/**
 * The newest scores of every record by one miner (and one model, where it is given): in the order of ids, newest first, at
 * most `perRecord` each. Columns as in `scoresOfRun`.
 */
export function scoreHistory(
  store: Store,
  connection: string,
  object: ScoreObject,
  miner: string,
  model: string | null,
  perRecord = 12,
): AsyncIterable<Block> {
  return store.driver.blocks(
    `SELECT ${SCORE_COLUMNS} FROM (
      SELECT ${SCORE_COLUMNS} FROM score_log
      WHERE connection = {connection:String} AND object = {object:String} AND miner = {miner:String}${model === null ? '' : ' AND model = {model:String}'}
      ORDER BY id, scored_at DESC, run DESC, received_at DESC LIMIT 1 BY id, scored_at, run)
    ORDER BY id, scored_at DESC, run DESC LIMIT {count:UInt32} BY id`,
    { connection, object, miner, model: model ?? '', count: perRecord },
  )
}
