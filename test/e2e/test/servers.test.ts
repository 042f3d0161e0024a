import { setTimeout as sleep } from 'node:timers/promises'
import { type App, isOwnership, openApp, readConfig, takeOwnership } from '@assay/sidecar'
import { b2bWorld, change } from '@assay/worlds'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCluster, startServer, unavailable } from '../../../sidecar/test/clickhouse/servers.ts'
import { ownDatabase } from '../../../sidecar/test/control/own-database.ts'
import { answered, assay, type CommandOptions, type Ended, start } from '../../faults/src/command.ts'
import { type Company, openCompany } from '../../faults/src/company.ts'
import { lastScores } from '../../faults/src/look.ts'
import { quiet } from './folders.ts'

// The real command, once with nothing but its directory and then with both engines by URL: the same company, the same
// days, and nobody may be able to tell which engines it was.
const DATABASE_URL = process.env['DATABASE_URL']
const left = DATABASE_URL === undefined ? 'DATABASE_URL is not set' : unavailable
if (left !== null) console.log(`left out: the whole flow on servers: ${left}`)

const LONG = 15 * 60_000
const DAY = 86_400_000
const first = b2bWorld({ accounts: 300, seed: 1 })
const later = change(first, { share: 0.1, at: first.today + 3 * DAY, seed: 3, mistakes: 0.7 })
const ids = Array.from({ length: first.size }, (_, index) => first.bundle(index).account.id)
const erased = ids[7]!

/** Where the engines are, and how to take them away again. */
interface Engines {
  readonly environment: Readonly<Record<string, string>>
  close(): Promise<void>
}

async function embedded(): Promise<Engines> {
  return { environment: {}, close: async () => undefined }
}

const servers = (shards: boolean) => async (): Promise<Engines> => {
  const database = await ownDatabase(DATABASE_URL!)
  const cluster = shards ? await startCluster() : null
  const store = cluster ?? (await startServer())
  return {
    environment: {
      DATABASE_URL: database.url,
      CLICKHOUSE_URL: store.url,
      ...(cluster === null ? {} : { CLICKHOUSE_CLUSTER: cluster.cluster }),
    },
    async close() {
      await store.close()
      await database.remove()
    },
  }
}

/** A company on some engines, and what the commands said there. */
interface Place {
  readonly company: Company
  readonly engines: Engines
  options(): CommandOptions
  ask<T>(...words: string[]): Promise<T>
  inside<T>(work: (app: App, connection: string) => Promise<T>): Promise<T>
  close(): Promise<void>
}

async function openPlace(name: string, make: () => Promise<Engines>): Promise<Place> {
  const engines = await make()
  const company = await openCompany(name, first)
  const options = (): CommandOptions => {
    const given = company.options()
    return { ...given, environment: { ...given.environment, ...engines.environment } }
  }
  return {
    company,
    engines,
    options,
    ask: (...words) => answered(words, options()),
    async inside(work) {
      const config = readConfig({ ASSAY_HOME: company.home, ...engines.environment })
      const ownership = config.databaseUrl === null ? await takeOwnership(company.home) : null
      if (ownership !== null && !isOwnership(ownership)) throw new Error('still owned')
      const app = await openApp(config, quiet, ownership, () => company.clock.now)
      try {
        const [connection] = await app.control.connections.list()
        return await work(app, connection?.id ?? '')
      } finally {
        await app.close()
        await ownership?.release()
      }
    },
    async close() {
      await company.close()
      await engines.close()
    },
  }
}

const SPEED = ['--setting', 'callsPerTenSeconds=1000000', '--setting', 'searchesPerSecond=1000']

/** The whole product, word by word, on two days. */
async function story(place: Place): Promise<Record<string, unknown>> {
  const { company } = place
  const told: Record<string, unknown> = {}
  const tell = async (...words: string[]): Promise<void> => void (told[words.join(' ')] = await place.ask(...words))
  told['connect'] = await place.ask(...company.connectWords, ...SPEED)
  for (const line of [
    'check',
    'sync',
    'define churn --accept proposed',
    'mine',
    'fields install',
    'publish --dry-run',
    'publish',
    'publish --continue',
    'alerts',
    'report',
  ])
    await tell(...line.split(' '))
  told['scores'] = await place.inside(lastScores)
  told['fields'] = ids.map((id) => assayFields(place, id))
  company.crm.grow(later)
  company.clock.now = later.today
  await tell('run')
  told['scores later'] = await place.inside(lastScores)
  told['erase'] = await place.ask('erase', `account:${erased}`)
  told['scores after erase'] = await place.inside(lastScores)
  await tell('status')
  return told
}

const assayFields = ({ company }: Place, id: string): unknown =>
  Object.fromEntries(Object.entries(company.crm.get('companies', id)?.properties ?? {}).filter(([name]) => name.startsWith('assay_')))

