import { isInstant, isNumber, type Field } from './fields.ts'
import type { Instance } from './instance.ts'
import { linkedRows } from './links.ts'
import { LINKS, type ModuleName } from './modules.ts'
import { invalid, notAuthorized } from './reply.ts'
import { dateText, instantOf, plainText, type Row, type Value } from './values.ts'

/** Sugar's filter language, read and checked. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | {
      readonly kind: 'test'
      readonly field: string
      readonly operator: string
      readonly operand: unknown
      readonly holds: (row: Row) => boolean
    }

interface Reading {
  readonly instance: Instance
  readonly module: ModuleName
  readonly userId: string
}

/** Reads `filter` as it came in JSON or out of the query; refuses unknown fields and operators (422), and fields without access (403). */
export function readFilter(given: unknown, reading: Reading): Filter {
  const list = given === undefined || given === '' ? [] : Array.isArray(given) ? given : listOf(given)
  return { kind: 'and', parts: list.map((part) => readPart(part, reading)) }
}

/** `filter[0][name]` out of a query is an object with the keys 0, 1, …. */
function listOf(given: unknown): unknown[] {
  if (typeof given !== 'object' || given === null) throw invalid(`Unexpected filter type ${typeof given}.`)
  const keys = Object.keys(given)
  return keys.every((key) => /^\d+$/.test(key)) ? Object.values(given) : [given]
}

function readPart(part: unknown, reading: Reading): Filter {
  if (typeof part !== 'object' || part === null || Array.isArray(part))
    throw invalid(`Did not recognize the definition: ${JSON.stringify(part)}`)
  const parts = Object.entries(part).map(([name, condition]): Filter => {
    if (name === '$and' || name === '$or') {
      const inner = Array.isArray(condition) ? condition : listOf(condition)
      return { kind: name === '$and' ? 'and' : 'or', parts: inner.map((each) => readPart(each, reading)) }
    }
    if (name.startsWith('$')) return macro(name, reading)
    return readField(name, condition, reading)
  })
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'and', parts }
}

function macro(name: string, { userId }: Reading): Filter {
  const own: Readonly<Record<string, (row: Row) => boolean>> = {
    $owner: (row) => row['assigned_user_id'] === userId,
    $creator: (row) => row['created_by'] === userId,
    $favorite: () => false,
    $following: () => false,
    $tracker: () => false,
  }
  const holds = own[name]
  if (holds === undefined) throw invalid(`Did not recognize the operand: ${name}`)
  return { kind: 'test', field: name, operator: name, operand: null, holds }
}

function readField(path: string, condition: unknown, reading: Reading): Filter {
  const [first = '', ...rest] = path.split('.')
  if (rest.length > 0) return acrossLink(first, rest.join('.'), condition, reading)
  const { instance, module, userId } = reading
  const field = instance.schema.field(module, path)
  if (field === null || field.type === 'link') throw invalid(`Invalid field: ${path} in module: ${module}`)
  if (!instance.access.canRead(userId, module, path)) throw notAuthorized(`Access to field: ${path} in module: ${module} is not allowed.`)
  const isPlain = typeof condition !== 'object' || condition === null || Array.isArray(condition)
  const tests = isPlain ? [['$equals', condition] as const] : Object.entries(condition)
  const parts = tests.map(([operator, operand]): Filter => {
    const test = testOf(operator, operand, field, instance)
    return { kind: 'test', field: path, operator, operand, holds: (row) => test(instance.value(module, row, path)) }
  })
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'and', parts }
}

function acrossLink(linkName: string, path: string, condition: unknown, reading: Reading): Filter {
  const { instance, module } = reading
  const link = LINKS[module]?.[linkName]
  if (link === undefined) throw invalid(`Invalid link: ${linkName} in module: ${module}`)
  const inner = readPart({ [path]: condition }, { ...reading, module: link.module })
  return {
    kind: 'test',
    field: `${linkName}.${path}`,
    operator: 'link',
    operand: condition,
    holds: (row) => linkedRows(instance, module, row, link).some((each) => accepts(inner, each)),
  }
}

