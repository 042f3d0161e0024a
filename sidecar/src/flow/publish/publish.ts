import { AssayError, type Bill, type Log, type ScoreField, type ScoreObject, type ScoreRow, type Session, type WriteResult } from '@assay/shared'
import type { Control, OutboxRow } from '../../control/control.ts'
import { recordsToPublish } from '../../store/publishing.ts'
import type { Store } from '../../store/store.ts'
import { compose } from './compose.ts'
import { type Change, difference, isDue } from './diff.ts'
import type { PublishPolicy } from './policy.ts'

export interface PublishInput {
  readonly control: Pick<Control, 'outbox' | 'feedback' | 'decisions'>
  readonly store: Store
  readonly session: Session
  readonly connection: string
  readonly object: ScoreObject
  /** The run whose scores are to be published. */
  readonly run: string
  readonly fields: readonly ScoreField[]
  readonly policy: PublishPolicy
  readonly notes: ReadonlyMap<string, string>
  readonly mode: 'dry-run' | 'write'
  /** A person saw the first twenty and said go on; remembered from then on. */
  readonly proceed: boolean
  readonly now: () => number
  readonly log: Log
  readonly signal: AbortSignal
  readonly tell: (done: number, total: number | null) => void
}

export interface PublishResult {
  readonly bill: Bill & { readonly records: number; readonly changed: number; readonly refreshed: number; readonly cleared: number; readonly unchanged: number }
  /** Twenty records before and after. */
  readonly examples: readonly { id: string; before: Readonly<Record<string, string>>; after: Readonly<Record<string, string>> }[]
  readonly written: number
  readonly rejected: number
  readonly gone: number
  /** Still waiting: for a person's word, for the quota, or for a CRM that did not answer. */
  readonly waiting: number
  /** Why it stopped before the end; null when it did not. */
  readonly stopped: string | null
}

const EXAMPLES = 20
const PAGE = 1_000
/** The admin saw what the first records look like in the CRM. */
const CONFIRMED = 'publish-confirmed'

/**
 * Diff, bill, outbox, write. Rows stand in the outbox before the first is sent and leave it when the CRM has answered
 * and the answer is kept: killed anywhere, the next run finishes.
 */
export async function publish(input: PublishInput): Promise<PublishResult> {
  const counted = { records: 0, changed: 0, refreshed: 0, cleared: 0, unchanged: 0 }
  const examples: PublishResult['examples'][number][] = []
  for await (const changes of allChanges(input, counted)) {
    for (const { id, change, before } of changes) if (examples.length < EXAMPLES) examples.push({ id, before, after: change.after })
    if (input.mode === 'write') {
      const rows = changes.map(({ id, change }) => ({ object: input.object, id, values: change.values, after: change.after }))
      await input.control.outbox.put(input.connection, input.run, rows)
    }
  }
  const bill = { ...(await input.session.estimate({ [input.object]: counted.records })), ...counted }
  const nothing = { written: 0, rejected: 0, gone: 0 }
  if (input.mode === 'dry-run') return { bill, examples, ...nothing, waiting: await input.control.outbox.count(input.connection), stopped: null }
  // What an earlier run left waiting and this one no longer wants must not be written after all.
  await input.control.outbox.keepOnly(input.connection, input.run)
  const confirmed = input.proceed || (await input.control.decisions.get<boolean>(input.connection, CONFIRMED)) === true
  if (input.proceed) await input.control.decisions.set(input.connection, CONFIRMED, true, 'admin')
  const sent = await drain(input, confirmed ? Infinity : input.policy.first)
  const waiting = await input.control.outbox.count(input.connection)
  const stopped = sent.stopped ?? (waiting > 0 && !confirmed ? 'the first records are written: look at them in the CRM, then go on with --continue' : null)
  return { bill, examples, written: sent.written, rejected: sent.rejected, gone: sent.gone, waiting, stopped }
}

