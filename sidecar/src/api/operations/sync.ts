import { AssayError } from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection, StepName } from '../../control/index.ts'
import { sync as syncStep, type SyncResult } from '../../flow/sync/sync.ts'
import { keepAnswers } from '../../flow/sync/answers.ts'
import { publishedRecord } from '../../store/publishing.ts'
import { echoesAmong } from '../../store/echoes.ts'
import { operation, type Tell } from '../operation.ts'

/**
 * Runs one step with its entry in the run log; a refused sign-in pauses the connection. `work` gets a signal that also fires
 * when another process may do the step. Throws (`limit`) while somebody else is at it.
 */
export async function logged<T extends object>(
  app: App,
  step: StepName,
  connection: Connection,
  signal: AbortSignal,
  work: (run: { readonly id: string; readonly signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const run = await app.control.runs.start(step, connection.id)
  try {
    const result = await work({ id: run.id, signal: AbortSignal.any([signal, run.lost]) })
    await app.control.runs.finish(run.id, result as Record<string, unknown>)
    return result
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    // Where the database is what failed, the first error says more than the second.
    await app.control.runs.fail(run.id, why).catch((failure: unknown) => app.log.warn(`the run log was not written: ${String(failure)}`))
    if (error instanceof AssayError && error.kind === 'auth' && connection.state === 'active')
      await app.control.connections.pause(connection.id, why)
    throw error
  }
}

export async function syncConnection(app: App, connection: Connection, full: boolean, tell: Tell, stop: AbortSignal): Promise<SyncResult> {
  return logged(app, 'sync', connection, stop, async ({ signal }) => {
    if (full) await app.control.cursors.clear(connection.id)
    const session = app.session(connection, signal)
    try {
      return await syncStep({
        control: app.control,
        store: app.store,
        connector: app.connector(connection.connector),
        session,
        connection: connection.id,
        log: app.log,
        signal,
        progress: (read) => tell({ step: 'sync', detail: 'records', done: Object.values(read).reduce((a, b) => a + b, 0), total: null }),
        echoes: (records) => echoesAmong(app.store.driver, connection.id, records),
        notice: (records) =>
          keepAnswers(
            app.control,
            connection.id,
            records,
            async (object, id) => (await publishedRecord(app.store, connection.id, object, id))?.fields ?? null,
          ),
      })
    } finally {
      await session.close()
    }
  })
}

export const sync = operation({
  name: 'sync',
  input: z.object({ connection: z.string().optional(), full: z.boolean().default(false) }),
  run: async (app, input, tell, signal) => syncConnection(app, await app.connection(input.connection), input.full, tell, signal),
})
