import type { CategoryColumn, Column, Endings, FeatureInfo, Frame, Kind, NumberColumn } from '@assay/shared'
import type { DealDays } from '../store/deal-days.ts'
import { instant } from '../store/instant.ts'
import type { Driver, Params } from '../store/store.ts'
import { COUNTED, FAMILIES, type Family, TODAY_ONLY } from './catalogue.ts'
import { queryText } from './query.ts'
import { sharedNumbers } from './shared-numbers.ts'
import { signOfLife } from './sign-of-life.ts'

/** Whose customers, on which day, and how many of them. */
export interface FrameRequest {
  readonly connection: string
  readonly unit: 'account' | 'contact'
  /** Epoch ms. Nothing known later is seen. */
  readonly asOf: number
  /** Of a thousand customers, how many (chosen by their id): 1000 is everybody. */
  readonly permille: number
  /** For looking at today, never for learning: also those who have not ordered yet (prospects), and what only today's records tell. */
  readonly everybody?: boolean
  /** Only these families of features; all of them when left out. */
  readonly families?: readonly Family[]
  /** Kinds that hold records at all: a family of an empty kind is unknown, not zero. */
  readonly kinds: ReadonlySet<Kind>
  /** Currencies that nobody converted. With any, money is unknown and its columns are left out. */
  readonly mixedCurrencies?: readonly string[]
}

const FAMILY_KIND: Record<Family, Kind> = {
  orders: 'deal',
  products: 'lineItem',
  pipeline: 'deal',
  owners: 'dealHistory',
  activities: 'activity',
  cases: 'case',
  contacts: 'contact',
  subscriptions: 'subscription',
}

export const parameters = (request: FrameRequest): Params => ({
  connection: request.connection,
  unit: request.unit,
  as_of: instant(request.asOf),
  permille: request.permille,
  everybody: request.everybody ? 1 : 0,
})

/** Of more customers than this one family keeps all processors busy, and two at once hold half a gigabyte more. */
const SIDE_BY_SIDE = 30_000

/** Customers as known on that day, ascending by id, with every feature of the catalogue that the data can tell. */
export async function buildFrame(days: DealDays, request: FrameRequest): Promise<Frame> {
  const { driver } = days
  const onDay: Params = { ...parameters(request), day: await days.on(request.connection, request.asOf) }
  const ids: string[] = []
  for await (const block of driver.blocks(queryText('customers'), onDay)) {
    for (const id of block.columns['customer_id'] as readonly string[]) ids.push(id)
  }
  const rowOf = new Map(ids.map((id, row) => [id, row]))
  const asked = (request.families ?? (Object.keys(FAMILIES) as Family[]))
    .filter((family) => request.kinds.has(FAMILY_KIND[family]))
    // A contact has no contacts of its own.
    .filter((family) => !(family === 'contacts' && request.unit === 'contact'))
  const columnsOf = (family: Family): Promise<NumberColumn[]> => familyColumns(driver, request, onDay, family, rowOf)
  const told: NumberColumn[] = []
  // Families know nothing of each other: the engine computes them side by side, where there is memory for two.
  if (ids.length <= SIDE_BY_SIDE) told.push(...(await allOf(asked.map(columnsOf))).flat())
  else for (const family of asked) told.push(...(await columnsOf(family)))
  return { asOf: request.asOf, ids, columns: [...told, ...signOfLife(told)], outcome: null, baskets: null, next: null }
}

/** Waits for all of them before it says that one failed: nobody closes the store while the others still ask it. */
async function allOf<T>(asked: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(asked)
  return Promise.all(asked)
}

