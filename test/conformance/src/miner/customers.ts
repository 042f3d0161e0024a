import type { CategoryColumn, DataFacts, FeatureInfo, Frame, NumberColumn, Rng, Training } from '@assay/shared'

const DAY = 86_400_000

const info = (name: string, unit: FeatureInfo['unit'], phrase: string, restricted = false): FeatureInfo => ({
  name,
  label: name.replaceAll('_', ' '),
  unit,
  phrase,
  sourceFields: [`deal.${name}`],
  restricted,
})

const REGIONS = ['east', 'north', 'south', 'west'] as const

/**
 * Customers with a hidden temper that drives how often they buy, how content they are and whether they leave. The
 * silence since the last order tells a little of it, contentment (known of four in five) much: there is something to
 * learn beyond recency.
 */
export function customersOn(day: number, n: number, rng: Rng): Frame {
  const rows = Array.from({ length: n }, (_, k) => {
    const temper = rng.next()
    const gap = 20 + 60 * rng.next()
    const tenure = Math.round(150 + 600 * rng.next())
    const silence = Math.min(tenure, Math.round(gap * (0.2 + 1.2 * rng.next() + 0.5 * temper)))
    const orderDays = Math.max(1, Math.round((tenure - silence) / gap))
    const content = 9 - 7 * temper + rng.next()
    return {
      id: `c${String(k).padStart(5, '0')}`,
      leaves: rng.next() < 0.04 + 0.85 * temper ** 2 ? 1 : 0,
      silence,
      tenure,
      orderDays,
      span: orderDays === 1 ? 0 : tenure - silence,
      content: rng.next() < 0.2 ? Number.NaN : content,
      cases: rng.below(1 + Math.round(5 * temper)),
      region: rng.next() < 0.05 ? -1 : rng.below(REGIONS.length),
    }
  })
  const numbers = (about: FeatureInfo, of: (row: (typeof rows)[number]) => number): NumberColumn => ({
    type: 'number',
    info: about,
    values: Float64Array.from(rows, of),
  })
  const region: CategoryColumn = {
    type: 'category',
    info: info('region', 'text', 'region {value}'),
    codes: Int32Array.from(rows, (row) => row.region),
    levels: REGIONS,
  }
  return {
    asOf: day * DAY,
    ids: rows.map((row) => row.id),
    columns: [
      numbers(info('days_since_last_order', 'days', '{value} since the last order'), (row) => row.silence),
      numbers(info('tenure_days', 'days', 'customer for {value}'), (row) => row.tenure),
      numbers(info('span_days', 'days', '{value} between first and last order'), (row) => row.span),
      numbers(info('order_days', 'count', 'ordered on {value} days'), (row) => row.orderDays),
      numbers(info('contentment', 'number', 'contentment {value}'), (row) => row.content),
      numbers(info('cases_90d', 'count', '{value} cases in 90 days', true), (row) => row.cases),
      region,
    ],
    outcome: Float64Array.from(rows, (row) => row.leaves),
    baskets: null,
    next: null,
  }
}

/** Four months to learn from and two later ones to be judged on, with a horizon of 60 days. */
export function customerHistory(rng: Rng): { training: Training; later: Frame[]; enough: DataFacts } {
  const frame = (day: number): Frame => customersOn(day, 350, rng.fork(`day ${day}`))
  const frames = [18_000, 18_030, 18_060, 18_090].map(frame)
  const positives = frames.reduce((sum, one) => sum + one.outcome!.reduce((a, b) => a + b, 0), 0)
  return {
    training: {
      definition: { event: 'no order within 60 days', from: 'silence', horizonDays: 60, who: 'customers with an order' },
      frames,
      order: 'time',
    },
    later: [18_150, 18_210].map(frame),
    enough: {
      customers: 350,
      orders: 4000,
      repeaters: 300,
      firstEventAt: 17_000 * DAY,
      lastEventAt: 18_300 * DAY,
      rows: 1400,
      positives,
      periods: 2,
      judgedRows: 700,
      judgedPositives: 200,
      products: 40,
      lineItems: 9000,
    },
  }
}
