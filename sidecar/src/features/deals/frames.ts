import type { Column, Endings, Frame, Kind, NumberColumn } from '@assay/shared'
import { instant } from '../../store/instant.ts'
import type { DealDays } from '../../store/deal-days.ts'
import type { Driver, Params } from '../../store/store.ts'
import { sharedNumbers } from '../shared-numbers.ts'
import type { CustomerUnit } from '../history.ts'
import { queryText } from '../query.ts'
import { DEAL_FAMILIES, DEAL_WORDS, type DealFamily, infoOf } from './catalogue.ts'
import type { DealHistory } from './history.ts'

const DAY = 86_400_000

/** Which open deals, on which day. */
export interface DealFrameRequest {
  readonly connection: string
  readonly unit: CustomerUnit
  /** Epoch ms. Nothing known later is seen. */
  readonly asOf: number
  /** Of a thousand deals, how many (chosen by their id, the same on every day): 1000 is all of them. */
  readonly permille: number
  /** Kinds that hold records at all. */
  readonly kinds: ReadonlySet<Kind>
  /** What the deals of today tell about which fields can be believed on earlier days. */
  readonly history: DealHistory
  /** Currencies that nobody converted. With any, money is unknown and its columns are left out. */
  readonly mixedCurrencies: readonly string[]
}

const onDay = async (days: DealDays, request: DealFrameRequest): Promise<Params> => ({
  connection: request.connection,
  unit: request.unit,
  as_of: instant(request.asOf),
  permille: request.permille,
  day: await days.on(request.connection, request.asOf),
})

/** Deals that were open on that day, ascending by id, with every feature that the data can tell of that day. */
export async function dealFrame(days: DealDays, request: DealFrameRequest): Promise<Frame> {
  const params = await onDay(days, request)
  const { ids, columns: state } = await stateColumns(days.driver, request, params)
  const rowOf = new Map(ids.map((id, row) => [id, row]))
  const { history, kinds } = request
  const families: readonly Exclude<DealFamily, 'state'>[] = [
    ...(kinds.has('dealHistory') ? (['changes'] as const) : []),
    ...(kinds.has('activity') ? (['touches'] as const) : []),
    ...(history.dated.owner || history.clean.owner ? (['owners'] as const) : []),
    ...(history.clean.customer ? (['customers'] as const) : []),
  ]
  // One after the other: two of these side by side hold the history of all deals and all activities at once.
  const more: Column[] = []
  for (const family of families) more.push(...(await familyColumns(days.driver, request, params, family, rowOf)))
  return { asOf: request.asOf, ids, columns: [...state, ...more], outcome: null, baskets: null, next: null }
}

const isMoney = (name: string): boolean => name === 'amount' || name === 'amount_growth'

/** Numbers that the history must date, by the field that they are about. */
const NEEDS: Readonly<Record<string, keyof DealHistory['dated']>> = {
  days_in_stage: 'stage',
  stage_moves: 'stage',
  days_since_change: 'stage',
  days_to_plan: 'plan',
  days_overdue: 'plan',
  pushes: 'plan',
  pulls: 'plan',
  amount: 'amount',
  amount_changes: 'amount',
  amount_growth: 'amount',
  owner_changes: 'owner',
}

const isKnown = ({ history, mixedCurrencies }: DealFrameRequest, name: string): boolean =>
  (NEEDS[name] === undefined || history.dated[NEEDS[name]]) && !(mixedCurrencies.length > 0 && isMoney(name))

function emptyColumns(request: DealFrameRequest, family: DealFamily, size: number): NumberColumn[] {
  return Object.entries(DEAL_FAMILIES[family]).flatMap(([name, feature]): NumberColumn[] => {
    if (!isKnown(request, name)) return []
    return [{ type: 'number', info: infoOf(name, feature), values: sharedNumbers(size).fill('counted' in feature ? 0 : Number.NaN) }]
  })
}

