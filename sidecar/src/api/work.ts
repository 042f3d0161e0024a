import type { App } from '../app.ts'
import type { Connection } from '../control/index.ts'
import { openJobs } from '../control/jobs.ts'
import { alertConnection } from './operations/alerts.ts'
import { CHURN_DECISION, mineConnection } from './operations/mine.ts'
import { publishConnection } from './operations/publish.ts'
import { syncConnection, syncTold } from './operations/sync.ts'

/** When everything runs: at night, so that scores are fresh in the morning. */
const NIGHTLY = '30 2 * * *'

/** So long (ms) what a CRM tells is gathered before it is read. */
const GATHERED_MS = 30_000

export interface Work {
  /** A CRM told something: it is read soon, together with what follows. */
  told(connection: string): Promise<void>
  stop(): Promise<void>
}

/** Works the queues and puts every connection's nightly run in them. Steps of other processes on the same control plane are shared out. */
export async function openWork(app: App, signal: AbortSignal): Promise<Work> {
  const jobs = openJobs(app.control, { log: app.log })
  const { tell } = quiet
  const of = (id: string): Promise<Connection> => app.connection(id)
  await jobs.start()
  await jobs.work({
    sync: async (job) => {
      const connection = await of(job.connection)
      const stop = either(signal, job.signal)
      if (job.told) await syncTold(app, connection, stop)
      else await syncConnection(app, connection, job.full, tell, stop)
    },
    mine: async (job) =>
      void (await mineConnection(
        app,
        await of(job.connection),
        job.only === null ? { refit: false } : { only: [job.only], refit: false },
        tell,
        either(signal, job.signal),
      )),
    publish: async (job) => {
      const connection = await of(job.connection)
      if (await publishes(app, connection))
        await publishConnection(app, connection, { dryRun: false, proceed: false }, tell, either(signal, job.signal))
    },
    alert: async (job) => {
      const connection = await of(job.connection)
      if (await warns(app, connection)) await alertConnection(app, connection, false, tell, either(signal, job.signal))
    },
  })
  for (const connection of await app.control.connections.list()) await jobs.schedule('run', { connection: connection.id }, NIGHTLY)
  return {
    async told(connection) {
      await jobs.enqueue('sync', { connection, told: true }, { startAfter: new Date(Date.now() + GATHERED_MS) })
    },
    stop: () => jobs.stop(),
  }
}

const quiet = { tell: (): void => {} }
const either = (...signals: AbortSignal[]): AbortSignal => AbortSignal.any(signals)

/** Only what a person accepted is published, and only where it can be. */
export const publishes = async (app: App, connection: Connection): Promise<boolean> =>
  app.connector(connection.connector).capabilities.write && (await app.control.decisions.get(connection.id, CHURN_DECISION)) !== null

export const warns = async (app: App, connection: Connection): Promise<boolean> =>
  app.connector(connection.connector).capabilities.tasks &&
  (await publishes(app, connection)) &&
  (await app.control.models.live(connection.id, 'churn')) !== null
