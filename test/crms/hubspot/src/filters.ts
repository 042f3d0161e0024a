import type { PropertyDefinition } from './definitions.ts'
import { modifiedProperty, type ObjectType } from './object-types.ts'
import type { Properties } from './properties.ts'
import { refuse } from './reply.ts'
import { compareIds, instantOf } from './values.ts'

interface Filter {
  readonly propertyName: string
  readonly operator: string
  readonly value?: string
  readonly highValue?: string
  readonly values?: readonly string[]
}

/** One filter, ready to be asked about a property's text. */
export interface Test {
  readonly name: string
  readonly test: (value: string | null) => boolean
  /** For the modification date: nothing before this instant can pass. */
  readonly notBefore: number
}

type Compare = (left: string, right: string) => number

const OPERATORS = new Set([
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
])

/** Groups × filters, with HubSpot's caps; throws its 400 for what it would refuse. */
export function compileGroups(properties: Properties, type: ObjectType, groups: unknown, idOrder: 'text' | 'number'): Test[][] {
  if (groups === undefined) return []
  if (!Array.isArray(groups)) throw invalid('filterGroups must be a list')
  if (groups.length > 5) throw invalid('The maximum number of filterGroups is 5')
  const compiled = groups.map((group: { filters?: unknown }) => {
    if (!Array.isArray(group?.filters)) throw invalid('filters must be a list')
    if (group.filters.length > 6) throw invalid('The maximum number of filters in a group is 6')
    return group.filters.map((filter: Filter) => compile(properties, type, filter, idOrder))
  })
  if (compiled.flat().length > 18) throw invalid('The maximum number of filters is 18')
  return compiled
}

/** How a property's values are put in order. */
export function comparison(found: PropertyDefinition, idOrder: 'text' | 'number'): Compare {
  if (found.name === 'hs_object_id') return idOrder === 'number' ? compareIds : byText
  if (found.type === 'number') return (left, right) => Number(left) - Number(right)
  if (found.type === 'date' || found.type === 'datetime') return (left, right) => instantOf(left) - instantOf(right)
  return byText
}

function compile(properties: Properties, type: ObjectType, filter: Filter, idOrder: 'text' | 'number'): Test {
  const { propertyName: name, operator } = filter
  if (!OPERATORS.has(operator)) throw invalid(`${operator} is not a valid operator`)
  const found = properties.find(type, name)
  if (found === null) throw invalid(`There was a problem with the request. Property ${name} does not exist`)
  const compare = comparison(found, idOrder)
  const plain = found.type === 'string' || found.type === 'enumeration'
  const same = (left: string, right: string): boolean => (plain ? left.toLowerCase() === right.toLowerCase() : compare(left, right) === 0)
  const one = (value: string | number | boolean | null | undefined, what: string): string => {
    if (value === undefined || value === null || value === '') throw invalid(`operator ${operator} of ${name} requires ${what}`)
    const text = String(value)
    if ((found.type === 'number' && Number.isNaN(Number(text))) || (found.type.startsWith('date') && Number.isNaN(instantOf(text))))
      throw invalid(`${text} is no valid value of ${name}`)
    return text
  }
  const isModified = name === modifiedProperty(type)
  const answer = (test: Test['test'], notBefore = -Infinity): Test => ({ name, test, notBefore: isModified ? notBefore : -Infinity })
  const valued = (test: (text: string) => boolean, notBefore?: number): Test => answer((text) => text !== null && test(text), notBefore)

  switch (operator) {
    case 'HAS_PROPERTY':
      return answer((text) => text !== null)
    case 'NOT_HAS_PROPERTY':
      return answer((text) => text === null)
    case 'IN':
    case 'NOT_IN': {
      if (!Array.isArray(filter.values) || filter.values.length === 0) throw invalid(`operator ${operator} of ${name} requires values`)
      const values = filter.values.map((value) => one(value, 'values'))
      const within = (text: string | null): boolean => text !== null && values.some((value) => same(text, value))
      return answer(operator === 'IN' ? within : (text) => !within(text))
    }
    case 'BETWEEN': {
      const low = one(filter.value, 'a value')
      const high = one(filter.highValue, 'a highValue')
      return valued((text) => compare(text, low) >= 0 && compare(text, high) <= 0, instantOf(low))
    }
  }
  const value = one(filter.value, 'a value')
  switch (operator) {
    case 'EQ':
      return valued((text) => same(text, value), instantOf(value))
    case 'NEQ':
      return answer((text) => text === null || !same(text, value))
    case 'LT':
      return valued((text) => compare(text, value) < 0)
    case 'LTE':
      return valued((text) => compare(text, value) <= 0)
    case 'GT':
      return valued((text) => compare(text, value) > 0, instantOf(value))
    case 'GTE':
      return valued((text) => compare(text, value) >= 0, instantOf(value))
    case 'CONTAINS_TOKEN':
      return valued((text) => hasToken(text, value))
    default:
      return answer((text) => text === null || !hasToken(text, value))
  }
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** A token of the text matches; `*` at either end stands for anything. */
export function hasToken(text: string, wanted: string): boolean {
  const pattern = wanted.toLowerCase().replace(/[^a-z0-9*]+/g, ' ')
  const tokens = text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '')
  return pattern
    .split(' ')
    .filter((each) => each !== '')
    .every((each) => {
      const core = each.replaceAll('*', '')
      return tokens.some((token) => {
        if (each.startsWith('*') && each.endsWith('*')) return token.includes(core)
        if (each.startsWith('*')) return token.endsWith(core)
        return each.endsWith('*') ? token.startsWith(core) : token === core
      })
    })
}

function invalid(message: string): Error {
  return refuse(400, 'VALIDATION_ERROR', message, { errors: [{ message, code: 'INVALID_FILTER', in: 'filterGroups' }] })
}
