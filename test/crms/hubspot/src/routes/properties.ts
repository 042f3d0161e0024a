import { definition, type PropertyDefinition, type PropertyType } from '../definitions.ts'
import { inputsOf, members, methodNotAllowed, type Exchange } from '../exchange.ts'
import type { ObjectType } from '../object-types.ts'
import { typeOrRefuse, type Portal } from '../portal.ts'
import { created, errorBody, isRefusal, noContent, ok, refuse, type Reply } from '../reply.ts'
import { schemaScope } from '../scopes.ts'
import { instantText } from '../values.ts'

const FIELD_TYPES: Readonly<Record<PropertyType, readonly string[]>> = {
  bool: ['booleancheckbox', 'calculation_equation'],
  date: ['date'],
  datetime: ['date'],
  enumeration: ['select', 'radio', 'checkbox', 'booleancheckbox', 'calculation_equation'],
  number: ['number', 'calculation_equation'],
  phone_number: ['phonenumber'],
  string: ['text', 'textarea', 'html', 'file', 'phonenumber', 'calculation_equation'],
}
const MOST_UNIQUE = 10
const MOST_CUSTOM = 1_000

/** `/crm/v3/properties/{type}…` and `/crm/properties/2026-03/…`. */
export function propertiesRoute(portal: Portal): (exchange: Exchange) => Reply {
  return (exchange) => {
    const { method, rest, query, body } = exchange
    const [segment = '', name, more] = rest
    const type = typeOrRefuse(segment)
    exchange.need(...schemaScope(type, method === 'GET' || more === 'read' ? 'read' : 'write'))
    if (name === 'groups') return groups(portal, type, more, exchange)
    if (name === 'batch') return method === 'POST' ? batch(portal, type, more ?? '', exchange) : methodNotAllowed()
    if (name === undefined) {
      if (method === 'GET') return ok({ results: portal.properties.visible(type, query.get('archived') === 'true') })
      return method === 'POST' ? created(create(portal, type, body)) : methodNotAllowed()
    }
    const found = portal.properties.find(type, name)
    if (method === 'DELETE') {
      if (found !== null) archive(portal, found)
      return noContent
    }
    if (found === null && query.get('archived') === 'true') {
      const old = portal.properties.visible(type, true).find((each) => each.name === name)
      if (old !== undefined) return ok(old)
    }
    if (found === null) throw missing(name)
    if (method === 'GET') return ok(found)
    return method === 'PATCH' ? ok(change(portal, type, found, body)) : methodNotAllowed()
  }
}

function batch(portal: Portal, type: ObjectType, operation: string, { body, query }: Exchange): Reply {
  const inputs = inputsOf(body, 100) as readonly { readonly name?: unknown }[]
  if (operation === 'archive') {
    for (const input of inputs) {
      const found = portal.properties.find(type, String(input.name))
      if (found !== null) archive(portal, found)
    }
    return noContent
  }
  if (operation !== 'read' && operation !== 'create') return methodNotAllowed()
  const results: PropertyDefinition[] = []
  const errors: unknown[] = []
  for (const input of inputs) {
    try {
      results.push(
        operation === 'create' ? create(portal, type, input) : read(portal, type, String(input.name), archivedWanted(body, query)),
      )
    } catch (error) {
      if (!isRefusal(error)) throw error
      const { category, message } = error.reply.body as { category: string; message: string }
      errors.push(errorBody(category, message, { context: { name: [String(input.name)] } }))
    }
  }
  const at = instantText(portal.now())
  const answer = { status: 'COMPLETE', results, startedAt: at, completedAt: at }
  if (errors.length > 0) return { status: 207, body: { ...answer, numErrors: errors.length, errors } }
  return operation === 'create' ? created(answer) : ok(answer)
}

function archivedWanted(body: unknown, query: URLSearchParams): boolean {
  return members(body)['archived'] === true || query.get('archived') === 'true'
}

function read(portal: Portal, type: ObjectType, name: string, archived: boolean): PropertyDefinition {
  const found = portal.properties.visible(type, archived).find((each) => each.name === name)
  if (found === undefined) throw missing(name)
  return found
}

function create(portal: Portal, type: ObjectType, body: unknown): PropertyDefinition {
  const said = members(body) as unknown as PropertyDefinition
  for (const member of ['name', 'label', 'groupName', 'type', 'fieldType'] as const)
    if (typeof said[member] !== 'string' || said[member] === '')
      throw invalid(`Invalid input JSON: some required fields were not set: [${member}]`)
  if (!/^[a-z][a-z0-9_]*$/.test(said.name))
    throw invalid(`Property name ${said.name} must begin with a letter and hold only a-z, 0-9 and _`)
  if (!(said.type in FIELD_TYPES)) throw invalid(`${said.type} is not a valid property type`)
  if (!FIELD_TYPES[said.type].includes(said.fieldType)) throw invalid(`fieldType ${said.fieldType} is not valid for type ${said.type}`)
  if (!portal.properties.groups(type).has(said.groupName)) throw invalid(`Property group ${said.groupName} does not exist`)
  checkOptions(said)
  const all = portal.properties.all(type)
  const old = all.get(said.name)
  if (old !== undefined && !old.archived) throw refuse(409, 'OBJECT_ALREADY_EXISTS', `A property named '${said.name}' already exists.`)
  const custom = [...all.values()].filter((each) => !each.hubspotDefined && !each.archived)
  if (custom.length >= MOST_CUSTOM) throw invalid(`The limit of ${MOST_CUSTOM} custom properties is reached`)
  if (said.hasUniqueValue && custom.filter((each) => each.hasUniqueValue).length >= MOST_UNIQUE)
    throw invalid(`The limit of ${MOST_UNIQUE} unique properties is reached`)
  // An archived name comes back as what it was: its type cannot change under the values that are still there.
  if (old !== undefined && old.type !== said.type)
    throw invalid(`An archived property named '${said.name}' has the type ${old.type}; restore it or wait until it is gone.`)
  const at = instantText(portal.now())
  const made = definition({ ...said, archived: false, ...optionsOf(said) }, at)
  all.set(said.name, made)
  return made
}

