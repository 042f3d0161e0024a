import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { startCluster, startServer, unavailable } from '../clickhouse/servers.ts'

/** One of the three layouts that every store test runs on. */
export interface Layout {
  /** Of the servers; empty where it is embedded. */
  readonly url: string
  open(database: string): Promise<Store>
  close(): Promise<void>
}

async function embedded(): Promise<Layout> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'assay-store-'))
  return {
    url: '',
    open: (database) => openStore({ dataDirectory, database }),
    close: () => rm(dataDirectory, { recursive: true, force: true }),
  }
}

async function oneServer(): Promise<Layout> {
  const server = await startServer()
  return { url: server.url, open: (database) => openStore({ url: server.url, database }), close: () => server.close() }
}

async function twoShards(): Promise<Layout> {
  const servers = await startCluster()
  return {
    url: servers.url,
    open: (database) => openStore({ url: servers.url, database, cluster: servers.cluster }),
    close: () => servers.close(),
  }
}

/** Starts a layout before the tests of a block and ends it after them; the store in it has the newest tables. */
export function inLayout(start: () => Promise<Layout>, database: string): { readonly layout: Layout; readonly store: Store } {
  const opened: { layout?: Layout; store?: Store } = {}
  beforeAll(async () => {
    opened.layout = await start()
    opened.store = await opened.layout.open(database)
    await opened.store.migrate()
  }, SLOW)
  afterAll(async () => {
    await opened.store?.close()
    await opened.layout?.close()
  }, SLOW)
  return {
    get layout() {
      return opened.layout!
    },
    get store() {
      return opened.store!
    },
  }
}

/** Patience (ms) where servers start and other tests keep the processors busy. */
export const SLOW = 120_000

if (unavailable !== null) console.log(unavailable)

export const LAYOUTS: readonly { readonly layout: string; readonly start: () => Promise<Layout> }[] = [
  { layout: 'embedded', start: embedded },
  ...(unavailable === null
    ? [
        { layout: 'one server', start: oneServer },
        { layout: 'two shards', start: twoShards },
      ]
    : []),
]
