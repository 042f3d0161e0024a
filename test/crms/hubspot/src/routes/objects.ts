import { listParameter, members, methodNotAllowed, notFound, type Exchange, type Input } from '../exchange.ts'
import type { ObjectType } from '../object-types.ts'
import { typeOrRefuse, type Portal } from '../portal.ts'
import { present, readable, type Wanted } from '../present.ts'
import { created, noContent, ok, type Reply } from '../reply.ts'
import { readScope, writeScope } from '../scopes.ts'
import { createSearch } from '../search.ts'
import { validated } from '../validate.ts'
import { batch } from './batch.ts'
import { linkedRecords, objectAssociations } from './associations.ts'
import { list } from './list.ts'
import { locate } from './locate.ts'
import { archiveOne, makeOne, prepare, updateOne } from './write.ts'

/** `/crm/v3/objects/…` and `/crm/objects/2026-03/…`. */
export function objectsRoute(portal: Portal): (exchange: Exchange) => Promise<Reply> {
  const search = createSearch(portal)
  return async (exchange) => {
    const { method, rest, body } = exchange
    const [segment = '', second, third, ...others] = rest
    const type = typeOrRefuse(segment)
    if (second === undefined) {
      if (method === 'GET') return (exchange.need(...readScope(type)), list(portal, type, exchange))
      if (method === 'POST') return (exchange.need(...writeScope(type)), createOne(portal, type, body as Input))
      return methodNotAllowed()
    }
    if (method === 'POST' && third === undefined) {
      if (second === 'search') return (exchange.need(...readScope(type)), ok(await search(type, members(body))))
      if (second === 'merge') return (exchange.need(...writeScope(type)), merge(portal, type, body))
      if (second === 'gdpr-delete') return (exchange.need(...writeScope(type)), erase(portal, type, body))
    }
    if (second === 'batch' && third !== undefined) return batch(portal, type, third, exchange)
    if (third === 'associations') return objectAssociations(portal, type, second, others, exchange)
    if (third !== undefined) throw notFound()
    return one(portal, type, second, exchange)
  }
}

function one(portal: Portal, type: ObjectType, id: string, exchange: Exchange): Reply {
  const { method, query } = exchange
  const found = locate(portal, type, id, query.get('idProperty'))
  if (method === 'GET') {
    exchange.need(...readScope(type))
    if (found === null || (found.archivedAt !== null) !== (query.get('archived') === 'true')) throw notFound()
    const wanted: Wanted = { properties: listParameter(query, 'properties'), withHistory: listParameter(query, 'propertiesWithHistory') }
    return ok({
      ...present(portal, found, readable(portal, type, wanted)),
      ...linkedRecords(portal, found, listParameter(query, 'associations')),
    })
  }
  exchange.need(...writeScope(type))
  if (method === 'DELETE') {
    if (found !== null && found.archivedAt === null) archiveOne(portal, type, found.id)
    return noContent
  }
  if (method !== 'PATCH') return methodNotAllowed()
  if (found === null || found.archivedAt !== null) throw notFound()
  return ok(updateOne(portal, type, found.id, validated(portal.properties, type, members(exchange.body)['properties'] ?? {})))
}

function createOne(portal: Portal, type: ObjectType, input: Input): Reply {
  return created(makeOne(portal, type, prepare(portal, type, input)))
}

function merge(portal: Portal, type: ObjectType, body: unknown): Reply {
  const { primaryObjectId, objectIdToMerge } = members(body)
  const winner = locate(portal, type, String(primaryObjectId), null)
  const loser = locate(portal, type, String(objectIdToMerge), null)
  if (winner === null || loser === null) throw notFound()
  const view = portal.store.view(type, portal.merge(type, winner.id, loser.id))
  if (view === null) throw notFound()
  return ok(present(portal, view, readable(portal, type, { properties: ['hs_merged_object_ids'], withHistory: [] })))
}

function erase(portal: Portal, type: ObjectType, body: unknown): Reply {
  const { objectId, idProperty } = members(body)
  const found = locate(portal, type, String(objectId), typeof idProperty === 'string' ? idProperty : null)
  if (found !== null) portal.store.erase(type, found.id)
  return noContent
}
