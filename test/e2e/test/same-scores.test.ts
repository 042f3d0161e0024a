import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { startHubSpot } from '@assay/crm-hubspot'
import { heldBySalesforce, startSalesforce, worldIdOf as ofSalesforce } from '@assay/crm-salesforce'
import { heldBySugar, startSugar, worldIdOf as ofSugar } from '@assay/crm-sugarcrm'
import { heldBySuite, startSuite, worldIdOf as ofSuite } from '@assay/crm-suitecrm'
import type { CrmRecord, Host } from '@assay/shared'
import { b2bWorld, type Bundle, type World, writeCsv } from '@assay/worlds'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Mined, mine } from '../../../sidecar/src/flow/mine/mine.ts'
import { score } from '../../../sidecar/src/flow/mine/score.ts'
import { openWorkshop } from '../../../sidecar/src/flow/mine/workshop.ts'
import { gather } from '../../../sidecar/src/flow/sync/gather.ts'
import { CONNECTORS } from '../../../sidecar/src/registry.ts'
import { openStore } from '../../../sidecar/src/store/open.ts'
import type { ScoreEntry, Store } from '../../../sidecar/src/store/store.ts'
import { quiet, silent } from './folders.ts'

const world = b2bWorld({ seed: 11, accounts: 300 })
const host: Host = {
  fetch: globalThis.fetch,
  dispatcher: undefined,
  quota: { take: async () => {}, report: silent },
  now: () => world.today,
  sleep: () => Promise.resolve(),
  signal: AbortSignal.timeout(3_600_000),
  log: quiet,
}

/** What one source led to: everything that was said of everybody, by miner and id. */
interface Told {
  readonly mined: Mined
  readonly entries: ReadonlyMap<string, ScoreEntry>
}

type Change = (record: CrmRecord) => CrmRecord

/** Reads everything that a connector finds there. */
async function read(store: Store, connection: string, id: string, settings: object, change: Change = (record) => record): Promise<void> {
  const connector = CONNECTORS.find((one) => one.id === id)!
  const session = connector.open(connector.settings.parse(settings), host)
  for (const kind of connector.capabilities.kinds)
    for await (const page of gather(session.read(kind, null))) await store.append(connection, page.records.map(change))
  await session.close()
}

/** A CRM that numbers its records and names its fields in its own way. */
interface Other {
  readonly id: string
  /** Starts its stand-in with that company in it. */
  start(company: World): Promise<{ readonly settings: object; close(): Promise<void> }>
  /** Its ids, with nothing around them. */
  readonly ids: RegExp
  readonly worldId: (id: string) => string
  readonly worldName: (field: string) => string
}
const OTHERS: readonly Other[] = [
  {
    id: 'salesforce',
    async start(company) {
      const standIn = await startSalesforce({ world: company, now: () => world.today })
      const clientCredentials = { clientId: 'consumer-key', clientSecret: 'consumer-secret' }
      return { settings: { loginUrl: standIn.url, clientCredentials }, close: () => standIn.close() }
    },
    // No word begins with a digit.
    ids: /^[05][a-zA-Z0-9]{17}$/,
    worldId: ofSalesforce,
    worldName: (field) => field.replace(/__c$/, '').toLowerCase(),
  },
  {
    id: 'sugarcrm',
    async start(company) {
      const standIn = await startSugar({ world: company, now: () => world.today, oauth: { platforms: ['assay'] } })
      const password = { username: 'integration', password: standIn.passwords.integration }
      return { settings: { url: standIn.url, password, callsPerSecond: 1_000 }, close: () => standIn.close() }
    },
    ids: /^a5[0-9a-f]{6}-[0-9a-f-]{27}$/,
    worldId: ofSugar,
    worldName: (field) => field.replace(/_c$/, ''),
  },
]

/** Holds less than all others (no history of deals, no lines, so no offers): compared with files of a company that has as little. */
const SUITE: Other = {
  id: 'suitecrm',
  async start(company) {
    const standIn = await startSuite({ world: company, now: () => world.today })
    const { id: clientId, secret: clientSecret } = standIn.client
    const settings = { url: standIn.url, clientId, clientSecret, username: 'integration', password: standIn.passwords.integration }
    return { settings: { ...settings, currency: company.currency, callsPerSecond: 1_000 }, close: () => standIn.close() }
  },
  ids: /^a55a50[0-9a-f]{2}-[0-9a-f-]{27}$/,
  worldId: ofSuite,
  worldName: (field) => field.replace(/_c$/, ''),
}

/** What was read, as if the world's own names stood in it: a customer is drawn into a sample by its id. */
const underWorldNames =
  ({ ids, worldId, worldName }: Other): Change =>
  (record) => {
    const said = JSON.stringify(record, (name, value: unknown) => {
      if (name === 'attributes') return Object.fromEntries(Object.entries(value as object).map(([title, one]) => [worldName(title), one]))
      // The id of a change of a deal goes on behind that of its row, and stays as it is.
      return typeof value === 'string' && ids.test(value) ? worldId(value) : value
    })
    return JSON.parse(said) as CrmRecord
  }

