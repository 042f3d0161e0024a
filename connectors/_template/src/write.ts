import type { ScoreRow, WriteResult } from '@assay/shared'
import { unable } from './unable.ts'

const BATCH = 100

/** Sends one batch; every row has its own answer, and one bad row never fails its neighbours. */
const send = (rows: readonly ScoreRow[]): Promise<WriteResult[]> => Promise.reject(unable(`write ${rows.length} rows`))

/** Streams: never holds more than a batch. */
export async function* write(rows: AsyncIterable<ScoreRow>): AsyncGenerator<WriteResult> {
  let batch: ScoreRow[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < BATCH) continue
    yield* await send(batch)
    batch = []
  }
  if (batch.length > 0) yield* await send(batch)
}
