import { type Frame, sayValue } from '@assay/shared'
import { fiveNumbers } from '../../numeric/spread.ts'
import { MEASURES, type Segment } from './model.ts'
import { valuesOf } from './measures.ts'
import { tellingWords } from './words.ts'

const TOP = 5

const whole = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')

function median(values: Float64Array): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const middle = sorted.length / 2
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function moments(values: Float64Array): { mean: number; deviation: number; n: number } {
  const known = values.filter((value) => !Number.isNaN(value))
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const square = known.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(square / known.length), n: known.length }
}

function usualCustomer(size: number, usual: Readonly<Record<string, number>>): string {
  const { orders, days_since_last_order: days, money } = usual
  const parts = [
    orders === undefined ? null : `has ${whole(orders)} ${Math.round(orders) === 1 ? 'order' : 'orders'}`,
    days === undefined ? null : `the last ${sayValue('days', days)} ago`,
    money === undefined ? null : `${whole(money)} spent in all`,
  ].filter((part) => part !== null)
  return `${whole(size)} customers${parts.length > 0 ? `; a usual one ${parts.join(', ')}` : ''}.`
}

/** What the customers of one segment have in common, in numbers. `all` and `members` are row numbers. */
export function profileOf(frame: Frame, all: Int32Array, members: Int32Array, name: string): Omit<Segment, 'rules' | 'ruled'> {
  const usual: Record<string, number> = {}
  const apart: Segment['apart'] = []
  // Sorted by name, so that the order of the columns says nothing.
  for (const each of frame.columns.toSorted((a, b) => (a.info.name < b.info.name ? -1 : 1))) {
    if (each.type !== 'number') continue
    const values = valuesOf(frame, each.info.name)
    const here = Float64Array.from(members, (row) => values[row]!)
    const everywhere = moments(Float64Array.from(all, (row) => values[row]!))
    const own = moments(here)
    if (own.n === 0) continue
    usual[each.info.name] = median(here)
    if (!(everywhere.deviation > 0)) continue
    apart.push({ feature: each.info.name, label: each.info.label, difference: (own.mean - everywhere.mean) / everywhere.deviation })
  }
  apart.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || (a.feature < b.feature ? -1 : 1))
  return {
    name,
    description: usualCustomer(members.length, usual),
    size: members.length,
    share: all.length === 0 ? 0 : members.length / all.length,
    usual,
    apart: apart.slice(0, TOP),
    words: tellingWords(frame, all, members),
    boxes: boxesOf(frame, members),
  }
}

/** How the members lie on each measure that they were told apart by. */
function boxesOf(frame: Frame, members: Int32Array): Segment['boxes'] {
  return MEASURES.flatMap((measure) => {
    const info = frame.columns.find((each) => each.info.name === measure)?.info
    const values = valuesOf(frame, measure)
    const five = fiveNumbers(Float64Array.from(members, (row) => values[row]!))
    return info === undefined || five === null ? [] : [{ feature: measure, label: info.label, unit: info.unit, five }]
  })
}