/** A deal that was closed on the day on which it was entered was not closed before that. */
function closedWhenEntered(company: World): World {
  const moved = (deal: Bundle['deals'][number]): Bundle['deals'][number] => {
    const { createdAt, closedAt } = deal.body
    const isThatDay = createdAt !== null && closedAt !== null && createdAt >= closedAt && createdAt < closedAt + 86_400_000
    return isThatDay ? { ...deal, body: { ...deal.body, closedAt: createdAt } } : deal
  }
  return {
    ...company,
    bundle(index) {
      const bundle = company.bundle(index)
      return { ...bundle, deals: bundle.deals.map(moved) }
    },
  }
}

async function told(store: Store, connection: string): Promise<Told> {
  const workshop = openWorkshop()
  try {
    const today = world.today
    const mined = await mine({ store, connection, today, horizonDays: 90, stable: { account: ['region'] }, workshop, tell: silent })
    const entries = new Map<string, ScoreEntry>()
    for (const examined of mined.examined) {
      const chunks = score({ examined, model: '', run: '', object: mined.unit, scoredAt: today, workshop })
      for await (const chunk of chunks) for (const entry of chunk) entries.set(`${entry.miner} ${entry.id}`, entry)
    }
    return { mined, entries }
  } finally {
    await workshop.close()
  }
}

/** The same files with their rows in another order. */
async function shuffled(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    if (!/\.csv(\.gz)?$/.test(file)) continue
    const bytes = await readFile(join(folder, file))
    const zipped = file.endsWith('.gz')
    const [header, ...rows] = (zipped ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n')
    const place = rows.map((row, i) => ({ row, at: (i * 7919 + 13) % 10_007 })).sort((a, b) => a.at - b.at)
    const text = `${[header, ...place.map(({ row }) => row)].join('\n')}\n`
    await writeFile(join(folder, file), zipped ? gzipSync(text) : text)
  }
}

/** Whatever two sources say differently, in words; empty when nothing. */
function differences(one: Told, other: Told): string[] {
  const wrong: string[] = []
  const keys = new Set([...one.entries.keys(), ...other.entries.keys()])
  for (const key of keys) {
    const [a, b] = [one.entries.get(key), other.entries.get(key)]
    const apart = Math.abs((a?.probability ?? -1) - (b?.probability ?? -1))
    if (!(apart <= 1e-9)) wrong.push(`${key}: probability ${a?.probability} and ${b?.probability}`)
    for (const part of ['fields', 'unscored'] as const) {
      const texts = [JSON.stringify(a?.[part]), JSON.stringify(b?.[part])]
      if (texts[0] !== texts[1]) wrong.push(`${key}: ${part} ${texts.join(' and ')}`)
    }
  }
  return wrong
}

describe('the same company from several CRMs', { timeout: 300_000 }, () => {
  // Each holds less than the world knows (closing days without their hour, no contracts): this company has only what all can hold.
  const company = closedWhenEntered(heldBySugar(heldBySalesforce(world)))
  const sources: { hubspot?: Told; directory?: string; store?: Store } = {}
  beforeAll(async () => {
    sources.directory = await mkdtemp(join(tmpdir(), 'assay-crms-'))
    const store = await openStore({ dataDirectory: join(sources.directory, 'store'), database: 'assay_crms' })
    sources.store = store
    await store.migrate()
    const hubspot = await startHubSpot({ world: company, limits: 'off', now: () => world.today })
    try {
      const settings = { token: hubspot.token, baseUrl: hubspot.url, callsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000 }
      await read(store, 'hubspot', 'hubspot', settings)
    } finally {
      await hubspot.close()
    }
    sources.hubspot = await told(store, 'hubspot')
  }, 600_000)
  afterAll(async () => {
    await sources.store?.close()
    if (sources.directory) await rm(sources.directory, { recursive: true, force: true })
  }, 60_000)

  test.each(OTHERS.map((other) => [other.id, other] as const))(
    'read from the stand-ins for HubSpot and for %s: every score the same',
    async (id, other) => {
      const standIn = await other.start(company)
      try {
        await read(sources.store!, id, id, standIn.settings, underWorldNames(other))
      } finally {
        await standIn.close()
      }
      const found = await told(sources.store!, id)
      const scored = [...found.entries.values()].filter((one) => one.probability !== null).length
      console.log(`${scored} probabilities from ${id}`)
      expect(scored).toBeGreaterThan(100)
      expect(found.entries.size).toBe(sources.hubspot!.entries.size)
      expect(differences(sources.hubspot!, found).slice(0, 10)).toEqual([])
    },
  )
})

