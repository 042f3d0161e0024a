import { describe, expect, test } from 'vitest'
import { buildPanel, errorPanel, PANEL_FIELDS, type PanelFields, type PanelOptions, type PanelView, textOf } from '../src/index.ts'

const NOW = Date.UTC(2026, 10, 22, 9)
const DAY = 86_400_000
const EMPTY: PanelFields = Object.fromEntries(PANEL_FIELDS.map((name) => [name, null]))
const SCORED: PanelFields = {
  ...EMPTY,
  churn_risk: '72',
  churn_band: 'High',
  churn_trend: 'Rising',
  churn_signs: '94 days since the last order (+14); usual gap 21 days (+6); 5 orders in the last year (−3)',
  churn_history: '2026-11-21 72; 2026-10-23 31',
  next_action: 'Call them.',
  score_note: 'Chance of no order within 90 days. Ranks right 78 times in 100 (AUC), on later periods. Data until 2026-11-21.',
  scored_at: '2026-11-21T02:30:00.000Z',
}
const FACTS = '94 days since the last order; usual gap 21 days. No churn score: about 60 more customer-months needed'

interface Case {
  readonly name: string
  readonly fields: PanelFields
  readonly options?: Partial<PanelOptions>
  readonly shows: (view: PanelView) => unknown
  readonly expected: unknown
}

const texts = (items: readonly { readonly text: string }[] | undefined): readonly string[] => (items ?? []).map((item) => item.text)
const reasons = ({ reasons: found }: PanelView): unknown => found?.items.map((one) => [one.text, one.points, one.direction])

