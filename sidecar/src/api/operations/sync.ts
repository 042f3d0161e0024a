import { KINDS } from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import { sync as syncStep, type SyncInput, type SyncResult } from '../../flow/sync/sync.ts'
import { readTold, type ToldInput } from '../../flow/sync/told.ts'
import { keepAnswers } from '../../flow/sync/answers.ts'
import { publishedRecord } from '../../store/publishing.ts'
import { echoesAmong } from '../../store/echoes.ts'
import { livingAmong } from '../../store/living-among.ts'
import { operation, type Tell } from '../operation.ts'
import { damageOf, damageWords, restored, restoring } from './damage.ts'
import { eraseTold } from './erase.ts'
import { logged } from './logged.ts'

export { logged }

/** What a sync did, and how many records it read because the CRM had told about them. */
export type Synced = SyncResult & { readonly told: number }

export async function syncConnection(app: App, connection: Connection, full: boolean, tell: Tell, stop: AbortSignal): Promise<Synced> {
  await eraseTold(app, connection, stop)
  return logged(app, 'sync', connection, stop, async ({ signal }) => {
    if (full || (await isLost(app, connection))) {
      await restoring(app, connection)
      await app.control.cursors.clear(connection.id)
    } else await warnOfDamage(app, connection)
    const done = await withSession(app, connection, signal, async (input) => {
      // What was told may say more than the dates of records do: a link that changed moves no date.
      const { read: told } = await readTold(input)
      const result = await syncStep({
        ...input,
        connector: app.connector(connection.connector),
        progress: (read) => tell({ step: 'sync', detail: 'records', done: sum(read), total: null }),
      })
      return { ...result, told: sum(told) }
    })
    await restored(app, connection)
    return done
  })
}

async function warnOfDamage(app: App, connection: Connection): Promise<void> {
  const damage = await damageOf(app, connection)
  if (damage.length === 0) return
  const { what, hint } = damageWords(damage)
  app.log.warn(`${what} ${hint}`)
}

/** Whether the store holds nothing of what was read before, as after its directory or database went: then what changed since is not enough. */
async function isLost(app: App, connection: Connection): Promise<boolean> {
  if ((await app.store.counts(connection.id)).some(({ versions }) => versions > 0)) return false
  for (const kind of KINDS) {
    if ((await app.control.cursors.get(connection.id, kind)) === null) continue
    app.log.warn(`The store holds nothing of ${connection.title} although it was read before, so everything is read anew.`)
    return true
  }
  return false
}

/** Reads only what the CRM told about, and erases whom it has forgotten: a handful of calls, between two whole syncs. */
export async function syncTold(app: App, connection: Connection, stop: AbortSignal): Promise<Synced> {
  await eraseTold(app, connection, stop)
  return logged(app, 'sync', connection, stop, async ({ signal }) => {
    const result = await withSession(app, connection, signal, readTold)
    return { ...result, told: sum(result.read) }
  })
}

async function withSession<T>(
  app: App,
  connection: Connection,
  signal: AbortSignal,
  work: (input: ToldInput & Omit<SyncInput, 'connector'>) => Promise<T>,
): Promise<T> {
  const session = app.session(connection, signal)
  try {
    return await work({
      control: app.control,
      store: app.store,
      session,
      connection: connection.id,
      log: app.log,
      signal,
      living: (kind, ids) => livingAmong(app.store.driver, connection.id, kind, ids),
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
}

const sum = (read: SyncResult['read']): number => Object.values(read).reduce((all, one) => all + one, 0)

export const sync = operation({
  name: 'sync',
  input: z.object({
    connection: z.string().optional(),
    full: z.boolean().default(false),
    /** Only what the CRM told about by itself. */
    told: z.boolean().optional(),
  }),
  async run(app, input, tell, signal) {
    const connection = await app.connection(input.connection)
    return input.told === true ? syncTold(app, connection, signal) : syncConnection(app, connection, input.full, tell, signal)
  },
})
