import { randomBytes } from 'node:crypto'
import { AssayError } from '@assay/shared'
import * as operations from '../api/operations/index.ts'
import { panelRouter } from '../api/panel.ts'
import { listen, operationsRouter } from '../api/server.ts'
import { openApp } from '../app.ts'
import { currentConfig } from '../config.ts'
import { isOwnership, takeOwnership } from '../control/index.ts'
import { webhookRouter } from '../api/webhooks.ts'
import { openWork, type Work } from '../api/work.ts'
import type { Terminal } from './terminal.ts'

/** The one owner of the data directory: answers the other commands, shows panels, runs everything on schedule. */
export async function serve(terminal: Terminal, signal: AbortSignal): Promise<void> {
  const config = currentConfig()
  const ownership = await takeOwnership(config.home)
  if (!isOwnership(ownership)) {
    throw new AssayError(
      'config',
      `${config.home} belongs to another assay process already${ownership.heldBy.pid === null ? '' : ` (${ownership.heldBy.pid})`}.`,
      {
        hint: 'End that one first, or set ASSAY_HOME to another directory.',
      },
    )
  }
  const app = await openApp(config, terminal.log, ownership)
  try {
    const token = randomBytes(32).toString('base64url')
    const router = operationsRouter(app, Object.values(operations), token)
    router.use(panelRouter(app, { frameAncestors: config.panelOrigins }))
    let work: Work | null = null
    // What comes before the work has begun is kept, and read by the next sync.
    router.use(webhookRouter(app, { told: async (connection) => work?.told(connection) }))
    const { server, url } = await listen(router, config.listen.host, config.listen.port)
    app.serveAt(url)
    await ownership.announce({ url, token })
    work = await openWork(app, signal)
    terminal.result({ url, home: config.home }, ({ url: at }) => `Assay is at ${at}. Stop it with Ctrl-C.`)
    await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })))
    await work.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  } finally {
    await app.close()
    await ownership.release()
  }
}
