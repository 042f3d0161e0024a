import { instant } from '../store/instant.ts'
import type { DealDays } from '../store/deal-days.ts'
import type { Driver } from '../store/store.ts'
import { exportEnd, type ExportEnd } from './export-end.ts'
import { oneRow } from './one-row.ts'
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
  /** When the first subscription began; null where none has, or nobody says when. */
  readonly firstSubscriptionAt: number | null
  /** Quantiles .5, .75, .9 of the days between two orders of one customer; null where nobody ordered twice. */
  readonly medianGap: number | null
  readonly longGap: number | null
  readonly unusualGap: number | null
  /** Currencies that stand side by side unconverted, so that money cannot be added up and is refused; empty when all is well. */
  readonly mixedCurrencies: readonly string[]
}

/** The first of January 2200: everything that is known at all. */
const far = 7_258_118_400_000

export async function orderHistory(days: DealDays, connection: string, unit: CustomerUnit, asOf: number): Promise<OrderHistory> {
  const { driver } = days
  const params = { unit, connection, as_of: instant(asOf), day: await days.on(connection, asOf) }
  const history = await oneRow(driver, 'history', params)
  const gaps = await oneRow(driver, 'gaps', params)
  const contracts = await oneRow(driver, 'contracts', params)
  const number = (value: number | string | null | undefined): number | null => (typeof value === 'number' ? value : null)
  const any = (number(history['orders']) ?? 0) > 0
  const anyGap = (number(gaps['gaps']) ?? 0) > 0
  return {
    orders: number(history['orders']) ?? 0,
    ordersWithoutCustomer: number(history['orders_without_customer']) ?? 0,
    customers: number(history['customers']) ?? 0,
    repeaters: number(gaps['repeaters']) ?? 0,
    firstOrderAt: any ? number(history['first_order_at']) : null,
    lastOrderAt: any ? number(history['last_order_at']) : null,
    firstSubscriptionAt: number(contracts['first_subscription_at']),
    medianGap: anyGap ? number(gaps['median_gap']) : null,
    longGap: anyGap ? number(gaps['long_gap']) : null,
    unusualGap: anyGap ? number(gaps['unusual_gap']) : null,
    mixedCurrencies: mixedCurrencies(words(history['unconverted']), number(history['converted']) ?? 0, words(history['own'])),
  }
}

const words = (text: number | string | null | undefined): readonly string[] =>
  typeof text === 'string' && text !== '' ? text.split(' ') : []

/** One unconverted currency is the company's own, unless others were converted into another one. */
function mixedCurrencies(unconverted: readonly string[], converted: number, own: readonly string[]): readonly string[] {
  if (unconverted.length > 1) return unconverted
  const foreign = unconverted.length === 1 && converted > 0 && !own.includes(unconverted[0]!)
  return foreign ? [...unconverted, ...(own.length > 0 ? own : ['the company currency'])] : []
}

/** The customer is the account, unless most deals (without deals, most subscriptions) hang on contacts alone. Give `asOf` where there is a clock. */
export async function proposeUnit(days: DealDays, connection: string, asOf: number = far): Promise<CustomerUnit> {
  const found = await oneRow(days.driver, 'unit', { connection, as_of: instant(asOf), day: await days.on(connection, asOf) })
  return Number(found['with_contact_only'] ?? 0) > Number(found['with_account'] ?? 0) ? 'contact' : 'account'
}

/**
 * When the newest thing happened, in epoch ms; null in an empty store. Give `asOf` where there is a clock: a planned
 * meeting is no event, and with no clock it cannot be told from one. `deals` is the day whose deals are looked through,
 * where a later one is worked out anyhow.
 */
export async function newestEvent(days: DealDays, connection: string, asOf: number = far, deals: number = asOf): Promise<number | null> {
  const { newest } = await oneRow(days.driver, 'events', { connection, as_of: instant(asOf), day: await days.on(connection, deals) })
  return typeof newest === 'number' ? newest : null
}

/** Where the history ends, by the days on which things happened; `now` in epoch ms. Null in an empty store. */
export async function historyEnd(days: DealDays, connection: string, now: number): Promise<ExportEnd | null> {
  const params = { connection, as_of: instant(far), day: await days.on(connection, far) }
  const found = await days.driver.rows<{ day: string | number; events: string | number; plans: string | number }>(
    queryText('event-days'),
    params,
  )
  return exportEnd(
    found.map((row) => ({ day: Number(row.day), events: Number(row.events), plans: Number(row.plans) })),
    now,
  )
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
