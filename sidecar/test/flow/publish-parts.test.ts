import { CHURN_FIELDS, COMMON_FIELDS, OFFER_FIELDS, VALUE_FIELDS, REST_SIGN, type Report, TEXT_LIMIT } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { bandOf, bandsInWords } from '../../src/flow/bands.ts'
import { clip, compose, type ComposeInput, type Said } from '../../src/flow/publish/compose.ts'
import { difference, isDue, isRefused } from '../../src/flow/publish/diff.ts'
import { notesOf } from '../../src/flow/publish/notes.ts'
import { publishPolicy } from '../../src/flow/publish/policy.ts'
import { churnEntry, DAY, entry, MONDAY, sign } from './planes.ts'

const policy = publishPolicy.parse({})
const at = { run: 'r', scoredAt: MONDAY }
const input = (said: readonly Said[], more: Partial<ComposeInput> = {}): ComposeInput => ({
  said,
  history: [],
  declined: new Set(),
  scoredAt: MONDAY,
  notes: new Map([['m1', (risk) => `Chance of leaving. Risk ${risk}.`]]),
  ...more,
})
const churn = (risk: number | null, ...more: Parameters<typeof churnEntry>[3][]): Said => churnEntry('a', risk, at, ...more)

describe('bands', () => {
  it.each([
    [1, 'Low'],
    [29, 'Low'],
    [30, 'Medium'],
    [59, 'Medium'],
    [60, 'High'],
    [99, 'High'],
  ])('%d is %s', (risk, band) => expect(bandOf(risk, policy.bands)).toBe(band))
  it('print their edges', () => expect(bandsInWords(policy.bands)).toBe('Low below 30, Medium 30-59, High from 60 percent'))
  it('go by the number that is printed beside them', () =>
    expect(compose(input([churn(59.6)]), policy)).toMatchObject({ churn_risk: '60', churn_band: 'High' }))
  it('must not overlap', () => expect(publishPolicy.safeParse({ bands: { medium: 60, high: 60 } }).success).toBe(false))
})

