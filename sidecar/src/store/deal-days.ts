import { randomBytes } from 'node:crypto'
import { instant } from './instant.ts'
import { identifier, literal } from './params.ts'
import { ON_EVERY_NODE } from './store.ts'
import type { Driver } from './store.ts'
import { localName } from './tables.ts'

const COLUMNS =
  'id, account_id, contact_id, is_closed, is_won, amount, home_amount, currency, value, closed_at, won_at, owner_id, pipeline, stage, type, created_at, planned_close_at, stage_since, stage_dated, amount_dated, plan_dated, owner_dated'

/** As many as take less than half a gigabyte. */
const SLICE = 400_000

/** What a run that was killed left behind is swept away by a later one. */
const STALE_MS = 86_400_000

/**
 * Deals as they were known on the days that one run looks at. What a deal was on a day takes a sort of all versions and a
 * join of all changes; a dozen features of the same day want it. So it is written down once (`deal_day`), read through
 * `deal_on_day` and `order_line_on_day`, and dropped with `close`.
 */
export interface DealDays {
  readonly driver: Driver
  /** Works the day out, if this run has not yet; returns what the views know it by. `asOf` in epoch ms. */
  on(connection: string, asOf: number): Promise<string>
  close(): Promise<void>
}

/** @param slice so many versions of deals are worked out at once: what they hang together with has to lie in memory */
export function openDealDays(driver: Driver, slice = SLICE): DealDays {
  const run = `${Date.now()}-${randomBytes(6).toString('hex')}`
  const known = new Map<string, Promise<string>>()
  let swept: Promise<void> | null = null

  async function workOut(connection: string, asOf: number): Promise<string> {
    await (swept ??= sweep(driver))
    const day = `${run}-${asOf}-${known.size}`
    const slices = Math.max(1, Math.ceil((await versions(driver, connection)) / slice))
    for (let part = 0; part < slices; part++)
      await driver.command(
        `INSERT INTO deal_day (day, ${COLUMNS}) SELECT {day:String}, ${COLUMNS}
          FROM deal_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)}, slice = {slice:UInt32}, slices = {slices:UInt32})`,
        { day, connection, as_of: instant(asOf), slice: part, slices },
      )
    return day
  }

  return {
    driver,
    on(connection, asOf) {
      const key = `${connection} ${asOf}`
      const day = known.get(key) ?? workOut(connection, asOf)
      known.set(key, day)
      return day
    },
    async close() {
      const days = await Promise.allSettled(known.values())
      known.clear()
      for (const day of days) if (day.status === 'fulfilled') await drop(driver, day.value)
    },
  }
}

/** Opens days for one piece of work and takes them back whatever happens. */
export async function withDealDays<T>(driver: Driver, work: (days: DealDays) => Promise<T>): Promise<T> {
  const days = openDealDays(driver)
  try {
    return await work(days)
  } finally {
    await days.close()
  }
}

async function versions(driver: Driver, connection: string): Promise<number> {
  const text = 'SELECT count() AS n FROM deal_version WHERE connection = {connection:String}'
  return Number((await driver.rows<{ n: number | string }>(text, { connection }))[0]!.n)
}

const drop = (driver: Driver, day: string): Promise<void> =>
  driver.everywhere(`ALTER TABLE ${identifier(localName('deal_day', driver.cluster))} ${ON_EVERY_NODE} DROP PARTITION ${literal(day)}`)

async function sweep(driver: Driver): Promise<void> {
  const rows = await driver.rows<{ day: string }>('SELECT DISTINCT day FROM deal_day')
  const oldest = Date.now() - STALE_MS
  for (const { day } of rows) if (Number.parseInt(day, 10) < oldest) await drop(driver, day)
}
