import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suiteId, worldIdOf } from '@assay/crm-suitecrm'
import { type CrmRecord, type Host, type Page, PUBLISHED_FIELDS, type Session } from '@assay/shared'
import { operations } from '@assay/sidecar'
import { writeCsv } from '@assay/worlds'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { packageFile } from '../../../sidecar/src/cli/package-file.ts'
import { gather } from '../../../sidecar/src/flow/sync/gather.ts'
import { connectorOf } from '../../../sidecar/src/registry.ts'
import { openStore } from '../../../sidecar/src/store/open.ts'
import { quiet } from './folders.ts'
import { type Api, each, LOADED, openApi, sweep } from './suitecrm/api.ts'
import { companyForApi, wantedOf } from './suitecrm/company.ts'
import { openModuleLoader } from './suitecrm/module-loader.ts'
import { openServer, type Server } from './suitecrm/server.ts'
import { differences, MINERS, renamed, told, type Told } from './suitecrm/told.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

/**
 * A SuiteCRM from the package to its uninstalling: a real one where the environment names one (ASSAY_TEST_SUITECRM_URL, …_CLIENT_ID,
 * …_CLIENT_SECRET, …_USER, …_PASSWORD; the user an admin, unless the package is installed already), else the stand-in. The company is
 * written into it over V8, under ids of this run; what else is in that SuiteCRM is read past, and neither scored nor written to. At the end
 * the company is deleted, and the package uninstalled where this run installed it. A run that was broken off is cleared up by the next.
 */

const SUITE = connectorOf('suitecrm')
const company = companyForApi(120, 11)
const run = randomBytes(4).toString('hex').slice(0, 7)
const MINUTE = 60_000
/** Writing a record into a real one takes about 30 ms, reading hardly anything, installing ten seconds: on a slow machine ten times that. */
const PATIENCE = 30 * MINUTE

const isOurs = (id: string): boolean => id.slice(9, 18) === suiteId('Accounts', 0, run).slice(9, 18)

/** The same session, blind to everything but what this run wrote. */
const blinkered = (session: Session): Session => {
  const ours = (page: Page): Page => ({
    ...page,
    records: page.records.filter(({ id }) => isOurs(id)),
    // "Accounts 1c5f…": what is set aside of other people's records is not this run's.
    refused: (page.refused ?? []).filter(({ where }) => isOurs(where.split(' ').at(-1) ?? '')),
  })
  return {
    ...session,
    async *read(kind, since, known) {
      for await (const page of session.read(kind, since, known)) yield ours(page)
    },
    async *readIds(kind, ids) {
      for await (const page of session.readIds(kind, ids)) yield ours(page)
    },
  }
}

const hostAt = (now: () => number): Host => ({
  fetch: globalThis.fetch,
  dispatcher: undefined,
  quota: { take: async () => {}, report: () => {} },
  now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  signal: AbortSignal.timeout(PATIENCE),
  log: quiet,
})

