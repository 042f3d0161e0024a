import type { LiveRecord } from '@assay/shared'
import { close, createClock, createFaults, createTally, listen, type Clock, type Faults, type RequestCounts } from '@assay/stand-in'
import type { World } from '@assay/worlds'
import type { Right } from './access.ts'
import type { Fault } from './faults.ts'
import { createInstance, innerValues, QUIRKS, type Quirks, type Write } from './instance.ts'
import type { FieldType } from './fields.ts'
import type { ModuleName } from './modules.ts'
import { createOAuth, type OAuthSettings, type Session, type Tokens } from './oauth.ts'
import { createObstacles, type Rule } from './obstacles.ts'
import { createLoader } from './packages/loader.ts'
import { PASSWORDS, USER_IDS, type Role } from './people.ts'
import { recordsSource } from './records-source.ts'
import { administrationRoute } from './routes/administration.ts'
import { metadataRoutes } from './routes/metadata.ts'
import { recordsRoute } from './routes/records.ts'
import { createHttp } from './server.ts'
import type { Source } from './source.ts'
import type { Row } from './values.ts'
import { worldSource } from './world-source.ts'

export interface SugarOptions {
  /** A generated world, or a short list of hand-made records. */
  readonly world?: World | readonly LiveRecord[]
  readonly port?: number
  /** Access tokens that need no sign-in and never expire, by user. */
  readonly tokens?: Partial<Readonly<Record<Role, string>>>
  readonly oauth?: OAuthSettings
  readonly now?: () => number
  /** With revenue line items, and opportunities that are their sums; or without. Default enterprise. */
  readonly edition?: 'enterprise' | 'professional'
  readonly quirks?: Partial<Quirks>
}

/** A custom field that an admin makes in Studio. */
export interface StudioField {
  readonly name: string
  readonly type: FieldType
  readonly len?: number
  readonly precision?: number
  readonly options?: string
  readonly label?: string
}

export interface SugarStandIn {
  readonly url: string
  /** The integration user's access token. */
  readonly token: string
  readonly tokens: Readonly<Record<Role, string>>
  readonly userIds: Readonly<Record<Role, string>>
  /** User names are the roles' own. */
  readonly passwords: Readonly<Record<Role, string>>
  readonly faults: Faults<Fault>
  /** Everything that depends on time goes by this clock: sessions, modification dates. */
  readonly clock: Clock
  /** What came in through the API and changed something, oldest first. Direct access is not in it. */
  readonly writes: Write[]
  readonly requests: RequestCounts
  readonly oauth: {
    /** Signs a user in at a platform (`base`: as a human in the browser); ends an earlier session of the same pair. */
    signIn(role: Role, platform?: string): Tokens
    /** Who is signed in where. */
    sessions(): readonly Session[]
    isAlive(accessToken: string): boolean
    /** Every session of the user, or of all users, ends: the next refresh is refused. */
    revoke(role?: Role): void
    knows(platform: string): boolean
    registerPlatform(platform: string): void
  }
  /** Datetimes are epoch ms, dates `YYYY-MM-DD`, amounts numbers. Deleted rows say so in `deleted`. */
  get(module: ModuleName, id: string): Row | null
  /** All rows, ascending by id. */
  all(module: ModuleName, withDeleted?: boolean): Row[]
  /** Without any check, as the admin; datetimes may be ISO texts. Gives the new id. */
  create(module: ModuleName, values: Row): string
  update(module: ModuleName, id: string, values: Row): void
  /** Changes a row without any trace of when: as if it had been like this before. */
  backdate(module: ModuleName, id: string, values: Row): void
  delete(module: ModuleName, id: string): void
  undelete(module: ModuleName, id: string): void
  /** Gone for good, not even among the deleted: what a prune job does. */
  erase(module: ModuleName, id: string): void
  /** The loser is deleted, and what hung on it hangs on the winner; no trace tells which one that is. */
  merge(module: ModuleName, winner: string, loser: string): void
  /** Tasks that were made here and are not deleted. */
  tasks(): Row[]
  /** The user's role no longer shows the field. Default user: integration. */
  hideField(module: ModuleName, field: string, role?: Role): void
  readOnlyField(module: ModuleName, field: string, role?: Role): void
  /** The user's role denies the module, or one thing in it. */
  forbid(module: ModuleName, what?: Right, role?: Role): void
  /** The record is in a team that the API's users are no members of: not found. */
  hideRecord(id: string): void
  addRule(rule: Rule): void
  /** The next `times` (default 1) records written to a module are refused. */
  failRows(module: ModuleName, problem: Omit<Rule, 'module' | 'refuses'>, times?: number): void
  /** A custom field of the admin's own making. */
  makeField(module: ModuleName, field: StudioField): void
  removeField(module: ModuleName, name: string): void
  /** Names of all custom fields of a module. */
  customFields(module: ModuleName): { readonly name: string; readonly type: FieldType }[]
  /** Uploads and installs as an admin would. Gives its id. Throws PackageError where Sugar would refuse it. */
  installPackage(zip: Uint8Array): string
  uninstallPackage(id: string): void
  packages(): { readonly id: string; readonly name: string; readonly version: string; readonly files: readonly string[] }[]
  setQuirks(quirks: Partial<Quirks>): void
  /** Replaces all records; what was installed is gone too. */
  load(world: World | readonly LiveRecord[]): void
  /** The same company a little later (`change` of a world): new and modified records appear, what was written here stays. */
  grow(world: World): void
  close(): Promise<void>
}

