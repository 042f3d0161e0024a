import { isEngagement, type ObjectType } from './object-types.ts'

/** Scopes that allow reading an object; one of them is enough. Engagements go with the contacts. */
export function readScope(type: ObjectType): string[] {
  return scope(type, 'read')
}

export function writeScope(type: ObjectType): string[] {
  return scope(type, 'write')
}

export function schemaScope(type: ObjectType, access: 'read' | 'write'): string[] {
  if (type === 'tickets') return ['tickets', `crm.schemas.tickets.${access}`]
  const name = type === 'subscriptions' ? 'custom' : isEngagement(type) ? 'contacts' : type
  const schema = `crm.schemas.${name}.${access}`
  return access === 'read' ? [schema, ...readScope(type)] : name === 'products' ? [schema, 'e-commerce'] : [schema]
}

function scope(type: ObjectType, access: 'read' | 'write'): string[] {
  if (type === 'tickets') return ['tickets', `crm.objects.tickets.${access}`]
  if (type === 'subscriptions') return [`crm.objects.custom.${access}`]
  const name = isEngagement(type) ? 'contacts' : type
  const own = `crm.objects.${name}.${access}`
  return name === 'products' || name === 'line_items' ? [own, 'e-commerce'] : [own]
}
