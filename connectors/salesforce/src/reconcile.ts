import { AssayError, isLargeLoss, type CrmRecord, type Kind } from '@assay/shared'
import { jobDone, jobRows, startJob } from './bulk-query.ts'
import { openIdSet } from './id-set.ts'
import { isDeleted } from './map.ts'
import { objectsOf, type ObjectType } from './objects.ts'
import type { Org } from './org.ts'
import { deletions } from './understand.ts'

/** After so long (ms) the ids are compared again. */
export const WEEK = 7 * 86_400_000

/** All ids of the objects of a kind that live now, by key prefix; objects that cannot be listed are missing. */
const listed = async (
  org: Org,
  objects: readonly ObjectType[],
): Promise<Map<string, { object: ObjectType; ids: ReturnType<typeof openIdSet> }>> => {
  const found = new Map<string, { object: ObjectType; ids: ReturnType<typeof openIdSet> }>()
  for (const object of objects) {
    const prefix = (await org.describe(object.name))?.keyPrefix
    if (prefix === undefined || prefix === null) continue
    const job = await startJob(org.client, `SELECT Id, IsDeleted FROM ${object.name}`, true)
    if (job === null || !(await jobDone(org.client, org.host, job))) continue
    const ids = openIdSet()
    let whole = true
    for await (const batch of jobRows(org.client, org.host, job, { locator: null, skip: 0 })) {
      org.host.signal.throwIfAborted()
      if (batch === null) whole = false
      else for (const row of batch.rows) if (!isDeleted(row)) ids.add(String(row['Id']))
    }
    if (whole) found.set(prefix, { object, ids })
  }
  return found
}

/**
 * Tombstones of records that are held as living and are gone: Salesforce forgets a deletion after fifteen days, and at once what
 * is emptied from its bin. Every one is asked for by name before it is believed. Rejects (`config`) when a large part seems
 * to be gone, unless `wanted`: then the sign-in sees less than it did.
 */
export async function* vanished(
  org: Org,
  kind: Kind,
  known: () => AsyncIterable<readonly string[]>,
  wanted: boolean,
): AsyncGenerator<CrmRecord[]> {
  const objects = objectsOf(kind).filter(({ name, deletable }) => deletable && name !== 'PricebookEntry')
  const lists = await listed(org, objects)
  const gone = new Map<ObjectType, string[]>()
  let compared = 0
  let lost = 0
  for await (const ids of known()) {
    for (const id of ids) {
      const list = lists.get(id.slice(0, 3))
      if (list === undefined) continue
      compared += 1
      if (list.ids.has(id)) continue
      lost += 1
      const some = gone.get(list.object)
      if (some === undefined) gone.set(list.object, [id])
      else some.push(id)
    }
  }
  if (!wanted && isLargeLoss(lost, compared)) {
    throw new AssayError('config', `Salesforce no longer shows ${lost} of ${compared} records of kind ${kind} to this sign-in.`, {
      hint: 'See whether the integration user still has "View All Records" on the object. If they really were deleted: assay sync --full.',
    })
  }
  const at = new Date(org.client.clock()).toISOString()
  for (const [object, ids] of gone) {
    const told = ids.map((id) => ({ id, deletedDate: at }))
    yield await deletions(org, object, told, null)
  }
}
