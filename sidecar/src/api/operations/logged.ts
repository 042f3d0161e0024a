import { AssayError } from '@assay/shared'
import type { App } from '../../app.ts'
import type { Connection, StepName } from '../../control/index.ts'

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
