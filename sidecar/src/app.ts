import { statfs } from 'node:fs/promises'
import { AssayError, type Connector, type Host, type Log, type QuotaLedger, sayIssues, type Session, wording } from '@assay/shared'
import { clockOf, type Config } from './config.ts'
import { type Connection, type Control, type Ownership, openControl } from './control/index.ts'
import { CONNECTORS, connectorOf } from './registry.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'

/** Everything an operation works with: both planes, the connectors, the clock. Built once by the owner process. */
export interface App {
  readonly config: Config
  readonly control: Control
  readonly store: Store
  readonly log: Log
  /** Epoch ms. */
  readonly now: () => number
  /** The connection meant by that name, or the only one there is. Throws (`config`) when that is not clear. */
  connection(name: string | undefined): Promise<Connection>
  connector(id: string): Connector
  /** Signs in. The caller closes it. Throws (`auth`) for a paused connection: it waits for a new sign-in. */
  session(connection: Connection, signal: AbortSignal): Session
  /** Signs in with settings that are not kept yet, outside the connection's allowance; `keep` hears of what the CRM replaced in them. */
  trialSession(connection: Connection, signal: AbortSignal, keep: (settings: unknown) => void): Session
  /** Where this process answers, or would: from the configuration until `serveAt` says what it became. */
  readonly url: string
  serveAt(url: string): void
  close(): Promise<void>
}

/** Opens both planes. `ownership` is the right to the data directory; only server engines do without. */
export async function openApp(config: Config, log: Log, ownership: Ownership | null, now: () => number = clockOf(config)): Promise<App> {
  if (ownership !== null) await requireRoom(ownership.home)
  const control = await openControl({ ...config, now, ...(ownership === null ? {} : { ownership }) })
  try {
    await control.migrate()
    const database = `assay_${config.organisation}`
    const store = await openStore(
      config.clickhouseUrl === null
        ? { dataDirectory: `${config.home}/mining`, database }
        : { url: config.clickhouseUrl, cluster: config.clickhouseCluster, database },
    )
    await store.migrate()
    return assemble(config, control, store, log, now)
  } catch (error) {
    await control.close()
    throw error
  }
}

const LEAST_ROOM = 100_000_000

/** Throws an AssayError (`config`) where the disk is all but full: an engine that runs out of it while it starts may never start again. */
async function requireRoom(home: string): Promise<void> {
  const { bavail, bsize } = await statfs(home)
  if (bavail * bsize >= LEAST_ROOM) return
  throw new AssayError(
    'config',
    `The disk that holds ${home} has ${Math.floor((bavail * bsize) / 1e6)} MB left, and nothing was started.`,
    {
      hint: `Make room for at least ${LEAST_ROOM / 1e6} MB, or let ASSAY_HOME name a place that has it.`,
    },
  )
}

function assemble(config: Config, control: Control, store: Store, log: Log, now: () => number): App {
  const signIn = (connection: Connection, quota: QuotaLedger, signal: AbortSignal, keep: NonNullable<Host['keep']>): Session => {
    const parsed = connectorOf(connection.connector).settings.safeParse(connection.settings, { error: wording({ show: false }) })
    if (!parsed.success)
      throw new AssayError('config', `The settings of "${connection.title}" are not understood: ${sayIssues(parsed.error, 'settings')}`)
    return connectorOf(connection.connector).open(parsed.data, { ...host(quota, log, now, signal), keep })
  }
  let url = `http://${config.listen.host}:${config.listen.port}`
  return {
    config,
    get url() {
      return url
    },
    serveAt(at) {
      url = at
    },
    control,
    store,
    log,
    now,
    connector: connectorOf,
    async connection(name) {
      const all = await control.connections.list()
      const meant = name === undefined ? all : all.filter((one) => one.id === name || one.title === name || one.connector === name)
      if (meant.length === 1) return meant[0]!
      if (all.length === 0)
        throw new AssayError('config', 'No CRM is connected yet.', {
          hint: `Connect one (${CONNECTORS.map((one) => one.id).join(', ')}): assay connect --help shows how.`,
        })
      const there = all.map((one) => `${one.id} (${one.title})`).join(', ')
      if (meant.length === 0)
        throw new AssayError('config', `No connection is called "${name}".`, {
          hint: `There is ${there}. One of that name is made by assay connect with --title "${name}".`,
        })
      throw new AssayError(
        'config',
        name === undefined ? 'More than one CRM is connected.' : `${meant.length} connections are called "${name}".`,
        {
          hint: `Name one with --connection: ${there}`,
        },
      )
    },
    session(connection, signal) {
      if (connection.state === 'paused') {
        throw new AssayError('auth', `The connection "${connection.title}" is paused: ${connection.why ?? 'its sign-in was refused'}`, {
          hint: 'Renew the sign-in with assay connect, under the same title.',
        })
      }
      return signIn(connection, control.quota(connection.id, config.quotaShare, { now }), signal, (settings) =>
        control.connections.renew(connection.id, settings),
      )
    },
    trialSession: (connection, signal, keep) =>
      signIn(connection, unlimited, signal, (settings) => {
        keep(settings)
        return Promise.resolve()
      }),
    async close() {
      await store.close()
      await control.close()
    },
  }
}

/** Checking a sign-in costs a handful of calls and belongs to no connection yet. */
export const unlimited: QuotaLedger = { take: async () => {}, report: () => {} }

/** The outside world as a connector gets it. */
export function host(quota: QuotaLedger, log: Log, now: () => number, signal: AbortSignal): Host {
  return {
    fetch: globalThis.fetch,
    dispatcher: undefined,
    quota,
    now,
    sleep: (ms) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error)
          return
        }
        const stop = (): void => {
          clearTimeout(timer)
          reject(signal.reason as Error)
        }
        const timer = setTimeout(() => {
          signal.removeEventListener('abort', stop)
          resolve()
        }, ms)
        signal.addEventListener('abort', stop, { once: true })
      }),
    signal,
    log,
  }
}
