import { AssayError, PUBLISHED_FIELDS } from '@assay/shared'
import type { Receipt, ScoreField, ScoreObject } from '@assay/shared'
import { creating } from './archive.ts'
import { deploy } from './deploy.ts'
import { assignments, existingFields, permissionState, userId, type PermissionState } from './existing.ts'
import { fullName, located, type Located } from './names.ts'
import { create, type Org } from './org.ts'
import { INTEGRATION_SETS, PERMISSION_SETS, permissionSets, type PermissionSetMetadata } from './permission-sets.ts'
import { compare, refusedBy, type Seen } from './plan.ts'
import { readingSet } from './reading-set.ts'

export interface InstallOptions {
  /** What carries the customer's scores. */
  readonly customer: ScoreObject
  /**
   * Username of the integration user, who is given what it takes to write the scores and to read what the connector asks
   * for; null leaves that to the admin.
   */
  readonly integrationUser: string | null
}

/** The fields that the permission sets are about: those wanted, and those of ours that are there from an earlier time. */
function granted(wanted: readonly Located[], existing: readonly Seen[], customer: ScoreObject): Located[] {
  const there = new Set(existing.map(fullName))
  const names = new Set(wanted.map(fullName))
  const earlier = located(PUBLISHED_FIELDS, customer).filter((at) => there.has(fullName(at)) && !names.has(fullName(at)))
  return [...wanted, ...earlier]
}

/** The permission sets that are not there, or do not grant what they should. */
const lacking = (sets: readonly PermissionSetMetadata[], state: PermissionState): PermissionSetMetadata[] =>
  sets.filter(
    (set) =>
      !state.sets.has(set.fullName) ||
      set.fieldPermissions.some(({ field, editable }) => !state.grants.has(`${set.fullName} ${field}${editable ? ' edit' : ''}`)),
  )

/**
 * Makes the missing fields and permission sets in one deployment that is made whole or not at all, and gives the
 * integration user its set. Rejects (`config`) on a clash or a refusal, having made nothing. Profiles and page layouts stay
 * as they are. The receipt names only what was not there before.
 */
export async function ensureFields(org: Org, fields: readonly ScoreField[], options: InstallOptions): Promise<Receipt> {
  const { plan: planned, create: missing, existing } = await compare(org, located(fields, options.customer), await existingFields(org))
  if (planned.clash.length > 0) {
    const named = planned.clash.map((field) => `${fullName(field)}: ${field.why}`).join('; ')
    throw new AssayError('config', `Fields that are in the way in Salesforce: ${named}`, {
      hint: 'Rename or delete those fields in Setup, Object Manager; Assay never changes one.',
    })
  }
  const made: Receipt['made'][number][] = []
  const { integrationUser } = options
  const sets = permissionSets(granted(located(fields, options.customer), existing, options.customer))
  if (integrationUser !== null) sets.push(await readingSet(org))
  const before = await permissionState(org, PERMISSION_SETS)
  const changed = lacking(sets, before)
  if (missing.length > 0 || changed.length > 0) {
    const done = await deploy(org, creating(missing, changed, org.connection.version), { checkOnly: false })
    if (!done.success) throw refusedBy(done.problems)
    const created = new Set(done.created.map(({ type, name }) => `${type} ${name}`))
    for (const at of missing.filter((one) => created.has(`CustomField ${fullName(one)}`))) {
      made.push({ type: 'field', object: at.object, name: at.name })
    }
    for (const set of changed.filter((one) => created.has(`PermissionSet ${one.fullName}`))) {
      made.push({ type: 'permission', object: 'PermissionSet', name: set.fullName })
    }
  }
  if (integrationUser !== null) {
    for (const set of INTEGRATION_SETS) {
      if (await assign(org, set, integrationUser)) {
        made.push({ type: 'permission', object: 'PermissionSetAssignment', name: `${set} ${integrationUser}` })
      }
    }
  }
  return { connector: 'salesforce', madeAt: org.now(), made }
}

/**
 * Gives the integration user a permission set; false when there was nothing to do. What was deployed before stands, so a
 * refusal is told and does not lose the receipt.
 */
async function assign(org: Org, name: string, username: string): Promise<boolean> {
  const byHand = `Assign the permission set ${name} to ${username} in Setup.`
  try {
    const set = (await permissionState(org, [name])).sets.get(name)
    const user = await userId(org, username)
    if (set === undefined || user === null) {
      org.log.warn(`${user === null ? `There is no user ${username}` : `The permission set ${name} is missing`}. ${byHand}`)
      return false
    }
    if ((await assignments(org, set)).some((one) => one.userId === user)) return false
    await create(org, `assign ${name}`, 'PermissionSetAssignment', { AssigneeId: user, PermissionSetId: set })
    return true
  } catch (error) {
    org.log.warn(`${name} was not given to ${username}: ${error instanceof Error ? error.message : String(error)}. ${byHand}`)
    return false
  }
}