/** Whether a row passes. */
export function accepts(filter: Filter, row: Row): boolean {
  if (filter.kind === 'test') return filter.holds(row)
  return filter.kind === 'and' ? filter.parts.every((part) => accepts(part, row)) : filter.parts.some((part) => accepts(part, row))
}

type Test = (value: Value) => boolean

/** A value as it is compared: numbers and instants as numbers, text without regard to capitals, as the database does. */
function comparable(field: Field, value: Value): number | string | null {
  if (value === null || value === '') return null
  if (isNumber(field) || isInstant(field)) return Number(value)
  if (field.type === 'bool') return value === true || value === '1' || value === 1 || value === 'true' ? 1 : 0
  return String(value).toLowerCase()
}

function operandOf(field: Field, operand: unknown): number | string | null {
  const text = plainText(operand)
  if (isInstant(field)) {
    const at = instantOf(text)
    if (text !== '' && Number.isNaN(at)) throw invalid(`Invalid date for field: ${field.name}`)
    return text === '' ? null : at
  }
  if (field.type === 'date') return text.slice(0, 10).toLowerCase()
  return comparable(field, typeof operand === 'boolean' ? operand : text)
}

function testOf(operator: string, operand: unknown, field: Field, instance: Instance): Test {
  const list = (): unknown[] =>
    Array.isArray(operand) ? operand : typeof operand === 'object' && operand !== null ? Object.values(operand) : [operand]
  const compare =
    (holds: (order: number) => boolean, against: unknown = operand): Test =>
    (value) => {
      const [own, other] = [comparable(field, value), operandOf(field, against)]
      if (own === null || other === null) return false
      return holds(own < other ? -1 : own > other ? 1 : 0)
    }
  const words = (holds: (own: string, part: string) => boolean): Test => {
    const parts = list().map((each) => plainText(each).toLowerCase())
    return (value) => value !== null && parts.some((part) => holds(String(value).toLowerCase(), part))
  }
  const equals = (against: unknown): Test => {
    const other = operandOf(field, against)
    if (field.type === 'multienum') return (value) => Array.isArray(value) && value.includes(plainText(against))
    return (value) => {
      const own = comparable(field, value)
      return other === null ? own === null : own === other
    }
  }
  const isEmpty: Test = (value) => value === null || value === '' || (Array.isArray(value) && value.length === 0)
  switch (operator) {
    case '$equals':
      return equals(operand)
    case '$not_equals': {
      const test = equals(operand)
      return (value) => !test(value)
    }
    case '$in': {
      if (field.type === 'id' || field.type === 'enum') {
        const keys = new Set(list().map((each) => plainText(each).toLowerCase()))
        return (value) => value !== null && keys.has(String(value).toLowerCase())
      }
      const tests = list().map(equals)
      return (value) => tests.some((test) => test(value))
    }
    case '$not_in': {
      const tests = list().map(equals)
      return (value) => !tests.some((test) => test(value))
    }
    case '$starts':
      return words((own, part) => own.startsWith(part))
    case '$ends':
      return words((own, part) => own.endsWith(part))
    case '$contains':
      return words((own, part) => own.includes(part))
    case '$not_contains': {
      const test = words((own, part) => own.includes(part))
      return (value) => !test(value)
    }
    case '$is_null':
      return (value) => value === null
    case '$not_null':
      return (value) => value !== null
    case '$empty':
      return isEmpty
    case '$not_empty':
      return (value) => !isEmpty(value)
    case '$lt':
      return compare((order) => order < 0)
    case '$lte':
      return compare((order) => order <= 0)
    case '$gt':
      return compare((order) => order > 0)
    case '$gte':
      return compare((order) => order >= 0)
    case '$between':
    case '$dateBetween': {
      const [from, to] = list()
      if (list().length !== 2) throw invalid(`${operator} requires an array with two values.`)
      const end =
        operator === '$dateBetween' && isInstant(field) && /^\d{4}-\d\d-\d\d$/.test(plainText(to)) ? `${plainText(to)}T23:59:59Z` : to
      const [above, below] = [compare((order) => order >= 0, from), compare((order) => order <= 0, end)]
      return (value) => above(value) && below(value)
    }
    case '$dateRange': {
      const [from, until] = dateRange(plainText(operand), instance.now())
      return (value) => {
        const at = value === null ? Number.NaN : typeof value === 'number' ? value : Date.parse(String(value))
        return at >= from && at < until
      }
    }
    default:
      throw invalid(`Did not recognize the operand: ${operator}`)
  }
}

