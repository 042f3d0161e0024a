import type { LiveRecord } from '@assay/shared'
import { close, createClock, createFaults, createTally, listen, type Clock, type Faults, type RequestCounts } from '@assay/stand-in'
import type { World } from '@assay/worlds'
import { createDml } from './dml.ts'
import type { Fault } from './faults.ts'
import { canonicalId } from './ids.ts'
import { createLimits, type LimitSettings } from './limits.ts'
import { createOAuth, type OAuthSettings } from './oauth.ts'
import type { ObjectName, SystemPermission } from './objects.ts'
import { createOrg, type Write } from './org.ts'
import { ORGANIZATION_ID, STANDARD_PROFILE_ID, USER_IDS, type Role } from './people.ts'
import { randomFrom } from './random.ts'
import { recordsSource } from './records-source.ts'
import type { Problem } from './reply.ts'
import type { Areas } from './router.ts'
import { bulkIngest } from './routes/bulk-ingest.ts'
import { bulkQuery } from './routes/bulk-query.ts'
import { jobsRoute, type JobSettings } from './routes/bulk.ts'
import { collectionsRoute } from './routes/collections.ts'
import { compositeRoute } from './routes/composite.ts'
import { limitsRoute, resourcesRoute, versionsRoute } from './routes/data.ts'
import { queryRoutes, type PageSettings } from './routes/query.ts'
import { sobjectsRoute } from './routes/sobjects.ts'
import { metadataRoutes } from './routes/metadata.ts'
import { toolingRoute } from './routes/tooling.ts'
import { createComponents } from './metadata/components.ts'
import { createObstacles, type Rule } from './rules.ts'
import { createHttp } from './server.ts'
import { EMPTY_SOURCE } from './source.ts'
import { instantOf, type Row, type Value } from './values.ts'
import { worldSource } from './world-source.ts'

export interface SalesforceOptions {
  /** A generated world, or a short list of hand-made records. */
  readonly world?: World | readonly LiveRecord[]
  readonly port?: number
  /** Access tokens that need no sign-in and never expire, by user. */
  readonly tokens?: Partial<Readonly<Record<Role, string>>>
  readonly limits?: LimitSettings
  readonly oauth?: OAuthSettings
  readonly now?: () => number
  /** Accounts with one contact are persons, and the fields of person accounts exist. Default false. */
  readonly personAccounts?: boolean
  /** CurrencyIsoCode, CurrencyType and DatedConversionRate exist. Default: whether the world has several currencies. */
  readonly multiCurrency?: boolean
  /** What the integration user sees by its profile: everything, or nothing but what permission sets give. Default everything. */
  readonly integrationSees?: 'everything' | 'nothing'
  /** How pages of `/query` are cut. */
  readonly pages?: Partial<PageSettings>
  readonly jobs?: Partial<JobSettings>
  /** How long collection writes keep hold of their rows and parents (real milliseconds). Default 0. */
  readonly holdMs?: number
  /** How often a deployment is asked about until it is done. Default 2. */
  readonly deployPolls?: number
  /** For page sizes that are drawn at random. */
  readonly seed?: number
}

type Values = Readonly<Record<string, Value>>

