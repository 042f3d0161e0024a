import type { FeatureInfo, Followed, Frame, NumberColumn } from '@assay/shared'
import type { DealDays } from '../store/deal-days.ts'
import { instant } from '../store/instant.ts'
import { type FrameRequest, parameters } from './frames.ts'
import { sharedNumbers } from './shared-numbers.ts'
import { queryText } from './query.ts'

const DAY = 86_400_000
const won = 'deal.closedAt'
const amount = 'deal.amount'

const info = (name: string, label: string, unit: FeatureInfo['unit'], phrase: string, ...sourceFields: string[]): FeatureInfo => ({
  name,
  label,
  unit,
  phrase,
  sourceFields,
  restricted: false,
})

/** What only forecasts of money read. Nothing else is taught with them. */
const COLUMNS: readonly FeatureInfo[] = [
  info('net_money', 'Money less returns', 'money', '{value} spent in all, returns taken off', amount),
  info('net_money_365d', 'Money in a year less returns', 'money', '{value} spent in the last 365 days, returns taken off', amount),
  info('valued_days', 'Order days with a value', 'count', '{value} order days with a known value', amount),
  info('day_value', 'Value of an order day', 'money', '{value} a usual order day', amount),
  info('repeat_days', 'Later order days with a value', 'count', '{value} order days after the first', amount),
  info('repeat_value', 'Value of a later order day', 'money', '{value} a usual order day after the first', amount),
  info('ln_gaps', 'Gaps between order days (log)', 'number', 'gaps {value} (sum of logarithms)', won),
  info('gap_share', 'First of two gaps', 'share', 'first of two gaps {value}', won),
]

/** The frame with what each customer's order days are worth; money is left out where currencies stand side by side unconverted. */
export async function withSpending(days: DealDays, frame: Frame, request: FrameRequest): Promise<Frame> {
  const refused = (request.mixedCurrencies ?? []).length > 0
  const columns = COLUMNS.filter((about) => !refused || about.sourceFields[0] !== amount).map((about): NumberColumn => ({
    type: 'number',
    info: about,
    values: sharedNumbers(frame.ids.length).fill(Number.NaN),
  }))
  const rowOf = new Map(frame.ids.map((id, row) => [id, row]))
  const names = columns.map((column) => column.info.name).join(', ')
  const onDay = { ...parameters(request), day: await days.on(request.connection, request.asOf) }
  for await (const block of days.driver.blocks(`SELECT customer_id, ${names} FROM (${queryText('spending')})`, onDay)) {
    const rows = Int32Array.from(block.columns['customer_id'] as readonly string[], (id) => rowOf.get(id) ?? -1)
    for (const column of columns) {
      const from = block.columns[column.info.name] as Float64Array
      for (let i = 0; i < rows.length; i++) if (rows[i]! >= 0) column.values[rows[i]!] = from[i]!
    }
  }
  return { ...frame, columns: [...frame.columns, ...columns] }
}

/** What the customers of a frame bought in the `horizonDays` after it. `knownAt` is today, later than the end of them. */
export async function followedBy(
  days: DealDays,
  frame: Frame,
  request: FrameRequest,
  horizonDays: number,
  knownAt: number,
): Promise<Followed> {
  const size = frame.ids.length
  const refused = (request.mixedCurrencies ?? []).length > 0
  const followed = { days: horizonDays, money: sharedNumbers(size).fill(refused ? Number.NaN : 0), orderDays: sharedNumbers(size) }
  const rowOf = new Map(frame.ids.map((id, row) => [id, row]))
  const known_day = await days.on(request.connection, knownAt)
  const window = { ...parameters(request), until: instant(request.asOf + horizonDays * DAY), known_day }
  for await (const block of days.driver.blocks(queryText('followed'), window)) {
    const ids = block.columns['customer_id'] as readonly string[]
    const money = block.columns['money'] as Float64Array
    const orderDays = block.columns['order_days'] as Float64Array
    for (let i = 0; i < ids.length; i++) {
      const row = rowOf.get(ids[i]!)
      if (row === undefined) continue
      if (!refused) followed.money[row] = money[i]!
      followed.orderDays[row] = orderDays[i]!
    }
  }
  return followed
}
