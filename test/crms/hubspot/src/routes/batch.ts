import { inputsOf, members, methodNotAllowed, type Exchange, type Input } from '../exchange.ts'
import type { ObjectType } from '../object-types.ts'
import type { Portal } from '../portal.ts'
import { present, readable } from '../present.ts'
import { created, errorBody, noContent, ok, refuse, type Reply } from '../reply.ts'
import { readScope, writeScope } from '../scopes.ts'
import { validated } from '../validate.ts'
import { compareIds, instantText } from '../values.ts'
import { locate } from './locate.ts'
import { archiveOne, makeOne, prepare, updateOne } from './write.ts'

const MOST = 100

/** `…/batch/{read,create,update,upsert,archive}`: one bad value refuses the whole batch, a missing id only itself. */
export function batch(portal: Portal, type: ObjectType, operation: string, exchange: Exchange): Reply {
  if (exchange.method !== 'POST') return methodNotAllowed()
  exchange.need(...(operation === 'read' ? readScope(type) : writeScope(type)))
  const inputs = inputsOf(exchange.body, MOST) as readonly Input[]
  switch (operation) {
    case 'read':
      return read(portal, type, inputs, exchange)
    case 'create':
      return create(portal, type, inputs, exchange)
    case 'update':
      return update(portal, type, inputs, exchange)
    case 'upsert':
      return upsert(portal, type, inputs)
    case 'archive':
      for (const { id } of unique(inputs))
        if (portal.store.view(type, id)?.id === id && portal.store.isLive(type, id)) archiveOne(portal, type, id)
      return noContent
    default:
      return methodNotAllowed()
  }
}

function read(portal: Portal, type: ObjectType, inputs: readonly Input[], exchange: Exchange): Reply {
  const asked = members(exchange.body)
  const withHistory = names(asked['propertiesWithHistory'])
  const idProperty = typeof asked['idProperty'] === 'string' ? asked['idProperty'] : null
  const archived = exchange.query.get('archived') === 'true'
  const wanted = readable(portal, type, { properties: names(asked['properties']), withHistory })
  if (withHistory.length > 0 && inputs.length > 50) throw refuse(400, 'VALIDATION_ERROR', 'At most 50 inputs with propertiesWithHistory')
  const results: Record<string, unknown>[] = []
  const missing: string[] = []
  for (const { id } of unique(inputs)) {
    const found = exchange.failing.has(id) ? null : locate(portal, type, id, idProperty)
    if (found === null || (found.archivedAt !== null) !== archived) missing.push(id)
    else results.push(present(portal, found, wanted))
  }
  return complete(portal, results, missing.length === 0 ? [] : [missingError(type, missing)], ok)
}

function create(portal: Portal, type: ObjectType, inputs: readonly Input[], exchange: Exchange): Reply {
  const prepared = inputs.map((input) => prepare(portal, type, input))
  const failed = prepared.filter((each) => each.traceId !== undefined && exchange.failing.has(each.traceId))
  const results = prepared.filter((each) => !failed.includes(each)).map((each) => makeOne(portal, type, each))
  const errors = failed.map((each) =>
    errorBody('VALIDATION_ERROR', 'This object could not be created', { context: { objectWriteTraceId: [each.traceId ?? ''] } }),
  )
  return complete(portal, results, errors, created)
}

function update(portal: Portal, type: ObjectType, inputs: readonly Input[], exchange: Exchange): Reply {
  const written = unique(inputs).map((input) => ({ input, values: validated(portal.properties, type, input.properties ?? {}) }))
  const results: Record<string, unknown>[] = []
  const missing: string[] = []
  for (const { input, values } of written) {
    const found = exchange.failing.has(input.id) ? null : locate(portal, type, input.id, input.idProperty ?? null)
    if (found === null || found.archivedAt !== null) missing.push(input.id)
    else results.push({ ...updateOne(portal, type, found.id, values), ...trace(input) })
  }
  return complete(portal, results, missing.length === 0 ? [] : [missingError(type, missing)], ok)
}

function upsert(portal: Portal, type: ObjectType, inputs: readonly Input[]): Reply {
  const written = unique(inputs).map((input) => {
    const idProperty = input.idProperty ?? null
    if (idProperty === null) throw refuse(400, 'VALIDATION_ERROR', 'idProperty is required')
    const found = locate(portal, type, input.id, idProperty)
    const properties = { ...members(input.properties ?? {}), ...(idProperty === 'hs_object_id' ? {} : { [idProperty]: input.id }) }
    return { input, found, properties }
  })
  const checked = written.map((each) => ({ ...each, values: validated(portal.properties, type, each.properties) }))
  const results = checked.map(({ input, found, values, properties }) =>
    found === null || found.archivedAt !== null
      ? { ...makeOne(portal, type, prepare(portal, type, { ...input, properties })), new: true }
      : { ...updateOne(portal, type, found.id, values), ...trace(input), new: false },
  )
  return complete(portal, results, [], ok)
}

/** An id twice in one batch refuses the batch. */
function unique(inputs: readonly Input[]): (Input & { readonly id: string })[] {
  const seen = new Set<string>()
  return inputs.map((input) => {
    if (typeof input?.id !== 'string' && typeof input?.id !== 'number')
      throw refuse(400, 'VALIDATION_ERROR', 'Invalid input JSON: id is required')
    const id = String(input.id)
    if (seen.has(id)) throw refuse(400, 'VALIDATION_ERROR', 'Duplicate IDs found in batch input')
    seen.add(id)
    return { ...input, id }
  })
}

function missingError(type: ObjectType, ids: readonly string[]): unknown {
  const name = (type === 'companies' ? 'company' : type.slice(0, -1)).toUpperCase()
  return errorBody('OBJECT_NOT_FOUND', `Could not get some ${name} objects, they may be deleted or not exist. Check that ids are valid.`, {
    context: { ids },
  })
}

/** Results ascend by id, whatever the order of the inputs. */
function complete(
  portal: Portal,
  results: readonly Record<string, unknown>[],
  errors: readonly unknown[],
  whole: (body: unknown) => Reply,
): Reply {
  const at = instantText(portal.now())
  const sorted = [...results].sort((left, right) => compareIds(String(left['id']), String(right['id'])))
  const body = { status: 'COMPLETE', results: sorted, startedAt: at, completedAt: at }
  return errors.length === 0 ? whole(body) : { status: 207, body: { ...body, numErrors: errors.length, errors } }
}

function trace(input: Input): { objectWriteTraceId?: string } {
  return input.objectWriteTraceId === undefined ? {} : { objectWriteTraceId: input.objectWriteTraceId }
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