async function familyColumns(
  driver: Driver,
  request: FrameRequest,
  onDay: Params,
  family: Family,
  rowOf: ReadonlyMap<string, number>,
): Promise<NumberColumn[]> {
  const refused = (request.mixedCurrencies ?? []).length > 0
  const columns = Object.entries(FAMILIES[family]).flatMap(([name, feature]): NumberColumn[] => {
    const info: FeatureInfo = { name, ...feature, restricted: false }
    if ((refused && isMoney(info)) || (TODAY_ONLY.has(name) && !request.everybody)) return []
    return [{ type: 'number', info, values: sharedNumbers(rowOf.size).fill(COUNTED.has(name) ? 0 : Number.NaN) }]
  })
  if (columns.length === 0) return []
  let told = 0
  const names = columns.map((c) => c.info.name).join(', ')
  const text = `SELECT customer_id, ${names} FROM (${queryText(family)})`
  for await (const block of driver.blocks(text, onDay)) {
    const blockIds = block.columns['customer_id'] as readonly string[]
    const rows = Int32Array.from(blockIds, (id) => rowOf.get(id) ?? -1)
    told += rows.length
    for (const column of columns) {
      const from = block.columns[column.info.name] as Float64Array
      for (let i = 0; i < rows.length; i++) if (rows[i]! >= 0) column.values[rows[i]!] = from[i]!
    }
  }
  if (told === 0 && !(await known(driver, onDay, FAMILY_KIND[family]))) for (const column of columns) column.values.fill(Number.NaN)
  return columns
}

const isMoney = (info: FeatureInfo): boolean => info.unit === 'money' || info.name === 'return_share'

/** Before a kind was kept at all, nothing is known about it: that is no zero. */
async function known(driver: Driver, onDay: Params, kind: Kind): Promise<boolean> {
  const records =
    kind === 'deal' ? 'deal_on_day(day = {day:String})' : `${kind}_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})`
  const rows = await driver.rows<{ known: number | string }>(queryText('known').replace('/* records */', records), onDay)
  return Number(rows[0]?.known ?? 0) > 0
}

/** The rows of a frame for which `keep` is not zero, as a frame of its own; baskets stay with their rows. */
export function filterFrame(frame: Frame, keep: ArrayLike<number>): Frame {
  const rows = Int32Array.from(frame.ids.flatMap((_, row) => (keep[row] ? [row] : [])))
  return selectRows(frame, rows)
}

/** Those rows of a frame, in that order. */
export function selectRows(frame: Frame, rows: Int32Array): Frame {
  const pick = (from: Float64Array): Float64Array => {
    const to = sharedNumbers(rows.length)
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!
    return to
  }
  return {
    asOf: frame.asOf,
    ids: Array.from(rows, (row) => frame.ids[row]!),
    columns: frame.columns.map((column): Column => {
      if (column.type === 'number') return { ...column, values: pick(column.values) }
      const codes = new Int32Array(new SharedArrayBuffer(rows.length * 4))
      for (let i = 0; i < rows.length; i++) codes[i] = column.codes[rows[i]!]!
      return { ...column, codes } satisfies CategoryColumn
    }),
    outcome: frame.outcome === null ? null : pick(frame.outcome),
    ...(frame.eventAfter === undefined ? {} : { eventAfter: pick(frame.eventAfter) }),
    baskets: frame.baskets === null ? null : selectBaskets(frame.baskets, rows),
    next: frame.next === null ? null : selectBaskets(frame.next, rows),
    ...(frame.followed === undefined
      ? {}
      : { followed: frame.followed.map((one) => ({ ...one, money: pick(one.money), orderDays: pick(one.orderDays) })) }),
    ...(frame.buyers === undefined ? {} : { buyers: frame.buyers }),
    ...(frame.endings ? { endings: selectEndings(frame.endings, rows) } : {}),
  }
}

const selectEndings = (from: Endings, rows: Int32Array): Endings => ({
  how: Int8Array.from(rows, (row) => from.how[row]!),
  days: Float64Array.from(rows, (row) => from.days[row]!),
  value: Float64Array.from(rows, (row) => from.value[row]!),
})

type BasketsOf = NonNullable<Frame['baskets']>

function selectBaskets(from: BasketsOf, rows: Int32Array): BasketsOf {
  const rowStarts = new Int32Array(rows.length + 1)
  const times: number[] = []
  const offsets: number[] = [0]
  const items: number[] = []
  for (let i = 0; i < rows.length; i++) {
    for (let basket = from.rows[rows[i]!]!; basket < from.rows[rows[i]! + 1]!; basket++) {
      times.push(from.times[basket]!)
      for (let k = from.offsets[basket]!; k < from.offsets[basket + 1]!; k++) items.push(from.items[k]!)
      offsets.push(items.length)
    }
    rowStarts[i + 1] = times.length
  }
  return { ...from, rows: rowStarts, times: Float64Array.from(times), offsets: Int32Array.from(offsets), items: Int32Array.from(items) }
}
