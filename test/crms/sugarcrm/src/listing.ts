import { isInstant, isNumber } from './fields.ts'
import { accepts, boundsOf, wantedOf, type Filter } from './filter.ts'
import type { Instance } from './instance.ts'
import type { ModuleName } from './modules.ts'
import { invalid } from './reply.ts'
import type { Row, Value } from './values.ts'

export interface Order {
  readonly field: string
  readonly descending: boolean
}

export interface Page {
  readonly rows: readonly Row[]
  /** -1 on the last page. */
  readonly next: number
}

/** `date_modified:ASC,id:ASC`; without a word about it the newest come first. */
export function readOrder(text: string, instance: Instance, module: ModuleName): Order[] {
  if (text.trim() === '') return [{ field: 'date_modified', descending: true }]
  return text.split(',').map((part) => {
    const [field = '', direction = 'ASC'] = part.trim().split(':')
    if (instance.schema.field(module, field) === null) throw invalid(`Invalid field: ${field} in module: ${module}`)
    return { field, descending: direction.toUpperCase() === 'DESC' }
  })
}

/** Fields whose values are ids of records that a row hangs on: rows are found below those without reading everything. */
const PARENT_FIELDS = ['account_id', 'opportunity_id', 'parent_id', 'primary_contact_id', 'contact_id']

/** The rows that may pass, and whether they come in the order that was asked for. */
function candidates(
  instance: Instance,
  module: ModuleName,
  filter: Filter,
  order: readonly Order[],
): { rows: Iterable<Row>; sorted: boolean } {
  const { store } = instance
  const ids = wantedOf(filter, 'id')
  if (ids !== null) return { rows: [...new Set(ids)].map((id) => store.row(module, id)).filter((row) => row !== null), sorted: false }
  for (const field of PARENT_FIELDS) {
    const parents = wantedOf(filter, field)
    const rows = parents === null ? null : store.below(module, parents)
    if (rows !== null) return { rows, sorted: false }
  }
  const [first, second] = order
  const window = boundsOf(filter, 'date_modified')
  const from = typeof window.from === 'number' ? window.from : -Infinity
  const to = typeof window.to === 'number' ? window.to : Infinity
  const byInstant =
    first?.field === 'date_modified' &&
    (second === undefined || (second.field === 'id' && second.descending === first.descending && order.length === 2))
  if (byInstant) return { rows: store.modified(module, from, to, first.descending), sorted: true }
  if (first?.field === 'id' && !first.descending) {
    const lowest = boundsOf(filter, 'id').from
    return { rows: fromId(instance, module, typeof lowest === 'string' ? lowest : null), sorted: true }
  }
  return { rows: from > -Infinity ? store.modified(module, from, to, false) : store.after(module, null), sorted: false }
}

/** The row with this id, where there is one, and those with greater ones. */
function* fromId({ store }: Instance, module: ModuleName, id: string | null): Generator<Row> {
  const own = id === null ? null : store.row(module, id)
  if (own !== null) yield own
  yield* store.after(module, id)
}

export interface Question {
  readonly filter: Filter
  readonly order: readonly Order[]
  readonly offset: number
  readonly size: number
  readonly withDeleted: boolean
}

export function pageOf(instance: Instance, module: ModuleName, question: Question): Page {
  const { filter, order, offset, size, withDeleted } = question
  const found = candidates(instance, module, filter, order)
  return pageFrom(instance, module, found.rows, { ...question, filter, order, offset, size, withDeleted }, found.sorted)
}

/** The page of those rows that pass; they are sorted first where they are not. */
export function pageFrom(instance: Instance, module: ModuleName, rows: Iterable<Row>, question: Question, sorted: boolean): Page {
  const { filter, order, offset, size, withDeleted } = question
  const passes = (row: Row): boolean => (withDeleted || row['deleted'] !== true) && accepts(filter, row)
  const page: Row[] = []
  let position = 0
  const take = (row: Row): boolean => {
    if (position >= offset) page.push(row)
    position += 1
    return page.length <= size
  }
  if (sorted) {
    for (const row of rows) if (passes(row) && !take(row)) break
  } else {
    const all = [...rows].filter(passes).sort(comparison(instance, module, order))
    for (const row of all) if (!take(row)) break
  }
  return page.length > size ? { rows: page.slice(0, size), next: offset + size } : { rows: page, next: -1 }
}

export function countOf(instance: Instance, module: ModuleName, filter: Filter, withDeleted: boolean): number {
  if (filter.kind === 'and' && filter.parts.length === 0 && !withDeleted) return instance.store.count(module)
  let count = 0
  for (const row of candidates(instance, module, filter, []).rows)
    if ((withDeleted || row['deleted'] !== true) && accepts(filter, row)) count += 1
  return count
}

function comparison(instance: Instance, module: ModuleName, order: readonly Order[]): (left: Row, right: Row) => number {
  const keys = order.map(({ field, descending }) => {
    const definition = instance.schema.field(module, field)
    const isNumeric = definition !== null && (isNumber(definition) || isInstant(definition))
    const key = (row: Row): Value => instance.value(module, row, field)
    return { key, isNumeric, sign: descending ? -1 : 1 }
  })
  return (left, right) => {
    for (const { key, isNumeric, sign } of keys) {
      const result = compare(key(left), key(right), isNumeric)
      if (result !== 0) return sign * result
    }
    return String(left['id']) < String(right['id']) ? -1 : 1
  }
}

/** Nothing comes before something, as in MySQL. */
function compare(left: Value, right: Value, isNumeric: boolean): number {
  if (left === right) return 0
  if (left === null) return -1
  if (right === null) return 1
  if (isNumeric) return Number(left) - Number(right)
  const [one, other] = [String(left).toLowerCase(), String(right).toLowerCase()]
  return one < other ? -1 : one > other ? 1 : 0
}
