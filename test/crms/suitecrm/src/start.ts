import { close, createClock, createFaults, listen, type Clock, type Faults } from '@assay/stand-in'
import type { World } from '@assay/worlds'
import type { Fault } from './faults.ts'
import { placeUsers, placeWorld } from './load.ts'
import type { Field, ModuleName } from './modules.ts'
import { createLoader, type Package } from './packages.ts'
import { PASSWORDS, type UserName } from './people.ts'
import { createHttp, type Call } from './server.ts'
import type { Quirks, Write } from './server-state.ts'
import { createSessions, type ClientEntry } from './sessions.ts'
import { createStore } from './store.ts'
import type { Row } from './values.ts'

export interface SuiteOptions {
  readonly world?: World
  readonly port?: number
  readonly now?: () => number
  /** Which grant its OAuth2 client allows. */
  readonly grant?: ClientEntry['grant']
  readonly quirks?: Partial<Quirks>
}

export interface SuiteStandIn {
  readonly url: string
  readonly client: ClientEntry
  /** User names are the names of the members. */
  readonly passwords: Readonly<Record<UserName, string>>
  /** Matched on the names of calls: `v4_1 get_entry_list`, `V8 POST module`. */
  readonly faults: Faults<Fault>
  /** Everything that depends on time goes by this clock: sessions, stamps. */
  readonly clock: Clock
  /** What came in, oldest first. */
  readonly calls: readonly Call[]
  readonly writes: readonly Write[]
  /** Texts as the database holds them. Deleted rows say so in `deleted`. */
  get(module: ModuleName, id: string): Row | null
  /** In the order of stamp and id. */
  all(module: ModuleName, withDeleted?: boolean): readonly Row[]
  /** As somebody at work does: values in SuiteCRM's forms. Gives the new id. */
  create(module: ModuleName, values: Readonly<Record<string, unknown>>): string
  update(module: ModuleName, id: string, values: Readonly<Record<string, unknown>>): void
  delete(module: ModuleName, id: string): void
  /** Gone for good, not even among the deleted. */
  erase(module: ModuleName, id: string): void
  /** The integration user's role denies the module, or editing in it. */
  forbid(module: ModuleName, what?: 'edit'): void
  /** Saving this record breaks down. */
  breakOn(id: string): void
  /** The list of this module breaks down, until it is mended. */
  breakList(module: ModuleName): void
  mendList(module: ModuleName): void
  /** Tokens and sessions end; a new sign-in helps. */
  endSessions(): void
  /** The integration user is deactivated. */
  lock(): void
  makeField(module: ModuleName, field: Field): void
  removeField(module: ModuleName, name: string): void
  customFields(module: ModuleName): readonly Field[]
  /** As an admin in Module Loader. Throws PackageError where SuiteCRM would refuse it. */
  installPackage(zip: Uint8Array): void
  uninstallPackage(id: string): void
  packages(): readonly Package[]
  close(): Promise<void>
}

const QUIRKS: Quirks = { argumentsBy: 'name', offset: '+00:00', countsRows: true }

/** Starts a SuiteCRM 7.14 on 127.0.0.1, at a free port unless one is named. Close it when done. */
export async function startSuite(options: SuiteOptions = {}): Promise<SuiteStandIn> {
  const clock = createClock(options.now)
  const { now } = clock
  const client: ClientEntry = {
    id: '0a0a0a0a-0000-4000-8000-0000000c11e7',
    secret: 'cl1ent-s3cret-of-assay',
    grant: options.grant ?? 'password',
    assignedTo: 'integration',
  }
  const store = createStore(now)
  const [denied, breaks, brokenLists] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const calls: Call[] = []
  const writes: Write[] = []
  const state = {
    store,
    sessions: createSessions(client, now),
    quirks: { ...QUIRKS, ...options.quirks },
    writes,
    denied,
    breaks,
    brokenLists,
  }
  const loader = createLoader(store)
  const faults = createFaults<Fault>()
  placeUsers(store)
  if (options.world !== undefined) placeWorld(store, options.world)
  const server = createHttp({ state, loader, faults, calls })
  const url = await listen(server, options.port)
  const existing = (module: ModuleName, id: string): string => {
    if (store.row(module, id) === null) throw new Error(`no such record: ${module} ${id}`)
    return id
  }
  return {
    url,
    client,
    passwords: PASSWORDS,
    faults,
    clock,
    calls,
    writes,
    get: (module, id) => store.row(module, id),
    all: (module, withDeleted = false) => store.inOrder(module).filter((row) => withDeleted || row['deleted'] !== '1'),
    create(module, values) {
      // Imported records bring ids of their own.
      const id = typeof values['id'] === 'string' ? values['id'] : crypto.randomUUID()
      store.write(module, id, values)
      return id
    },
    update: (module, id, values) => store.write(module, existing(module, id), values),
    delete: (module, id) => store.delete(module, existing(module, id)),
    erase: (module, id) => store.erase(module, existing(module, id)),
    forbid: (module, what) => void denied.add(what === undefined ? module : `${module} ${what}`),
    breakOn: (id) => void breaks.add(id),
    breakList: (module) => void brokenLists.add(module),
    mendList: (module) => void brokenLists.delete(module),
    endSessions: () => state.sessions.end(),
    lock: () => state.sessions.lock(),
    makeField: (module, field) => store.addField(module, { ...field, source: 'custom_fields' }),
    removeField: (module, name) => store.removeField(module, name),
    customFields: (module) => [...store.fields(module).values()].filter(({ source }) => source === 'custom_fields'),
    installPackage: (zip) => loader.install(loader.upload(zip)),
    uninstallPackage(id) {
      const found = loader.installed().find((each) => each.package.id === id)
      if (found === undefined) throw new Error(`no such package: ${id}`)
      loader.uninstall(found.hash)
    },
    packages: () => loader.installed().map((each) => each.package),
    close: () => close(server),
  }
}
