import { AssayError } from '@assay/shared'
import { z } from 'zod'
import { MINERS } from '../../registry.ts'
import { operation } from '../operation.ts'

/** The newest report of every miner, or of one. */
export const report = operation({
  name: 'report',
  input: z.object({ connection: z.string().optional(), miner: z.string().optional() }),
  async run(app, input) {
    const connection = await app.connection(input.connection)
    const wanted = MINERS.filter(({ miner }) => input.miner === undefined || miner.id === input.miner)
    if (wanted.length === 0)
      throw new AssayError('config', `There is no miner "${input.miner}".`, {
        hint: `Known: ${MINERS.map(({ miner }) => miner.id).join(', ')}.`,
      })
    const reports = []
    for (const { miner } of wanted) {
      const model = await app.control.models.newest(connection.id, miner.id)
      if (model)
        reports.push({ model: model.id, state: model.state, fittedAt: model.fittedAt, dataUntil: model.dataUntil, ...model.report })
    }
    if (reports.length === 0) throw new AssayError('config', 'Nothing was mined yet.', { hint: 'Run: assay sync, then assay mine' })
    return { connection: connection.id, reports }
  },
})

/** Where everything stands: connections, records, runs, what waits, what was kept aside. */
export const status = operation({
  name: 'status',
  input: z.object({}),
  async run(app) {
    const connections = []
    for (const one of await app.control.connections.list()) {
      const aside = await app.control.asides.list(one.id, 20)
      const rejected = await app.control.outbox.rejected(one.id, 20)
      connections.push({
        connection: one.id,
        connector: one.connector,
        title: one.title,
        state: one.state,
        why: one.why,
        records: await app.store.counts(one.id),
        lastSync: await app.control.runs.last('sync', one.id),
        lastPublish: await app.control.runs.last('publish', one.id),
        waiting: await app.control.outbox.count(one.id),
        aside,
        rejected,
        models: (await app.control.models.list(one.id)).map(({ id, miner, state, fittedAt, report: { verdict, why } }) => ({
          id,
          miner,
          state,
          fittedAt,
          verdict,
          why,
        })),
      })
    }
    return { organisation: app.config.organisation, connections, runs: await app.control.runs.list(10) }
  },
})