/** Fields by which other records hang on one that may be merged away. */
const HANGS_ON: Readonly<Partial<Record<ModuleName, readonly (readonly [ModuleName, string])[]>>> = {
  Accounts: [
    ['Contacts', 'account_id'],
    ['Opportunities', 'account_id'],
    ['RevenueLineItems', 'account_id'],
    ['Cases', 'account_id'],
    ['Leads', 'account_id'],
    ['Calls', 'parent_id'],
    ['Meetings', 'parent_id'],
    ['Tasks', 'parent_id'],
    ['Notes', 'parent_id'],
    ['Emails', 'parent_id'],
  ],
  Contacts: [
    ['Cases', 'primary_contact_id'],
    ['Tasks', 'contact_id'],
    ['Notes', 'contact_id'],
    ['Opportunities', 'linked_contact_id'],
    ['Calls', 'linked_contact_id'],
    ['Meetings', 'linked_contact_id'],
    ['Emails', 'linked_contact_id'],
  ],
}

/** Starts a SugarCRM on 127.0.0.1, at a free port unless one is named. Close it when done. */
export async function startSugar(options: SugarOptions = {}): Promise<SugarStandIn> {
  const tokens: Readonly<Record<Role, string>> = {
    admin: 'f1xed-token-of-the-admin',
    integration: 'f1xed-token-of-the-integration-user',
    viewer: 'f1xed-token-of-the-viewer',
    ...options.tokens,
  }
  const clock = createClock(options.now)
  const { now } = clock
  const enterprise = options.edition !== 'professional'
  const sourceOf = (world: World | readonly LiveRecord[]): Source =>
    'bundle' in world ? worldSource(world, enterprise) : recordsSource(world, enterprise)

  const instance = createInstance(sourceOf(options.world ?? []), now, { ...QUIRKS, ...options.quirks })
  const { store, schema, access } = instance
  const oauth = createOAuth(options.oauth ?? {}, tokens, instance)
  const loader = createLoader(instance, oauth)
  const obstacles = createObstacles()
  const faults = createFaults<Fault>()
  const tally = createTally()
  const server = createHttp({
    instance,
    oauth,
    faults,
    tally,
    records: recordsRoute(instance, obstacles),
    pages: metadataRoutes(instance, loader),
    administration: administrationRoute(instance, loader),
  })
  const url = await listen(server, options.port)

  const inner = (module: ModuleName, values: Row): Row => innerValues(schema, module, values)
  const existing = (module: ModuleName, id: string): string => {
    if (store.row(module, id) === null) throw new Error(`no such record: ${module} ${id}`)
    return id
  }
  const admin = USER_IDS.admin

  return {
    url,
    token: tokens.integration,
    tokens,
    userIds: USER_IDS,
    passwords: PASSWORDS,
    faults,
    clock,
    writes: instance.writes,
    requests: tally,
    oauth: {
      signIn: (role, platform = 'base') => oauth.signIn(USER_IDS[role], platform),
      sessions: () => oauth.sessions(),
      isAlive: (accessToken) => oauth.session(accessToken) !== null,
      revoke: (role) => oauth.revokeAll(role === undefined ? undefined : USER_IDS[role]),
      knows: (platform) => oauth.knows(platform),
      registerPlatform: (platform) => oauth.register(platform),
    },
    get: (module, id) => store.row(module, id),
    all: (module, withDeleted = false) => [...store.after(module, null)].filter((row) => withDeleted || row['deleted'] !== true),
    create: (module, values) => instance.create(module, inner(module, values), admin),
    update: (module, id, values) => instance.update(module, existing(module, id), inner(module, values), admin),
    backdate: (module, id, values) => store.write(module, existing(module, id), inner(module, values)),
    delete: (module, id) => instance.delete(module, existing(module, id), admin),
    undelete: (module, id) => instance.update(module, existing(module, id), { deleted: false }, admin),
    erase: (module, id) => store.erase(module, existing(module, id)),
    merge(module, winner, loser) {
      for (const [other, field] of HANGS_ON[module] ?? [])
        for (const row of store.below(other, [existing(module, loser)]) ?? [])
          if (row[field] === loser) instance.update(other, String(row['id']), { [field]: winner }, admin)
      instance.update(module, existing(module, winner), {}, admin)
      instance.delete(module, loser, admin)
    },
    tasks: () =>
      [...store.touched('Tasks')].map((id) => store.row('Tasks', id)).filter((row): row is Row => row !== null && row['deleted'] !== true),
    hideField: (module, field, role = 'integration') => access.hideField(USER_IDS[role], module, field),
    readOnlyField: (module, field, role = 'integration') => access.readOnlyField(USER_IDS[role], module, field),
    forbid: (module, what = 'access', role = 'integration') => access.forbid(USER_IDS[role], module, what),
    hideRecord: (id) => obstacles.hide(id),
    addRule: (rule) => obstacles.add(rule),
    failRows: (module, problem, times = 1) => obstacles.fail(module, problem, times),
    makeField: (module, field) => schema.put(module, { ...field, source: 'custom_fields' }),
    removeField(module, name) {
      schema.remove(module, name)
      store.forget(module, name)
    },
    customFields: (module) =>
      [...schema.fields(module).values()].filter((field) => field.source === 'custom_fields').map(({ name, type }) => ({ name, type })),
    installPackage: (zip) => loader.install(loader.stage(zip).file).id,
    uninstallPackage: (id) => loader.uninstall(id),
    packages: () =>
      loader
        .installed()
        .map((each) => ({ id: each.id, name: each.package.name, version: each.package.version, files: each.package.files })),
    setQuirks(quirks) {
      instance.quirks = { ...instance.quirks, ...quirks }
    },
    load(world) {
      loader.clear()
      instance.load(sourceOf(world))
    },
    grow: (world) => store.grow(sourceOf(world)),
    close: () => close(server),
  }
}
