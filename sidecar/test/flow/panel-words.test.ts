import { buildPanel, type PanelView } from '@assay/panel-model'
import { REST_SIGN, type Report } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { compose, type ComposeInput, type Said } from '../../src/flow/publish/compose.ts'
import { notesOf } from '../../src/flow/publish/notes.ts'
import { publishPolicy } from '../../src/flow/publish/policy.ts'
import { churnEntry, DAY, entry, MONDAY, sign } from './planes.ts'

// What publish writes as text the panel takes apart again, and neither knows the other: here they meet. A change of
// wording on one side only fails here.
const policy = publishPolicy.parse({})
const at = { run: 'r', scoredAt: MONDAY }
const REPORT: Report = {
  miner: 'churn',
  version: 1,
  event: 'no order within 90 days',
  verdict: 'publish',
  why: '',
  protocol: 'later-period',
  population: { who: 'everybody', rows: 1000, positives: 300 },
  judgedAt: [],
  metrics: { auc: { value: 0.81, low: 0.79, high: 0.83 } },
  baselines: [],
  candidates: [{ name: 'logistic regression', chosen: true }],
  details: { reliability: [{ said: 0.7, happened: 0.66, n: 308 }] },
}
const MODEL = {
  id: 'm1',
  connection: 'c',
  miner: 'churn',
  minerVersion: 1,
  state: 'live',
  definition: { event: REPORT.event, from: 'silence', horizonDays: 90, who: 'everybody' },
  params: {},
  report: REPORT,
  dataUntil: MONDAY - DAY,
  fittedAt: MONDAY,
} as const

/** What a person sees of what publish would write. */
function shown(said: readonly Said[], more: Partial<ComposeInput> = {}): PanelView {
  const notes = notesOf([MODEL], policy.bands)
  const fields = compose({ said, history: [], declined: new Set(), scoredAt: MONDAY, notes, ...more }, policy)
  return buildPanel(fields, { now: MONDAY + DAY })
}

describe('what publish writes and the panel shows', () => {
  const signs = [
    sign('days_since_last_order', '94 days since the last order; usual gap 21 (half of all)', 12.4),
    sign('cases_open', '3 open cases', -4),
    sign('revenue', 'revenue fell', 9, { restricted: true }),
    sign(REST_SIGN, 'everything else', 30),
  ]
  it('signs, open and restricted, come apart again with their points; the rest of the sum is not one of them', () => {
    const { reasons } = shown([churnEntry('a', 71, at, { signs })])
    expect(reasons?.items.map(({ text, points, direction, restricted }) => [text, points, direction, restricted !== ''])).toEqual([
      ['94 days since the last order; usual gap 21 (half of all)', '+12', 'raises', false],
      ['Revenue fell', '+9', 'raises', true],
      ['3 open cases', '−4', 'lowers', false],
    ])
  })

  it('the number with its band, what it is the chance of, and what the model says of itself', () => {
    const view = shown([churnEntry('a', 71, at, { signs })])
    expect(view.state).toBe('scored')
    expect(view.score).toMatchObject({ value: 71, text: '71 %', band: 'High risk', meaning: 'Chance of no order within 90 days' })
    expect(view.about).toBe(
      'Of 100 such scores about 66 came true (308 seen later). Logistic regression, ranks right 81 times in 100, data until 2026-05-31. Low below 30, Medium 30-59, High from 60 percent.',
    )
    expect(view.footer).toBe('Scored yesterday.')
    expect(view.action?.text).toBe(policy.actions['days_since_last_order'])
  })

  it('the trend and the days before', () => {
    const history = [
      { model: 'm1', scoredAt: MONDAY - 8 * DAY, risk: 40 },
      { model: 'm1', scoredAt: MONDAY - 30 * DAY, risk: 38 },
    ]
    const view = shown([churnEntry('a', 71, at, { signs })], { history })
    expect(view.trend).toMatchObject({ text: 'Rising', tone: 'bad' })
    expect(view.history?.points.map(({ risk }) => risk)).toEqual(['38 %', '40 %', '71 %'])
  })

  it('below the gate: facts one by one, and why there is no number', () => {
    const view = shown([
      churnEntry('a', null, at, {
        facts: ['94 days since the last order', 'usual gap 21 days'],
        unscored: '60 more customer-months are needed',
      }),
    ])
    expect(view.state).toBe('facts')
    expect(view.score).toBeNull()
    expect(view.facts?.items.map(({ text }) => text)).toEqual(['94 days since the last order', 'Usual gap 21 days'])
    expect(view.notice?.text).toContain('60 more customer-months are needed')
  })

  it('facts that are too long for the field: whole ones, and still why', () => {
    const facts = Array.from({ length: 12 }, (_, i) => `known thing number ${i} about this customer`)
    const view = shown([churnEntry('a', null, at, { facts, unscored: 'too few customers left' })])
    expect(facts.map((fact) => fact[0]!.toUpperCase() + fact.slice(1))).toEqual(
      expect.arrayContaining(view.facts!.items.map(({ text }) => text)),
    )
    expect(view.facts!.items.length).toBeGreaterThan(2)
    expect(view.notice?.text).toContain('Too few customers left')
  })

  it('no longer scored, without a fact: says so', () => {
    const view = shown([churnEntry('a', null, at, { facts: [], unscored: 'no longer among the customers that are scored' })])
    expect(view.state).toBe('unscored')
    expect(view.notice?.text).toContain('No longer among the customers that are scored')
  })

  it('offers with their reasons, segment and stage', () => {
    const offer = { offer_1: 'Calibration gas', offer_1_code: 'CG-1', offer_1_why: 'Bought in 3 of the last 5 orders' }
    const view = shown([
      entry('offers', 'a', offer, at),
      entry('segments', 'a', { segment: 'Average buyers', lifecycle_stage: 'Former' }, at),
    ])
    expect(view.offers?.items).toMatchObject([{ name: 'Calibration gas', code: 'CG-1', why: 'Bought in 3 of the last 5 orders' }])
    expect(view.details?.items.map(({ text }) => text)).toEqual(['Average buyers', 'Former'])
  })
})
