import type { Column, FeatureInfo, Frame } from '@assay/shared'
import { readCsv } from './csv.ts'

const DAY = 86_400_000

const info = (name: string, unit: FeatureInfo['unit'], source: string): FeatureInfo => ({
  name,
  label: name,
  unit,
  phrase: unit === 'text' || unit === 'number' ? `${name}: {value}` : `{value} ${name.replaceAll('_', ' ')}`,
  sourceFields: [source],
  restricted: false,
})

/** A flat file as one frame: numbers where all filled cells are numbers, else words. */
export function flatFrame(
  file: string,
  options: { outcome: string; positive: string; id?: string; ignore?: readonly string[]; delimiter?: string },
): Frame {
  const { header, rows } = readCsv(file, options.delimiter)
  const at = (name: string): number => header.indexOf(name)
  const skip = new Set([options.outcome, options.id, ...(options.ignore ?? [])])
  const order = rows.map((_, row) => row)
  if (options.id) order.sort((i, j) => (rows[i]![at(options.id!)]! < rows[j]![at(options.id!)]! ? -1 : 1))
  const columns = header
    .filter((name) => !skip.has(name))
    .map((name): Column => {
      const cells = order.map((row) => rows[row]![at(name)]!.trim())
      if (cells.every((cell) => cell === '' || Number.isFinite(Number(cell))))
        return {
          type: 'number',
          info: info(name, 'number', `attribute.${name}`),
          values: Float64Array.from(cells, (c) => (c === '' ? Number.NaN : Number(c))),
        }
      if (cells.every((cell) => cell === '' || /^\d{4}-\d\d-\d\d$/.test(cell)))
        return {
          type: 'number',
          info: info(name, 'number', `attribute.${name}`),
          values: Float64Array.from(cells, (c) => (c === '' ? Number.NaN : Date.parse(c) / DAY)),
        }
      const levels = [...new Set(cells)].filter((c) => c !== '').sort()
      return {
        type: 'category',
        info: info(name, 'text', `attribute.${name}`),
        codes: Int32Array.from(cells, (c) => levels.indexOf(c)),
        levels,
      }
    })
  return {
    asOf: null,
    ids: order.map((row) => (options.id ? rows[row]![at(options.id)]! : String(row).padStart(6, '0'))),
    columns,
    outcome: Float64Array.from(order, (row) => (rows[row]![at(options.outcome)] === options.positive ? 1 : 0)),
    baskets: null,
    next: null,
  }
}

/** Some rows of a frame. */
export function selectRows(frame: Frame, rows: readonly number[]): Frame {
  return {
    ...frame,
    ids: rows.map((row) => frame.ids[row]!),
    outcome: frame.outcome && Float64Array.from(rows, (row) => frame.outcome![row]!),
    columns: frame.columns.map((column) =>
      column.type === 'number'
        ? { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) },
    ),
  }
}

interface Order {
  readonly at: number
  readonly money: number
  readonly lines: number
}
export interface Shop {
  readonly orders: ReadonlyMap<string, readonly Order[]>
  readonly returns: ReadonlyMap<string, readonly number[]>
}

/** Invoices of the Online Retail file by customer, oldest first; cancellations apart. */
export function readShop(file: string): Shop {
  const { rows } = readCsv(file)
  const invoices = new Map<string, { customer: string; at: number; money: number; lines: number }>()
  const returns = new Map<string, number[]>()
  for (const [invoice, , , quantity, date, price, customer] of rows) {
    if (!customer || customer === 'NA') continue
    const at = Date.parse(`${date!.replace(' ', 'T')}Z`)
    if (invoice!.startsWith('C')) {
      returns.set(customer, [...(returns.get(customer) ?? []), at])
      continue
    }
    const money = Number(quantity) * Number(price)
    if (!(Number(quantity) > 0) || !(Number(price) > 0)) continue
    const known = invoices.get(invoice!) ?? { customer, at, money: 0, lines: 0 }
    known.money += money
    known.lines++
    invoices.set(invoice!, known)
  }
  const orders = new Map<string, Order[]>()
  for (const { customer, at, money, lines } of invoices.values())
    orders.set(customer, [...(orders.get(customer) ?? []), { at, money, lines }])
  for (const list of orders.values()) list.sort((a, b) => a.at - b.at)
  return { orders, returns }
}