function optionsOf(said: PropertyDefinition): Pick<PropertyDefinition, 'options'> {
  const given = said.options ?? []
  return { options: given.map((each, index) => ({ ...each, hidden: each.hidden ?? false, displayOrder: each.displayOrder ?? index })) }
}

function checkOptions(said: PropertyDefinition): void {
  const values = (said.options ?? []).map((each) => each.value)
  const isList = said.type === 'enumeration' || said.type === 'bool'
  if (isList && said.fieldType !== 'calculation_equation' && values.length === 0) throw invalid(`Options are required for ${said.name}`)
  if (!isList && values.length > 0) throw invalid(`Options are not allowed for a property of type ${said.type}`)
  if (said.type === 'bool' && (values.length !== 2 || !values.includes('true') || !values.includes('false')))
    throw invalid(`The options of ${said.name} must be true and false`)
  if (new Set(values).size < values.length) throw invalid(`Options of ${said.name} must have different values`)
}

function change(portal: Portal, type: ObjectType, found: PropertyDefinition, body: unknown): PropertyDefinition {
  const said = members(body) as Partial<PropertyDefinition>
  const { readOnlyDefinition, readOnlyOptions } = found.modificationMetadata
  if (said.options === undefined ? readOnlyDefinition : readOnlyOptions) throw invalid(`Property ${found.name} is read only`)
  if (said.groupName !== undefined && !portal.properties.groups(type).has(said.groupName))
    throw invalid(`Property group ${said.groupName} does not exist`)
  const next = { ...found }
  for (const member of [
    'label',
    'description',
    'groupName',
    'type',
    'fieldType',
    'hidden',
    'formField',
    'displayOrder',
    'numberDisplayHint',
  ] as const)
    if (said[member] !== undefined) Object.assign(next, { [member]: said[member] })
  if (said.options !== undefined) Object.assign(next, optionsOf({ ...next, options: said.options }))
  if (!FIELD_TYPES[next.type].includes(next.fieldType)) throw invalid(`fieldType ${next.fieldType} is not valid for type ${next.type}`)
  checkOptions(next)
  next.updatedAt = instantText(portal.now())
  portal.properties.all(type).set(found.name, next)
  return next
}

function archive(portal: Portal, found: PropertyDefinition): void {
  if (!found.modificationMetadata.archivable) throw invalid(`Property ${found.name} cannot be deleted`)
  found.archived = true
  found.archivedAt = instantText(portal.now())
}

function groups(portal: Portal, type: ObjectType, name: string | undefined, { method, body }: Exchange): Reply {
  const all = portal.properties.groups(type)
  if (name === undefined) {
    if (method === 'GET') return ok({ results: [...all.values()].filter((each) => !each.archived) })
    if (method !== 'POST') return methodNotAllowed()
    const said = members(body)
    if (typeof said['name'] !== 'string' || typeof said['label'] !== 'string')
      throw invalid('Invalid input JSON: name and label are required')
    if (all.has(said['name'])) throw refuse(409, 'OBJECT_ALREADY_EXISTS', `A property group named '${said['name']}' already exists.`)
    const made = { name: said['name'], label: said['label'], displayOrder: Number(said['displayOrder'] ?? -1), archived: false }
    all.set(made.name, made)
    return created(made)
  }
  const found = all.get(name)
  if (method === 'DELETE') {
    if (portal.properties.visible(type, false).some((each) => each.groupName === name))
      throw invalid(`Property group ${name} still holds properties`)
    all.delete(name)
    return noContent
  }
  if (found === undefined) throw refuse(404, 'OBJECT_NOT_FOUND', `Property group ${name} does not exist`)
  if (method === 'GET') return ok(found)
  if (method !== 'PATCH') return methodNotAllowed()
  const { label, displayOrder } = members(body)
  if (typeof label === 'string') found.label = label
  if (typeof displayOrder === 'number') found.displayOrder = displayOrder
  return ok(found)
}

function missing(name: string): Error {
  return refuse(404, 'OBJECT_NOT_FOUND', `Property ${name} does not exist`)
}

function invalid(message: string): Error {
  return refuse(400, 'VALIDATION_ERROR', message)
}
