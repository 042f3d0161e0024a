import { labelsOf, pairTypes, type AssociationType } from '../association-types.ts'
import type { Link } from '../associations.ts'
import { inputsOf, methodNotAllowed, notFound, type Exchange, type Input, type TypeInput } from '../exchange.ts'
import { OBJECT_TYPES, objectTypeOf, TYPE_IDS, type ObjectType } from '../object-types.ts'
import { typeOrRefuse, type Portal } from '../portal.ts'
import { created, errorBody, noContent, ok, refuse, type Reply } from '../reply.ts'
import { readScope, writeScope } from '../scopes.ts'
import type { View } from '../view.ts'
import { instantText } from '../values.ts'

const MOST_READ = 1_000
const MOST_WRITTEN = 2_000

interface PairInput {
  readonly from?: { readonly id?: unknown }
  readonly to?: { readonly id?: unknown } | readonly { readonly id?: unknown }[]
  readonly types?: readonly TypeInput[]
}

/** `/crm/v4/associations/{from}/{to}/…` and `/crm/associations/2026-03/…`. */
export function associationsRoute(portal: Portal): (exchange: Exchange) => Reply {
  return (exchange) => {
    const [fromSegment = '', toSegment = '', area, operation, detail] = exchange.rest
    const from = typeOrRefuse(fromSegment)
    const to = typeOrRefuse(toSegment)
    if (area === 'labels' && exchange.method === 'GET') return ok({ results: labelsOf(from, to) })
    if (area !== 'batch' || exchange.method !== 'POST') return methodNotAllowed()
    const path = detail === undefined ? operation : `${operation}/${detail}`
    if (path === 'read') {
      exchange.need(...readScope(from))
      exchange.need(...readScope(to))
      return read(portal, from, to, exchange)
    }
    exchange.need(...writeScope(from))
    exchange.need(...writeScope(to))
    if (path === 'create' || path === 'associate/default') return create(portal, from, to, exchange)
    if (path !== 'archive' && path !== 'labels/archive') return methodNotAllowed()
    for (const input of inputsOf(exchange.body, MOST_WRITTEN) as readonly PairInput[])
      for (const target of targets(input)) portal.associations.remove(from, String(input.from?.id), to, target)
    return noContent
  }
}

function read(portal: Portal, from: ObjectType, to: ObjectType, exchange: Exchange): Reply {
  const results: unknown[] = []
  const without: string[] = []
  for (const input of inputsOf(exchange.body, MOST_READ) as readonly Input[]) {
    const id = String(input.id)
    const page = pageOf(
      portal,
      portal.associations.links(from, id, to),
      input.after ?? null,
      portal.quirks.associationsPerPage,
      exchange.link,
    )
    if (page.results.length > 0 && !exchange.failing.has(id)) results.push({ from: { id }, to: page.results, ...page.paging })
    else without.push(id)
  }
  const at = instantText(portal.now())
  const body = { status: 'COMPLETE', results, startedAt: at, completedAt: at }
  const failing = without.filter((id) => exchange.failing.has(id))
  const named = portal.quirks.noAssociations === '207' ? without : failing
  if (named.length === 0) return ok(body)
  const errors = named.map((id) =>
    errorBody('OBJECT_NOT_FOUND', `No ${to} is associated with ${from} ${id}.`, {
      subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
      context: { fromObjectId: [id] },
    }),
  )
  return { status: 207, body: { ...body, numErrors: errors.length, errors } }
}

/** A page of links; the cursor is the last id, in base 64 as HubSpot's is. */
function pageOf(
  portal: Portal,
  links: readonly Link[],
  after: string | null,
  limit: number,
  link: string,
): { results: readonly unknown[]; paging: object } {
  const last = after === null ? null : Buffer.from(after, 'base64').toString()
  const start = last === null ? 0 : links.findIndex((each) => each.id === last) + 1
  const page = links.slice(start, start + limit)
  const end = page.at(-1)
  const cursor = end !== undefined && start + limit < links.length ? Buffer.from(end.id).toString('base64') : null
  return {
    results: page.map((each) => ({ toObjectId: endId(portal, each.id), associationTypes: each.types })),
    paging: cursor === null ? {} : { paging: { next: { after: cursor, link: `${link}?after=${cursor}` } } },
  }
}

