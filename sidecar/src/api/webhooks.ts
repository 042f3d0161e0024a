import { AssayError, type Connector, type Delivery, type Told } from '@assay/shared'
import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import type { App } from '../app.ts'
import type { Connection } from '../control/index.ts'
import { CONNECTORS } from '../registry.ts'
import { openRepeats, type Repeats } from './repeats.ts'

export interface WebhookOptions {
  /** Called after what a connection's CRM told is kept. */
  readonly told: (connection: string) => Promise<void>
}

/** More than a hundred events of any CRM, by far. */
const LARGEST = '1mb'

/**
 * `POST /webhooks/<connector>`: what a CRM tells by itself. Whoever cannot prove to be that CRM gets 401 and no word more. What is
 * told is kept before it is answered, and read later: only which records to look at is believed, never what is said about them.
 */
export function webhookRouter(app: App, options: WebhookOptions): Router {
  const router = express.Router()
  const repeats = openRepeats()
  // The very bytes: what is unpacked or parsed has another signature.
  router.post('/webhooks/:connector', express.raw({ type: () => true, limit: LARGEST, inflate: false }), (request, response) => {
    const connector = CONNECTORS.find((one) => one.id === request.params['connector'] && one.webhook !== undefined)
    if (connector === undefined) response.status(404).end()
    else void take(app, connector, deliveryOf(app, request), options, repeats).then((status) => response.status(status).end())
  })
  router.use('/webhooks', (error: { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
    response.status(error.status ?? 400).end()
  })
  return router
}

/** The address is the one that is configured: what a request says about its host anybody can write. */
const deliveryOf = (app: App, request: Request): Delivery => ({
  method: request.method,
  url: `${app.config.publicUrl ?? app.url}${request.originalUrl}`,
  header: (name) => request.get(name),
  // Without a body there is nothing to parse, and nothing was.
  body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
})

/** The status to answer with. Anything from 300 on makes a CRM send it again later. */
async function take(app: App, connector: Connector, delivery: Delivery, options: WebhookOptions, repeats: Repeats): Promise<number> {
  try {
    const heard = await hear(app, connector, delivery)
    if (heard.length === 0) return 401
    for (const { connection, told } of heard) {
      const call = `${connection.id} ${told.call}`
      if (repeats.has(call) || told.changed.length + told.erased.length === 0) continue
      await app.control.told.add(connection.id, told)
      await options.told(connection.id)
      repeats.remember(call, app.now())
    }
    return 204
  } catch (error) {
    app.log.warn(`webhook of ${connector.title}: ${error instanceof Error ? error.message : String(error)}`)
    return error instanceof AssayError && error.kind === 'data' ? 400 : 503
  }
}

/** Every connection whose CRM this is; one app may tell of several accounts. */
async function hear(app: App, connector: Connector, delivery: Delivery): Promise<{ connection: Connection; told: Told }[]> {
  if (connector.webhook?.couldBe(delivery, app.now()) !== true) return []
  const connections = (await app.control.connections.list()).filter((one) => one.connector === connector.id)
  return connections.flatMap((connection) => {
    const parsed = connector.settings.safeParse(connection.settings)
    const told = parsed.success ? (connector.webhook?.read(parsed.data, delivery, app.now()) ?? null) : null
    return told === null ? [] : [{ connection, told }]
  })
}
