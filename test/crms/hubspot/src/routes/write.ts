import { members, notFound, type Input } from '../exchange.ts'
import { modifiedProperty, type ObjectType } from '../object-types.ts'
import type { Portal } from '../portal.ts'
import { present, readable } from '../present.ts'
import { refuse } from '../reply.ts'
import { validated, type Values } from '../validate.ts'
import { linkInput } from './associations.ts'
import { locate } from './locate.ts'

export function archiveOne(portal: Portal, type: ObjectType, id: string): void {
  portal.store.archive(type, id, portal.now())
  portal.writes.push({ object: type, id, operation: 'archive', properties: {}, at: portal.now() })
}

/** The answer holds the written properties and a few derived ones, not the whole record. */
export function updateOne(portal: Portal, type: ObjectType, id: string, values: Values): Record<string, unknown> {
  checkUnique(portal, type, values, id)
  portal.update(type, id, values)
  portal.writes.push({ object: type, id, operation: 'update', properties: values, at: portal.now() })
  return afterWrite(portal, type, id, values)
}

function afterWrite(portal: Portal, type: ObjectType, id: string, values: Values): Record<string, unknown> {
  const view = portal.store.view(type, id)
  if (view === null) throw notFound()
  const properties = [...Object.keys(values), modifiedProperty(type)]
  return present(portal, view, readable(portal, type, { properties, withHistory: [] }))
}

export interface Prepared {
  readonly values: Values
  readonly links: readonly ReturnType<typeof linkInput>[]
  readonly traceId: string | undefined
}

/** Checks everything first, so that a refused input leaves nothing behind. */
export function prepare(portal: Portal, type: ObjectType, input: Input): Prepared {
  const values = validated(portal.properties, type, members(input)['properties'] ?? {})
  checkUnique(portal, type, values, null)
  const links = (input.associations ?? []).map((each) => linkInput(portal, type, each))
  return { values, links, traceId: input.objectWriteTraceId }
}

export function makeOne(portal: Portal, type: ObjectType, { values, links, traceId }: Prepared): Record<string, unknown> {
  const id = portal.create(type, values)
  for (const link of links) portal.associations.add(type, id, link.to, link.id, link.types)
  portal.writes.push({ object: type, id, operation: 'create', properties: values, at: portal.now() })
  return { ...afterWrite(portal, type, id, values), ...(traceId === undefined ? {} : { objectWriteTraceId: traceId }) }
}

function checkUnique(portal: Portal, type: ObjectType, values: Values, self: string | null): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === null || portal.properties.find(type, name)?.hasUniqueValue !== true) continue
    const other = locate(portal, type, value, name)
    if (other !== null && other.id !== self && other.archivedAt === null)
      throw refuse(409, 'CONFLICT', `${type === 'contacts' ? 'Contact' : 'Object'} already exists. Existing ID: ${other.id}`)
  }
}