async function stateColumns(
  driver: Driver,
  request: DealFrameRequest,
  params: Params,
): Promise<{ ids: readonly string[]; columns: readonly Column[] }> {
  const { history } = request
  const words = [
    ...(history.dated.stage ? (['stage'] as const) : []),
    ...(history.clean.pipeline ? (['pipeline'] as const) : []),
    ...(history.clean.type ? (['type'] as const) : []),
  ]
  const names = emptyColumns(request, 'state', 0).map((column) => column.info.name)
  const ids: string[] = []
  const numbers = names.map((): number[] => [])
  const texts = words.map((): (string | null)[] => [])
  const text = `SELECT deal_id, ${[...names, ...words].join(', ')} FROM (${queryText('deals/state')})`
  for await (const block of driver.blocks(text, params)) {
    for (const id of block.columns['deal_id'] as readonly string[]) ids.push(id)
    names.forEach((name, k) => {
      for (const value of block.columns[name] as Float64Array) numbers[k]!.push(value)
    })
    words.forEach((name, k) => {
      for (const value of block.columns[name] as readonly (string | null)[]) texts[k]!.push(value)
    })
  }
  const columns: Column[] = emptyColumns(request, 'state', ids.length)
  columns.forEach((column, k) => (column as NumberColumn).values.set(numbers[k]!))
  words.forEach((name, k) => columns.push(category(name, texts[k]!)))
  return { ids, columns }
}

function category(name: keyof typeof DEAL_WORDS, values: readonly (string | null)[]): Column {
  const levels = [...new Set(values.filter((value) => value !== null))].sort()
  const place = new Map(levels.map((level, code) => [level, code]))
  const codes = new Int32Array(new SharedArrayBuffer(values.length * 4))
  values.forEach((value, row) => (codes[row] = value === null ? -1 : place.get(value)!))
  return { type: 'category', info: infoOf(name, DEAL_WORDS[name]), codes, levels }
}

async function familyColumns(
  driver: Driver,
  request: DealFrameRequest,
  params: Params,
  family: Exclude<DealFamily, 'state'>,
  rowOf: ReadonlyMap<string, number>,
): Promise<NumberColumn[]> {
  const columns = emptyColumns(request, family, rowOf.size)
  if (columns.length === 0) return []
  const names = columns.map((column) => column.info.name)
  for await (const block of driver.blocks(`SELECT deal_id, ${names.join(', ')} FROM (${queryText(`deals/${family}`)})`, params)) {
    const rows = Int32Array.from(block.columns['deal_id'] as readonly string[], (id) => rowOf.get(id) ?? -1)
    for (const column of columns) {
      const from = block.columns[column.info.name] as Float64Array
      for (let i = 0; i < rows.length; i++) if (rows[i]! >= 0) column.values[rows[i]!] = from[i]!
    }
  }
  return columns
}

/** How the deals of a frame ended, as far as is known on the day `knownAt` (epoch ms); -1 where a deal was deleted since. */
export async function dealEndings(days: DealDays, frame: Frame, request: DealFrameRequest, knownAt: number): Promise<Endings> {
  const size = frame.ids.length
  const rowOf = new Map(frame.ids.map((id, row) => [id, row]))
  const endings: Endings = { how: new Int8Array(size).fill(-1), days: sharedNumbers(size), value: sharedNumbers(size).fill(Number.NaN) }
  const seenFor = (knownAt - request.asOf) / DAY
  const params = { ...(await onDay(days, request)), known_day: await days.on(request.connection, knownAt) }
  for await (const block of days.driver.blocks(queryText('deals/endings'), params)) {
    const numbers = (name: string): Float64Array => block.columns[name] as Float64Array
    const [closed, won, at, value] = [numbers('is_closed'), numbers('is_won'), numbers('closed_at'), numbers('won_value')]
    const ids = block.columns['deal_id'] as readonly string[]
    for (let i = 0; i < ids.length; i++) {
      const row = rowOf.get(ids[i]!)
      if (row === undefined) continue
      const isOpen = closed[i] === 0
      endings.days[row] = isOpen ? seenFor : Math.max(0, (at[i]! - request.asOf) / DAY)
      if (isOpen) endings.how[row] = 0
      else if (!Number.isNaN(at[i]!) && !Number.isNaN(won[i]!)) endings.how[row] = won[i] === 1 ? 1 : 2
      if (endings.how[row] === 1) endings.value[row] = value[i]!
      if (Number.isNaN(endings.days[row])) endings.days[row] = 0
    }
  }
  return endings
}
