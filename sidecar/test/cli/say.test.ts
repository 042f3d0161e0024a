import type { Report } from '@assay/shared'
import { expect, test } from 'vitest'
import * as say from '../../src/cli/say.ts'

const model = (miner: string, fittedAt: number) => ({
  id: `${miner}${fittedAt}`,
  miner,
  state: 'live',
  fittedAt,
  verdict: 'publish',
  why: `${miner} why`,
})

test('status tells of the newest model of every miner', () => {
  const models = ['wins', 'value', 'offers', 'segments', 'churn'].flatMap((miner) => [model(miner, 2), model(miner, 1)])
  const connection = {
    connection: 'c',
    connector: 'hubspot',
    title: 'Acme',
    state: 'active',
    why: null,
    records: [],
    damage: { what: '2 parts of deal_version are missing.', hint: 'Run: assay sync --full' },
    lastSync: null,
    lastPublish: null,
    waiting: 0,
    aside: { total: 0, rows: [] },
    rejected: { total: 0, rows: [] },
    models,
  }
  const said = say.status({ organisation: 'default', connections: [connection], runs: [] } as unknown as Parameters<typeof say.status>[0])
  for (const miner of ['wins', 'value', 'offers', 'segments', 'churn']) expect(said.split(`${miner} why`)).toHaveLength(2)
  expect(said).toMatch(/2 parts of deal_version[^\n]*\n *Run: assay sync --full/)
})

test('publish shows every record that it kept before and after, deals by their own number', () => {
  const bill = {
    records: 20,
    changed: 20,
    refreshed: 0,
    cleared: 0,
    unchanged: 0,
    refused: 0,
    calls: 1,
    minutes: 0.1,
    quotaShare: null,
    automations: null,
  }
  const customers = Array.from({ length: 19 }, (_, i) => ({
    id: `a${i}`,
    before: { churn_risk: '40' },
    after: { churn_risk: '64', offer_1: 'Pump', score_note: 'Chance of leaving.' },
  }))
  const examples = [...customers, { id: 'd1', before: {}, after: { win_chance: '37', score_note: 'Chance of winning.' } }]
  const result = { bill, examples, written: 0, rejected: 0, rejections: [], gone: 0, failed: 0, waiting: 0, stopped: null }
  const said = say.publishedAll(result)
  expect(said.match(/^ +a\d+: churn 40 → 64, offer - → Pump; Chance of leaving\.$/gm)).toHaveLength(19)
  expect(said).toMatch(/^ +d1: win chance - → 37; Chance of winning\.$/m)
})

test('what is decided is said by the names that decide it', () => {
  expect(say.decided({ persistDays: 2, fallbackOwner: null, bands: { medium: 30, high: 60 } })).toBe(
    'persistDays=2\nfallbackOwner=none\nbands.medium=30\nbands.high=60',
  )
})

test('what is not there is left out of a line, never said to be null', () => {
  const report: Report = {
    miner: 'segments',
    version: 1,
    event: 'belongs together',
    verdict: 'publish',
    why: 'found again',
    protocol: 'resampling',
    population: { who: 'customers with an order', rows: 90, positives: 0 },
    judgedAt: [],
    metrics: { k: 3 },
    baselines: [],
    candidates: [
      { name: '3 segments', auc: null, logLoss: null, against: null, k: 3, chosen: true },
      { name: '4 segments', auc: null, logLoss: null, against: 'one has 3 customers', k: 4, chosen: false },
    ],
    details: {},
  }
  const text = say.reportLines(report).join('\n')
  expect(text).toContain('3 segments: k 3.000  (chosen)')
  expect(text).toContain('4 segments: against one has 3 customers, k 4.000')
  expect(text).not.toContain('null')
})

test('try says which files were passed over, and which keys name nobody', () => {
  const document = {
    read: { folder: 'f', records: { deal: 2 }, aside: 0, today: null, notes: [] },
    profile: {
      sections: [],
      files: [],
      unused: [{ file: 'contacts.csv', why: 'it is empty', broken: true }],
      orphans: [
        {
          from: 'deals.account',
          to: 'accounts',
          rows: 1234,
          keys: 4,
          examples: ['GTXPro', 'b', 'c', 'd'],
          nearMatches: [{ key: 'GTXPro', meant: 'GTX Pro', rows: 1 }],
          complete: true,
        },
      ],
    },
    readiness: [],
    reports: [],
    leftOut: [],
    top: [],
  }
  const said = say.tried(document as unknown as Parameters<typeof say.tried>[0])
  expect(said).toContain('not read: contacts.csv (it is empty)')
  expect(said).toContain(
    'deals.account: 1,234 rows name 4 that are not among the accounts ("GTXPro", "b", "c", …; "GTXPro" is almost "GTX Pro")',
  )
})

test('what a sign-in may not see is not among the fields that will be read', () => {
  const kind = (name: string, readable: boolean, fields: Record<string, boolean>) => ({
    kind: name,
    source: name,
    readable,
    why: readable ? null : 'scope tickets is missing',
    records: null,
    fields: Object.entries(fields).map(([field, isReadable]) => ({ name: field, readable: isReadable, writable: null, why: 'hidden' })),
  })
  const result = {
    title: 'HubSpot',
    connection: 'c',
    state: 'active',
    why: null,
    check: {
      signedInAs: 'an app',
      account: 'portal 1',
      currency: null,
      kinds: [
        kind('deal', true, { name: true, amount: false }),
        kind('case', false, { subject: false }),
        kind('activity', true, { call: true }),
        kind('activity', false, { email: false }),
      ],
      missing: [],
      surplus: [],
      quota: { limit: null, remaining: null },
    },
    reads: { deal: ['name', 'amount'], case: ['subject'], activity: ['call', 'email'] },
  }
  const said = say.checked(result as unknown as Parameters<typeof say.checked>[0])
  expect(said.slice(said.indexOf('These fields'))).toBe('These fields will be read:\n  deal: name\n  activity: call')
})

test('a run that looked at nothing compares nothing', () => {
  expect(say.reported({ reports: [], fleet: { miners: [], findings: [] } } as unknown as Parameters<typeof say.reported>[0])).toBe('')
})
