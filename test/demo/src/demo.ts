import { join } from 'node:path'
import { type HubSpotStandIn, startHubSpot } from '@assay/crm-hubspot'
import { type App, isOwnership, listen, only, openApp, operations, panelRouter, readConfig, takeOwnership } from '@assay/sidecar'
import type { Log } from '@assay/shared'
import { b2bWorld, change, type World } from '@assay/worlds'
import { oracle } from './oracle.ts'
import type { DemoResult } from './result.ts'

export interface DemoInput {
  readonly home: string
  readonly accounts: number
  readonly seed: number
  readonly once: boolean
  readonly terminal: {
    readonly tell: (progress: { step: string; detail: string; done?: number; total?: number | null }) => void
    readonly log: Log
  }
  readonly signal: AbortSignal
  readonly finished: (result: DemoResult) => void
}

const DAY = 86_400_000
/** The stand-in sets no limits here, so the connector need not hold back. */
const UNLIMITED = { callsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000 }
/** As a run says it. */
const NO_MODEL = 'alert: there is no churn model that passed its verdict'
/** Days after the first run on which the company is looked at again: a warning must last before anybody is told. */
const LATER = [2, 5, 9]

/** sync → accept a definition → fields → mine → publish → (days go by) → run → alerts → panel. */
export async function demo(input: DemoInput): Promise<void> {
  const beganAt = performance.now()
  let world: World = b2bWorld({ accounts: input.accounts, seed: input.seed })
  let now = world.today
  const clock = (): number => now
  const crm = await startHubSpot({ world, limits: 'off', now: clock })
  const ownership = await takeOwnership(input.home)
  if (!isOwnership(ownership)) throw new Error('the demo shares its directory with nobody')
  const config = readConfig({ ASSAY_HOME: join(input.home), ASSAY_QUOTA_SHARE: '1' })
  const app = await openApp(config, input.terminal.log, ownership, clock)
  try {
    const { tell } = input.terminal
    const { signal } = input
    const connected = await operations.connect.run(
      app,
      { connector: 'hubspot', settings: { token: crm.token, baseUrl: crm.url, ...UNLIMITED } },
      tell,
      signal,
    )
    const connection = connected.connection
    const synced = await operations.sync.run(app, { full: false }, tell, signal)
    const defined = await operations.defineChurn.run(app, { accept: 'proposed', from: 'silence' }, tell, signal)
    const mined = await operations.mine.run(app, { refit: false }, tell, signal)
    // Of a company so small that no miner can start there is nothing to report, and the rest goes on with facts.
    const started = mined.miners.some((miner) => miner.model !== null)
    const { reports } = started ? await operations.report.run(app, {}, tell, signal) : { reports: [] }
    const left = mined.miners.filter((miner) => miner.verdict === 'not ready').map(({ miner, why }) => `${miner}: ${why}`)
    const judgedWorld = world
    const made = await operations.fieldsInstall.run(app, {}, tell, signal)
    const bill = await operations.publish.run(app, { dryRun: true, proceed: false }, tell, signal)
    const first = await operations.publish.run(app, { dryRun: false, proceed: false }, tell, signal)
    const rest = await operations.publish.run(app, { dryRun: false, proceed: true }, tell, signal)
    if (reports.some(({ miner, state }) => miner === 'churn' && state === 'live'))
      await operations.alerts.run(app, { dryRun: false }, tell, signal)
    else left.push(NO_MODEL)
    const later = []
    for (const days of LATER) {
      world = change(world, {
        share: 0.02,
        at: world.today + days * DAY - (later.length > 0 ? LATER[later.length - 1]! * DAY : 0),
        seed: days,
      })
      now = world.today
      crm.grow(world)
      tell({ step: 'later', detail: `${days} days on` })
      later.push({ days, ...(await operations.runAll.run(app, {}, tell, signal)) })
    }
    const panel = await panelOf(app, crm, connection)
    input.finished({
      seconds: Math.round((performance.now() - beganAt) / 100) / 10,
      company: { accounts: input.accounts, seed: input.seed, today: new Date(world.today).toISOString().slice(0, 10) },
      synced: { read: synced.read, deleted: synced.deleted, aside: synced.aside },
      learned: { definition: defined.accepted!, unit: mined.unit },
      judged: reports,
      oracle: oracle(judgedWorld, defined.accepted!.horizonDays!, reports),
      written: {
        fields: made.made.length,
        bill: bill.bill,
        first: first.written,
        rest: rest.written,
        rejected: first.rejected + rest.rejected,
      },
      later: later.map((run) => ({
        days: run.days,
        read: run.sync.read,
        written: run.publish?.written ?? 0,
        unchanged: run.publish?.bill.unchanged ?? 0,
        alerts: run.alert,
      })),
      alerted: later.reduce((total, run) => total + (run.alert?.raised ?? 0), 0),
      leftOut: [...new Set([...left, ...later.flatMap((run) => run.left)])],
      panel: panel.example,
    })
    if (!input.once) await show(app, panel.path, input.signal)
  } finally {
    await app.close()
    await ownership.release()
    await crm.close()
  }
}

/** The customer with the highest risk, as the CRM itself holds it after the write-back. */
async function panelOf(app: App, crm: HubSpotStandIn, connection: string): Promise<{ path: string; example: DemoResult['panel'] }> {
  const ids = [...new Set(crm.writes.filter((write) => write.object === 'companies').map((write) => write.id))]
  const risk = (id: string): number => Number(crm.get('companies', id)?.properties['assay_churn_risk'] ?? 0)
  const best = ids.reduce((top, id) => (risk(id) > risk(top) ? id : top), ids[0] ?? '')
  const { path } = await operations.link.run(
    app,
    { connection, record: `account:${best}`, minutes: 60, answers: true },
    () => {},
    AbortSignal.timeout(60_000),
  )
  const record = crm.get('companies', best)
  const fields = Object.fromEntries(
    Object.entries(record?.properties ?? {}).filter(([name, value]) => name.startsWith('assay_') && value !== null),
  )
  return { path, example: { record: `account:${best}`, fields } }
}

async function show(app: App, path: string, signal: AbortSignal): Promise<void> {
  const { server, url } = await listen(only(panelRouter(app)), '127.0.0.1', 0)
  process.stderr.write(`\nThe panel of the customer with the highest risk: ${url}${path}\nOpen it in a browser; Ctrl-C ends the demo.\n`)
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
