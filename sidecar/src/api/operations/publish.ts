import { AssayError } from '@assay/shared'
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
  signal: AbortSignal,
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
  return logged(app, 'publish', connection, async () => {
    const session = app.session(connection, signal)
    try {
      const policy = publishPolicy.parse((await control.decisions.get(connection.id, POLICY_DECISION)) ?? {})
      return await publishStep({
        control,
        store: app.store,
        session,
        connection: connection.id,
        object: scores.unit,
        run: scores.run,
        fields: await fieldsFor(app, connection),
        policy,
        notes: notesOf(await control.models.list(connection.id), policy.bands),
        mode: wish.dryRun ? 'dry-run' : 'write',
        proceed: wish.proceed,
        now: app.now,
        log: app.log,
        signal,
        tell: (done, total) => tell({ step: 'publish', detail: 'records', done, total }),
      })
    } finally {
      await session.close()
    }
  })
}

export const publish = operation({
  name: 'publish',
  input: z.object({ connection: z.string().optional(), dryRun: z.boolean().default(false), proceed: z.boolean().default(false) }),
  run: async (app, input, tell, signal) => publishConnection(app, await app.connection(input.connection), input, tell, signal),
})
