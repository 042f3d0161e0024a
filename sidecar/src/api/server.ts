import { timingSafeEqual } from 'node:crypto'
import type { Server } from 'node:http'
import { AssayError } from '@assay/shared'
import express, { type Express, type Request, type Response } from 'express'
import type { App } from '../app.ts'
import type { Line } from './line.ts'
import type { Operation } from './operation.ts'

/** Answers commands of the same machine, who prove with the token that they may read the data directory. */
export function operationsRouter(app: App, operations: readonly Operation[], token: string): Express {
  const router = express()
  router.disable('x-powered-by')
  router.use(express.json({ limit: '1mb' }))
  router.post('/api/operations/:name', (request: Request, response: Response) => {
    if (!authorised(request.get('authorization'), token)) {
      response.status(401).json({ error: 'unauthorised' })
      return
    }
    const operation = operations.find((one) => one.name === request.params['name'])
    const input = operation?.input.safeParse(request.body)
    if (!operation || !input?.success) {
      response.status(404).json({ error: 'no such operation, or other input than it takes' })
      return
    }
    void answer(app, operation, input.data, response)
  })
  return router
}

function authorised(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const expected = Buffer.from(`Bearer ${token}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const ALIVE_MS = 30_000

/** Streams progress and the result as lines; the work stops when the caller goes away. */
async function answer(app: App, operation: Operation, input: unknown, response: Response): Promise<void> {
  const controller = new AbortController()
  response.on('close', () => controller.abort(new DOMException('the caller went away', 'AbortError')))
  response.type('application/x-ndjson').flushHeaders()
  // A long fit says nothing for minutes; a client gives up on an answer that is silent for five.
  const alive = setInterval(() => response.write('\n'), ALIVE_MS)
  const send = (line: Line): void => void response.write(`${JSON.stringify(line)}\n`)
  try {
    const result = await operation.run(app, input, (progress) => send({ progress }), controller.signal)
    send({ result })
  } catch (error) {
    const known = error instanceof AssayError
    if (!known) app.log.warn(error instanceof Error ? (error.stack ?? error.message) : String(error))
    send({
      error: {
        kind: known ? error.kind : null,
        message: error instanceof Error ? error.message : String(error),
        hint: known ? error.hint : undefined,
      },
    })
  }
  clearInterval(alive)
  response.end()
}

/** A server of nothing but these routes. */
export const only = (routes: express.Router): Express => express().disable('x-powered-by').use(routes)

export const listen = (routes: Express, host: string, port: number): Promise<{ server: Server; url: string }> =>
  new Promise((resolve, reject) => {
    const server = routes.listen(port, host, (error?: Error) => {
      if (error) {
        const { code } = error as NodeJS.ErrnoException
        const taken = code === 'EADDRINUSE'
        const what = taken ? `Port ${port} is taken.` : `Assay cannot listen on ${host}, port ${port} (${code ?? error.message}).`
        const hint = taken
          ? 'Choose another with ASSAY_PORT.'
          : 'ASSAY_HOST names an address of this machine, ASSAY_PORT a port that you may open.'
        reject(new AssayError('config', what, { hint, cause: error }))
        return
      }
      const address = server.address()
      resolve({ server, url: `http://${host}:${typeof address === 'object' && address ? address.port : port}` })
    })
  })
