import type { ObjectType } from '../object-types.ts'
import type { Portal } from '../portal.ts'
import { refuse } from '../reply.ts'
import type { View } from '../view.ts'

/** A record by its id, or by the value of a unique property; null when there is none. */
export function locate(portal: Portal, type: ObjectType, id: string, idProperty: string | null): View | null {
  if (idProperty === null || idProperty === 'hs_object_id') return portal.store.view(type, id)
  if (portal.properties.find(type, idProperty)?.hasUniqueValue !== true)
    throw refuse(400, 'VALIDATION_ERROR', `Property ${idProperty} is not a unique property of ${type}`)
  const found = portal.store.byUnique(type, idProperty, id)
  return found === null ? null : portal.store.view(type, found)
}
