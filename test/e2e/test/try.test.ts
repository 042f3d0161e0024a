import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import type { TryDocument } from '../../../sidecar/src/flow/try/try.ts'
import { checked, figure, folderOf, mappingOf, onData, reportOf, say, tried } from './folders.ts'

const ASSAY = fileURLToPath(new URL('../../../sidecar/bin/assay.js', import.meta.url))

describe('online-retail, two years of invoices', () => {
  const name = 'online-retail'
  let document: TryDocument
  beforeAll(async () => {
    if (!existsSync(folderOf(name))) return
    document = await tried(folderOf(name), mappingOf(name))
    say(name, document)
  }, 600_000)

  onData(name, 'churn within 90 days, judged on 2011-09-09, beats recency', async () => {
    const churn = reportOf(document, 'churn')
    expect(churn).toMatchObject({
      event: 'no order within 90 days',
      verdict: 'publish',
      protocol: 'later-period',
      judgedAt: ['2011-09-09'],
    })
    expect(churn.population.rows).toBe(3362)
    expect(figure(churn, 'auc')).toBeGreaterThanOrEqual(0.74)
    expect(figure(churn, 'logLoss')).toBeLessThanOrEqual(0.59)
    const recency = churn.baselines.find((one) => one.name === 'recency only')
    expect(figure(churn, 'auc')).toBeGreaterThan(Number(recency?.['auc']))
    expect(figure(churn, 'logLoss')).toBeLessThan(Number(recency?.['logLoss']))
  })
  onData(name, 'the next basket', async () => {
    const offers = reportOf(document, 'offers')
    expect(figure(offers, 'recall@10')).toBeGreaterThanOrEqual(0.2)
    for (const metric of ['ndcg@10', 'hit@10', 'recall@20', 'ndcg@20', 'hit@20']) expect(figure(offers, metric)).toBeGreaterThan(0)
  })
  onData(name, 'four clusters of log RFM', async () => {
    const segments = reportOf(document, 'segments')
    const four = segments.candidates.find((one) => one['k'] === 4)
    expect(Math.abs(Number(four?.['inertia']) / 3962.5 - 1)).toBeLessThanOrEqual(0.005)
    expect(segments.verdict, segments.why).toBe('publish')
    expect(figure(segments, 'k')).toBeGreaterThanOrEqual(3)
    expect(figure(segments, 'stability')).toBeGreaterThanOrEqual(0.75)
    for (const metric of ['silhouette', 'inertia']) expect(figure(segments, metric)).toBeGreaterThan(0)
  })
  onData(name, 'what customers spend in 90 days: who, better than by the past rate, and the total within its interval', async () => {
    const value = reportOf(document, 'value')
    expect(value).toMatchObject({ verdict: 'publish', protocol: 'later-period', judgedAt: ['2011-09-09'], population: { rows: 3362 } })
    const rate = value.baselines.find((one) => one.name === 'past rate')
    expect(figure(value, 'topDecileShare')).toBeGreaterThanOrEqual(0.5)
    expect(figure(value, 'topDecileShare')).toBeGreaterThan(Number(rate?.['topDecileShare']))
    const [total] = value.details['totals'] as { low: number; high: number; happened: number; uncorrected: number; corrected: number }[]
    expect(total!.happened).toBeGreaterThan(total!.low)
    expect(total!.happened).toBeLessThan(total!.high)
    expect(total!.uncorrected).not.toBe(total!.corrected)
    // One window is judged, and next to none lies before it: the interval is said to be assumed.
    expect(value.details['coverage']).toEqual({ covered: 1, windows: 1 })
    expect(total).toMatchObject({ assumed: true })
    // Nobody is seen to stop in it: said, and not used.
    expect(value.btyd).toMatchObject({ model: 'BG/NBD', degenerate: true, used: 'NBD' })
    expect(value.outlook!.forecasts.find((one) => one.days === 365)!.beyond).toMatch(/more days are needed/)
    expect(value.outlook!.golden.shareOfRevenue).toBeGreaterThanOrEqual(0.8)
  })
  onData(name, 'rows that cannot be used are told, and the top names who to see', async () => {
    expect(document.read.today).toBe('2011-12-09')
    expect(document.top.length).toBeGreaterThan(0)
    for (const one of document.top) expect(one.risk).toBeGreaterThanOrEqual(1)
  })
})