describe('the same company, as SuiteCRM can hold it, from files and from SuiteCRM', { timeout: 900_000 }, () => {
  test('every score the same', async () => {
    const company = heldBySuite(world)
    const directory = await mkdtemp(join(tmpdir(), 'assay-suite-'))
    onTestFinished(() => rm(directory, { recursive: true, force: true }))
    const store = await openStore({ dataDirectory: join(directory, 'store'), database: 'assay_suite_same' })
    try {
      await store.migrate()
      const folder = join(directory, 'exports')
      await writeCsv(company, folder)
      await read(store, 'files', 'csv', { folder })
      const standIn = await SUITE.start(company)
      try {
        await read(store, 'suitecrm', 'suitecrm', standIn.settings, underWorldNames(SUITE))
      } finally {
        await standIn.close()
      }
      const fromFiles = await told(store, 'files')
      const found = await told(store, 'suitecrm')
      const scored = [...found.entries.values()].filter((one) => one.probability !== null).length
      console.log(`${scored} probabilities from suitecrm`)
      // What little SuiteCRM holds may be too little for a probability; facts and segments are compared all the same.
      expect(found.entries.size).toBeGreaterThan(100)
      expect(found.entries.size).toBe(fromFiles.entries.size)
      expect(differences(fromFiles, found).slice(0, 10)).toEqual([])
    } finally {
      await store.close()
    }
  })
})

describe('the same company from files and from a CRM', { timeout: 300_000 }, () => {
  const sources: { csv?: Told; shuffled?: Told; crm?: Told; directory?: string; store?: Store } = {}
  beforeAll(async () => {
    sources.directory = await mkdtemp(join(tmpdir(), 'assay-same-'))
    const folder = join(sources.directory, 'exports')
    await writeCsv(world, folder)
    const store = await openStore({ dataDirectory: join(sources.directory, 'store'), database: 'assay_same' })
    sources.store = store
    await store.migrate()
    await read(store, 'csv', 'csv', { folder })
    sources.csv = await told(store, 'csv')
    await shuffled(folder)
    await read(store, 'shuffled', 'csv', { folder })
    sources.shuffled = await told(store, 'shuffled')
    const crm = await startHubSpot({ world, limits: 'off', now: () => world.today })
    try {
      await read(store, 'crm', 'hubspot', { token: crm.token, baseUrl: crm.url, callsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000 })
    } finally {
      await crm.close()
    }
    sources.crm = await told(store, 'crm')
  }, 600_000)
  afterAll(async () => {
    await sources.store?.close()
    if (sources.directory) await rm(sources.directory, { recursive: true, force: true })
  }, 60_000)

  test('is large enough for the comparison to say something', () => {
    const { mined, entries } = sources.csv!
    const said = [...entries.values()]
    const churn = mined.examined.find((one) => one.miner === 'churn')?.report
    console.log(`churn ${churn?.verdict}: ${churn?.why}`)
    console.log(
      `${said.filter((one) => one.probability !== null).length} probabilities, ${said.filter((one) => 'lifecycle_stage' in one.fields).length} stages, ${said.filter((one) => 'offer_1_code' in one.fields).length} offers`,
    )
    expect(said.filter((one) => one.probability !== null).length).toBeGreaterThan(100)
    // Of a company this small no segments are found; the stage follows a stated rule and needs none.
    expect(said.filter((one) => 'lifecycle_stage' in one.fields).length).toBeGreaterThan(100)
    expect(said.filter((one) => 'offer_1_code' in one.fields).length).toBeGreaterThan(100)
  })
  test('rows of files in another order: every score the same', () => {
    expect(differences(sources.csv!, sources.shuffled!).slice(0, 10)).toEqual([])
  })
  test('read from the stand-in for HubSpot: every score the same', () => {
    expect(differences(sources.csv!, sources.crm!).slice(0, 10)).toEqual([])
  })
  test('what is declared stable is learned from; what was filled in afterwards is not, and the report says so', () => {
    for (const { mined } of [sources.csv!, sources.crm!]) {
      const churn = mined.examined.find((one) => one.miner === 'churn')!
      const columns = new Set(columnsOf(churn.model))
      expect(columns).toContain('region')
      for (const leak of ['cancellation_reason', 'lead_source', 'sites', 'type']) expect(columns).not.toContain(leak)
      const list = churn.report!.details['attributes'] as { used: string[]; leftOut: { column: string; why: string }[] }
      expect(list.used).toEqual(['region'])
      expect(list.leftOut.find((one) => one.column === 'cancellation_reason')?.why).toMatch(/not declared stable/)
    }
  })
})

/** Names of the columns that a model looks at, whichever learners are in it. */
function columnsOf(model: unknown): string[] {
  if (Array.isArray(model)) return model.flatMap(columnsOf)
  if (model === null || typeof model !== 'object') return []
  return Object.entries(model).flatMap(([key, value]: [string, unknown]) =>
    (key === 'column' || key === 'name') && typeof value === 'string' ? [value] : columnsOf(value),
  )
}
