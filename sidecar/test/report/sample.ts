import type { PageReport } from '../../src/report/page.ts'

const head = {
  version: 1,
  protocol: 'later-period' as const,
  judgedAt: ['2011-09-09'],
  baselines: [{ name: 'base rate', auc: 0.5, logLoss: 0.684 }],
}

/** A yes-or-no miner with everything that a page can draw. Names hold what must be escaped. */
export const churnSample: PageReport = {
  ...head,
  miner: 'churn',
  event: 'no order within 90 days',
  verdict: 'publish',
  why: 'AUC .745 against .684 of "days since the last order" on 3362 rows',
  population: { who: 'customers with an order in the last 365 days', rows: 3362, positives: 1457 },
  metrics: { auc: { value: 0.745, low: 0.728, high: 0.762 }, logLoss: 0.583, ece: 0.039 },
  candidates: [
    { name: 'logistic regression', auc: 0.745, chosen: true },
    { name: 'boosted trees', auc: 0.744, chosen: false },
  ],
  details: {
    reliability: [
      { said: 0.1, happened: 0.13, n: 800 },
      { said: 0.4, happened: 0.38, n: 1600 },
      { said: 0.8, happened: 0.86, n: 962 },
    ],
    spread: {
      happened: Array.from({ length: 20 }, (_, i) => 10 + i * 6),
      not: Array.from({ length: 20 }, (_, i) => 200 - i * 9),
      happenedBox: [0.12, 0.4, 0.58, 0.74, 0.9],
      notBox: [0.04, 0.18, 0.33, 0.5, 0.76],
    },
    confusion: { threshold: 0.37, warnedAndHappened: 1140, warnedInVain: 760, missed: 317, rightlyQuiet: 1145 },
    lift: [0.05, 0.1, 0.2].map((share, i) => ({
      share,
      n: Math.round(3362 * share),
      rate: 0.88 - 0.06 * i,
      lift: 2.03 - 0.14 * i,
      gain: 0.1 * (i + 1),
    })),
    hits: [{ id: '12346', on: '2011-09-09', probability: 0.94 }],
    misses: [{ id: '17850', on: '2011-09-09', probability: 0.04 }],
  },
  drivers: [
    { feature: 'days_since_last_order', label: 'Days since the last order', moves: 0.6, share: 0.41, direction: 'up' },
    { feature: 'orders', label: 'Orders', moves: 0.3, share: 0.22, direction: 'down' },
  ],
  leaks: [{ column: 'duration', label: 'Duration', auc: 0.95, why: 'AUC .95 alone: filled after the outcome?' }],
  matured: {
    event: 'no order within 90 days',
    n: 900,
    happened: 280,
    said: 0.3,
    auc: { value: 0.73, low: 0.7, high: 0.76 },
    bands: [
      { band: 'Low', n: 500, happened: 60, said: 0.13 },
      { band: 'Medium', n: 300, happened: 120, said: 0.41 },
      { band: 'High', n: 100, happened: 100, said: 0.7 },
    ],
    warned: { n: 0, happened: 0, said: 0 },
    days: [{ on: '2011-06-01', n: 900, happened: 280, said: 0.3 }],
    text: 'Of 100 such warnings 100 left (no order within 90 days); 70 % of them were said to.',
  },
  model: '3f2a91c0-0000-0000-0000-000000000000',
  state: 'live',
  fittedAt: Date.UTC(2011, 11, 10),
  dataUntil: Date.UTC(2011, 11, 9),
  names: { '12346': 'Müller & Söhne <script>alert(1)</script>', '17850': '"Quoted" Ltd' },
}

const segment = (name: string, size: number, middle: number) => ({
  name,
  description: `${size} customers; a usual one has ${middle} orders.`,
  size,
  share: size / 1000,
  apart: [{ feature: 'orders', label: 'Orders', difference: 1.2 }],
  words: [{ feature: 'region', label: 'Region', word: 'North', here: 0.6, everywhere: 0.3 }],
  rules: [{ text: 'orders above 4; days since the last order up to 31 days', n: size, right: 0.93 }],
  ruled: 0.91,
  boxes: [{ feature: 'orders', label: 'Orders', unit: 'count', five: [1, middle - 1, middle, middle + 3, middle + 20] }],
})

export const segmentsSample: PageReport = {
  ...head,
  miner: 'segments',
  event: 'belongs together',
  verdict: 'publish',
  why: '2 segments, found again in resamples with an overlap of 0.88',
  protocol: 'resampling',
  population: { who: 'customers with an order', rows: 1000, positives: 0 },
  metrics: { k: 2, stability: 0.88 },
  candidates: [],
  details: {
    segments: [segment('Frequent big buyers', 300, 12), segment('Quiet for long', 700, 2)],
    table: [
      {
        k: 2,
        inertia: 600.5,
        silhouette: 0.43,
        gap: 1.4,
        gapError: 0.01,
        stability: 0.9,
        weakest: 0.88,
        smallest: 300,
        against: null,
        chosen: true,
      },
    ],
    lineage: {
      agreement: 0.97,
      from: [
        { name: 'Frequent big buyers', earlier: 'Frequent big buyers', overlap: 0.95 },
        { name: 'Quiet for long', earlier: null, overlap: 0.2 },
      ],
      gone: ['Rare buyers'],
    },
  },
  moves: {
    since: '2011-11-09',
    groups: ['Frequent big buyers', 'Quiet for long'],
    matrix: [
      [290, 10],
      [5, 680],
    ],
    arrived: [5, 10],
    stayed: 970,
    moved: 15,
    who: [{ id: '12346', from: 'Frequent big buyers', to: 'Quiet for long', why: '94 days since the last order, was 12 days' }],
  },
  changes: {
    since: '2011-11-09',
    against: 'earlier',
    tested: 2,
    rate: 0.05,
    found: [
      {
        what: 'segment',
        name: 'Quiet for long',
        how: 'appeared',
        before: null,
        now: 0.7,
        p: 0.005,
        text: 'Segment "Quiet for long" appeared',
      },
    ],
  },
  names: { '12346': 'Müller' },
}

export const offersSample: PageReport = {
  ...head,
  miner: 'offers',
  event: 'in the next order',
  verdict: 'refuse',
  why: 'No better than the most popular products beyond chance',
  population: { who: 'customers with at least 2 orders', rows: 100, positives: 40 },
  metrics: { 'recall@10': { value: 0.2, low: 0.18, high: 0.22 } },
  candidates: [],
  details: {
    rules: {
      count: 3,
      customers: 100,
      strongest: [{ ifBought: ['Red lamp', 'Blue lamp'], offer: 'Green lamp', customers: 20, confidence: 0.6, lift: 4.2 }],
    },
  },
}
