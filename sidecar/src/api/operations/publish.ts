import { AssayError, type ScoreField, type ScoreObject, type Session } from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import { notesOf } from '../../flow/publish/notes.ts'
import { publishPolicy, POLICY_DECISION } from '../../flow/publish/policy.ts'
import { publish as publishStep, type PublishResult } from '../../flow/publish/publish.ts'
import { hasPublished } from '../../store/publishing.ts'
import { operation, type Tell } from '../operation.ts'
import { requireWhole } from './damage.ts'
import { fieldsFor } from './fields.ts'
import { CHURN_DECISION } from './mine.ts'
import { type LastScores, SCORES_DECISION } from './scores.ts'
import { logged } from './sync.ts'

export interface PublishWish {
  readonly dryRun: boolean
  readonly proceed: boolean
}

export async function publishConnection(
  app: App,
  connection: Connection,
  wish: PublishWish,
  tell: Tell,
  stop: AbortSignal,
): Promise<PublishResult> {
  const { control } = app
  if (!app.connector(connection.connector).capabilities.write) {
    throw new AssayError('config', `${connection.title} cannot be written to.`, { hint: 'Read the scores with assay report.' })
  }
  await requireWhole(app, connection)
  const scores = await control.decisions.get<LastScores>(connection.id, SCORES_DECISION)
  if (!scores) throw new AssayError('config', 'There are no scores to publish yet.', { hint: 'Run: assay sync, then assay mine' })
  if ((await control.decisions.get(connection.id, CHURN_DECISION)) === null) {
    throw new AssayError('config', 'Nobody has accepted what "lost" means here, so nothing is published.', {
      hint: 'See the choices: assay define churn; accept one: assay define churn --accept proposed',
    })
  }
  return logged(app, 'publish', connection, stop, async ({ signal }) => {
    const session = app.session(connection, signal)
    try {
      const policy = publishPolicy.parse((await control.decisions.get(connection.id, POLICY_DECISION)) ?? {})
      const notes = notesOf(await control.models.list(connection.id), policy.bands, scores.dataUntil)
      const wanted = await fieldsFor(app, connection)
      const step = (object: ScoreObject, fields: readonly ScoreField[]): Promise<PublishResult> =>
        publishStep({
          control,
          store: app.store,
          session,
          connection: connection.id,
          object,
          run: scores.run,
          fields,
          policy,
          notes,
          mode: wish.dryRun ? 'dry-run' : 'write',
          proceed: wish.proceed,
          now: app.now,
          log: app.log,
          signal,
          tell: (what, done, total) => tell({ step: what === 'write' ? 'publish' : what, detail: 'records', done, total }),
        })
      const of = async (on: ScoreField['on']): Promise<readonly ScoreField[]> => {
        const fields = wanted.filter((field) => field.on === on)
        return wish.dryRun || fields.length === 0 ? fields : installed(app, session, fields)
      }
      const customerFields = await of('customer')
      if (customerFields.length === 0)
        throw new AssayError('config', "Assay's fields are not in the CRM yet, so nothing was written.", { hint: MAKE_FIELDS })
      const customers = await step(scores.unit, customerFields)
      // Deals follow once the customers are written: what a person has not yet looked at, or the quota did not carry, comes first.
      if (!wish.dryRun && customers.waiting > 0) return customers
      const dealFields = await of('deal')
      if (dealFields.length === 0 && !(await carriesDeals(app, connection))) return customers
      return together(customers, await step('deal', dealFields))
    } finally {
      await session.close()
    }
  })
}

/** Whether the CRM has any of the fields that customers carry: without them nothing can be published. */
export async function hasFields(app: App, connection: Connection, signal: AbortSignal): Promise<boolean> {
  const session = app.session(connection, signal)
  try {
    const { keep } = await session.plan((await fieldsFor(app, connection)).filter(({ on }) => on === 'customer'))
    return keep.length > 0
  } finally {
    await session.close()
  }
}

const MAKE_FIELDS = 'See them: assay fields plan; make them: assay fields install'

/**
 * Those of one kind's fields that the CRM has: a record with one that it has not is refused as a whole. A miner that got its first
 * word after the fields were made must not stop the others, so its fields are left out and named.
 */
async function installed(app: App, session: Session, fields: readonly ScoreField[]): Promise<readonly ScoreField[]> {
  const { create, clash } = await session.plan(fields)
  const missing = new Set([...create, ...clash].map((field) => field.label))
  if (missing.size === 0) return fields
  app.log.warn(`${missing.size} fields are not in the CRM and are left out: ${[...missing].slice(0, 5).join(', ')}. ${MAKE_FIELDS}`)
  return fields.filter((field) => !missing.has(field.label))
}

/** Whether deals hold anything of an earlier publish, or wait for one: it is taken back where nothing is said any more. */
async function carriesDeals(app: App, connection: Connection): Promise<boolean> {
  return (await hasPublished(app.store, connection.id, 'deal')) || (await app.control.outbox.count(connection.id, 'deal')) > 0
}

/** One account of both. */
function together(a: PublishResult, b: PublishResult): PublishResult {
  const quotaShare = a.bill.quotaShare === null || b.bill.quotaShare === null ? null : a.bill.quotaShare + b.bill.quotaShare
  const automations =
    a.bill.automations === null || b.bill.automations === null ? null : [...new Set([...a.bill.automations, ...b.bill.automations])]
  return {
    bill: {
      ...a.bill,
      calls: a.bill.calls + b.bill.calls,
      minutes: a.bill.minutes + b.bill.minutes,
      quotaShare,
      automations,
      records: a.bill.records + b.bill.records,
      changed: a.bill.changed + b.bill.changed,
      refreshed: a.bill.refreshed + b.bill.refreshed,
      cleared: a.bill.cleared + b.bill.cleared,
      unchanged: a.bill.unchanged + b.bill.unchanged,
      refused: a.bill.refused + b.bill.refused,
    },
    examples: [...a.examples, ...b.examples],
    written: a.written + b.written,
    rejected: a.rejected + b.rejected,
    rejections: [...a.rejections, ...b.rejections],
    gone: a.gone + b.gone,
    failed: a.failed + b.failed,
    waiting: a.waiting + b.waiting,
    stopped: a.stopped ?? b.stopped,
  }
}

export const publish = operation({
  name: 'publish',
  input: z.object({ connection: z.string().optional(), dryRun: z.boolean().default(false), proceed: z.boolean().default(false) }),
  run: async (app, input, tell, signal) => publishConnection(app, await app.connection(input.connection), input, tell, signal),
})