export interface SalesforceStandIn {
  readonly url: string
  /** The integration user's access token. */
  readonly token: string
  readonly tokens: Readonly<Record<Role, string>>
  readonly userIds: Readonly<Record<Role, string>>
  readonly organizationId: string
  readonly faults: Faults<Fault>
  /** Everything that depends on time goes by this clock: sessions, limits, locators, modification dates. */
  readonly clock: Clock
  /** What came in through the API and changed something, oldest first. Direct access is not in it. */
  readonly writes: Write[]
  readonly requests: RequestCounts
  readonly oauth: { revoke(token?: string): void }
  /** Ids in either form. Datetimes are epoch ms, dates `YYYY-MM-DD`. Deleted rows say `IsDeleted`. */
  get(object: ObjectName, id: string): Row | null
  /** All rows, ascending by id. */
  all(object: ObjectName, withDeleted?: boolean): Row[]
  /** Without any check, as the admin; datetimes may be ISO texts. Gives the new id. */
  create(object: ObjectName, values: Values): string
  update(object: ObjectName, id: string, values: Values): void
  /** Changes a row without any trace of when: as if it had been like this before. */
  backdate(object: ObjectName, id: string, values: Values): void
  delete(object: ObjectName, id: string): void
  undelete(object: ObjectName, id: string): void
  /** Gone for good: emptied from the bin. */
  erase(object: ObjectName, id: string): void
  merge(object: ObjectName, winner: string, loser: string): void
  /** Tasks that were made here and are not deleted. */
  tasks(): Row[]
  /** The user's profile no longer shows the field; a permission set may. Default user: integration. */
  hideField(object: ObjectName, field: string, role?: Role): void
  readOnlyField(object: ObjectName, field: string, role?: Role): void
  hideObject(object: ObjectName, role?: Role): void
  /** Makes a permission set of the admin's own with these system permissions, and gives it to the user. */
  permit(permissions: readonly SystemPermission[], role?: Role): void
  /** A validation rule, a duplicate rule, a trigger that throws. */
  addRule(rule: Rule): void
  /** The next `times` (default 1) writes to one of these rows or to rows below them find it locked. */
  lock(ids: readonly string[], times?: number): void
  /** The next `times` rows written to an object are refused like this. */
  failRows(object: ObjectName, problem: Problem, times?: number): void
  setLimits(settings: LimitSettings): void
  setPages(settings: Partial<PageSettings>): void
  setJobs(settings: Partial<JobSettings>): void
  expireLocators(): void
  /** Something of the admin's own that may use fields: `putComponent('Flow', 'Renewals', 'Account.Assay_churn_risk__c')`. Gives its id. */
  putComponent(type: string, fullName: string, content: string): string
  deleteComponent(type: string, fullName: string): void
  /** Full names of what is there: `CustomField` and `PermissionSet` too. */
  components(type: string): string[]
  /** Replaces all records; what was deployed is gone too. */
  load(world: World | readonly LiveRecord[]): void
  /** The same company a little later (`change` of a world): new and modified records appear, what was written here stays. */
  grow(world: World): void
  close(): Promise<void>
}

const DAY = 86_400_000