const DAY = 86_400_000

/** [from, until) of a named range, in whole days of Greenwich. */
function dateRange(name: string, now: number): readonly [number, number] {
  const today = Date.parse(dateText(now))
  const date = new Date(today)
  const month = (offset: number): number => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1)
  const ranges: Readonly<Record<string, readonly [number, number]>> = {
    yesterday: [today - DAY, today],
    today: [today, today + DAY],
    tomorrow: [today + DAY, today + 2 * DAY],
    last_7_days: [today - 6 * DAY, today + DAY],
    next_7_days: [today, today + 7 * DAY],
    last_30_days: [today - 29 * DAY, today + DAY],
    next_30_days: [today, today + 30 * DAY],
    last_month: [month(-1), month(0)],
    this_month: [month(0), month(1)],
    next_month: [month(1), month(2)],
    this_year: [Date.UTC(date.getUTCFullYear(), 0, 1), Date.UTC(date.getUTCFullYear() + 1, 0, 1)],
    last_year: [Date.UTC(date.getUTCFullYear() - 1, 0, 1), Date.UTC(date.getUTCFullYear(), 0, 1)],
  }
  const range = ranges[name]
  if (range === undefined) throw invalid(`Invalid date range: ${name}`)
  return range
}

export interface Bounds {
  readonly from: number | string | null
  readonly to: number | string | null
}

/** Between what a field must lie for a row to pass, as far as the filter's shape tells; null where it does not. */
export function boundsOf(filter: Filter, field: 'date_modified' | 'id'): Bounds {
  const none: Bounds = { from: null, to: null }
  if (filter.kind === 'test') {
    if (filter.field !== field || Array.isArray(filter.operand)) return none
    const operand = field === 'id' ? plainText(filter.operand).toLowerCase() : instantOf(plainText(filter.operand))
    switch (filter.operator) {
      case '$equals':
        return { from: operand, to: operand }
      case '$gt':
      case '$gte':
        return { from: operand, to: null }
      case '$lt':
      case '$lte':
        return { from: null, to: operand }
      default:
        return none
    }
  }
  const parts = filter.parts.map((part) => boundsOf(part, field))
  const both = (key: 'from' | 'to', takeLater: boolean): number | string | null => {
    const known = parts.map((part) => part[key]).filter((value) => value !== null)
    if (known.length === 0 || (filter.kind === 'or' && known.length < parts.length)) return null
    return known.reduce((left, right) => (left > right === takeLater ? left : right))
  }
  return { from: both('from', filter.kind === 'and'), to: both('to', filter.kind === 'or') }
}

/** The values one of which a field must have, where the filter says so outright; null where it does not. */
export function wantedOf(filter: Filter, field: string): readonly string[] | null {
  if (filter.kind === 'test') {
    if (filter.field !== field) return null
    if (filter.operator === '$equals') return [plainText(filter.operand)]
    return filter.operator === '$in' && Array.isArray(filter.operand) ? filter.operand.map((each) => plainText(each)) : null
  }
  const parts = filter.parts.map((part) => wantedOf(part, field))
  if (filter.kind === 'and') return parts.find((part) => part !== null) ?? null
  const known = parts.filter((part) => part !== null)
  return known.length > 0 && known.length === parts.length ? known.flat() : null
}
