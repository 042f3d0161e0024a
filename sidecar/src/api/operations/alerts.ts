import { AssayError } from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import { alert, type AlertResult } from '../../flow/alert/alert.ts'
import { ALERT_DECISION, alertPolicy } from '../../flow/alert/policy.ts'
import { publishPolicy, POLICY_DECISION } from '../../flow/publish/policy.ts'
import { operation, type Tell } from '../operation.ts'
import { requireWhole } from './damage.ts'
import { type LastScores, SCORES_DECISION } from './scores.ts'
import { logged } from './sync.ts'

export async function alertConnection(
  app: App,
  connection: Connection,
  dryRun: boolean,
  tell: Tell,
  stop: AbortSignal,
): Promise<AlertResult> {
  const { control } = app
  await requireWhole(app, connection)
  const scores = await control.decisions.get<LastScores>(connection.id, SCORES_DECISION)
  const model = await control.models.live(connection.id, 'churn')
  if (!scores || !model) {
    throw new AssayError('config', 'There is no churn model that passed its verdict, so there is nothing to warn about.', {
      hint: 'See why: assay report churn',
    })
  }
  return logged(app, 'alert', connection, stop, async ({ signal }) => {
    const session = app.session(connection, signal)
    try {
      return await alert({
        control,
        store: app.store,
        session,
        connection: connection.id,
        object: scores.unit === 'contact' ? 'contact' : 'account',
        run: scores.run,
        event: model.definition.event,
        dataUntil: scores.dataUntil,
        bands: publishPolicy.parse((await control.decisions.get(connection.id, POLICY_DECISION)) ?? {}).bands,
        policy: alertPolicy.parse((await control.decisions.get(connection.id, ALERT_DECISION)) ?? {}),
        dryRun,
        now: app.now,
        log: app.log,
        signal,
        tell: (done, total) => tell({ step: 'alert', detail: 'tasks', done, total }),
      })
    } finally {
      await session.close()
    }
  })
}

export const alerts = operation({
  name: 'alerts',
  input: z.object({ connection: z.string().optional(), dryRun: z.boolean().default(false) }),
  run: async (app, input, tell, signal) => alertConnection(app, await app.connection(input.connection), input.dryRun, tell, signal),
})