/** What two runs of the same history may say differently: ids that are drawn, instants of the clock, addresses. */
const OWN = new Set(
  'connection id model run fittedAt madeAt startedAt finishedAt erasedAt scored_at assay_scored_at accountId as_of newest seconds'.split(
    ' ',
  ),
)

/**
 * Every place in which two documents say something else. Numbers within 1e-9 are the same, and sums of millions within as many digits as
 * they have: shards add up in another order.
 */
function differences(one: unknown, other: unknown, place = ''): string[] {
  const [a, b] = [meant(one), meant(other)]
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= Math.max(1e-9, 1e-14 * Math.abs(a)) ? [] : [`${place}: ${a} | ${b}`]
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b ? [] : [`${place}: ${JSON.stringify(a)} | ${JSON.stringify(b)}`.slice(0, 300)]
  const members = [new Map<string, unknown>(Object.entries(a)), new Map<string, unknown>(Object.entries(b))] as const
  return [...new Set([...members[0].keys(), ...members[1].keys()])]
    .filter((key) => !OWN.has(key) || (key === 'id' && ids.includes(String(members[0].get('id')))))
    .flatMap((key) => differences(members[0].get(key), members[1].get(key), `${place}/${key}`))
}

/** Documents and numbers that the store keeps as text. */
function meant(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (/^[[{]/.test(value)) return JSON.parse(value)
  return /^-?\d+\.\d+$/.test(value) ? Number(value) : value
}

describe.skipIf(left !== null)('the whole flow with both engines by URL', { timeout: LONG }, () => {
  let alone: Record<string, unknown>
  beforeAll(async () => {
    const place = await openPlace('embedded', embedded)
    try {
      alone = await story(place)
    } finally {
      await place.close()
    }
  }, LONG)

  test('is long enough to say something: a churn model that publishes, warnings looked at, values written', () => {
    const mined = alone['mine'] as { miners: { miner: string; verdict: string; scored: number }[] }
    expect(mined.miners.find(({ miner }) => miner === 'churn')).toMatchObject({ verdict: 'publish' })
    expect((alone['scores'] as { probability: number | null }[]).filter((score) => score.probability !== null).length).toBeGreaterThan(100)
    expect(alone['alerts']).toMatchObject({ reset: true })
    expect(alone['run']).toMatchObject({ left: [] })
    expect((alone['run'] as { sync: { deleted: number } }).sync.deleted).toBeGreaterThan(5)
  })

  describe.each([
    ['one server', false],
    ['two shards', true],
  ] as const)('%s', (name, shards) => {
    let place: Place
    beforeAll(async () => {
      place = await openPlace(name.replace(' ', '-'), servers(shards))
    }, LONG)
    afterAll(() => place?.close(), LONG)

    test('says and writes the same as with nothing installed', { timeout: LONG }, async () => {
      const told = await story(place)
      for (const what of Object.keys(alone)) expect(differences(alone[what], told[what], what).slice(0, 10)).toEqual([])
      expect(Object.keys(told)).toEqual(Object.keys(alone))
    })

    test('two that run at once do nothing twice, and who comes second says why it stops', { timeout: LONG }, async () => {
      place.company.clock.now += DAY
      const before = place.company.crm.writes.length
      const both = await Promise.all([1, 2].map(() => assay(['run', '--json'], place.options())))
      for (const ended of both) expectDoneOrBusy(ended)
      expect(both.map((ended) => ended.code)).toContain(0)
      const written = place.company.crm.writes.slice(before).map((write) => `${write.object} ${write.id}`)
      expect(written.length).toBeGreaterThan(0)
      expect(written.length).toBe(new Set(written).size)
      expect(await running(place)).toEqual([])
    })

    test('a run that was killed leaves nothing running, and the next goes on at once', { timeout: LONG }, async () => {
      place.company.clock.now += DAY
      const killed = start(['run', '--json'], place.options())
      killed.onLine((line) => line.startsWith('features') && killed.kill('SIGKILL'))
      expect((await killed.ended).signal).toBe('SIGKILL')
      // The server hears of the end of a connection at once, but not in the same instant.
      await sleep(500)
      const { runs } = await place.ask<{ runs: { step: string; state: string; detail: object }[] }>('status')
      expect(runs[0]).toMatchObject({ step: 'score', state: 'failed', detail: { why: expect.stringMatching(/process ended/) as string } })
      expect(await place.ask('run')).toMatchObject({ left: [] })
      expect(await running(place)).toEqual([])
    })
  })
})

function expectDoneOrBusy(ended: Ended): void {
  if (ended.code === 0) return
  expect(ended.stderr).toMatch(/Another assay process is at the step "\w+"/)
  expect(ended.code).toBe(1)
}

async function running(place: Place): Promise<string[]> {
  const { runs } = await place.ask<{ runs: { step: string; state: string }[] }>('status')
  return runs.filter((run) => run.state === 'running').map((run) => run.step)
}
