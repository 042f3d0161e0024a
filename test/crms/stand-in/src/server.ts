import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP server that is not listening yet. What `handle` throws is a mistake of the stand-in: `broken` tells the caller. */
export function createHttpServer(
  options: ServerOptions,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  broken: (response: ServerResponse, text: string) => void,
): Server {
  return createServer({ keepAliveTimeout: 60_000, ...options }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      broken(response, error instanceof Error ? (error.stack ?? error.message) : String(error))
    })
  })
}

/** Listens on 127.0.0.1, at a free port unless one is named. Gives its address. */
export async function listen(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Ends it with all its connections. */
export const close = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
    server.closeAllConnections()
  })