/** Everybody with an order before `asOf`; outcome 1 = no order in the following `horizon` days. */
export function snapshot(shop: Shop, asOf: number, horizon: number): Frame {
  const ids = [...shop.orders.keys()].filter((id) => shop.orders.get(id)![0]!.at < asOf).sort()
  const today = Math.floor(asOf / DAY)
  const features: [string, FeatureInfo['unit'], (known: readonly Order[], days: readonly number[], id: string) => number][] = [
    ['days_since_last_order', 'days', (_, days) => today - days.at(-1)!],
    ['tenure_days', 'days', (_, days) => today - days[0]!],
    ['span_days', 'days', (_, days) => days.at(-1)! - days[0]!],
    ['orders', 'count', (known) => known.length],
    ['order_days', 'count', (_, days) => days.length],
    ['money', 'money', (known) => sum(known, (o) => o.money)],
    ['mean_order_value', 'money', (known) => sum(known, (o) => o.money) / known.length],
    ...[30, 60, 90, 180, 365].map((window): (typeof features)[number] => [
      `orders_${window}d`,
      'count',
      (known) => known.filter((o) => o.at >= asOf - window * DAY).length,
    ]),
    ...[30, 90, 180, 365].map((window): (typeof features)[number] => [
      `money_${window}d`,
      'money',
      (known) =>
        sum(
          known.filter((o) => o.at >= asOf - window * DAY),
          (o) => o.money,
        ),
    ]),
    ['mean_gap_days', 'days', (_, days) => (days.length < 2 ? Number.NaN : (days.at(-1)! - days[0]!) / (days.length - 1))],
    ['gap_variation', 'ratio', (_, days) => (days.length < 3 ? Number.NaN : variation(days))],
    [
      'recency_over_gap',
      'ratio',
      (_, days) => (days.length < 2 ? Number.NaN : (today - days.at(-1)!) / Math.max(1, (days.at(-1)! - days[0]!) / (days.length - 1))),
    ],
    [
      'orders_trend',
      'ratio',
      (known) => {
        const late = known.filter((o) => o.at >= asOf - 90 * DAY).length
        const early = known.filter((o) => o.at >= asOf - 180 * DAY && o.at < asOf - 90 * DAY).length
        return Math.log((late + 1) / (early + 1))
      },
    ],
    ['lines_per_order', 'number', (known) => sum(known, (o) => o.lines) / known.length],
    ['returns', 'count', (_, __, id) => (shop.returns.get(id) ?? []).filter((at) => at < asOf).length],
  ]
  const known = ids.map((id) => shop.orders.get(id)!.filter((o) => o.at < asOf))
  const days = known.map((list) => [...new Set(list.map((o) => Math.floor(o.at / DAY)))].sort((a, b) => a - b))
  return {
    asOf,
    ids,
    columns: features.map(([name, unit, of]) => ({
      type: 'number',
      info: info(name, unit, name.startsWith('money') ? 'deal.amount' : 'deal.closedAt'),
      values: Float64Array.from(ids, (id, row) => of(known[row]!, days[row]!, id)),
    })),
    outcome: Float64Array.from(ids, (id) => (shop.orders.get(id)!.some((o) => o.at >= asOf && o.at < asOf + horizon * DAY) ? 0 : 1)),
    baskets: null,
    next: null,
  }
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0)

function variation(days: readonly number[]): number {
  const gaps = days.slice(1).map((day, i) => day - days[i]!)
  const mean = sum(gaps, (g) => g) / gaps.length
  return Math.sqrt(sum(gaps, (g) => (g - mean) ** 2) / gaps.length) / mean
}
