import { instant } from '../store/instant.ts'
import type { Driver } from '../store/store.ts'
import { queryText } from './query.ts'

export type CustomerUnit = 'account' | 'contact'

/** The order history in numbers, as known on one day. Instants in epoch ms; null where there is no order. */
export interface OrderHistory {
  readonly orders: number
  readonly ordersWithoutCustomer: number
  readonly customers: number
  readonly repeaters: number
  readonly firstOrderAt: number | null
  readonly lastOrderAt: number | null
  /** Quantiles .5, .75, .9 of the days between two orders of one customer; null where nobody ordered twice. */
  readonly medianGap: number | null
  readonly longGap: number | null
  readonly unusualGap: number | null
  /** Currencies of amounts that nobody converted: with more than one, money cannot be added up. */
  readonly unconvertedCurrencies: number
}

const far = Date.UTC(2200, 0, 1)

async function oneRow(driver: Driver, file: string, params: Record<string, string>): Promise<Record<string, number | null>> {
  for await (const block of driver.blocks(queryText(file), params)) {
    if (block.size === 0) continue
    return Object.fromEntries(
      Object.entries(block.columns).map(([name, values]) => {
        const value = values instanceof Float64Array ? values[0]! : Number(values[0])
        return [name, Number.isNaN(value) ? null : value]
      }),
    )
  }
  return {}
}

export async function orderHistory(driver: Driver, connection: string, unit: CustomerUnit, asOf: number): Promise<OrderHistory> {
  const params = { connection, unit, as_of: instant(asOf) }
  const history = await oneRow(driver, 'history', params)
  const gaps = await oneRow(driver, 'gaps', params)
  const any = (history['orders'] ?? 0) > 0
  const anyGap = (gaps['gaps'] ?? 0) > 0
  return {
    orders: history['orders'] ?? 0,
    ordersWithoutCustomer: history['orders_without_customer'] ?? 0,
    customers: history['customers'] ?? 0,
    repeaters: gaps['repeaters'] ?? 0,
    firstOrderAt: any ? (history['first_order_at'] ?? null) : null,
    lastOrderAt: any ? (history['last_order_at'] ?? null) : null,
    medianGap: anyGap ? (gaps['median_gap'] ?? null) : null,
    longGap: anyGap ? (gaps['long_gap'] ?? null) : null,
    unusualGap: anyGap ? (gaps['unusual_gap'] ?? null) : null,
    unconvertedCurrencies: history['unconverted_currencies'] ?? 0,
  }
}

/** The customer is the account, unless most deals hang on contacts alone. */
export async function proposeUnit(driver: Driver, connection: string): Promise<CustomerUnit> {
  const found = await oneRow(driver, 'unit', { connection, as_of: instant(far) })
  return (found['with_contact_only'] ?? 0) > (found['with_account'] ?? 0) ? 'contact' : 'account'
}

/** When the newest thing happened, in epoch ms; null in an empty store. */
export async function newestEvent(driver: Driver, connection: string): Promise<number | null> {
  return (await oneRow(driver, 'events', { connection, as_of: instant(far) }))['newest'] ?? null
}

/** Names of customers, by id; an id without a name is left out. */
export async function customerNames(
  driver: Driver,
  connection: string,
  unit: CustomerUnit,
  asOf: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await driver.rows<{ id: string; name: string | null }>(queryText('names'), { connection, unit, as_of: instant(asOf), ids })
  return new Map(rows.flatMap((row) => (row.name === null ? [] : [[row.id, row.name] as const])))
}