const CASES: readonly Case[] = [
  {
    name: 'a score: state',
    fields: SCORED,
    shows: (v) => [v.state, v.notice, v.facts, v.footer],
    expected: ['scored', null, null, 'Scored yesterday.'],
  },
  {
    name: 'a score: number, word, meaning and which way is bad',
    fields: SCORED,
    shows: (v) => v.score,
    expected: {
      heading: 'Churn risk',
      value: 72,
      text: '72 %',
      band: 'High risk',
      tone: 'bad',
      meaning: 'Chance of no order within 90 days',
      direction: 'Higher is worse.',
    },
  },
  {
    name: 'a score: what is known about the model',
    fields: SCORED,
    shows: (v) => v.about,
    expected: 'Ranks right 78 times in 100 (AUC), on later periods. Data until 2026-11-21.',
  },
  {
    name: 'a score: one sentence for a screen reader',
    fields: SCORED,
    shows: (v) => v.summary,
    expected:
      'Churn risk 72 percent, high risk, rising. Main sign: 94 days since the last order, raises the risk by 14 points. Next step: Call them.',
  },
  { name: 'trend in words, with an arrow', fields: SCORED, shows: (v) => v.trend, expected: { text: 'Rising', arrow: '↗', tone: 'bad' } },
  { name: 'a falling risk is good', fields: { ...SCORED, churn_trend: 'Falling' }, shows: (v) => v.trend?.tone, expected: 'good' },
  {
    name: 'no trend yet',
    fields: { ...SCORED, churn_trend: 'Not enough history' },
    shows: (v) => [v.trend?.text, v.trend?.arrow],
    expected: ['Not enough history for a trend', ''],
  },
  {
    name: 'a word of somebody else as band is shown as it is',
    fields: { ...SCORED, churn_band: 'constructor' },
    shows: (v) => [v.score?.band, v.score?.tone],
    expected: ['constructor', 'neutral'],
  },
  {
    name: 'no band, no word',
    fields: { ...SCORED, churn_band: '' },
    shows: (v) => [v.score?.band, v.score?.tone],
    expected: ['', 'neutral'],
  },
  {
    name: 'a number as number',
    fields: { ...SCORED, churn_risk: 8.4, churn_band: 'Low' },
    shows: (v) => [v.score?.text, v.score?.tone],
    expected: ['8 %', 'good'],
  },

  {
    name: 'signs are split and directed',
    fields: SCORED,
    shows: reasons,
    expected: [
      ['94 days since the last order', '+14', 'raises'],
      ['Usual gap 21 days', '+6', 'raises'],
      ['5 orders in the last year', '−3', 'lowers'],
    ],
  },
  {
    name: 'signs: the effect in words',
    fields: { ...SCORED, churn_signs: 'a (+1); b (-12); c (+0)' },
    shows: (v) => v.reasons?.items.map((one) => one.effect),
    expected: ['lowers the risk by 12 points', 'raises the risk by 1 point', 'hardly changes the risk'],
  },
  {
    name: 'restricted signs stand at their weight, and are marked',
    fields: { ...SCORED, churn_signs_restricted: 'revenue fell by half (+9)' },
    shows: (v) => v.reasons?.items.map((one) => [one.text, one.restricted]),
    expected: [
      ['94 days since the last order', ''],
      ['Revenue fell by half', 'Not visible to everyone'],
      ['Usual gap 21 days', ''],
      ['5 orders in the last year', ''],
    ],
  },
  {
    name: 'signs that were cut off',
    fields: { ...SCORED, churn_signs: 'a (+2); usual gap 21 …' },
    shows: reasons,
    expected: [
      ['A', '+2', 'raises'],
      ['Usual gap 21 …', '', 'unknown'],
    ],
  },
  {
    name: 'signs that hold brackets and semicolons',
    fields: { ...SCORED, churn_signs: 'plan (old); city (x) (+4); b (-1)' },
    shows: reasons,
    expected: [
      ['Plan (old); city (x)', '+4', 'raises'],
      ['B', '−1', 'lowers'],
    ],
  },
  {
    name: 'signs that somebody wrote',
    fields: { ...SCORED, churn_signs: 'They told me on the phone' },
    shows: reasons,
    expected: [['They told me on the phone', '', 'unknown']],
  },
  {
    name: 'no signs',
    fields: { ...SCORED, churn_signs: '' },
    shows: (v) => [v.reasons?.main, v.reasons?.note],
    expected: [null, 'No single sign stands out.'],
  },
  {
    name: 'signs that may not be read',
    fields: { ...SCORED, churn_signs: undefined },
    shows: (v) => [v.state, v.reasons?.note],
    expected: ['scored', 'You may not see the reasons.'],
  },

  {
    name: 'history, drawn oldest first on a scale of 0 to 100',
    fields: SCORED,
    shows: (v) => [v.history?.path, v.history?.end],
    expected: ['M4 26.1 L156 13', { x: 156, y: 13 }],
  },
  { name: 'history in words', fields: SCORED, shows: (v) => v.history?.summary, expected: '31 % on Oct 23, 2026, 72 % on Nov 21, 2026.' },
  {
    name: 'history in the words of the viewer',
    fields: SCORED,
    options: { locale: 'de-DE' },
    shows: (v) => v.history?.points[0]?.day,
    expected: '23. Okt. 2026',
  },
  {
    name: 'a locale that is none',
    fields: SCORED,
    options: { locale: 'no such_one' },
    shows: (v) => v.history?.points[0]?.day,
    expected: 'Oct 23, 2026',
  },
  {
    name: 'history: entries that are none, two of one day, and days to come are left out',
    fields: {
      ...SCORED,
      churn_history: '2027-01-01 9; 2026-11-21 72; 2026-11-21 60; 2026-13-40 5; x; 2026-11-01 120; 2026-10-23 31; 2026-10',
    },
    shows: (v) => v.history?.points.map((point) => point.risk),
    expected: ['31 %', '72 %'],
  },
  { name: 'one point is no line', fields: { ...SCORED, churn_history: '2026-11-21 72' }, shows: (v) => v.history, expected: null },

  {
    name: 'ten days old: not stale yet',
    fields: { ...SCORED, scored_at: NOW - 10 * DAY },
    shows: (v) => [v.state, v.footer],
    expected: ['scored', 'Scored 10 days ago.'],
  },
  {
    name: 'ten days and a moment: stale',
    fields: { ...SCORED, scored_at: String(NOW - 10 * DAY - 1) },
    shows: (v) => [v.state, v.notice?.tone],
    expected: ['stale', 'warning'],
  },
  {
    name: 'stale by the own measure',
    fields: SCORED,
    options: { staleAfterDays: 1 },
    shows: (v) => v.notice?.text,
    expected: 'Last scored on Nov 21, 2026, yesterday. Much may have changed since.',
  },
  {
    name: 'a zone as Salesforce writes it',
    fields: { ...SCORED, scored_at: '2026-11-22T04:00:00.000+0000' },
    shows: (v) => v.footer,
    expected: 'Scored today.',
  },
  {
    name: 'a time without zone is UTC',
    fields: { ...SCORED, scored_at: '2026-11-21T23:59:59' },
    shows: (v) => v.footer,
    expected: 'Scored yesterday.',
  },
  {
    name: 'a clock a little ahead',
    fields: { ...SCORED, scored_at: NOW + DAY },
    shows: (v) => [v.state, v.footer],
    expected: ['scored', 'Scored today.'],
  },
  {
    name: 'a date to come',
    fields: { ...SCORED, scored_at: '2027-03-01' },
    shows: (v) => [v.state, v.notice?.text],
    expected: ['stale', 'The score is dated Mar 1, 2027, which is still to come: a clock is wrong somewhere.'],
  },
  {
    name: 'no date',
    fields: { ...SCORED, scored_at: null },
    shows: (v) => [v.state, v.notice?.text],
    expected: ['stale', 'It is not known when this was scored.'],
  },
  { name: 'a date that is none', fields: { ...SCORED, scored_at: 'last week' }, shows: (v) => v.state, expected: 'stale' },
  {
    name: 'a date that may not be read',
    fields: { ...SCORED, scored_at: undefined },
    shows: (v) => [v.state, v.footer],
    expected: ['scored', ''],
  },

  {
    name: 'below the gate: facts and why there is no number',
    fields: { ...EMPTY, score_note: FACTS, scored_at: NOW },
    shows: (v) => [v.state, texts(v.facts?.items), v.notice, v.score, v.reasons, v.footer],
    expected: [
      'facts',
      ['94 days since the last order', 'Usual gap 21 days'],
      { tone: 'info', title: 'No churn score', text: 'About 60 more customer-months needed.' },
      null,
      null,
      'Checked today.',
    ],
  },
  {
    name: 'facts, spoken',
    fields: { ...EMPTY, score_note: FACTS },
    shows: (v) => v.summary,
    expected: 'No churn score. Known: 94 days since the last order; Usual gap 21 days.',
  },
  {
    name: 'facts so long that the reason was cut',
    fields: { ...EMPTY, score_note: 'a; b; 3 open …' },
    shows: (v) => [v.state, texts(v.facts?.items)],
    expected: ['facts', ['A', 'B', '3 open …']],
  },
  {
    name: 'no score and nothing known',
    fields: { ...EMPTY, score_note: 'No churn score: no order yet' },
    shows: (v) => [v.state, v.notice?.text, v.summary],
    expected: ['unscored', 'No order yet.', 'No churn score. No order yet.'],
  },
  {
    name: 'nothing at all',
    fields: EMPTY,
    shows: (v) => [v.state, v.notice?.text, v.footer, v.offers, v.details],
    expected: ['unscored', 'Nothing was scored for this record yet.', '', null, null],
  },
  {
    name: 'blanks are nothing',
    fields: { ...EMPTY, churn_risk: ' ', next_action: '\t', score_note: '' },
    shows: (v) => [v.state, v.action],
    expected: ['unscored', null],
  },
  {
    name: 'old signs without a number are not shown',
    fields: { ...SCORED, churn_risk: null },
    shows: (v) => [v.state, v.reasons, v.trend, v.history],
    expected: ['unscored', null, null, null],
  },
  {
    name: 'segments without a score',
    fields: { ...EMPTY, segment: 'Champions', lifecycle_stage: 'Active', value_12m: '18400.4' },
    shows: (v) => texts(v.details?.items),
    expected: ['Champions', 'Active', '18,400'],
  },
  {
    name: 'a forecast of money with its range',
    fields: { ...EMPTY, value_12m: '4200', value_12m_low: '2900', value_12m_high: '6100' },
    shows: (v) => texts(v.details?.items),
    expected: ['about 4,200 (2,900 to 6,100)'],
  },
  {
    name: 'a range that the forecast is not in, as after a write that was cut short',
    fields: { ...EMPTY, value_12m: '4200', value_12m_low: '5000', value_12m_high: '6100' },
    shows: (v) => texts(v.details?.items),
    expected: ['4,200'],
  },

  {
    name: 'no access to anything',
    fields: {},
    shows: (v) => [v.state, v.notice?.title],
    expected: ['no-access', 'You cannot see the scores'],
  },
  {
    name: 'no access to the number only',
    fields: { ...SCORED, churn_risk: undefined },
    shows: (v) => [v.state, v.notice?.title, v.score, v.action?.text],
    expected: ['no-access', 'You cannot see the churn risk', null, 'Call them.'],
  },
  {
    name: 'no access to the number, but there is none',
    fields: { ...EMPTY, churn_risk: undefined, score_note: FACTS },
    shows: (v) => v.state,
    expected: 'facts',
  },

  {
    name: 'no number in the field',
    fields: { ...SCORED, churn_risk: 'high' },
    shows: (v) => [v.state, v.score, v.notice?.text],
    expected: ['error', null, '“high” stands where a number from 1 to 99 should be. Ask your admin who else writes to this field.'],
  },
  { name: 'nought is no score', fields: { ...SCORED, churn_risk: 0 }, shows: (v) => v.state, expected: 'error' },
  { name: 'a hundred is no score', fields: { ...SCORED, churn_risk: '100' }, shows: (v) => v.state, expected: 'error' },
  { name: 'no number at all', fields: { ...SCORED, churn_risk: Number.NaN }, shows: (v) => v.state, expected: 'error' },
  { name: 'an amount that is none', fields: { ...SCORED, value_12m: '12,5 EUR' }, shows: (v) => v.details, expected: null },

  {
    name: 'offers',
    fields: {
      ...EMPTY,
      offer_1: 'Seal kit',
      offer_1_code: 'SK',
      offer_1_why: 'bought 6 times',
      offer_2_code: 'HO',
      offer_2_response: 'Not now',
      offer_3: 'X',
      offer_3_code: 'X',
    },
    shows: (v) => v.offers?.items,
    expected: [
      { key: 'offer-1', rank: '1', name: 'Seal kit', code: 'SK', why: 'bought 6 times', response: '', answer: '' },
      { key: 'offer-2', rank: '2', name: 'HO', code: '', why: '', response: 'Answer: Not now', answer: 'Not now' },
      { key: 'offer-3', rank: '3', name: 'X', code: '', why: '', response: '', answer: '' },
    ],
  },
  {
    name: 'markup is text',
    fields: { ...SCORED, next_action: '<b>x</b> & {{y}}' },
    shows: (v) => v.action?.text,
    expected: '<b>x</b> & {{y}}',
  },
  {
    name: 'letters from right to left stay, what turns others around goes',
    fields: { ...EMPTY, segment: 'שלום\u202Eabc\u0000\n' },
    shows: (v) => texts(v.details?.items),
    expected: ['שלום abc'],
  },
  {
    name: '255 letters are shown whole',
    fields: { ...EMPTY, segment: 'x'.repeat(255) },
    shows: (v) => v.details?.items[0]?.text.length,
    expected: 255,
  },
  {
    name: 'a wrong number is quoted shortly',
    fields: { ...EMPTY, churn_risk: 'x'.repeat(255) },
    shows: (v) => v.notice!.text.length < 140,
    expected: true,
  },
  {
    name: 'a note of somebody else',
    fields: { ...SCORED, score_note: 'See the wiki' },
    shows: (v) => [v.score?.meaning, v.about],
    expected: ['Chance that this customer leaves', 'See the wiki'],
  },
  { name: 'headings keep to the levels there are', fields: EMPTY, options: { headingLevel: 9 }, shows: (v) => v.headingLevel, expected: 6 },
]

describe('what a panel shows', () => {
  test.each(CASES)('$name', ({ fields, options, shows, expected }) => {
    expect(shows(buildPanel(fields, { now: NOW, ...options }))).toEqual(expected)
  })
})

test('the same fields give the same view, and it can be sent as JSON', () => {
  const view = buildPanel(SCORED, { now: NOW })
  expect(buildPanel(SCORED, { now: NOW })).toEqual(view)
  expect(JSON.parse(JSON.stringify(view))).toEqual(view)
})

test('a sign text made to be slow is read at once', () => {
  const slow = '(+1 '.repeat(64).slice(0, 255)
  expect(buildPanel({ ...SCORED, churn_signs: slow }, { now: NOW }).reasons?.items).toHaveLength(1)
})

test('a surface that could not get the fields says so', () => {
  const view = errorPanel('No answer', 'Try again.', 3)
  expect([view.state, view.headingLevel, view.notice?.title, view.summary]).toEqual(['error', 3, 'No answer', 'No answer. Try again.'])
})

test('names are cleaned as fields are', () => expect(textOf(' a\u202Eb ')).toBe('a b'))
