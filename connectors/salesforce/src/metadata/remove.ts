import { PUBLISHED_FIELDS } from '@assay/shared'
import type { Receipt, Removal } from '@assay/shared'
import { deleting } from './archive.ts'
import { deploy } from './deploy.ts'
import { dependents } from './dependents.ts'
import { assignments, existingFields, permissionState, type ExistingField } from './existing.ts'
import { fullName, plainName } from './names.ts'
import { remove, type Org } from './org.ts'
import { PERMISSION_SETS, RESTRICTED_SET, VIEWER_SET } from './permission-sets.ts'

type Removed = Removal['removed'][number]
type Blocked = Removal['blocked'][number]

const KNOWN: ReadonlySet<string> = new Set(PUBLISHED_FIELDS.map(({ name }) => name))
const SET = 'PermissionSet'

/** Those that Assay made: as the receipt says, or without one those with a name that Assay gives. Others with our prefix are somebody else's. */
const ours = (existing: readonly ExistingField[], receipt: Receipt | null): ExistingField[] => {
  const made = receipt && new Set(receipt.made.filter(({ type }) => type === 'field').map(fullName))
  return existing.filter((field) => (made === null ? KNOWN.has(plainName(field.name) ?? '') : made.has(fullName(field))))
}

const oursAmongSets = (receipt: Receipt | null): readonly string[] =>
  receipt === null
    ? PERMISSION_SETS
    : receipt.made.filter(({ type, object }) => type === 'permission' && object === SET).map(({ name }) => name)

/** What a removal would find: fields that can go, and those that something uses. */
export interface Removable {
  readonly free: readonly ExistingField[]
  readonly blocked: readonly Blocked[]
  /** Everything there that is named like ours, ours or not. */
  readonly existing: readonly ExistingField[]
}

/** Looks, and changes nothing. */
export async function removable(org: Org, receipt: Receipt | null): Promise<Removable> {
  const existing = await existingFields(org)
  const doomed = ours(existing, receipt)
  const users = await dependents(
    org,
    doomed.map(({ id }) => id),
  )
  const by = ({ id }: ExistingField): readonly string[] => users.get(id.slice(0, 15)) ?? []
  return {
    free: doomed.filter((field) => by(field).length === 0),
    blocked: doomed
      .filter((field) => by(field).length > 0)
      .map((field) => ({ object: field.object, name: field.name, why: `used by ${by(field).join(', ')}` })),
    existing,
  }
}

/**
 * Takes back the fields and permission sets of the receipt; without one, everything that Assay is known to make. A field
 * that a report, flow, page layout or anything else uses is left, with the names of its users. Fields that are deleted
 * stay in Setup, Deleted Fields for 15 days, with what stood in them.
 */
export async function removeFields(org: Org, receipt: Receipt | null): Promise<Removal> {
  const { free, blocked, existing } = await removable(org, receipt)
  const fields = await removeAll(org, free, 'CustomField', fullName)
  const gone = new Set(fields.removed.map(fullName))
  const stay = existing.filter((field) => !gone.has(fullName(field)))
  const sets = await removeSets(org, oursAmongSets(receipt), new Set(stay.flatMap(({ name }) => plainName(name) ?? [])))
  return {
    removed: [...fields.removed, ...sets.removed],
    blocked: [...blocked, ...fields.blocked, ...sets.blocked],
    left: [...stay.map(({ object, name }) => ({ object, name })), ...sets.left],
  }
}

/**
 * Deletes what can be deleted. Salesforce deletes all of a list or nothing, so what it refuses is taken off the list and the
 * rest tried again.
 */
async function removeAll<T extends { readonly object: string; readonly name: string }>(
  org: Org,
  doomed: readonly T[],
  type: string,
  called: (one: T) => string,
): Promise<{ readonly removed: Removed[]; readonly blocked: Blocked[] }> {
  const blocked: Blocked[] = []
  let rest = doomed
  while (rest.length > 0) {
    const done = await deploy(org, deleting({ [type]: rest.map(called) }, org.connection.version), { checkOnly: false })
    if (done.success) return { removed: rest.map(({ object, name }) => ({ object, name })), blocked }
    const why = new Map(done.problems.map((problem) => [problem.name, problem.why]))
    const refused = rest.filter((one) => why.has(called(one)))
    const general = done.problems.map((problem) => `${problem.name}: ${problem.why}`).join('; ')
    // What names none of ours speaks of the whole.
    const stuck = refused.length > 0 ? refused : rest
    blocked.push(...stuck.map((one) => ({ object: one.object, name: one.name, why: why.get(called(one)) ?? general })))
    rest = rest.filter((one) => !stuck.includes(one))
  }
  return { removed: [], blocked }
}

/** Whether a permission set still shows somebody a field: then it stays. What the integration user was given goes in any case. */
const stillShows = (set: string, fields: ReadonlySet<string>): boolean =>
  PUBLISHED_FIELDS.some(({ name, restricted = false }) => fields.has(name) && set === (restricted ? RESTRICTED_SET : VIEWER_SET))

async function removeSets(org: Org, names: readonly string[], fields: ReadonlySet<string>): Promise<Removal> {
  const { sets } = await permissionState(org, PERMISSION_SETS)
  const there = [...sets].map(([name, id]) => ({ object: SET, name, id }))
  const doomed = there.filter(({ name }) => names.includes(name) && !stillShows(name, fields))
  const removed: Removed[] = []
  // A permission set that somebody holds cannot be deleted.
  for (const { id, name } of doomed) {
    for (const one of await assignments(org, id)) {
      await remove(org, `take ${name} from a user`, 'PermissionSetAssignment', one.id)
      removed.push({ object: 'PermissionSetAssignment', name: `${name} ${one.userId}` })
    }
  }
  const done = await removeAll(org, doomed, SET, ({ name }) => name)
  const gone = new Set(done.removed.map(({ name }) => name))
  return {
    removed: [...removed, ...done.removed],
    blocked: done.blocked,
    left: there.filter(({ name }) => !gone.has(name)).map(({ object, name }) => ({ object, name })),
  }
}
