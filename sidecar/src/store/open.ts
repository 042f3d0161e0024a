import { append } from './append.ts'
import { counts } from './counts.ts'
import { openEmbedded } from './embedded.ts'
import { erase, eraseConnection } from './erase.ts'
import { living } from './living.ts'
import { migrate } from './migrate.ts'
import { identifier } from './params.ts'
import { logPublished, logScores } from './scores.ts'
import { openServer } from './server.ts'
import { ON_EVERY_NODE } from './store.ts'
import type { Store } from './store.ts'

export type StoreOptions =
  | { readonly dataDirectory: string; readonly database: string }
  | {
      /** `http://user:password@host:8123`; several, separated by commas, are the nodes of the cluster. */
      readonly url: string
      readonly database: string
      readonly cluster?: string | null
    }

/**
 * Opens the store of one organisation, embedded or by URL. Makes nothing yet: `migrate` does. The embedded engine belongs to
 * one process; who calls this holds the lock of the data directory.
 */
export async function openStore(options: StoreOptions, clock: { now(): number } = { now: () => Date.now() }): Promise<Store> {
  const driver =
    'url' in options
      ? openServer(options.url, options.database, options.cluster ?? null)
      : openEmbedded(options.dataDirectory, options.database)
  // Later appends replace earlier ones of the same version, also within one millisecond.
  let last = 0
  const received = (): number => (last = Math.max(clock.now(), last + 1))
  return {
    driver,
    migrate: () => migrate(driver),
    append: (connection, records) => append(driver, connection, records, received()),
    counts: (connection) => counts(driver, connection),
    living: (connection, kind) => living(driver, connection, kind),
    logScores: (connection, entries) => logScores(driver, connection, entries, received()),
    logPublished: (connection, entries) => logPublished(driver, connection, entries, received()),
    erase: (connection, kind, id) => erase(driver, connection, kind, id),
    eraseConnection: (connection) => eraseConnection(driver, connection),
    drop: () => driver.everywhere(`DROP DATABASE IF EXISTS ${identifier(driver.database)} ${ON_EVERY_NODE} SYNC`),
    close: () => driver.close(),
  }
}
