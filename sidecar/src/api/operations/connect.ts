import { AssayError, sayIssues, wording } from '@assay/shared'
import { z } from 'zod'
import { operation } from '../operation.ts'

const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false }

/** A command's words are text: where the connector wants a number or a yes or no and the text is one, it becomes one. */
function asWanted(schema: z.ZodType, settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const wrong = new Set((schema.safeParse(settings).error?.issues ?? []).map((issue) => (issue.path.length === 1 ? issue.path[0] : '')))
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      if (!wrong.has(name) || typeof value !== 'string' || value.trim() === '') return [name, value]
      const number = Number(value)
      return [name, WORDS[value] ?? (Number.isNaN(number) ? value : number)]
    }),
  )
}

/** Signs in, and keeps the connection only when that worked. */
export const connect = operation({
  name: 'connect',
  input: z.object({ connector: z.string(), title: z.string().min(1).optional(), settings: z.record(z.string(), z.unknown()) }),
  async run(app, input, tell, signal) {
    const connector = app.connector(input.connector)
    const settings = asWanted(connector.settings, input.settings)
    const parsed = connector.settings.safeParse(settings, { error: wording({ show: false }) })
    if (!parsed.success) {
      throw new AssayError('config', `${connector.title} cannot be connected: ${sayIssues(parsed.error, 'settings')}`, {
        hint: `All its settings, and how to sign in: connectors/${connector.id}/README.md.`,
      })
    }
    const refusal = connector.notToKeep?.(parsed.data) ?? null
    if (refusal !== null) throw new AssayError('config', `${connector.title} cannot be connected like this: ${refusal}.`)
    tell({ step: 'connect', detail: `signing in to ${connector.title}` })
    const title = input.title ?? connector.title
    const before = (await app.control.connections.list()).find((one) => one.title === title && one.connector === connector.id)
    const trial = {
      id: before?.id ?? '',
      connector: connector.id,
      title,
      settings,
      state: 'active',
      why: null,
      createdAt: 0,
    } as const
    // A sign-in may use up what it signed in with: what is kept is what is good from now on.
    let good: unknown = settings
    const session = app.trialSession(trial, signal, (renewed) => {
      good = renewed
    })
    try {
      const check = await session.check()
      const reads = session.reads()
      if (before) await app.control.connections.renew(before.id, good)
      const connection = before ?? (await app.control.connections.add({ connector: connector.id, title, settings: good }))
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
