import type { Bill } from '@assay/shared'
import { allChanges, type Counted } from './changes.ts'
import type { PublishInput } from './input.ts'
import { send } from './send.ts'

export interface PublishResult {
  readonly bill: Bill & {
    readonly records: number
    readonly changed: number
    readonly refreshed: number
    readonly cleared: number
    readonly unchanged: number
    /** Left out because the CRM has refused these very values already. */
    readonly refused: number
  }
  /** Twenty records before and after. */
  readonly examples: readonly { id: string; before: Readonly<Record<string, string>>; after: Readonly<Record<string, string>> }[]
  readonly written: number
  readonly rejected: number
  /** The first of them, with the CRM's reason; all of them are kept and listed by `assay status`. */
  readonly rejections: readonly { id: string; why: string }[]
  readonly gone: number
  /** Rows that the CRM could not take this time; they wait. */
  readonly failed: number
  /** Still waiting: for a person's word, for the quota, or for a CRM that did not answer. */
  readonly waiting: number
  /** Why it stopped before the end; null when it did not. */
  readonly stopped: string | null
}

const EXAMPLES = 20
/** The admin saw what the first records look like in the CRM. */
export const CONFIRMED_DECISION = 'publish-confirmed'

/**
 * Diff, bill, outbox, write. Rows stand in the outbox before the first is sent and leave it when the CRM has answered
 * and the answer is kept: killed anywhere, the next publish finishes.
 */
export async function publish(input: PublishInput): Promise<PublishResult> {
  const counted: Counted = { records: 0, changed: 0, refreshed: 0, cleared: 0, unchanged: 0, refused: 0, carrying: 0 }
  const examples: PublishResult['examples'][number][] = []
  // What waits from another publish of the same scores is not of this one: a person may have changed a band since.
  const publication = `${input.run} ${input.now()}`
  for await (const changes of allChanges(input, publication, counted)) {
    for (const { id, change, before } of changes) if (examples.length < EXAMPLES) examples.push({ id, before, after: change.after })
    if (input.mode === 'write' && changes.length > 0) {
      const rows = changes.map(({ id, change }) => ({ object: input.object, id, values: change.values, after: change.after }))
      await input.control.outbox.put(input.connection, publication, rows)
    }
  }
  const { carrying, ...counts } = counted
  const bill = { ...(await input.session.estimate({ [input.object]: counts.records })), ...counts }
  const nothing = { written: 0, rejected: 0, rejections: [], gone: 0, failed: 0 }
  if (input.mode === 'dry-run') {
    return { bill, examples, ...nothing, waiting: await input.control.outbox.count(input.connection, input.object), stopped: null }
  }
  // What an earlier publish left waiting and this one does not want must not be written after all.
  await input.control.outbox.keepOnly(input.connection, publication, input.object)
  const confirmed = input.proceed || (await input.control.decisions.get<boolean>(input.connection, CONFIRMED_DECISION)) === true
  if (input.proceed) await input.control.decisions.set(input.connection, CONFIRMED_DECISION, true, 'admin')
  const { stopped, ...sent } = await send(input, confirmed ? Infinity : Math.max(0, input.policy.first - carrying))
  const waiting = await input.control.outbox.count(input.connection, input.object)
  return { bill, examples, ...sent, waiting, stopped: stopped ?? (waiting === 0 ? null : whyWaiting(confirmed, sent.failed)) }
}

const whyWaiting = (confirmed: boolean, failed: number): string =>
  confirmed
    ? `${failed} records could not be written this time and are tried again by the next publish`
    : 'the first records are written: look at them in the CRM, then go on with --continue'
