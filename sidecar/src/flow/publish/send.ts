import { AssayError, type ScoreRow, type WriteResult } from '@assay/shared'
import type { OutboxRow } from '../../control/control.ts'
import type { PublishInput } from './input.ts'

export interface Sent {
  written: number
  rejected: number
  rejections: { id: string; why: string }[]
  gone: number
  failed: number
  /** Why it stopped before the end; null when it did not. */
  stopped: string | null
}

const PAGE = 1_000
const LISTED = 20
/** Answers between two words about how far it is: what a call to a CRM takes at once. */
const TOLD_EVERY = 100

/** Sends what waits, page by page, at most `most` rows. A spent allowance or a CRM that is down leaves the rest waiting. */
export async function send(input: PublishInput, most: number): Promise<Sent> {
  const sent: Sent = { written: 0, rejected: 0, rejections: [], gone: 0, failed: 0, stopped: null }
  const total = Math.min(most, await input.control.outbox.count(input.connection, input.object))
  let after = 0
  let left = most
  while (left > 0) {
    input.signal.throwIfAborted()
    const rows = await input.control.outbox.waiting(input.connection, after, Math.min(PAGE, left), input.object)
    if (rows.length === 0) break
    after = rows[rows.length - 1]!.seq
    left -= rows.length
    try {
      await sendPage(input, rows, sent, (answered) => input.tell('write', sent.written + sent.rejected + sent.gone + answered, total))
    } catch (error) {
      if (!(error instanceof AssayError) || (error.kind !== 'limit' && error.kind !== 'offline')) throw error
      sent.stopped = error.message
      break
    }
    input.tell('write', sent.written + sent.rejected + sent.gone, total)
  }
  return sent
}

async function sendPage(input: PublishInput, rows: readonly OutboxRow[], sent: Sent, tell: (answered: number) => void): Promise<void> {
  const byKey = new Map(rows.map((row) => [`${row.object} ${row.id}`, row]))
  const results: WriteResult[] = []
  try {
    for await (const result of input.session.write(scoreRows(rows), { [input.object]: rows.length })) {
      results.push(result)
      if (results.length % TOLD_EVERY === 0 && results.length < rows.length) tell(results.length)
    }
  } finally {
    // Also when the rest of the page failed: what the CRM acknowledged is kept as written.
    await settle(input, results, byKey, sent)
  }
}

async function* scoreRows(rows: readonly OutboxRow[]): AsyncIterable<ScoreRow> {
  for (const { object, id, values } of rows) yield { object, id, values }
}

/** Keeps the answers: first what stands in the CRM now, then that the row is done. In between lies nothing that a kill could lose. */
async function settle(
  input: PublishInput,
  results: readonly WriteResult[],
  byKey: ReadonlyMap<string, OutboxRow>,
  sent: Sent,
): Promise<void> {
  const answered = results.flatMap((result) => {
    const row = byKey.get(`${result.object} ${result.id}`)
    return row ? [{ row, result }] : []
  })
  const rowsThat = (outcome: WriteResult['outcome']): OutboxRow[] =>
    answered.filter(({ result }) => result.outcome === outcome).map(({ row }) => row)
  const written = rowsThat('written')
  const gone = rowsThat('gone')
  const rejected = answered.flatMap(({ row, result }) =>
    result.outcome === 'rejected' ? [{ seq: row.seq, object: row.object, id: row.id, why: result.why, values: row.values }] : [],
  )
  const writtenAt = input.now()
  // A record that is gone carries nothing any more: remembered, so that it is not tried again tomorrow.
  const acknowledged = [...written, ...gone.map((row) => ({ ...row, after: {} }))]
  if (acknowledged.length > 0) {
    await input.store.logPublished(
      input.connection,
      acknowledged.map(({ object, id, after }) => ({ object, id, run: input.run, writtenAt, fields: after })),
    )
    await input.control.outbox.done(
      input.connection,
      acknowledged.map((row) => row.seq),
    )
  }
  if (rejected.length > 0) await input.control.outbox.reject(input.connection, rejected)
  sent.written += written.length
  sent.gone += gone.length
  sent.rejected += rejected.length
  sent.failed += rowsThat('failed').length
  for (const { id, why } of rejected) if (sent.rejections.length < LISTED) sent.rejections.push({ id, why })
}
