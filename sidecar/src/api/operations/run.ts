import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import type { AlertResult } from '../../flow/alert/alert.ts'
import type { PublishResult } from '../../flow/publish/publish.ts'
import type { SyncResult } from '../../flow/sync/sync.ts'
import { operation, type Tell } from '../operation.ts'
import { alertConnection } from './alerts.ts'
import { CHURN_DECISION, mineConnection, type MineSummary } from './mine.ts'
import { hasFields, publishConnection } from './publish.ts'
import { syncConnection } from './sync.ts'

export interface RunResult {
  readonly sync: SyncResult
  readonly mine: MineSummary
  /** Null, with the reason beside it, where the connection cannot be written to, has not got the fields, or nobody accepted a definition. */
  readonly publish: PublishResult | null
  readonly alert: AlertResult | null
  readonly left: readonly string[]
}

/** sync → features → fit → judge → score → publish → alert, once. */
export async function runConnection(app: App, connection: Connection, tell: Tell, signal: AbortSignal): Promise<RunResult> {
  const left: string[] = []
  const synced = await syncConnection(app, connection, false, tell, signal)
  const mined = await mineConnection(app, connection, { refit: false }, tell, signal)
  const { capabilities } = app.connector(connection.connector)
  const accepted = (await app.control.decisions.get(connection.id, CHURN_DECISION)) !== null
  if (!accepted) left.push('publish: nobody has accepted a definition of churn yet (assay define churn)')
  else if (!capabilities.write) left.push(`publish: ${connection.title} cannot be written to`)
  const writable = accepted && capabilities.write && (await hasFields(app, connection, signal))
  if (accepted && capabilities.write && !writable) left.push('publish: the fields are not installed (assay fields install)')
  const published = writable ? await publishConnection(app, connection, { dryRun: false, proceed: false }, tell, signal) : null
  const live = (await app.control.models.live(connection.id, 'churn')) !== null
  if (!live) left.push('alert: there is no churn model that passed its verdict')
  else if (!capabilities.tasks) left.push(`alert: ${connection.title} takes no tasks`)
  const alerted = accepted && live && capabilities.tasks ? await alertConnection(app, connection, false, tell, signal) : null
  return { sync: synced, mine: mined, publish: published, alert: alerted, left }
}

export const runAll = operation({
  name: 'run',
  input: z.object({ connection: z.string().optional() }),
  run: async (app, input, tell, signal) => runConnection(app, await app.connection(input.connection), tell, signal),
})
