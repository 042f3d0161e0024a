import { AssayError, isLargeLoss, openIdSet, type CrmRecord, type IdSet, type Kind } from '@assay/shared'
import type { Instance } from './instance.ts'
import { idOf, isDeleted, tombstone } from './map.ts'
import { modulesOf } from './modules.ts'
import { pagesById, rowsByIds } from './query.ts'

const DAY = 86_400_000
/** After so long (ms) the ids are compared again: once a week, and every day as long as Sugar has told of no deletion. */
export const dueAfter = (tellsDeletions: boolean): number => (tellsDeletions ? 7 * DAY : DAY)

/** All ids of a kind that live now; null where one of its modules is not shown, so that nothing can be said. */
const livingIds = async (instance: Instance, kind: Kind): Promise<IdSet | null> => {
  const ids = openIdSet()
  for (const { name } of modulesOf(kind)) {
    if ((await instance.fields(name)) === null) return null
    const pages = pagesById(instance.client, { module: name, fields: ['id'], filter: [], most: instance.settings.pageSize })
    for (let found = await pages.next(); found.done !== true || found.value !== 'whole'; found = await pages.next()) {
      if (found.done === true) return null
      instance.host.signal.throwIfAborted()
      for (const row of found.value) ids.add(idOf(row))
    }
  }
  return ids
}

/** Of these, what no module of the kind has as a living record. */
const gone = async (instance: Instance, kind: Kind, ids: readonly string[]): Promise<string[]> => {
  const missing = new Set(ids)
  for (const { name } of modulesOf(kind))
    for (const row of await rowsByIds(instance.client, { module: name, fields: ['id'] }, [...missing]))
      if (!isDeleted(row)) missing.delete(idOf(row))
  return [...missing]
}

/**
 * Tombstones of records that are held as living and are gone. Every one is asked for by name before it is believed. Rejects
 * (`config`) when a large part seems to be gone, unless `wanted`: then the sign-in sees less than it did (a team, a role).
 */
export async function* vanished(
  instance: Instance,
  kind: Kind,
  known: () => AsyncIterable<readonly string[]>,
  wanted: boolean,
): AsyncGenerator<CrmRecord[]> {
  const living = await livingIds(instance, kind)
  if (living === null) return
  const lost: string[] = []
  let compared = 0
  for await (const ids of known()) {
    compared += ids.length
    for (const id of ids) if (!living.has(id)) lost.push(id)
  }
  if (!wanted && isLargeLoss(lost.length, compared)) {
    throw new AssayError('config', `Sugar no longer shows ${lost.length} of ${compared} records of kind ${kind} to this sign-in.`, {
      hint: 'See whether the integration user is still in the teams, and has the roles, that it had (or is an administrator of the module). If the records really were deleted: assay sync --full.',
    })
  }
  const at = instance.client.clock()
  if (lost.length > 0) yield (await gone(instance, kind, lost)).map((id) => tombstone(kind, id, at))
}
