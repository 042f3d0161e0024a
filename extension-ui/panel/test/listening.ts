import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Served {
  /** Without a slash at the end. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** Lets a server listen on this machine only, on a port that is free. */
export async function listening(server: Server): Promise<Served> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
