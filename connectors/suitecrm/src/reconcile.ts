import { AssayError, isLargeLoss, type CrmRecord, type Kind } from '@assay/shared'
import { isBreakdown } from './answer.ts'
import type { Instance } from './instance.ts'
import { tombstone } from './map.ts'
import { modulesOf } from './modules.ts'
import { rowsByIds } from './query.ts'

/** After so long (ms) the ids are compared again: what a job of the admin pruned leaves no tombstone. */
export const RECONCILE_AFTER = 7 * 86_400_000

/** Of these, what no module of the kind has as a living record. */
const gone = async (instance: Instance, kind: Kind, ids: readonly string[]): Promise<string[]> => {
  const missing = new Set(ids)
  for (const module of modulesOf(kind))
    for (const row of await rowsByIds(instance.client, { module, fields: ['id'] }, missing)) missing.delete(row.id)
  return [...missing]
}

/**
 * Tombstones of records that are held as living and are gone: every one is asked for by name. Null where one of the modules is not shown, or breaks
 * down, so that nothing can be said. Rejects (`config`) when a large part seems to be gone, unless `wanted`: then the sign-in sees less than it did.
 */
export const vanished = async (
  instance: Instance,
  kind: Kind,
  known: () => AsyncIterable<readonly string[]>,
  wanted: boolean,
): Promise<CrmRecord[] | null> => {
  const lost: string[] = []
  let compared = 0
  try {
    for (const { name } of modulesOf(kind)) if ((await instance.fields(name)) === null) return null
    for await (const ids of known()) {
      instance.host.signal.throwIfAborted()
      compared += ids.length
      lost.push(...(await gone(instance, kind, ids)))
    }
  } catch (error) {
    if (!isBreakdown(error)) throw error
    instance.host.log.warn('SuiteCRM could not be asked what is gone; it is asked again in a week', { kind, why: error.message })
    return null
  }
  if (!wanted && isLargeLoss(lost.length, compared)) {
    throw new AssayError('config', `SuiteCRM no longer shows ${lost.length} of ${compared} records of kind ${kind} to this sign-in.`, {
      hint: 'See whether the integration user still has the roles and security groups that it had. If the records really were deleted: assay sync --full.',
    })
  }
  const at = instance.client.clock()
  return lost.map((id) => tombstone(kind, id, at))
}