/** HubSpot answers sometimes with a number and sometimes with a text. */
function endId(portal: Portal, id: string): string | number {
  const { toObjectId } = portal.quirks
  const asNumber = toObjectId === 'number' || (toObjectId === 'mixed' && Number(id) % 3 === 0)
  return asNumber && Number.isSafeInteger(Number(id)) ? Number(id) : id
}

function create(portal: Portal, from: ObjectType, to: ObjectType, exchange: Exchange): Reply {
  const results: unknown[] = []
  const missing: string[] = []
  for (const input of inputsOf(exchange.body, MOST_WRITTEN) as readonly PairInput[]) {
    const id = String(input.from?.id)
    const types = typesOf(from, to, input.types ?? [])
    for (const target of targets(input)) {
      if (exchange.failing.has(id) || !bothThere(portal, from, id, to, target)) missing.push(id)
      else results.push(associate(portal, from, id, to, target, types))
    }
  }
  const at = instantText(portal.now())
  const body = { status: 'COMPLETE', results, startedAt: at, completedAt: at }
  if (missing.length === 0) return created(body)
  const errors = [errorBody('OBJECT_NOT_FOUND', 'One or more objects do not exist', { context: { fromObjectId: missing } })]
  return { status: 207, body: { ...body, numErrors: errors.length, errors } }
}

/** `/crm/v4/objects/{type}/{id}/associations/…`, and the `default` form under it. */
export function objectAssociations(portal: Portal, from: ObjectType, id: string, rest: readonly string[], exchange: Exchange): Reply {
  const [toSegment = '', toId, more] = rest
  if (toSegment === 'default' && toId !== undefined && more !== undefined) {
    if (exchange.method !== 'PUT') return methodNotAllowed()
    exchange.need(...writeScope(from))
    const to = typeOrRefuse(toId)
    if (!bothThere(portal, from, id, to, more)) throw notFound()
    const at = instantText(portal.now())
    associate(portal, from, id, to, more, typesOf(from, to, []))
    const half = (here: ObjectType, hereId: string, there: ObjectType, thereId: string): unknown => ({
      from: { id: hereId },
      to: { id: thereId },
      associationSpec: spec(here, there),
    })
    const results = [half(from, id, to, more), half(to, more, from, id)]
    return ok({ status: 'COMPLETE', results, startedAt: at, completedAt: at })
  }
  const to = typeOrRefuse(toSegment)
  if (toId === undefined) {
    if (exchange.method !== 'GET') return methodNotAllowed()
    exchange.need(...readScope(from))
    if (portal.store.view(from, id) === null) throw notFound()
    const limit = Math.min(500, Number(exchange.query.get('limit') ?? 500))
    const page = pageOf(portal, portal.associations.links(from, id, to), exchange.query.get('after'), limit, exchange.link)
    return ok({ results: page.results, ...page.paging })
  }
  exchange.need(...writeScope(from))
  if (exchange.method === 'DELETE') {
    portal.associations.remove(from, id, to, toId)
    return noContent
  }
  if (exchange.method !== 'PUT') return methodNotAllowed()
  if (!bothThere(portal, from, id, to, toId)) throw notFound()
  const types = Array.isArray(exchange.body) ? (exchange.body as TypeInput[]) : []
  return created(associate(portal, from, id, to, toId, typesOf(from, to, types)))
}