describe('what stands in the fields', () => {
  it('of a scored customer: number, band, signs, note, day, action', () => {
    const signs = [
      sign('days_since_last_order', '94 days since the last order', 12),
      sign('cases_open', '3 open cases', -4),
      sign(REST_SIGN, 'everything else', 2),
    ]
    expect(compose(input([churn(64, { signs })]), policy)).toEqual({
      churn_risk: '64',
      churn_band: 'High',
      churn_trend: 'Not enough history',
      churn_signs: '94 days since the last order (+12); 3 open cases (−4)',
      churn_history: '2026-06-01 64',
      score_note: 'Chance of leaving. Risk 64.',
      scored_at: '2026-06-01T12:00:00.000Z',
      next_action: policy.actions['days_since_last_order'],
    })
  })

  it('of a customer of whom nothing stands out: a number is never without a reason', () => {
    const written = compose(input([churn(34, { signs: [sign(REST_SIGN, 'everything else', -3)] })]), policy)
    expect(written['churn_signs']).toBe('No single sign stands out; many small ones together (−3)')
    expect(written['churn_signs_restricted']).toBeUndefined()
  })

  it('keeps restricted signs out of everything that everybody reads', () => {
    const signs = [sign('cases_open', 'secret: 3 open cases', 20, { restricted: true }), sign('open_deals', '2 open deals', -3)]
    const { churn_signs, churn_signs_restricted, ...others } = compose(input([churn(70, { signs })]), policy)
    expect(churn_signs).toBe('2 open deals (−3)')
    expect(churn_signs_restricted).toBe('secret: 3 open cases (+20)')
    expect(JSON.stringify(others)).not.toMatch(/secret|cases/)
    expect(others['next_action']).toBe(policy.actions['other'])
  })

  it('below the gate: facts and the reason instead of a number, and the reason is never cut off', () => {
    const facts = ['94 days since the last order', 'usual gap 21 days']
    expect(compose(input([churn(null, { facts, unscored: '60 more customer-months are needed' })]), policy)).toEqual({
      score_note: '94 days since the last order; usual gap 21 days. No churn score: 60 more customer-months are needed',
      scored_at: '2026-06-01T12:00:00.000Z',
    })
    const long = compose(input([churn(null, { facts: Array.from({ length: 12 }, (_, i) => `a rather long fact, number ${i}`) })]), policy)[
      'score_note'
    ]!
    expect(long.length).toBeLessThanOrEqual(TEXT_LIMIT)
    expect(long).toMatch(/^a rather long fact, number 0;.*No churn score: too few customers left to learn from$/)
  })

  it('fits every text into the field, by whole signs', () => {
    const signs = [1, 2, 3].map((i) => sign(`f${i}`, `${i} ${'x'.repeat(110)}`, 5))
    const fields = compose(
      input([churn(64, { signs }), entry('offers', 'a', { offer_1: 'P '.repeat(300), offer_1_code: 'p' }, at)]),
      policy,
    )
    for (const value of Object.values(fields)) expect(value.length).toBeLessThanOrEqual(TEXT_LIMIT)
    expect(fields['churn_signs']).toMatch(/^1 x+ \(\+5\); 2 x+ \(\+5\)$/)
    expect(clip('word '.repeat(80))).toMatch(/^(word )+…$/)
  })

  it('has a trend only against a score of the same model that is a week old', () => {
    const trend = (history: ComposeInput['history']): string | undefined => compose(input([churn(50)], { history }), policy)['churn_trend']
    const before = (days: number, risk: number, model = 'm1') => ({ model, scoredAt: MONDAY - days * DAY, risk })
    expect(trend([])).toBe('Not enough history')
    expect(trend([before(6.9, 10)])).toBe('Not enough history')
    expect(trend([before(7, 10, 'older')])).toBe('Not enough history')
    expect(trend([before(1, 49), before(7, 44)])).toBe('Rising')
    expect(trend([before(7, 45)])).toBe('Steady')
    expect(trend([before(7, 56)])).toBe('Falling')
    expect(trend([before(8, 50), before(30, 1)])).toBe('Steady')
  })

  it('keeps twelve days of history, one risk a day', () => {
    const history = Array.from({ length: 30 }, (_, i) => ({ model: 'm1', scoredAt: MONDAY - (i + 1) * (DAY / 2), risk: i }))
    const past = compose(input([churn(50)], { history }), policy)['churn_history']!.split('; ')
    expect(past.length).toBe(12)
    expect(past.slice(0, 3)).toEqual(['2026-06-01 50', '2026-05-31 1', '2026-05-30 3'])
    expect(past.join('; ').length).toBeLessThanOrEqual(TEXT_LIMIT)
  })

  it('moves the next offers up where one was answered', () => {
    const three = {
      offer_1: 'A',
      offer_1_code: 'a',
      offer_1_why: 'why a',
      offer_2: 'B',
      offer_2_code: 'b',
      offer_3: 'C',
      offer_3_code: 'c',
      offer_3_why: 'why c',
    }
    const fields = compose(input([entry('offers', 'x', three, at)], { declined: new Set(['a']) }), policy)
    expect(fields).toMatchObject({
      offer_1: 'B',
      offer_1_code: 'b',
      offer_2: 'C',
      offer_2_code: 'c',
      offer_2_why: 'why c',
      next_action: 'Propose B.',
    })
    expect(Object.keys(fields).filter((name) => name.startsWith('offer_3') || name === 'offer_1_why')).toEqual([])
  })
})