describe('one table each', () => {
  onData('telco-churn', 'churn by cross-validation, through the real command: one document, nothing else, exit 0', async () => {
    const folder = await copied('telco-churn')
    const room = await mkdtemp(join(tmpdir(), 'assay-room-'))
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [ASSAY, 'try', folder, '--json'], {
        maxBuffer: 1 << 28,
        env: { ...process.env, TMPDIR: room },
      })
      const document = checked(JSON.parse(stdout) as TryDocument)
      say('telco-churn', document)
      const churn = reportOf(document, 'churn')
      expect(churn).toMatchObject({ protocol: 'cross-validation', verdict: 'publish', population: { rows: 7043, positives: 1869 } })
      expect(figure(churn, 'auc')).toBeGreaterThanOrEqual(0.842)
      expect(figure(churn, 'logLoss')).toBeLessThanOrEqual(0.42)
      expect(figure(churn, 'ece')).toBeLessThanOrEqual(0.02)
      // Nothing of its temporary store is left.
      expect(readdirSync(room).filter((name) => name.startsWith('assay-'))).toEqual([])
    } finally {
      await rm(folder, { recursive: true })
      await rm(room, { recursive: true })
    }
  })
  onData(
    'bank-marketing',
    'without time, five folds, through the real command',
    async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [ASSAY, 'try', folderOf('bank-marketing'), '--mapping', mappingOf('bank-marketing', 'without-time'), '--json'],
        { maxBuffer: 1 << 28 },
      )
      const document = checked(JSON.parse(stdout) as TryDocument)
      say('bank-marketing without time', document)
      const response = reportOf(document, 'response')
      expect(response).toMatchObject({ protocol: 'cross-validation', verdict: 'publish', population: { rows: 41_188 } })
      expect(figure(response, 'auc')).toBeGreaterThanOrEqual(0.8)
    },
    900_000,
  )
  onData('bank-marketing', 'the length of a call, which nobody knows before it, is found to leak', async () => {
    const document = await tried(folderOf('bank-marketing'), mappingOf('bank-marketing', 'with-duration'))
    say('bank-marketing with duration', document)
    const response = reportOf(document, 'response')
    expect(response).toMatchObject({ protocol: 'later-period', verdict: 'refuse' })
    expect(response.why).toContain('drift')
    expect(response.leaks!.map(({ column }) => column)).toContain('duration')
    expect(response.drivers!.map(({ feature }) => feature)).not.toContain('duration')
  })
  onData('bank-marketing', 'a campaign that drifts is refused', async () => {
    const document = await tried(folderOf('bank-marketing'), mappingOf('bank-marketing'))
    say('bank-marketing', document)
    const response = reportOf(document, 'response')
    expect(response).toMatchObject({ protocol: 'later-period', verdict: 'refuse' })
    expect(response.why).toContain('drift')
    const drifted = response.drift!.filter(({ of, state }) => of === 'column' && state === 'act').map(({ column }) => column)
    expect(drifted).toEqual(expect.arrayContaining(['euribor3m', 'emp.var.rate', 'nr.employed', 'cons.price.idx', 'cons.conf.idx']))
    expect(document.leftOut).toContainEqual({ column: 'duration', why: 'ignored by mapping.json' })
  })
  onData('marketing-campaign', 'responses by cross-validation', async () => {
    const document = await tried(folderOf('marketing-campaign'), mappingOf('marketing-campaign'))
    say('marketing-campaign', document)
    const response = reportOf(document, 'response')
    expect(response).toMatchObject({ protocol: 'cross-validation', verdict: 'publish' })
    expect(figure(response, 'auc')).toBeGreaterThanOrEqual(0.905)
  })
  onData('olist-funnel', 'conversions within so many days, judged on later leads whose days are over', async () => {
    const document = await tried(folderOf('olist-funnel'), mappingOf('olist-funnel'))
    say('olist-funnel', document)
    const conversion = reportOf(document, 'conversion')
    expect(conversion).toMatchObject({
      protocol: 'later-period',
      verdict: 'publish',
      event: expect.stringMatching(/^converted within \d+ days$/),
    })
    expect(conversion.why).toContain('nine in ten came within')
    expect(figure(conversion, 'auc')).toBeGreaterThanOrEqual(0.66)
    // Nothing known before the conversion tells more than this: above it, the future was read.
    expect(figure(conversion, 'auc')).toBeLessThan(0.8)
  })
})