describe('SuiteCRM, from the package to its uninstalling', { timeout: PATIENCE }, () => {
  const opened: { folder?: string; server?: Server; api?: Api; place?: Workplace; installedHere?: boolean; told?: Told } = {}
  const server = (): Server => opened.server!
  const api = (): Api => opened.api!
  /** Sessions go by the server's clock, so that what was just written lies in the past. */
  const open = (): Session =>
    blinkered(
      SUITE.open(
        SUITE.settings.parse(server().settings),
        hostAt(() => server().now()),
      ),
    )
  /** Operations learn on the world's last day; what they sign in to is blind to all that is not ours. */
  const does: Workplace['does'] = (operation, input) =>
    operation.run({ ...opened.place!.app, session: () => open() }, input, () => {}, AbortSignal.timeout(PATIENCE))
  const sync = () => does(operations.sync, { full: false })

  beforeAll(async () => {
    opened.folder = await mkdtemp(join(tmpdir(), 'assay-suitecrm-'))
    opened.server = await openServer(company.currency, company.today)
    opened.api = await openApi(server())
    const swept = await sweep(api())
    if (swept > 0) console.log(`${server().title}: ${swept} records of a run that was broken off are deleted`)
  }, PATIENCE)

  afterAll(async () => {
    try {
      // Whatever failed on the way, nothing of ours stays.
      if (opened.api) await sweep(opened.api)
      if (opened.installedHere) await (await openModuleLoader(server())).uninstall('Assay')
    } finally {
      await opened.place?.close()
      await opened.server?.close()
      if (opened.folder) await rm(opened.folder, { recursive: true, force: true })
    }
  }, PATIENCE)

  test('takes the package that fields build makes, and then misses nothing', async () => {
    const { create } = await open().plan(PUBLISHED_FIELDS)
    if (create.length === 0) console.log(`${server().title}: the package is installed already; it is used, and left where it is`)
    else {
      const { file } = await packageFile(SUITE, {}, opened.folder!)
      const loader = await openModuleLoader(server())
      // From here on it may be in, whatever is answered.
      opened.installedHere = true
      await loader.install(await readFile(file), file.split('/').at(-1)!)
    }
    const { missing, account, surplus } = await open().check()
    console.log(
      `${server().title}: ${account}${surplus.length > 0 ? `; the sign-in has more rights than Assay needs: ${surplus.join(', ')}` : ''}`,
    )
    expect(missing).toEqual([])
    expect((await open().plan(PUBLISHED_FIELDS)).create).toEqual([])
  })

  test('takes the company over V8, with its ids, its dates and all', async () => {
    const parts = wantedOf(company, run)
    const began = performance.now()
    for (const part of parts) await each(part, ({ module, id, attributes }) => api().create(module, id, attributes))
    const written = parts.reduce((sum, part) => sum + part.length, 0)
    console.log(`${server().title}: ${written} records written in ${Math.round((performance.now() - began) / 1000)} s`)
    const one = parts[0]![0]!
    const stamps = { date_entered: one.attributes['date_entered'], date_modified: one.attributes['date_modified'] }
    expect(
      await api().values('Accounts', one.id, ['date_entered', 'date_modified']),
      'V8 keeps the dates that it is given when a record is made: without that no past can be written into a SuiteCRM',
    ).toEqual(stamps)
  })

  test('is read to the last record, and leads to the scores that the same company leads to from files', async () => {
    // One process has one embedded store at a time: this one is closed before the operations open theirs.
    const store = await openStore({ dataDirectory: join(opened.folder!, 'store'), database: 'assay_suite' })
    onTestFinished(() => store.close())
    await store.migrate()
    const read = new Map<string, number>()
    const session = open()
    for (const kind of SUITE.capabilities.kinds)
      for await (const page of gather(session.read(kind, null))) {
        for (const { kind: found } of page.records) read.set(found, (read.get(found) ?? 0) + 1)
        await store.append(
          'suitecrm',
          page.records.map((record: CrmRecord) => renamed(record, worldIdOf)),
        )
      }
    const wanted = wantedOf(company, run).flat()
    const count = (...modules: readonly string[]): number => wanted.filter(({ module }) => modules.includes(module)).length
    expect(Object.fromEntries(read)).toEqual({
      account: count('Accounts'),
      contact: count('Contacts'),
      deal: count('Opportunities'),
      activity: count('Calls', 'Meetings', 'Tasks', 'Notes'),
      case: count('Cases'),
    })

    const folder = join(opened.folder!, 'exports')
    await writeCsv(company, folder)
    const csv = connectorOf('csv')
    const files = csv.open(
      csv.settings.parse({ folder }),
      hostAt(() => company.today),
    )
    for (const kind of csv.capabilities.kinds)
      for await (const page of gather(files.read(kind, null))) await store.append('files', page.records)
    await files.close()

    const fromFiles = await told(store, 'files', company.today)
    opened.told = await told(store, 'suitecrm', company.today)
    const scored = [...opened.told.entries.values()].filter((one) => one.probability !== null).length
    console.log(`${server().title}: ${opened.told.entries.size} words about customers, ${scored} of them probabilities`)
    expect(opened.told.entries.size).toBe(fromFiles.entries.size)
    expect(differences(fromFiles, opened.told).slice(0, 10)).toEqual([])
  })

  test('is synced, mined and written to, and holds what was said, to the second', async () => {
    opened.place = await openWorkplace('suitecrm', () => company.today)
    await opened.place.does(operations.connect, { connector: 'suitecrm', settings: server().settings })
    const synced = await sync()
    expect([synced.aside, synced.read.account]).toEqual([0, company.size])
    // A real server may hide what this company has nothing of; then its check says so as well.
    const hidden = new Set((await open().check()).kinds.filter(({ readable }) => !readable).map(({ kind }) => kind))
    expect(synced.skipped.filter(({ kind }) => !hidden.has(kind))).toEqual([])
    if (hidden.size > 0) console.log(`${server().title}: not read: ${synced.skipped.map(({ kind, why }) => `${kind} (${why})`).join(', ')}`)
    await does(operations.defineChurn, { accept: 'proposed', from: 'silence' })
    const mined = await does(operations.mine, { only: MINERS, refit: false })
    console.log(`${server().title}: ${mined.miners.map(({ miner, verdict }) => `${miner} ${verdict}`).join(', ')}`)
    expect((await does(operations.fieldsInstall, {})).made).toEqual([])
    const { bill } = await does(operations.publish, { dryRun: true, proceed: false })
    const first = await does(operations.publish, { dryRun: false, proceed: false })
    expect(first).toMatchObject({ written: 20, rejected: 0, failed: 0, gone: 0 })
    const rest = await does(operations.publish, { dryRun: false, proceed: true })
    expect(rest).toMatchObject({ rejected: 0, failed: 0, gone: 0, waiting: 0 })
    expect(first.written + rest.written).toBe(bill.records)
    expect(bill.records).toBe(company.size)

    const fields = ['assay_score_note_c', 'assay_scored_at_c', 'assay_segment_c', 'assay_churn_risk_c']
    const accounts = await api().ours('Accounts')
    expect(accounts).toHaveLength(company.size)
    for (const id of [accounts[0]!, accounts[20]!, accounts.at(-1)!]) {
      const held = await api().values('Accounts', id, fields)
      expect(held['assay_score_note_c'], id).toBeTruthy()
      expect(held['assay_scored_at_c'], id).toBe(new Date(company.today).toISOString().slice(0, 19).replace('T', ' '))
    }
  })

  test('gives back its own echo as nothing new', async () => {
    const again = await sync()
    expect(again.deleted).toBe(0)
    const { bill } = await does(operations.publish, { dryRun: true, proceed: false })
    expect(bill.changed).toBe(0)
  })

  test('is left as it was found', async () => {
    const removal = await does(operations.fieldsRemove, { keep: [], discardAnswers: true })
    expect(removal.removed).toEqual([])
    expect(removal.blocked.length).toBeGreaterThan(0)
    for (const { why } of removal.blocked) expect(why).toMatch(/Module Loader > Assay > Uninstall/)
    expect(await sweep(api())).toBe(wantedOf(company, run).flat().length)
    for (const module of LOADED) expect(await api().ours(module)).toEqual([])
    if (!opened.installedHere) {
      console.log(`left out: uninstalling the package from ${server().title}: this run did not install it`)
      return
    }
    await (await openModuleLoader(server())).uninstall('Assay')
    opened.installedHere = false
    const { create, keep } = await open().plan(PUBLISHED_FIELDS)
    expect(keep).toEqual([])
    expect(create.length).toBe(PUBLISHED_FIELDS.length)
  })
})
