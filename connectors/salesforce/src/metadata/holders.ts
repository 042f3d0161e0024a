import { assignments, permissionState } from './existing.ts'
import type { Org } from './org.ts'
import { PERMISSION_SETS } from './permission-sets.ts'

/** A permission set of ours and how many hold it; null where it is not in the org. */
export interface PermissionHolders {
  readonly name: string
  readonly holders: number | null
}

/** Who could see and write what: for a check, not for anybody's list of people. */
export async function permissionHolders(org: Org): Promise<PermissionHolders[]> {
  const { sets } = await permissionState(org, PERMISSION_SETS)
  const found: PermissionHolders[] = []
  for (const name of PERMISSION_SETS) {
    const id = sets.get(name)
    found.push({ name, holders: id === undefined ? null : (await assignments(org, id)).length })
  }
  return found
}
