import type { Field } from '../fields.ts'
import { canonicalId } from '../ids.ts'
import type { ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'
import { refuse } from '../reply.ts'
import { dateText, instantOf, type Row, type Value } from '../values.ts'
import type { Condition, Literal, Operator, Query } from './parse.ts'
import { relativeDays } from './relative.ts'
import { resolve, type Column } from './resolve.ts'

export type Test = (row: Row, asOf: number | undefined) => boolean

/** What the conditions need beside themselves. */
export interface Frame {
  readonly org: Org
  readonly userId: string
  readonly object: ObjectName
  readonly soql: string
  /** The values of the one column of an inner query. */
  readonly inner: (query: Query) => readonly Value[]
}

const NUMBERS: ReadonlySet<Field['type']> = new Set<Field['type']>(['int', 'double', 'currency', 'percent'])

/** A condition as a test on rows; refuses literals that do not suit their field. */
export function testOf(condition: Condition, frame: Frame): Test {
  switch (condition.kind) {
    case 'and': {
      const tests = condition.parts.map((part) => testOf(part, frame))
      return (row, asOf) => tests.every((test) => test(row, asOf))
    }
    case 'or': {
      const tests = condition.parts.map((part) => testOf(part, frame))
      return (row, asOf) => tests.some((test) => test(row, asOf))
    }
    case 'not': {
      const test = testOf(condition.part, frame)
      return (row, asOf) => !test(row, asOf)
    }
    case 'in': {
      const column = filterable(condition.field, frame)
      const values =
        'soql' in condition.values
          ? frame.inner(condition.values)
          : condition.values.map((literal) => plainValue(literal, column.field, frame))
      const set = new Set(values.map(folded))
      return (row, asOf) => set.has(folded(column.read(row, asOf))) !== condition.not
    }
    default:
      return compareTest(filterable(condition.field, frame), condition.operator, condition.value, frame)
  }
}

function filterable(path: { readonly path: string; readonly at: number }, frame: Frame): Column {
  const column = resolve(frame.org, frame.userId, frame.object, path, frame.soql)
  if (column.field.type === 'textarea' || column.field.type === 'anyType')
    throw refuse(400, 'INVALID_FIELD', `field '${column.field.name}' can not be filtered in a query call`)
  return column
}

function compareTest(column: Column, operator: Operator, literal: Literal, frame: Frame): Test {
  const { field } = column
  if (literal.kind === 'relative') {
    const days = relativeDays(literal.text, frame.org.now())
    if (days === null || (field.type !== 'date' && field.type !== 'datetime')) throw wrongType(field)
    const bounds = field.type === 'date' ? { from: dateText(days.from), to: dateText(days.to) } : days
    return (row, asOf) => inRange(column.read(row, asOf), bounds.from, bounds.to, operator)
  }
  const value = plainValue(literal, field, frame)
  if (operator === 'LIKE') {
    const pattern = likePattern(String(value))
    return (row, asOf) => pattern.test(String(column.read(row, asOf) ?? ''))
  }
  if (operator === 'INCLUDES' || operator === 'EXCLUDES') {
    const has = (row: Row, asOf: number | undefined): boolean =>
      String(column.read(row, asOf) ?? '')
        .split(';')
        .includes(String(value))
    return operator === 'INCLUDES' ? has : (row, asOf) => !has(row, asOf)
  }
  const wanted = folded(value)
  if (operator === '=') return (row, asOf) => folded(column.read(row, asOf)) === wanted
  if (operator === '!=') return (row, asOf) => folded(column.read(row, asOf)) !== wanted
  return (row, asOf) => {
    const own = folded(column.read(row, asOf))
    if (own === null || wanted === null) return false
    if (operator === '<') return own < wanted
    if (operator === '<=') return own <= wanted
    return operator === '>' ? own > wanted : own >= wanted
  }
}

/** Days compare as a span: before it, in it, after it. */
function inRange(own: Value, from: string | number, to: string | number, operator: Operator): boolean {
  if (own === null) return operator === '!='
  switch (operator) {
    case '=':
      return own >= from && own < to
    case '!=':
      return own < from || own >= to
    case '<':
      return own < from
    case '<=':
      return own < to
    case '>':
      return own >= to
    default:
      return own >= from
  }
}

/** Texts compare without regard to case; ids are the same in either form because all are made 18 characters first. */
const folded = (value: Value): Value => (typeof value === 'string' && !isId(value) ? value.toLowerCase() : value)
const isId = (text: string): boolean => text.length === 18 && canonicalId(text) === text

function likePattern(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replace(/%/g, '.*').replace(/_/g, '.')}$`, 'is')
}

const wrongType = (field: Field): Error =>
  refuse(
    400,
    'INVALID_FIELD',
    `value of filter criterion for field '${field.name}' must be of type ${field.type} and should not be enclosed in quotes`,
  )

/** What a literal means for a field. */
export function plainValue(literal: Literal, field: Field, _frame: Frame): Value {
  if (literal.kind === 'null') return null
  switch (field.type) {
    case 'datetime': {
      const at = literal.kind === 'instant' ? instantOf(literal.text) : Number.NaN
      if (Number.isNaN(at)) throw wrongType(field)
      return at
    }
    case 'date':
      if (literal.kind !== 'date') throw wrongType(field)
      return literal.text
    case 'boolean':
      if (literal.kind !== 'boolean') throw wrongType(field)
      return literal.text === 'true'
    case 'id':
    case 'reference': {
      if (literal.kind !== 'text') throw wrongType(field)
      if (literal.text === '') return null
      const id = canonicalId(literal.text)
      if (id === null) throw refuse(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.text}`)
      return id
    }
    default:
      if (NUMBERS.has(field.type)) {
        if (literal.kind !== 'number') throw wrongType(field)
        return Number(literal.text)
      }
      if (literal.kind !== 'text')
        throw refuse(
          400,
          'INVALID_FIELD',
          `value of filter criterion for field '${field.name}' must be of type string and should be enclosed in quotes`,
        )
      return literal.text === '' ? null : literal.text
  }
}
