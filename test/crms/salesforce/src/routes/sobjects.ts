import type { Dml, Outcome } from '../dml.ts'
import type { Exchange, Route } from '../exchange.ts'
import { canonicalId, objectOfId } from '../ids.ts'
import type { ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'
import { created, errorReply, members, methodNotAllowed, noContent, notFound, ok, refuse, type Reply } from '../reply.ts'
import { resolve } from '../soql/resolve.ts'
import { record } from '../soql/present.ts'
import { objectDescribe, objectSummary } from './describe.ts'
import { deletedRoute, updatedRoute } from './replication.ts'

/** `/sobjects`: global describe, describe, single records, deleted and updated. */
export function sobjectsRoute(org: Org, dml: Dml): Route {
  return (exchange) => {
    const { method, rest, prefix, userId } = exchange
    const [, name, what] = rest
    if (name === undefined) {
      if (method !== 'GET') throw methodNotAllowed(method)
      const visible = org.schema.objects().filter((object) => org.access.allows(userId, object, 'read'))
      return ok({ encoding: 'UTF-8', maxBatchSize: 200, sobjects: visible.map((object) => objectSummary(org, object, userId, prefix)) })
    }
    const object = org.schema.object(name)
    if (object === null || !org.access.allows(userId, object, 'read')) throw notFound()
    if (what === undefined) {
      if (method === 'GET') return ok({ objectDescribe: objectSummary(org, object, userId, prefix), recentItems: [] })
      if (method !== 'POST') throw methodNotAllowed(method)
      return createdReply(dml.create(object, members(exchange.json()), { userId, by: 'rest' }), object, prefix)
    }
    if (method === 'GET' && what === 'describe') return ok(objectDescribe(org, object, userId, prefix))
    if (method === 'GET' && what === 'deleted') return deletedRoute(org, object, exchange)
    if (method === 'GET' && what === 'updated') return updatedRoute(org, object, exchange)
    return rest.length >= 4 ? byExternalId(org, dml, object, exchange) : byId(org, dml, object, exchange)
  }
}

function byId(org: Org, dml: Dml, object: ObjectName, exchange: Exchange): Reply {
  const { method, rest, userId } = exchange
  const id = canonicalId(rest[2] ?? '')
  if (id === null || objectOfId(id) !== object)
    throw refuse(404, 'NOT_FOUND', 'Provided external ID field does not exist or is not accessible: ' + (rest[2] ?? ''))
  const row = org.store.row(object, id)
  if (row === null || !org.isInBin(row)) throw notFound()
  if (row['IsDeleted'] === true) throw refuse(404, 'ENTITY_IS_DELETED', 'entity is deleted')
  switch (method) {
    case 'GET':
      return ok(shown(org, object, row, exchange))
    case 'PATCH':
      return plain(dml.update(object, id, members(exchange.json()), { userId, by: 'rest' }))
    case 'DELETE':
      return plain(dml.delete(object, id, { userId, by: 'rest' }))
    default:
      throw methodNotAllowed(method)
  }
}

/** A record with the fields that were asked for, or all the user may see. */
export function shown(
  org: Org,
  object: ObjectName,
  row: Parameters<typeof record>[1],
  exchange: Pick<Exchange, 'query' | 'userId' | 'prefix'>,
): unknown {
  const asked = exchange.query
    .get('fields')
    ?.split(',')
    .map((name) => name.trim())
  const names =
    asked ??
    [...org.schema.fields(object).values()].filter((field) => org.access.canRead(exchange.userId, object, field)).map((field) => field.name)
  const columns = names.map((path) => resolve(org, exchange.userId, object, { path, at: 0 }, `SELECT ${path} FROM ${object}`))
  return record(columns, row, object, exchange.prefix, undefined)
}

function byExternalId(org: Org, dml: Dml, object: ObjectName, exchange: Exchange): Reply {
  const { method, rest, prefix, userId } = exchange
  const field = org.schema.field(object, rest[2] ?? '')
  const value = rest[3] ?? ''
  if (field === null || (field.externalId !== true && field.type !== 'id') || !org.access.canRead(userId, object, field))
    throw refuse(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${rest[2] ?? ''}`)
  const found = field.type === 'id' ? [value] : dml.matching(object, field, value)
  if (found.length > 1) return { status: 300, body: found.map((id) => `${prefix}/sobjects/${object}/${id}`) }
  const [id] = found
  const row = id === undefined ? null : org.store.row(object, id)
  switch (method) {
    case 'GET':
      if (row === null) throw notFound()
      return ok(shown(org, object, row, exchange))
    case 'PATCH': {
      const outcome = dml.upsert(object, field, value, members(exchange.json()), { userId, by: 'rest' })
      if (!outcome.ok) return plain(outcome)
      const body = { id: outcome.id, success: true, errors: [], created: outcome.created }
      return outcome.created ? created(body, `${prefix}/sobjects/${object}/${outcome.id}`) : ok(body)
    }
    case 'DELETE':
      if (id === undefined) throw notFound()
      return plain(dml.delete(object, id, { userId, by: 'rest' }))
    default:
      throw methodNotAllowed(method)
  }
}

const FORBIDDEN = new Set(['INSUFFICIENT_ACCESS_OR_READONLY'])

function problemReply(outcome: Outcome & { ok: false }): Reply {
  const [first] = outcome.problems
  if (outcome.problems.length === 1 && first !== undefined)
    return errorReply(FORBIDDEN.has(first.code) ? 403 : 400, first.code, first.message, first.fields)
  return { status: 400, body: outcome.problems.map(({ code, message, fields }) => ({ message, errorCode: code, fields: fields ?? [] })) }
}

const plain = (outcome: Outcome): Reply => (outcome.ok ? noContent : problemReply(outcome))
const createdReply = (outcome: Outcome, object: ObjectName, prefix: string): Reply =>
  outcome.ok ? created({ id: outcome.id, success: true, errors: [] }, `${prefix}/sobjects/${object}/${outcome.id}`) : problemReply(outcome)