/** Starts a Salesforce org on 127.0.0.1, at a free port unless one is named. Close it when done. */
export async function startSalesforce(options: SalesforceOptions = {}): Promise<SalesforceStandIn> {
  const tokens: Readonly<Record<Role, string>> = {
    admin: `${ORGANIZATION_ID.slice(0, 15)}!admin`,
    integration: `${ORGANIZATION_ID.slice(0, 15)}!integration`,
    viewer: `${ORGANIZATION_ID.slice(0, 15)}!viewer`,
    ...options.tokens,
  }
  const clock = createClock(options.now)
  const { now } = clock
  const random = randomFrom(options.seed ?? 1)
  let pages: PageSettings = { most: 2000, short: false, locatorMs: 2 * DAY, open: 10, ...options.pages }
  let jobs: JobSettings = { polls: 2, ms: null, pageRows: 50_000, shortPages: false, batchRows: 10_000, contention: false, ...options.jobs }

  const world = options.world
  const currencies = world !== undefined && 'bundle' in world ? Object.keys(world.rates).length : 1
  const org = createOrg(now, {
    personAccounts: options.personAccounts ?? false,
    multiCurrency: options.multiCurrency ?? currencies > 1,
    integrationSees: options.integrationSees ?? 'everything',
  })
  const load: SalesforceStandIn['load'] = (loaded) => {
    if ('bundle' in loaded) org.load((facts) => worldSource(loaded, facts, STANDARD_PROFILE_ID), loaded)
    else org.load((facts) => recordsSource(loaded, facts, STANDARD_PROFILE_ID), EMPTY_SOURCE)
  }
  load(world ?? [])

  const obstacles = createObstacles()
  const dml = createDml(org, obstacles)
  const limits = createLimits(options.limits ?? {})
  const faults = createFaults<Fault>()
  const tally = createTally()
  let url = ''
  const oauth = createOAuth(options.oauth ?? {}, tokens, {
    now,
    url: () => url,
    userNamed: (username) => [...org.store.after('User', null, false)].find((row) => row['Username'] === username) ?? null,
    user: (id) => org.store.row('User', id),
  })
  const queries = queryRoutes(org, () => pages, random)
  const collections = collectionsRoute(org, dml, obstacles, () => ({ holdMs: options.holdMs ?? 0 }))
  const components = createComponents(org)
  const metadata = metadataRoutes(org, components, () => ({ polls: options.deployPolls ?? 2 }))
  const areas: Areas = {
    versions: versionsRoute,
    resources: resourcesRoute(() => url),
    sobjects: sobjectsRoute(org, dml),
    query: queries.route,
    limits: limitsRoute(org, limits),
    composite: compositeRoute(org, collections, () => areas),
    jobs: jobsRoute(
      bulkQuery(org, () => jobs, random),
      bulkIngest(org, dml, () => jobs),
    ),
    tooling: toolingRoute(org, components),
    metadata: metadata.rest,
    soap: metadata.soap,
  }
  const server = createHttp({
    areas,
    oauth,
    limits,
    faults,
    tally,
    now,
    mayUseApi: (userId) => userId !== USER_IDS.integration || org.access.permissions(userId).has('ApiEnabled'),
  })
  url = await listen(server, options.port)

  /** Instants may be given as texts. */
  const inner = (object: ObjectName, values: Values): Row =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const isInstant = org.schema.field(object, name)?.type === 'datetime'
        return [name, isInstant && typeof value === 'string' ? instantOf(value) : value]
      }),
    )
  const existing = (object: ObjectName, id: string): string => {
    const own = canonicalId(id) ?? ''
    if (org.store.row(object, own) === null) throw new Error(`no such record: ${object} ${id}`)
    return own
  }
  const admin = USER_IDS.admin

  return {
    url,
    token: tokens.integration,
    tokens,
    userIds: USER_IDS,
    organizationId: ORGANIZATION_ID,
    faults,
    clock,
    writes: org.writes,
    requests: tally,
    oauth: { revoke: (token) => oauth.revoke(token) },
    get: (object, id) => org.store.row(object, canonicalId(id) ?? ''),
    all: (object, withDeleted = false) => [...org.store.after(object, null, withDeleted)],
    create: (object, values) => org.create(object, inner(object, values), admin),
    update: (object, id, values) => org.update(object, existing(object, id), inner(object, values), admin),
    backdate: (object, id, values) => org.store.write(object, existing(object, id), inner(object, values)),
    delete: (object, id) => org.delete(object, existing(object, id), admin),
    undelete: (object, id) => org.undelete(object, existing(object, id), admin),
    erase: (object, id) => org.store.erase(object, existing(object, id)),
    merge: (object, winner, loser) => org.merge(object, existing(object, winner), existing(object, loser), admin),
    tasks: () =>
      [...org.store.touched('Task')]
        .map((id) => org.store.row('Task', id))
        .filter((row) => row !== null && row['IsDeleted'] !== true) as Row[],
    hideField: (object, field, role = 'integration') => org.access.hideField(USER_IDS[role], object, field),
    readOnlyField: (object, field, role = 'integration') => org.access.readOnlyField(USER_IDS[role], object, field),
    hideObject: (object, role = 'integration') => org.access.hideObject(USER_IDS[role], object),
    permit(permissions, role = 'integration') {
      const name = `Own_${permissions.join('_')}`
      const granted = Object.fromEntries(permissions.map((permission) => [`Permissions${permission}`, true]))
      const id = org.create('PermissionSet', { Name: name, Label: name, ...granted }, admin)
      org.create('PermissionSetAssignment', { AssigneeId: USER_IDS[role], PermissionSetId: id }, admin)
    },
    addRule: (rule) => obstacles.add(rule),
    lock: (ids, times = 1) =>
      obstacles.lock(
        ids.map((id) => canonicalId(id) ?? id),
        times,
      ),
    failRows: (object, problem, times = 1) => obstacles.fail(object, problem, times),
    setLimits: (settings) => limits.set(settings),
    setPages(settings) {
      pages = { ...pages, ...settings }
    },
    setJobs(settings) {
      jobs = { ...jobs, ...settings }
    },
    expireLocators: () => queries.expireLocators(),
    putComponent: (type, fullName, content) => components.put(type, fullName, content).id,
    deleteComponent: (type, fullName) => void components.delete(type, fullName),
    components(type) {
      if (type === 'PermissionSet')
        return [...org.store.after('PermissionSet', null, false)]
          .filter((row) => row['IsCustom'] === true)
          .map((row) => String(row['Name']))
      if (type !== 'CustomField') return components.all(type).map((each) => each.fullName)
      return org.schema
        .objects()
        .flatMap((object) =>
          [...org.schema.fields(object).values()].filter((field) => field.custom === true).map((field) => `${object}.${field.name}`),
        )
    },
    load(loaded) {
      components.clear()
      load(loaded)
    },
    grow: (grown) => org.store.grow(worldSource(grown, org.facts(), STANDARD_PROFILE_ID)),
    close: () => close(server),
  }
}
