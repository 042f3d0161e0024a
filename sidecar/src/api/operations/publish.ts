import { AssayError, type ScoreField, type Session } from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import { notesOf } from '../../flow/publish/notes.ts'
import { publishPolicy, POLICY_DECISION } from '../../flow/publish/policy.ts'
import { publish as publishStep, type PublishResult } from '../../flow/publish/publish.ts'
import { operation, type Tell } from '../operation.ts'
import { fieldsFor } from './fields.ts'
import { CHURN_DECISION, type LastScores, SCORES_DECISION } from './mine.ts'
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
      const wanted = await fieldsFor(app, connection)
      const fields = wish.dryRun ? wanted : await installed(app, session, wanted)
      const policy = publishPolicy.parse((await control.decisions.get(connection.id, POLICY_DECISION)) ?? {})
      return await publishStep({
        control,
        store: app.store,
        session,
        connection: connection.id,
        object: scores.unit,
        run: scores.run,
        fields,
        policy,
        notes: notesOf(await control.models.list(connection.id), policy.bands, scores.dataUntil),
        mode: wish.dryRun ? 'dry-run' : 'write',
        proceed: wish.proceed,
        now: app.now,
        log: app.log,
        signal,
        tell: (what, done, total) => tell({ step: what === 'write' ? 'publish' : what, detail: 'records', done, total }),
      })
    } finally {
      await session.close()
    }
  })
}

/**
 * The fields that the CRM has: a record with one that it has not is refused as a whole. A miner that got its first word
 * after the fields were made must not stop the others, so its fields are left out and named.
 */
async function installed(app: App, session: Session, fields: readonly ScoreField[]): Promise<readonly ScoreField[]> {
  const { create, clash } = await session.plan(fields)
  const missing = new Set([...create, ...clash].map((field) => field.label))
  const there = fields.filter((field) => !missing.has(field.label))
  if (missing.size === 0) return fields
  const hint = 'See them: assay fields plan; make them: assay fields install'
  if (there.length === 0) throw new AssayError('config', "Assay's fields are not in the CRM yet, so nothing was written.", { hint })
  app.log.warn(`${missing.size} fields are not in the CRM and are left out: ${[...missing].slice(0, 5).join(', ')}. ${hint}`)
  return there
}

export const publish = operation({
  name: 'publish',
  input: z.object({ connection: z.string().optional(), dryRun: z.boolean().default(false), proceed: z.boolean().default(false) }),
  run: async (app, input, tell, signal) => publishConnection(app, await app.connection(input.connection), input, tell, signal),
})
