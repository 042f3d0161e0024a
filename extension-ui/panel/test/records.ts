import type { PanelFields } from '@assay/panel-model'

const DAY = 86_400_000
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY).toISOString()
const history = (risks: readonly number[]): string => risks.map((risk, i) => `${daysAgo(1 + i * 7).slice(0, 10)} ${risk}`).join('; ')

const SCORED: PanelFields = {
  churn_risk: '72',
  churn_band: 'High',
  churn_trend: 'Rising',
  churn_signs: '94 days since the last order (+14); usual gap 21 days (+6); 5 orders in the last year (−3)',
  churn_signs_restricted: null,
  churn_history: history([72, 66, 61, 52, 48, 47, 41, 43, 40, 38]),
  segment: 'Loyal, slowing down',
  lifecycle_stage: 'Active',
  value_12m: '18400',
  offer_1: 'Seal kit 40 mm',
  offer_1_code: 'SK-40',
  offer_1_why: 'Ordered 6 times, last 4 months ago',
  offer_2: 'Hydraulic oil 20 l',
  offer_2_code: 'HO-20',
  offer_2_why: '61 % of those who buy seal kits buy this too',
  offer_2_response: 'Not now',
  next_action: 'Call and ask what they need next: the silence is longer than usual.',
  score_note:
    'Chance of no order within 90 days. Ranks right 78 times in 100 (AUC), on later periods. Data until 2026-11-21. Low below 30, Medium 30-59, High from 60 percent.',
  scored_at: daysAgo(1),
}

const EMPTY: PanelFields = Object.fromEntries(Object.keys(SCORED).map((name) => [name, null]))

export const HOSTILE = '<b>bold</b><img src=x onerror="document.title=1"> \u202Eegnaro {{x}} '
const long = (text: string): string => text.padEnd(255, 'Donaudampfschifffahrt')

/** One record for each honest state of the panel. */
export const RECORDS: Readonly<Record<string, { readonly name: string | null; readonly fields: PanelFields; readonly from?: string }>> = {
  scored: { name: 'Brightwater Pumps Ltd', fields: SCORED },
  low: {
    name: 'Fenwick & Sons',
    fields: {
      ...SCORED,
      churn_risk: 8,
      churn_band: 'Low',
      churn_trend: 'Falling',
      churn_signs: '6 orders in the last quarter (−9)',
      next_action: 'Propose Seal kit 40 mm.',
    },
  },
  medium: {
    name: 'Dana Osei',
    from: 'Brightwater Pumps Ltd',
    fields: { ...SCORED, churn_risk: 41, churn_band: 'Medium', churn_trend: 'Not enough history', churn_history: null },
  },
  stale: { name: 'Old Mill Bakery', fields: { ...SCORED, scored_at: daysAgo(40) } },
  facts: {
    name: 'Harbour Tools GmbH',
    fields: {
      ...EMPTY,
      score_note:
        '94 days since the last order; usual gap 21 days; 3 open cases. No churn score: on later periods the model was no better than recency alone; about 60 more customer-months are needed',
      segment: 'New customers',
      lifecycle_stage: 'Active',
      scored_at: daysAgo(0),
    },
  },
  unscored: { name: 'Just Imported Inc', fields: EMPTY },
  noAccess: { name: 'Hidden Ltd', fields: {} },
  error: { name: 'Broken Value AG', fields: { ...SCORED, churn_risk: 'high' } },
  hostile: {
    name: long(`${HOSTILE}שלום `),
    fields: {
      ...Object.fromEntries(Object.keys(SCORED).map((name) => [name, long(HOSTILE)])),
      churn_risk: '99',
      churn_signs: `${HOSTILE}${'x'.repeat(90)} (+14); مرحبا ${'y'.repeat(60)} (−2); cut ${'z'.repeat(40)} …`,
      churn_history: SCORED.churn_history,
      scored_at: daysAgo(1),
    },
  },
}