describe('the note', () => {
  const report = (more: Partial<Report>): Report => ({
    miner: 'churn',
    version: 1,
    event: 'no order within 90 days',
    verdict: 'publish',
    why: '',
    protocol: 'later-period',
    population: { who: '', rows: 1, positives: 1 },
    judgedAt: [],
    metrics: { auc: { value: 0.781, low: 0.7, high: 0.8 } },
    baselines: [],
    candidates: [
      { name: 'recency', chosen: false },
      { name: 'logistic regression', chosen: true },
    ],
    details: {
      reliability: [
        { said: 0.1, happened: 0.08, n: 300 },
        { said: 0.4, happened: 0.37, n: 212 },
        { said: 0.9, happened: 1, n: 3 },
      ],
    },
    ...more,
  })
  const model = (more: object = {}) => ({
    id: 'm1',
    connection: 'c',
    miner: 'churn',
    minerVersion: 1,
    state: 'live' as const,
    definition: { event: '', from: 'silence' as const, horizonDays: 90, who: '' },
    params: {},
    report: report({}),
    dataUntil: MONDAY,
    fittedAt: MONDAY,
    ...more,
  })

  it('says which event and model, how often such a score was right, data until when, and the edges', () => {
    expect(notesOf([model()], policy.bands).get('m1')!(44)).toBe(
      'Chance of no order within 90 days. Of 100 such scores about 37 came true (212 seen later). Logistic regression, ranks right 78 times in 100, data until 2026-06-01. Low below 30, Medium 30-59, High from 60 percent.',
    )
    expect(notesOf([model()], policy.bands, MONDAY + DAY).get('m1')!(5)).toMatch(/about 8 came true.*until 2026-06-02/)
    // A handful of customers tells no share: the nearest group with enough of them speaks.
    expect(notesOf([model()], policy.bands).get('m1')!(95)).toMatch(/about 37 came true/)
    expect(notesOf([model({ report: report({ details: {}, metrics: {}, candidates: [] }) })], policy.bands).get('m1')!(50)).toMatch(
      /^Chance of no order within 90 days\. Churn model, data until/,
    )
  })
  it('is none of a model that is not live, and modest of one that predicts nothing', () => {
    expect(notesOf([model({ state: 'refused' })], policy.bands).size).toBe(0)
    expect(notesOf([model({ miner: 'segments' })], policy.bands).get('m1')!(null)).toBe('Data until 2026-06-01.')
  })
})

