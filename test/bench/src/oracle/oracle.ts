import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startHubSpot } from '@assay/crm-hubspot'
import { eligibleDays, isOwnership, openApp, operations, readConfig, takeOwnership } from '@assay/sidecar'
import { b2bWorld, judgeObserver, judgeOracle, type Sense, SENSES } from '@assay/worlds'

/** The stand-in sets no limits here, so the connector need not hold back. */
const UNLIMITED = { callsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000 }
const SCALE = 10_000

/** One generated company: the model of churn, recency alone, the observer and the oracle, each by its AUC on the same later periods. */
interface Judged {
  readonly accounts: number
  readonly seed: number
  readonly event: string
  /** The later days on which everybody was judged. */
  readonly days: readonly string[]
  readonly rows: number
  readonly model: number
  readonly recency: number
  /** Knows every law of the world, sees only records. */
  readonly observer: number
  readonly oracle: number
  /** What the model lacks to the observer, and to the oracle. */
  readonly gaps: { readonly observer: number; readonly oracle: number }
  /** The observer again, each time without one kind of records; only where that was asked for. */
  readonly without?: Readonly<Record<Sense, number>>
}

/** `npm run bench -- oracle [--accounts 10000] [--seed 1] [--without] [--json]`: how near the model of churn comes to the truth of a generated company. */
export async function oracle(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      accounts: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      without: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const [accounts, seed] = [Number(values.accounts), Number(values.seed)]
  if (![accounts, seed].every((one) => Number.isInteger(one) && one > 0))
    throw new Error('--accounts and --seed take whole numbers above 0')
  const home = await mkdtemp(join(tmpdir(), 'assay-oracle-'))
  try {
    const judged = await judge({ accounts, seed, without: values.without }, home, (text) => void process.stderr.write(`${text}\n`))
    process.stdout.write(values.json ? `${JSON.stringify(judged, null, 2)}\n` : `${textOf(judged)}\n`)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

async function judge(
  { accounts, seed, without }: { readonly accounts: number; readonly seed: number; readonly without: boolean },
  home: string,
  say: (text: string) => void,
): Promise<Judged> {
  const world = b2bWorld({ accounts, seed })
  const now = (): number => world.today
  const crm = await startHubSpot({ world, limits: 'off', now })
  const ownership = await takeOwnership(home)
  if (!isOwnership(ownership)) throw new Error('the bench shares its directory with nobody')
  const log = { debug() {}, info() {}, warn: say }
  const app = await openApp(readConfig({ ASSAY_HOME: home, ASSAY_QUOTA_SHARE: '1' }), log, ownership, now)
  const tell = ({ step, detail }: { readonly step: string; readonly detail: string }): void => say(`${step}: ${detail}`)
  const { signal } = new AbortController()
  try {
    const settings = { token: crm.token, baseUrl: crm.url, ...UNLIMITED }
    await operations.connect.run(app, { connector: 'hubspot', settings }, tell, signal)
    await operations.sync.run(app, { full: false }, () => {}, signal)
    const { accepted } = await operations.defineChurn.run(app, { accept: 'proposed', from: 'silence' }, tell, signal)
    await operations.mine.run(app, { only: ['churn'], refit: false }, tell, signal)
    const { reports } = await operations.report.run(app, {}, tell, signal)
    const churn = reports.find(({ miner }) => miner === 'churn')
    if (churn === undefined) throw new Error(`with ${accounts} accounts no model of churn is judged: take more`)
    const horizon = accepted!.horizonDays!
    const days = churn.judgedAt.map((day) => Date.parse(day))
    const best = judgeOracle(world, days, horizon, eligibleDays(horizon))
    const observed = (...unseen: Sense[]): number => {
      say(`observer: ${days.length} days${unseen.map((sense) => `, without ${sense}`).join('')}`)
      return judgeObserver(world, days, horizon, eligibleDays(horizon), new Set(unseen)).auc
    }
    const observer = observed()
    const auc = churn.metrics['auc']
    const model = typeof auc === 'object' ? auc.value : Number.NaN
    const recency = Number(churn.baselines.find(({ name }) => name === 'recency only')?.['auc'])
    return {
      accounts,
      seed,
      event: accepted!.event,
      days: churn.judgedAt,
      rows: best.rows,
      recency,
      model,
      observer,
      oracle: best.auc,
      gaps: { observer: observer - model, oracle: best.auc - model },
      ...(without ? { without: Object.fromEntries(SENSES.map((sense) => [sense, observed(sense)])) as Record<Sense, number> } : {}),
    }
  } finally {
    await app.close()
    await ownership.release()
    await crm.close()
  }
}

const shown = (value: number): string => (Math.round(value * SCALE) / SCALE).toFixed(4)

const textOf = (judged: Judged): string =>
  [
    `${judged.accounts} accounts, seed ${judged.seed}: ${judged.event}, ${judged.rows} customers on later days`,
    `  recency  AUC ${shown(judged.recency)}`,
    `  model    AUC ${shown(judged.model)}`,
    `  observer AUC ${shown(judged.observer)} (knows every law of the world, sees only records): the model lacks ${shown(judged.gaps.observer)}`,
    `  oracle   AUC ${shown(judged.oracle)} (knows hidden health and true rates, which no record tells): the model lacks ${shown(judged.gaps.oracle)}`,
    ...Object.entries(judged.without ?? {}).map(([sense, auc]) => `  observer AUC ${shown(auc)} without ${sense}`),
  ].join('\n')