async function* allChanges(
  input: PublishInput,
  counted: { records: number; changed: number; refreshed: number; cleared: number; unchanged: number },
): AsyncIterable<readonly { id: string; change: Change; before: Readonly<Record<string, string>> }[]> {
  const declined = await declinedOffers(input)
  const now = input.now()
  for await (const page of recordsToPublish(input.store, input.connection, input.object, input.run)) {
    input.signal.throwIfAborted()
    const changes = page.flatMap((record) => {
      const said = record.said.length > 0 ? record.said : GONE
      const wanted = compose({ said, history: record.history, declined: declined.get(record.id) ?? NONE, scoredAt: now, notes: input.notes }, input.policy)
      const due = record.published !== null && record.said.length > 0 && isDue(record.id, record.published.writtenAt, now, input.policy.refreshDays)
      const change = difference(wanted, record.published?.fields ?? null, input.fields, due)
      if (change === null) {
        counted.unchanged++
        return []
      }
      counted.records++
      counted[change.why]++
      return [{ id: record.id, change, before: record.published?.fields ?? {} }]
    })
    yield changes
  }
}

const NONE: ReadonlySet<string> = new Set()
/** A record that carries fields and is no longer scored: the number goes, a note stays. */
const GONE = [{ miner: 'churn', model: '', fields: {}, signs: '{"facts":[]}', unscored: 'no longer among the customers that are scored' }]

async function declinedOffers(input: PublishInput): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const declined = new Map<string, Set<string>>()
  for (const answer of await input.control.feedback.list(input.connection)) {
    if (answer.object !== input.object) continue
    const rest = answer.response === 'Not now' ? input.now() - answer.at > 90 * 86_400_000 : false
    if (rest) continue
    const codes = declined.get(answer.id) ?? new Set()
    declined.set(answer.id, codes.add(answer.offer))
  }
  return declined
}

interface Sent {
  written: number
  rejected: number
  gone: number
  stopped: string | null
}

/** Sends what waits, page by page, at most `most` rows. */
async function drain(input: PublishInput, most: number): Promise<Sent> {
  const sent: Sent = { written: 0, rejected: 0, gone: 0, stopped: null }
  const total = Math.min(most, await input.control.outbox.count(input.connection))
  let after = 0
  let left = most
  while (left > 0) {
    input.signal.throwIfAborted()
    const rows = await input.control.outbox.waiting(input.connection, after, Math.min(PAGE, left))
    if (rows.length === 0) break
    after = rows[rows.length - 1]!.seq
    left -= rows.length
    try {
      await sendPage(input, rows, sent)
    } catch (error) {
      // A spent allowance or a CRM that is down leaves the rest waiting; the next run goes on.
      if (!(error instanceof AssayError) || (error.kind !== 'limit' && error.kind !== 'offline')) throw error
      sent.stopped = error.message
      break
    }
    input.tell(sent.written + sent.rejected + sent.gone, total)
  }
  return sent
}

async function sendPage(input: PublishInput, rows: readonly OutboxRow[], sent: Sent): Promise<void> {
  const byKey = new Map(rows.map((row) => [`${row.object} ${row.id}`, row]))
  const results: WriteResult[] = []
  try {
    for await (const result of input.session.write(scoreRows(rows), { [input.object]: rows.length })) results.push(result)
  } finally {
    // Also when the rest of the page failed: what the CRM acknowledged is kept as written.
    await settle(input, results, byKey, sent)
  }
}

async function* scoreRows(rows: readonly OutboxRow[]): AsyncIterable<ScoreRow> {
  for (const { object, id, values } of rows) yield { object, id, values }
}

async function settle(input: PublishInput, results: readonly WriteResult[], byKey: ReadonlyMap<string, OutboxRow>, sent: Sent): Promise<void> {
  const rowOf = (result: WriteResult): OutboxRow => byKey.get(`${result.object} ${result.id}`)!
  const written = results.filter((result) => result.outcome === 'written').map(rowOf)
  const gone = results.filter((result) => result.outcome === 'gone').map(rowOf)
  const rejected = results.flatMap((result) =>
    result.outcome === 'rejected' ? [{ seq: rowOf(result).seq, object: result.object, id: result.id, why: result.why, values: rowOf(result).values }] : [],
  )
  const writtenAt = input.now()
  // A record that is gone carries nothing any more: remembered, so that it is not tried again tomorrow.
  const acknowledged = [...written, ...gone.map((row) => ({ ...row, after: {} }))]
  await input.store.logPublished(
    input.connection,
    acknowledged.map(({ object, id, after }) => ({ object, id, run: input.run, writtenAt, fields: after })),
  )
  await input.control.outbox.done(
    input.connection,
    acknowledged.map((row) => row.seq),
  )
  if (rejected.length > 0) await input.control.outbox.reject(input.connection, rejected)
  sent.written += written.length
  sent.gone += gone.length
  sent.rejected += rejected.length
}
