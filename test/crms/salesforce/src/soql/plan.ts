import { canonicalId, idOf } from '../ids.ts'
import { OBJECTS, SYSTEM_PERMISSIONS, type ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'
import { refuse } from '../reply.ts'
import { instantOf, type Row, type Value } from '../values.ts'
import { testOf, type Frame, type Test } from './conditions.ts'
import { parseQuery, type Condition, type Query } from './parse.ts'
import { resolve, type Column } from './resolve.ts'

/** A query that was understood: what to show, and which rows. */
export interface Plan {
  readonly query: Query
  readonly object: ObjectName
  readonly columns: readonly Column[]
  /** Rows with a greater id, ascending by id, as they were when the query was asked; without sorting, limit and offset. */
  rows(after: string | null): Iterable<Row>
  /** Sorted, limited: the ids in their order. null where that is just the order of `rows`. */
  sorted(): readonly string[] | null
  row(id: string): Row | null
}

export interface Asking {
  readonly org: Org
  readonly userId: string
  /** With what is in the bin. */
  readonly all: boolean
  readonly asOf: number | undefined
}

/** Understands a query, or refuses it with the error Salesforce gives. */
export function planOf(soql: string, asking: Asking): Plan {
  return planned(parseQuery(soql), asking)
}

function planned(query: Query, asking: Asking): Plan {
  const { org, userId, all, asOf } = asking
  const object = org.schema.object(query.from.path)
  if (object === null || !org.access.allows(userId, object, 'read')) throw invalidType(query.from.path)
  const inner = (nested: Query): readonly Value[] => {
    const plan = planned(nested, { ...asking, all: false })
    const [column] = plan.columns
    return column === undefined ? [] : [...plan.rows(null)].map((row) => column.read(row, asOf))
  }
  const frame: Frame = { org, userId, object, soql: query.soql, inner }
  const columns = query.select.flatMap((path) => columnsOf(path, frame))
  for (const { field } of query.aggregates) if (field !== null) resolve(org, userId, object, field, query.soql)
  const test: Test = query.where === null ? () => true : testOf(query.where, frame)
  const order = query.orderBy.map((each) => ({ ...each, column: resolve(org, userId, object, each.field, query.soql) }))
  const isListed = (row: Row): boolean => (all ? org.isInBin(row) : row['IsDeleted'] !== true && row['IsArchived'] !== true)

  const own = object === 'UserPermissionAccess' ? ownPermissions(org, userId) : null

  const found = function* (after: string | null): Generator<Row> {
    for (const row of own !== null ? [own] : candidates(query.where, asking, object, after)) if (isListed(row) && test(row, asOf)) yield row
  }

  return {
    query,
    object,
    columns,
    rows: found,
    row: (id) => own ?? org.store.row(object, id, asOf),
    sorted() {
      if (order.length === 0 && query.limit === null && query.offset === 0) return null
      const byId = order.length === 0 || (order.length === 1 && order[0]?.column.path === 'Id' && !order[0].descending)
      const most = query.limit === null ? Infinity : query.offset + query.limit
      const ids: string[] = []
      const keys: Value[][] = []
      for (const row of found(null)) {
        if (byId && ids.length >= most) break
        if (!byId) keys.push(order.map(({ column }) => column.read(row, asOf)))
        ids.push(String(row['Id']))
      }
      if (byId) return ids.slice(query.offset, most)
      const positions = ids.map((_id, position) => position)
      positions.sort((left, right) => {
        for (const [index, { descending, nullsLast }] of order.entries()) {
          const difference = compareValues(keys[left]?.[index] ?? null, keys[right]?.[index] ?? null, descending, nullsLast)
          if (difference !== 0) return difference
        }
        return left - right
      })
      return positions.slice(query.offset, most).map((position) => ids[position] ?? '')
    },
  }
}

/** The one row of what the asking user may do. */
function ownPermissions(org: Org, userId: string): Row {
  const permitted = org.access.permissions(userId)
  return {
    Id: idOf(OBJECTS.UserPermissionAccess.prefix, 1),
    ...Object.fromEntries(SYSTEM_PERMISSIONS.map((permission) => [`Permissions${permission}`, permitted.has(permission)])),
  }
}

/** Nulls come first unless told otherwise. */
function compareValues(left: Value, right: Value, descending: boolean, nullsLast: boolean): number {
  if (left === right) return 0
  if (left === null || right === null) return (left === null) === nullsLast ? 1 : -1
  return left < right === descending ? 1 : -1
}

function columnsOf(path: { readonly path: string; readonly at: number }, frame: Frame): Column[] {
  const { org, userId, object, soql } = frame
  const which = /^FIELDS\((ALL|STANDARD|CUSTOM)\)$/.exec(path.path)?.[1]
  if (which === undefined) return [resolve(org, userId, object, path, soql)]
  return [...org.schema.fields(object).values()]
    .filter((field) => org.access.canRead(userId, object, field) && (which === 'ALL' || (field.custom === true) === (which === 'CUSTOM')))
    .map((field) => resolve(org, userId, object, { path: field.name, at: path.at }, soql))
}

export const invalidType = (name: string): Error =>
  refuse(
    400,
    'INVALID_TYPE',
    `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
  )

/** The rows that may match: found by id, by parent or by date of modification where the conditions allow it, otherwise all. */
function candidates(where: Condition | null, { org, asOf }: Asking, object: ObjectName, from: string | null): Iterable<Row> {
  let after = from
  const parts = where === null ? [] : where.kind === 'and' ? where.parts : [where]
  const ascending = function* (ids: Iterable<string>): Generator<Row> {
    for (const id of [...new Set(ids)].sort()) {
      const row = after === null || id > after ? org.store.row(object, id, asOf) : null
      if (row !== null) yield row
    }
  }
  for (const part of parts) {
    const ids = idsIn(part)
    if (ids === null) continue
    if (ids.field === 'id') return ascending(ids.values)
    const field = org.schema.field(object, ids.field)
    const below = field?.type === 'reference' ? org.store.below(object, ids.values) : null
    if (below !== null) return ascending([...below].map((row) => String(row['Id'])))
  }
  // Paging by id: what came before need not be read again.
  for (const part of parts) {
    if (part.kind !== 'compare' || part.operator !== '>' || part.field.path.toLowerCase() !== 'id' || part.value.kind !== 'text') continue
    const id = canonicalId(part.value.text)
    if (id !== null && (after === null || id > after)) after = id
  }
  const stamped = modifiedBetween(parts, org.schema.field(object, 'SystemModstamp') === null)
  const touched = stamped.from === -Infinity ? null : org.store.modified(object, stamped.from, stamped.to)
  return touched === null ? org.store.after(object, after, true, asOf) : ascending(touched)
}

function idsIn(condition: Condition): { readonly field: string; readonly values: string[] } | null {
  if (condition.kind === 'compare' && condition.operator === '=' && condition.value.kind === 'text')
    return listOf(condition.field.path, [condition.value.text])
  if (condition.kind === 'in' && !condition.not && !('soql' in condition.values))
    return listOf(
      condition.field.path,
      condition.values.map((value) => value.text),
    )
  return null
}

function listOf(field: string, texts: readonly string[]): { field: string; values: string[] } | null {
  if (!/^\w*Id$/i.test(field)) return null
  return { field: field.toLowerCase(), values: texts.map(canonicalId).filter((id) => id !== null) }
}

/** Nothing is created or modified after its SystemModstamp, so a lower bound on any of the three holds for it. */
function modifiedBetween(parts: readonly Condition[], isOnlyCreated: boolean): { from: number; to: number } {
  let from = -Infinity
  let to = Infinity
  for (const part of parts) {
    if (part.kind === 'or' || part.kind === 'and') {
      // Of alternatives the widest counts, of conditions that all hold the narrowest.
      const inner =
        part.kind === 'and'
          ? [modifiedBetween(part.parts, isOnlyCreated)]
          : part.parts.map((each) => modifiedBetween([each], isOnlyCreated))
      from = Math.max(from, Math.min(...inner.map((each) => each.from)))
      to = Math.min(to, Math.max(...inner.map((each) => each.to)))
      continue
    }
    if (part.kind !== 'compare' || part.value.kind !== 'instant') continue
    const field = part.field.path.toLowerCase()
    if (!['systemmodstamp', 'lastmodifieddate', 'createddate'].includes(field)) continue
    const at = instantOf(part.value.text)
    const exact = field === 'systemmodstamp' || isOnlyCreated
    if (part.operator === '>' || part.operator === '>=' || part.operator === '=') from = Math.max(from, at)
    if (exact && (part.operator === '<' || part.operator === '<=' || part.operator === '=')) to = Math.min(to, at + 1)
  }
  return { from, to }
}