function associate(portal: Portal, from: ObjectType, id: string, to: ObjectType, toId: string, types: readonly AssociationType[]): unknown {
  portal.associations.add(from, id, to, toId, types)
  portal.writes.push({ object: from, id, operation: 'associate', properties: { [to]: toId }, at: portal.now() })
  return {
    fromObjectTypeId: TYPE_IDS[from],
    fromObjectId: id,
    toObjectTypeId: TYPE_IDS[to],
    toObjectId: toId,
    labels: types.map((type) => type.label).filter((label) => label !== null),
  }
}

function spec(from: ObjectType, to: ObjectType): TypeInput {
  const plain = pairTypes(from, to)?.plain
  return plain === undefined ? {} : { associationCategory: plain.category, associationTypeId: plain.typeId }
}

function bothThere(portal: Portal, from: ObjectType, id: string, to: ObjectType, toId: string): boolean {
  return portal.store.view(from, id)?.archivedAt === null && portal.store.view(to, toId)?.archivedAt === null
}

/** The types somebody asked for, the unlabelled one when nobody did; refuses what does not fit the two objects. */
function typesOf(from: ObjectType, to: ObjectType, asked: readonly TypeInput[]): AssociationType[] {
  const labels = labelsOf(from, to)
  if (labels.length === 0) throw refuse(400, 'VALIDATION_ERROR', `${from} cannot be associated with ${to}`)
  if (asked.length === 0) {
    const plain = pairTypes(from, to)?.plain
    return plain === undefined ? [] : [plain]
  }
  return asked.map((each) => {
    const found = labels.find((label) => label.typeId === each.associationTypeId && label.category === each.associationCategory)
    if (found === undefined)
      throw refuse(
        400,
        'VALIDATION_ERROR',
        `${each.associationCategory} ${each.associationTypeId} is no association type from ${from} to ${to}`,
      )
    return found
  })
}

/** An association given along with a new record: the other object is told by the type id alone. */
export function linkInput(
  portal: Portal,
  from: ObjectType,
  input: { readonly to?: { readonly id?: unknown }; readonly types?: readonly TypeInput[] },
): { to: ObjectType; id: string; types: AssociationType[] } {
  const asked = input.types ?? []
  const id = String(input.to?.id)
  const to = OBJECT_TYPES.find((type) => labelsOf(from, type).some((label) => label.typeId === asked[0]?.associationTypeId))
  if (to === undefined) throw refuse(400, 'VALIDATION_ERROR', `No association type ${asked[0]?.associationTypeId} from ${from}`)
  if (portal.store.view(to, id)?.archivedAt !== null) throw refuse(400, 'VALIDATION_ERROR', `${to} ${id} does not exist`)
  return { to, id, types: typesOf(from, to, asked) }
}

function targets(input: PairInput): string[] {
  const to = input.to ?? []
  return (Array.isArray(to) ? to : [to]).map((each: { readonly id?: unknown }) => String(each.id))
}

/** The `associations` member of a record: capped, so a long list ends in a paging link. */
export function linkedRecords(portal: Portal, view: View, asked: readonly string[]): { associations?: Record<string, unknown> } {
  const associations: Record<string, unknown> = {}
  for (const segment of asked) {
    const to = objectTypeOf(segment)
    if (to === null) continue
    const links = portal.associations.links(view.type, view.id, to)
    if (links.length === 0) continue
    const results = links.slice(0, 100).flatMap((each) => each.types.map((type) => ({ id: each.id, type: typeName(view.type, to, type) })))
    const last = links[99]
    associations[segment] = { results, ...(links.length > 100 && last !== undefined ? { paging: { next: { after: last.id } } } : {}) }
  }
  return Object.keys(associations).length === 0 ? {} : { associations }
}

function typeName(from: ObjectType, to: ObjectType, type: AssociationType): string {
  const singular = (name: ObjectType): string => (name === 'companies' ? 'company' : name.slice(0, -1))
  return `${singular(from)}_to_${singular(to)}${type.label === null ? '_unlabeled' : ''}`
}