describe('the difference', () => {
  const fields = [...CHURN_FIELDS, ...OFFER_FIELDS, ...COMMON_FIELDS]
  const stands = { churn_risk: '40', churn_band: 'Medium', churn_signs: '10 days', scored_at: 'monday' }
  const of = (
    wanted: Record<string, string>,
    published: Record<string, string> | null,
    more: { due?: boolean; unsure?: ReadonlySet<string> } = {},
  ) => difference(wanted, { published, due: more.due ?? false, unsure: more.unsure ?? null }, fields)

  it('is none within the tolerance, and none where only what follows moved', () => {
    expect(of({ ...stands, churn_risk: '42', churn_signs: '11 days', scored_at: 'tuesday' }, stands)).toBeNull()
    expect(of({ ...stands, churn_risk: '43' }, stands)).toEqual({
      values: { churn_risk: 43 },
      after: { ...stands, churn_risk: '43' },
      why: 'changed',
    })
  })
  it('is none where an amount moved by a tenth, whatever its range did, and one where it moved by more', () => {
    const valued = { value_12m: '5000', value_12m_low: '2000', value_12m_high: '9000' }
    const between = (wanted: Record<string, string>) =>
      difference(wanted, { published: valued, due: false, unsure: null }, VALUE_FIELDS)?.values ?? null
    expect(between({ value_12m: '5500', value_12m_low: '2600', value_12m_high: '9900' })).toBeNull()
    expect(between({ value_12m: '5600', value_12m_low: '2600', value_12m_high: '9000' })).toEqual({ value_12m: 5600, value_12m_low: 2600 })
  })
  it('is one where a band changed within the tolerance, and brings along what follows', () =>
    expect(of({ ...stands, churn_risk: '41', churn_band: 'High', scored_at: 'tuesday' }, stands)?.values).toEqual({
      churn_risk: 41,
      churn_band: 'High',
      scored_at: 'tuesday',
    }))
  it('clears what is not wanted any more', () =>
    expect(of({ scored_at: 'tuesday' }, stands)).toMatchObject({
      values: { churn_risk: null, churn_band: null, churn_signs: null },
      after: { scored_at: 'tuesday' },
      why: 'cleared',
    }))
  it('refreshes what is due, if there is anything newer to say', () => {
    expect(of({ ...stands, scored_at: 'tuesday' }, stands, { due: true })).toEqual({
      values: { scored_at: 'tuesday' },
      after: { ...stands, scored_at: 'tuesday' },
      why: 'refreshed',
    })
    expect(of(stands, stands, { due: true })).toBeNull()
  })
  it('writes all of it where a write may or may not have arrived', () => {
    const change = of(stands, stands, { unsure: new Set(['churn_trend', 'churn_risk']) })
    expect(change?.values).toEqual({ churn_risk: 40, churn_band: 'Medium', churn_signs: '10 days', scored_at: 'monday', churn_trend: null })
  })
  it('leaves a record alone that is gone, until its turn comes', () => {
    expect(of(stands, {})).toBeNull()
    expect(of(stands, {}, { due: true })?.values).toMatchObject({ churn_risk: 40 })
  })
  it('never writes what people set', () =>
    expect(of({ ...stands, offer_1_response: 'Accepted' }, null)?.values).not.toHaveProperty('offer_1_response'))
  it('knows values that were refused before, whatever day they carry', () => {
    const asked = { churn_risk: 70, churn_band: 'High', scored_at: 'tuesday' }
    const refused = (values: Record<string, string | number | null>, days = 1): boolean =>
      isRefused(asked, { values, at: MONDAY - days * DAY }, fields, { now: MONDAY, refreshDays: 7 })
    expect(refused({ churn_risk: 71, churn_band: 'High', scored_at: 'monday' })).toBe(true)
    expect(refused({ churn_risk: 75, churn_band: 'High', scored_at: 'monday' })).toBe(false)
    expect(refused({ churn_risk: 70, scored_at: 'monday' })).toBe(false)
    expect(isRefused(asked, undefined, fields, { now: MONDAY, refreshDays: 7 })).toBe(false)
    const date = (days: number): boolean =>
      isRefused({ scored_at: 'b' }, { values: { scored_at: 'a' }, at: MONDAY - days * DAY }, fields, { now: MONDAY, refreshDays: 7 })
    expect([date(6), date(7)]).toEqual([true, false])
  })
})

describe('rolling slices', () => {
  const ids = Array.from({ length: 7_000 }, (_, i) => String(10_000_000 + i * 4))
  it('see every record within seven days, about a seventh a day, even when a run starts earlier than yesterday', () => {
    const writtenAt = new Map(ids.map((id) => [id, MONDAY]))
    const gap = new Map<string, number>()
    for (let day = 1; day <= 21; day++) {
      const now = MONDAY + day * DAY - day * 60_000
      const due = ids.filter((id) => isDue(id, writtenAt.get(id)!, now, 7))
      for (const id of due) {
        gap.set(id, Math.max(gap.get(id) ?? 0, Math.round((now - writtenAt.get(id)!) / DAY)))
        writtenAt.set(id, now)
      }
      expect(due.length).toBeGreaterThan(ids.length / 7 / 1.2)
      expect(due.length).toBeLessThan((ids.length / 7) * 1.2)
    }
    expect(gap.size).toBe(ids.length)
    expect(Math.max(...gap.values())).toBe(7)
  })
  it('do not write a record twice on one day', () => expect(ids.filter((id) => isDue(id, MONDAY, MONDAY + DAY / 3, 7))).toEqual([]))
})