describe('maven-crm, 85 accounts', () => {
  onData('maven-crm', 'too few to say who leaves: refused or not ready, in numbers', async () => {
    const document = await tried(folderOf('maven-crm'), mappingOf('maven-crm'))
    say('maven-crm', document)
    expect(document.read.records).toMatchObject({ account: 85, deal: 8800 })
    const ready = document.readiness.find((one) => one.miner === 'churn')
    const churn = document.reports.find((one) => one.miner === 'churn')
    expect(churn?.verdict ?? 'not ready').not.toBe('publish')
    expect(churn?.why ?? ready?.note).toMatch(/\d/)
    for (const one of document.top) expect(one.risk).toBeNull()
    // Nothing in this pipeline says which deals are won, only when deals end.
    const wins = document.reports.find((one) => one.miner === 'wins')
    expect(wins).toMatchObject({ verdict: 'refuse', protocol: 'later-period' })
    expect(wins!.why).toMatch(/AUC \.\d+ against/)
    expect(JSON.stringify(document.reports)).not.toMatch(/NaN|Infinity/)
  })
})

describe('what mapping.json says reaches the miner', { timeout: 120_000 }, () => {
  /** Rows in time order whose ids stand in another one; `known` is filled in late and gives the outcome away. */
  const rows = Array.from({ length: 900 }, (_, i) => {
    const left = (i * 7919) % 100 < 30 + 20 * Math.sin(i / 5)
    const hint = Math.sin(i / 5) + ((i * 104_729) % 100) / 60
    const known = (i * 15_485_863) % 100 < 3 ? !left : left
    return [`c${(i * 389) % 900}`, hint.toFixed(3), known ? 'a' : 'b', left ? 'Yes' : 'No'].join(',')
  })
  const table = ['key,hint,known,Left', ...rows].join('\n')
  const outcome = { column: 'Left', positive: 'Yes', meaning: 'left' }
  const judged = async (accounts: object): Promise<TryDocument['reports'][number]> => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-e2e-'))
    try {
      await writeFile(join(folder, 'customers.csv'), table)
      await writeFile(join(folder, 'mapping.json'), JSON.stringify({ accounts: { file: 'customers.csv', outcome, ...accounts } }))
      return reportOf(await tried(folder), 'churn')
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  test('rows in time order keep it, whatever their ids', async () => {
    const numbered = await judged({ order: 'file', ignore: ['key', 'known'] })
    const named = await judged({ order: 'file', id: 'key', ignore: ['known'] })
    expect(named.protocol).toBe('later-period')
    expect(named.population).toEqual(numbered.population)
    expect(named.metrics).toEqual(numbered.metrics)
  })
  test('a column that looks like a leak is left out unless it is declared stable', async () => {
    const suspected = await judged({ id: 'key' })
    const declared = await judged({ id: 'key', stable: ['known'] })
    expect(figure(suspected, 'auc')).toBeLessThan(0.9)
    expect(JSON.stringify(suspected.leaks)).toContain('known')
    expect(figure(declared, 'auc')).toBeGreaterThan(0.95)
  })
})

/** The folder as a customer would have it: the exports with their mapping.json. */
async function copied(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-e2e-'))
  for (const file of readdirSync(folderOf(name))) await symlink(join(folderOf(name), file), join(folder, file))
  await cp(mappingOf(name), join(folder, 'mapping.json'))
  return folder
}
