import { AssayError, type Bill, type ScoreObject, type ScoreRow, type WriteResult, type WriteTotals } from '@assay/shared'
import { JOB_CALLS, JOB_ROWS, updateInBulk } from './bulk-ingest.ts'
import { COLLECTION, update } from './collections.ts'
import { SCORED } from './objects.ts'
import type { Org } from './org.ts'
import { rowsOf } from './query.ts'
import { chunked, isId, quoted } from './soql.ts'

/** Rows that are put in order at a time, where they have a parent. */
const SORTED = 1000
/** Ids of one call that asks for parents. */
const RETRIEVED = 2000
/** What a call of 200 rows takes, and what a job takes for each of its rows; for the bill. */
const SECONDS_PER_CALL = 2
const SECONDS_PER_JOB = 60
const ROWS_PER_SECOND = 400

/** Two rows below one parent, saved side by side, lock each other out: they are sent together, one after the other. */
const HAS_PARENT: ReadonlySet<ScoreObject> = new Set(['contact', 'deal'])

interface Way {
  readonly way: 'collections' | 'bulk'
  readonly calls: number
}

/** The way that takes fewer calls. */
export const wayFor = (object: ScoreObject, rows: number): Way => {
  const parents = HAS_PARENT.has(object)
  const small = Math.ceil(rows / COLLECTION) + (parents ? Math.ceil(rows / SORTED) : 0)
  const large = Math.ceil(rows / JOB_ROWS) * JOB_CALLS + (parents ? Math.ceil(rows / RETRIEVED) : 0)
  return small <= large ? { way: 'collections', calls: small } : { way: 'bulk', calls: large }
}

/** The same rows by parent. What has none, or is gone, comes first. */
const byParent = async ({ client }: Org, rows: readonly ScoreRow[]): Promise<readonly ScoreRow[]> => {
  const [first] = rows
  if (first === undefined || rows.length === 1 || !HAS_PARENT.has(first.object)) return rows
  const parents = new Map<string, string>()
  for (const ids of chunked(rows.map(({ id }) => id).filter(isId), RETRIEVED)) {
    const body = { ids, fields: ['Id', 'AccountId'] }
    const answer = await client.call({ method: 'POST', path: `/composite/sobjects/${SCORED[first.object]}`, body, accept: [400, 403, 404] })
    if (answer.status >= 400) return rows
    for (const record of (answer.body as ({ Id: string; AccountId: string | null } | null)[] | null) ?? [])
      if (record !== null) parents.set(record.Id.slice(0, 15), record.AccountId ?? '')
  }
  const parentOf = ({ id }: ScoreRow): string => parents.get(id.slice(0, 15)) ?? ''
  return [...rows].sort((left, right) => (parentOf(left) < parentOf(right) ? -1 : parentOf(left) > parentOf(right) ? 1 : 0))
}

/** Rows in the order they come, cut where the object changes, where an id comes again, and where there are enough. */
async function* groups(rows: AsyncIterable<ScoreRow>, size: (object: ScoreObject) => number): AsyncGenerator<ScoreRow[]> {
  let group = new Map<string, ScoreRow>()
  for await (const row of rows) {
    const object = group.values().next().value?.object
    if (object !== undefined && (object !== row.object || group.has(row.id) || group.size >= size(object))) {
      yield [...group.values()]
      group = new Map()
    }
    group.set(row.id, row)
  }
  if (group.size > 0) yield [...group.values()]
}

/** Writes by collections or by bulk jobs, whichever takes fewer calls for so many rows of an object. */
export async function* write(org: Org, rows: AsyncIterable<ScoreRow>, total: WriteTotals): AsyncGenerator<WriteResult> {
  const inBulk = (object: ScoreObject): boolean => wayFor(object, total[object] ?? 0).way === 'bulk'
  const size = (object: ScoreObject): number => (inBulk(object) ? JOB_ROWS : HAS_PARENT.has(object) ? SORTED : COLLECTION)
  for await (const group of groups(rows, size)) {
    org.host.signal.throwIfAborted()
    const [first] = group
    const sorted = await byParent(org, group)
    if (first !== undefined && inBulk(first.object)) yield* await updateInBulk(org, sorted)
    else for (const some of chunked(sorted, COLLECTION)) yield* await update(org, some)
  }
}

const SAVED = "IsActive = true AND TriggerType IN ('RecordBeforeSave', 'RecordAfterSave')"
const UPDATED = "Status = 'Active' AND (UsageBeforeUpdate = true OR UsageAfterUpdate = true)"

/** Names of what runs when a record of these objects is saved; null where Salesforce does not tell this sign-in. */
const automationsOn = async ({ client }: Org, objects: readonly string[]): Promise<readonly string[] | null> => {
  const names: string[] = []
  const list = `(${objects.map(quoted).join(',')})`
  const asked = [
    [`SELECT Label FROM FlowDefinitionView WHERE ${SAVED} AND TriggerObjectOrEvent.QualifiedApiName IN ${list}`, 'Label', 'flow', false],
    [`SELECT Name FROM ApexTrigger WHERE ${UPDATED} AND TableEnumOrId IN ${list}`, 'Name', 'trigger', true],
  ] as const
  for (const [soql, column, word, tooling] of asked) {
    try {
      for await (const rows of rowsOf(client, soql, { tooling })) for (const row of rows) names.push(`${word} ${String(row[column])}`)
    } catch (error) {
      // Looking into Setup takes a right that an integration user need not have.
      if (error instanceof AssayError && (error.kind === 'config' || error.kind === 'rejected')) return null
      throw error
    }
  }
  return names.sort()
}

/** What a write will cost. */
export const estimate = async (org: Org, total: WriteTotals): Promise<Bill> => {
  const objects = (Object.keys(total) as ScoreObject[]).filter((object) => (total[object] ?? 0) > 0)
  const ways = objects.map((object) => ({ ...wayFor(object, total[object] ?? 0), rows: total[object] ?? 0 }))
  const calls = ways.reduce((sum, way) => sum + way.calls, 0)
  const seconds = ways.reduce(
    (sum, { way, rows, calls: each }) =>
      sum + (way === 'bulk' ? Math.ceil(rows / JOB_ROWS) * SECONDS_PER_JOB + rows / ROWS_PER_SECOND : each * SECONDS_PER_CALL),
    0,
  )
  const automations = await automationsOn(
    org,
    objects.map((object) => SCORED[object]),
  )
  const limit = org.client.usage()?.limit
  return { calls, quotaShare: limit === undefined || limit === 0 ? null : calls / limit, minutes: seconds / 60, automations }
}
