import type { Measure } from './model.ts'

/** Where a segment's centre lies on each measure, in standard deviations from the average customer. */
export type Centre = Partial<Readonly<Record<Measure, number>>>

const CLEAR = 0.4
const VERY = 0.9

/** -1 below the average, 0 about average, 1 above it. */
const side = (value = 0): -1 | 0 | 1 => (value > CLEAR ? 1 : value < -CLEAR ? -1 : 0)

const PLAIN: Readonly<Record<string, string>> = {
  '-1 1': 'Frequent buyers',
  '-1 0': 'Regular buyers',
  '-1 -1': 'New or rare, bought lately',
  '0 1': 'Frequent buyers, slowing down',
  '0 0': 'Average buyers',
  '0 -1': 'Rare buyers',
  '1 1': 'Frequent buyers gone quiet',
  '1 0': 'Regular buyers gone quiet',
  '1 -1': 'Quiet for long',
}

function plainName(centre: Centre): string {
  const recency = side(centre.days_since_last_order)
  const frequency = side(centre.orders)
  if (recency === -1 && frequency === 1 && (centre.money ?? 0) > VERY) return 'Frequent big buyers'
  return PLAIN[`${recency} ${frequency}`]!
}

const DIFFERENCES: readonly { measure: Measure; low: string; high: string }[] = [
  { measure: 'money', low: 'small spenders', high: 'big spenders' },
  { measure: 'orders', low: 'fewer orders', high: 'more orders' },
  { measure: 'days_since_last_order', low: 'more recent', high: 'longer ago' },
]

/** Tells segments of one name apart by the measure on which they differ most. */
function toldApart(name: string, centres: readonly Centre[]): string[] {
  const spread = (measure: Measure) => {
    const values = centres.map((centre) => centre[measure] ?? 0)
    return Math.max(...values) - Math.min(...values)
  }
  const by = DIFFERENCES.reduce((best, each) => (spread(each.measure) > spread(best.measure) ? each : best))
  const sorted = centres.toSorted((a, b) => (a[by.measure] ?? 0) - (b[by.measure] ?? 0))
  return centres.map((centre) => {
    const place = sorted.indexOf(centre)
    if (place === 0) return `${name}, ${by.low}`
    if (place === sorted.length - 1) return `${name}, ${by.high}`
    return sorted.length === 3 ? `${name}, in between` : `${name}, in between ${place}`
  })
}

/** One name each, all different, in words that a seller uses. The names depend on the centres only. */
export function segmentNames(centres: readonly Centre[]): string[] {
  const plain = centres.map(plainName)
  return plain.map((name, i) => {
    const same = centres.filter((_, j) => plain[j] === name)
    return same.length === 1 ? name : toldApart(name, same)[same.indexOf(centres[i]!)]!
  })
}
