import { AssayError } from '@assay/shared'
import { z } from 'zod'
import { issues } from '../../app.ts'
import { operation } from '../operation.ts'

/** Signs in, and keeps the connection only when that worked. */
export const connect = operation({
  name: 'connect',
  input: z.object({ connector: z.string(), title: z.string().min(1).optional(), settings: z.record(z.string(), z.unknown()) }),
  async run(app, input, tell, signal) {
    const connector = app.connector(input.connector)
    const parsed = connector.settings.safeParse(input.settings)
    if (!parsed.success) throw new AssayError('config', `${connector.title} cannot be connected: ${issues(parsed.error)}`)
    tell({ step: 'connect', detail: `signing in to ${connector.title}` })
    const title = input.title ?? connector.title
    const before = (await app.control.connections.list()).find((one) => one.title === title && one.connector === connector.id)
    const trial = {
      id: before?.id ?? '',
      connector: connector.id,
      title,
      settings: input.settings,
      state: 'active',
      why: null,
      createdAt: 0,
    } as const
    const session = app.trialSession(trial, signal)
    try {
      const check = await session.check()
      const reads = session.reads()
      if (before) await app.control.connections.renew(before.id, input.settings)
      const connection = before ?? (await app.control.connections.add({ connector: connector.id, title, settings: input.settings }))
      await app.control.audit.add('admin', before ? 'connection renewed' : 'connected', {
        connection: connection.id,
        connector: connector.id,
      })
      return { connection: connection.id, connector: connector.id, title, renewed: before !== undefined, check, reads }
    } finally {
      await session.close()
    }
  },
})

/** Who we are there, what can be read and written, what is missing. Reads no record. */
export const check = operation({
  name: 'check',
  input: z.object({ connection: z.string().optional() }),
  async run(app, input, _tell, signal) {
    const connection = await app.connection(input.connection)
    const session = app.session(connection, signal)
    try {
      return {
        connection: connection.id,
        title: connection.title,
        state: connection.state,
        why: connection.why,
        check: await session.check(),
        reads: session.reads(),
      }
    } finally {
      await session.close()
    }
  },
})
