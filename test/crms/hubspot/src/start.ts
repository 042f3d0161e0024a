import type { LiveRecord } from '@assay/shared'
import { close, createClock, createFaults, createTally, listen, type Clock, type Faults, type RequestCounts } from '@assay/stand-in'
import type { World } from '@assay/worlds'
import type { Fault } from './faults.ts'
import { createLimits, type LimitSettings } from './limits.ts'
import { createOAuth, type OAuthSettings } from './oauth.ts'
import type { ObjectType } from './object-types.ts'
import { createPortal, type Quirks, type Write } from './portal.ts'
import { recordsSource } from './records-source.ts'
import { accountRoute, ownersRoute, pipelinesRoute, schemasRoute } from './routes/account.ts'
import { associationsRoute } from './routes/associations.ts'
import { objectsRoute } from './routes/objects.ts'
import { propertiesRoute } from './routes/properties.ts'
import { createHttp } from './server.ts'
import type { View } from './view.ts'
import { pairTypes } from './association-types.ts'
import { worldSource } from './world-source.ts'
import { createWebhooks, type Webhooks } from './webhooks.ts'

export interface HubSpotOptions extends Partial<Quirks> {
  /** A generated world, or a short list of hand-made records. */
  readonly world?: World | readonly LiveRecord[]
  readonly port?: number
  readonly token?: string
  readonly limits?: 'off' | LimitSettings
  /** How long a write stays unseen by search, in ms on the clock. Default 0. */
  readonly searchLagMs?: number
  readonly oauth?: OAuthSettings
  readonly now?: () => number
  /** What the app has been granted; everything when left out. */
  readonly scopes?: readonly string[]
}

/** A record as tests see it. */
export interface StoredRecord {
  readonly id: string
  readonly properties: Readonly<Record<string, string | null>>
  readonly createdAt: number
  readonly updatedAt: number
  readonly archived: boolean
}

export interface AssociationInput {
  readonly to: ObjectType
  readonly id: string
  /** The primary one, where the pair has such a mark. Default true. */
  readonly primary?: boolean
}

export interface HubSpotStandIn {
  readonly url: string
  readonly token: string
  readonly faults: Faults<Fault>
  /** Everything that depends on time goes by this clock: limits, token expiry, search lag, modification dates. */
  readonly clock: Clock
  /** What came in through the API and changed something, oldest first. Direct access is not in it. */
  readonly writes: Write[]
  readonly requests: RequestCounts
  readonly oauth: { revoke(): void }
  /** What happens here, told to whoever subscribed. */
  readonly webhooks: Webhooks
  get(type: ObjectType, id: string): StoredRecord | null
  /** Without any check; unknown properties are defined on the way. Gives the new id. */
  create(
    type: ObjectType,
    properties: Readonly<Record<string, string | number | boolean | null>>,
    associations?: readonly AssociationInput[],
  ): string
  update(type: ObjectType, id: string, properties: Readonly<Record<string, string | number | boolean | null>>): void
  archive(type: ObjectType, id: string): void
  restore(type: ObjectType, id: string): void
  /** Gives the id under which both live on. */
  merge(type: ObjectType, winner: string, loser: string): string
  gdprDelete(id: string): void
  associate(from: ObjectType, id: string, to: ObjectType, toId: string, primary?: boolean): void
  disassociate(from: ObjectType, id: string, to: ObjectType, toId: string): void
  /** Ids of the live records at the other end. */
  associated(from: ObjectType, id: string, to: ObjectType): string[]
  /** Tasks that were made here and are not archived. */
  tasks(): StoredRecord[]
  setScopes(scopes: readonly string[] | null): void
  /** The sign-in may not see this property: it is neither listed nor returned. */
  hideProperty(type: ObjectType, name: string): void
  readOnlyProperty(type: ObjectType, name: string): void
  /** Replaces all records; property definitions stay. */
  load(world: World | readonly LiveRecord[]): void
  /** The same company a little later (`change` of a world): new and modified records appear, what was written here stays. */
  grow(world: World): void
  close(): Promise<void>
}

const QUIRKS: Quirks = {
  shortPages: false,
  noAssociations: 'missing',
  toObjectId: 'mixed',
  associationsPerPage: 500,
  searchIdOrder: 'text',
  mergeMakesNewId: false,
}

