import { AssayError, COMMON_FIELDS, type ScoreField } from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import { MINERS } from '../../registry.ts'
import { erasePublished } from '../../store/erase.ts'
import { operation } from '../operation.ts'

const which = z.object({ connection: z.string().optional() })

/** Fields of the miners that have something to say for this connection, and the common ones; all of them before the first run. */
export async function fieldsFor(app: App, connection: Connection): Promise<readonly ScoreField[]> {
  const newest = await Promise.all(
    MINERS.map(async ({ miner }) => ({ miner, model: await app.control.models.newest(connection.id, miner.id) })),
  )
  const speaking = newest.filter(({ model }) => model?.state === 'live')
  const miners = speaking.length > 0 ? speaking : newest
  return [...miners.flatMap(({ miner }) => miner.writes), ...COMMON_FIELDS]
}

const withFields = async <T>(
  app: App,
  name: string | undefined,
  signal: AbortSignal,
  work: (connection: Connection, session: ReturnType<App['session']>) => Promise<T>,
): Promise<T> => {
  const connection = await app.connection(name)
  if (!app.connector(connection.connector).capabilities.fields) {
    throw new AssayError('config', `${connection.title} has no fields that Assay could make.`, {
      hint: 'Connect a CRM, or read the scores with assay report.',
    })
  }
  const session = app.session(connection, signal)
  try {
    return await work(connection, session)
  } finally {
    await session.close()
  }
}

/** What `fields install` would change; changes nothing. */
export const fieldsPlan = operation({
  name: 'fields-plan',
  input: which,
  run: (app, input, _tell, signal) =>
    withFields(app, input.connection, signal, async (connection, session) => session.plan(await fieldsFor(app, connection))),
})

/** Makes the missing fields and keeps a receipt of exactly what was made. */
export const fieldsInstall = operation({
  name: 'fields-install',
  input: which,
  run: (app, input, _tell, signal) =>
    withFields(app, input.connection, signal, async (connection, session) => {
      const receipt = await session.ensureFields(await fieldsFor(app, connection))
      await app.control.receipts.add(connection.id, receipt)
      await app.control.audit.add('admin', 'fields installed', { connection: connection.id, made: receipt.made.length })
      return receipt
    }),
})

/** Takes back what the receipt names; works without one; names what is left. */
export const fieldsRemove = operation({
  name: 'fields-remove',
  input: which,
  run: (app, input, _tell, signal) =>
    withFields(app, input.connection, signal, async (connection, session) => {
      const removal = await session.removeFields(await app.control.receipts.get(connection.id))
      if (removal.left.length === 0) await app.control.receipts.clear(connection.id)
      // Made again one day, the fields are empty: what stood there must not be taken for standing there still.
      if (removal.removed.length > 0) await erasePublished(app.store.driver, connection.id)
      await app.control.audit.add('admin', 'fields removed', {
        connection: connection.id,
        removed: removal.removed.length,
        left: removal.left.length,
      })
      return removal
    }),
})