/** Starts a HubSpot account on 127.0.0.1, at a free port unless one is named. Close it when done. */
export async function startHubSpot(options: HubSpotOptions = {}): Promise<HubSpotStandIn> {
  const token = options.token ?? 'pat-na1-00000000-0000-4000-8000-000000000001'
  const clock = createClock(options.now)
  const { now } = clock
  let granted: readonly string[] | null = options.scopes ?? null

  const webhooks = createWebhooks(now)
  const portal = createPortal(now, options.searchLagMs ?? 0, { ...QUIRKS, ...quirksOf(options) }, webhooks.note)
  const limits = createLimits(options.limits ?? {})
  const faults = createFaults<Fault>()
  const tally = createTally()
  const oauth = createOAuth(options.oauth ?? {}, token, () => granted ?? ALL_SCOPES, now)
  const load: HubSpotStandIn['load'] = (world) => portal.load('bundle' in world ? worldSource(world) : recordsSource(world))
  if (options.world !== undefined) load(options.world)

  const server = createHttp({
    areas: {
      objects: objectsRoute(portal),
      associations: associationsRoute(portal),
      properties: propertiesRoute(portal),
      pipelines: pipelinesRoute(portal),
      owners: ownersRoute(portal),
      schemas: schemasRoute(portal),
      account: accountRoute(portal, () => limits.usage(now())),
    },
    oauth,
    limits,
    faults,
    tally,
    now,
    scopes: () => (granted === null ? null : new Set(granted)),
  })
  const url = await listen(server, options.port)

  const stored = (view: View): StoredRecord => ({
    id: view.id,
    properties: Object.fromEntries(view.names().map((name) => [name, view.value(name) ?? null])),
    createdAt: view.createdAt,
    updatedAt: view.updatedAt,
    archived: view.archivedAt !== null,
  })
  const texts = (
    type: ObjectType,
    properties: Readonly<Record<string, string | number | boolean | null>>,
  ): Record<string, string | null> => {
    const values: Record<string, string | null> = {}
    for (const [name, value] of Object.entries(properties)) {
      values[name] = value === null ? null : String(value)
      portal.properties.ensure(type, name, values[name])
    }
    return values
  }
  const associate: HubSpotStandIn['associate'] = (from, id, to, toId, primary = true) => {
    const pair = pairTypes(from, to)
    if (pair === null) throw new Error(`${from} cannot be associated with ${to}`)
    portal.associations.add(from, id, to, toId, primary && pair.primary !== null ? [pair.primary, pair.plain] : [pair.plain])
  }

  const existing = (type: ObjectType, id: string): string => {
    const view = portal.store.view(type, id)
    if (view === null) throw new Error(`no such record: ${type} ${id}`)
    return view.id
  }

  return {
    url,
    token,
    faults,
    clock,
    writes: portal.writes,
    requests: tally,
    oauth: { revoke: () => oauth.revoke() },
    webhooks,
    get(type, id) {
      const view = portal.store.view(type, id)
      return view === null ? null : stored(view)
    },
    create(type, properties, associations = []) {
      const id = portal.create(type, texts(type, properties))
      for (const each of associations) associate(type, id, each.to, each.id, each.primary)
      return id
    },
    update: (type, id, properties) => portal.update(type, existing(type, id), texts(type, properties)),
    archive: (type, id) => portal.store.archive(type, existing(type, id), now()),
    restore: (type, id) => portal.store.restore(type, id, now()),
    merge: (type, winner, loser) => portal.merge(type, winner, loser),
    gdprDelete: (id) => portal.store.erase('contacts', existing('contacts', id)),
    associate,
    disassociate: (from, id, to, toId) => portal.associations.remove(from, id, to, toId),
    associated: (from, id, to) => portal.associations.links(from, id, to).map((link) => link.id),
    tasks: () =>
      [...portal.store.touched('tasks')]
        .map((id) => portal.store.view('tasks', id))
        .filter((view) => view !== null && view.archivedAt === null)
        .map((view) => stored(view as View)),
    setScopes(scopes) {
      granted = scopes
    },
    hideProperty: (type, name) => portal.properties.hide(type, name),
    readOnlyProperty: (type, name) => portal.properties.makeReadOnly(type, name),
    load,
    grow: (world) => portal.grow(worldSource(world)),
    close: () => close(server),
  }
}

function quirksOf(options: HubSpotOptions): Partial<Quirks> {
  const given = Object.keys(QUIRKS).filter((name) => options[name as keyof Quirks] !== undefined)
  return Object.fromEntries(given.map((name) => [name, options[name as keyof Quirks]]))
}

/** What an app with everything granted has. */
const ALL_SCOPES = [
  'oauth',
  ...['contacts', 'companies', 'deals', 'line_items', 'products', 'custom'].flatMap((name) => [
    `crm.objects.${name}.read`,
    `crm.objects.${name}.write`,
    `crm.schemas.${name}.read`,
    `crm.schemas.${name}.write`,
  ]),
  'crm.objects.owners.read',
  'tickets',
  'e-commerce',
  'sales-email-read',
]
