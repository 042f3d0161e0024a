import { AssayError, holdsAny } from '@assay/shared'
import type { CrmRecord, Cursor, Kind, Page } from '@assay/shared'
import { codeOf, errorsOf } from './answer.ts'
import { jobDone, jobRows, startJob, type Spot } from './bulk-query.ts'
import { sameId, wrongOrg } from './client.ts'
import { cursorOf, OVERLAP, placeOf, startOf, type Place } from './cursor.ts'
import { OWNER_QUERY, ownerReader, STAGE_QUERY, stageReader } from './history.ts'
import { modifiedOf, tombstone } from './map.ts'
import { FIELD_HISTORY, objectsOf, STAGE_HISTORY, type ObjectType } from './objects.ts'
import { unreadable, type Org } from './org.ts'
import { changedRows, rowsByIds } from './query.ts'
import { isId } from './soql.ts'
import { vanished, WEEK } from './reconcile.ts'
import { deletions, understood } from './understand.ts'
import type { WireDeleted, WireRecord } from './wire.ts'

/** One thing that is read for a kind: an object, or one of the two histories of deals, which have jobs of their own in a first round. */
type Part = ObjectType | typeof STAGE_HISTORY | typeof FIELD_HISTORY

const partsOf = (kind: Kind): readonly Part[] => (kind === 'deal' ? [...objectsOf(kind), STAGE_HISTORY, FIELD_HISTORY] : objectsOf(kind))

/** A job may have been forgotten while we were away; this many new ones are made for one object in one round. */
const JOBS = 3

/** Rows in the order of a job, with what each batch becomes and the place behind it. */
async function* jobPages(
  org: Org,
  { soql, all }: { readonly soql: string; readonly all: boolean },
  place: Place,
  then: Place,
  finish: (rows: readonly WireRecord[], here: Place) => Promise<{ page: Omit<Page, 'next'>; carry: string | null }>,
): AsyncGenerator<Page | 'not offered'> {
  let here = place
  for (let jobs = 1; ; jobs += 1) {
    if (here.job === null) {
      const job = await startJob(org.client, soql, all)
      if (job === null) {
        yield 'not offered'
        return
      }
      here = { ...startOf(here, here.step, here.object), job }
    }
    const { job } = here
    let forgotten = job === null || !(await jobDone(org.client, org.host, job))
    if (!forgotten && job !== null) {
      const start: Spot = { locator: here.locator, skip: here.skip }
      for await (const batch of jobRows(org.client, org.host, job, start)) {
        org.host.signal.throwIfAborted()
        if (batch === null) {
          forgotten = true
          break
        }
        const { page, carry } = await finish(batch.rows, here)
        if (batch.next !== null) here = { ...here, ...batch.next, carry }
        yield { ...page, next: cursorOf(batch.next === null ? then : here) }
      }
    }
    if (!forgotten) return
    if (jobs >= JOBS) throw new AssayError('offline', 'Salesforce forgot a bulk query job again and again.')
    here = startOf(here, here.step, here.object)
  }
}

async function* historyPages(org: Org, part: typeof STAGE_HISTORY | typeof FIELD_HISTORY, place: Place, then: Place): AsyncGenerator<Page> {
  const isShown = part === STAGE_HISTORY ? (await org.describe(part)) !== null : await org.ownersTracked()
  // Later rounds bring the history along with the deals that changed.
  if (!isShown || place.from !== null) {
    yield { records: [], next: cursorOf(then) }
    return
  }
  const stages = await org.stages()
  const pages = jobPages(org, { soql: part === STAGE_HISTORY ? STAGE_QUERY : OWNER_QUERY, all: false }, place, then, (rows, { carry }) => {
    const reader = part === STAGE_HISTORY ? stageReader(stages, carry) : ownerReader(carry)
    return Promise.resolve({ page: { records: reader.read(rows) }, carry: reader.carry() })
  })
  for await (const page of pages) {
    if (page === 'not offered')
      throw new AssayError('config', `Salesforce does not offer ${part} to bulk jobs.`, {
        hint: 'Ask Salesforce support whether the Bulk API 2.0 is switched on for this org.',
      })
    yield page
  }
}

const HALF_A_MONTH = 15 * 86_400_000
const MINUTE = 60_000
/** From when on Salesforce remembers deletions. */
const earliestDeletion = (org: Org): number => org.client.clock() - HALF_A_MONTH + 5 * MINUTE

/** What was deleted in the window; windows with more than 600,000 deletions are halved. */
const deletedIn = async (org: Org, object: ObjectType, from: number, until: number): Promise<WireDeleted['deletedRecords']> => {
  const minute = (at: number): string =>
    encodeURIComponent(`${new Date(Math.floor(at / MINUTE) * MINUTE).toISOString().slice(0, 19)}+00:00`)
  const answer = await org.client.call({
    path: `/sobjects/${object.name}/deleted/?start=${minute(from)}&end=${minute(until)}`,
    accept: [400],
  })
  if (answer.status < 400) return (answer.body as WireDeleted).deletedRecords
  const code = codeOf(errorsOf(answer.body)[0])
  const middle = (from + until) / 2
  if (code === 'EXCEEDED_ID_LIMIT' && until - from > 4 * MINUTE)
    return [...(await deletedIn(org, object, from, middle)), ...(await deletedIn(org, object, middle, until))]
  if (code !== 'INVALID_REPLICATION_DATE')
    throw new AssayError(
      'rejected',
      `Salesforce did not list what was deleted of ${object.name}: ${errorsOf(answer.body)[0]?.message ?? code}`,
    )
  org.host.log.warn('Salesforce remembers deletions for fifteen days at most; older ones need a reconciliation', { object: object.name })
  return []
}

async function* deletedPages(org: Org, object: ObjectType, place: Place, then: Place): AsyncGenerator<Page> {
  const { from, until } = place
  const shown = await org.describe(object.name)
  // A price has no tombstone of its own.
  if (from === null || !object.deletable || shown?.replicateable === false || object.name === 'PricebookEntry') {
    yield { records: [], next: cursorOf(then) }
    return
  }
  const earliest = earliestDeletion(org)
  if (from < earliest)
    org.host.log.warn('the last sync is more than fifteen days ago: what was deleted for good before that is not listed', {
      object: object.name,
    })
  const start = Math.min(Math.max(from, earliest), until - 2 * MINUTE)
  const deleted = await deletedIn(org, object, start, until)
  yield { records: deleted.length === 0 ? [] : await deletions(org, object, deleted, { from, until }), next: cursorOf(then) }
}

async function* changedPages(org: Org, object: ObjectType, place: Place, then: Place): AsyncGenerator<Page> {
  const asked = await org.asked(object)
  const { from, until, after } = place
  const custom = asked.custom.map(({ name }) => name)
  let here = place
  for await (const rows of changedRows(org.client, object.name, asked.fields, custom, { from, until }, after, modifiedOf)) {
    org.host.signal.throwIfAborted()
    const page = await understood(org, object, asked, rows, from === null ? 'first' : 'changed')
    const last = rows.at(-1)
    const at = last === undefined ? null : modifiedOf(last)
    if (last !== undefined && at !== null) here = { ...here, after: { at, id: String(last['Id']) } }
    yield { ...page, next: cursorOf(here) }
  }
  yield { records: [], next: cursorOf(then) }
}

async function* wholePages(org: Org, object: ObjectType, place: Place, then: Place): AsyncGenerator<Page> {
  // A first round takes the prices along with the products.
  if (object.name === 'PricebookEntry') {
    yield { records: [], next: cursorOf(then) }
    return
  }
  const asked = await org.asked(object)
  const soql = `SELECT ${[...asked.fields, ...asked.custom.map(({ name }) => name)].join(', ')} FROM ${object.name}`
  const pages = jobPages(org, { soql, all: true }, place, then, async (rows) => ({
    page: await understood(org, object, asked, rows, 'first'),
    carry: null,
  }))
  for await (const page of pages) {
    if (page !== 'not offered') yield page
    // Some objects are not offered to bulk jobs in some orgs: then page by page.
    else yield* changedPages(org, object, startOf(place, 'changes', place.object), then)
  }
}

async function* objectPages(org: Org, object: ObjectType, place: Place, then: Place): AsyncGenerator<Page> {
  if (place.step === 'all') {
    yield* wholePages(org, object, place, then)
    return
  }
  const deleted = startOf(place, 'deleted', place.object)
  if (place.step === 'changes') yield* changedPages(org, object, place, deleted)
  yield* deletedPages(org, object, place.step === 'deleted' ? place : deleted, then)
}

type Known = () => AsyncIterable<readonly string[]>
/** Fields of a kind that this sign-in cannot see. */
const unseenOf = async (org: Org, kind: Kind): Promise<string[]> => {
  const unseen: string[] = []
  for (const object of objectsOf(kind)) {
    // The second object of a kind may be missing from an org's edition; the first may not.
    if ((await org.describe(object.name)) !== null) unseen.push(...(await org.asked(object)).unseen)
  }
  return unseen
}

/** The place to read on from, after making sure that it is the same org, seen with the same eyes. */
const begin = async (org: Org, kind: Kind, since: Cursor | null, known: Known | undefined): Promise<Place> => {
  const place = since === null ? null : placeOf(since)
  const { organizationId } = await org.client.identity()
  if (place !== null && !sameId(place.organization, organizationId)) throw wrongOrg(place.organization, organizationId)
  const unseen = await unseenOf(org, kind)
  const hidden = unseen.filter((field) => place !== null && !place.unseen.includes(field))
  if (hidden.length > 0) {
    throw new AssayError(
      'config',
      `Salesforce no longer shows ${hidden.join(', ')} to this sign-in: read on, every changed record would seem to have lost it.`,
      {
        hint: 'Give the integration user "Read Access" to the field again (Setup, Permission Sets, Field Permissions); or read everything without it: assay sync --full.',
      },
    )
  }
  const shown = place === null || place.step !== 'rest' ? [] : place.unseen.filter((field) => !unseen.includes(field))
  if (shown.length > 0)
    org.host.log.warn(
      'Salesforce shows these fields now; records that do not change stay without them until all is read: assay sync --full',
      {
        fields: shown,
      },
    )
  if (unseen.length > 0) org.host.log.warn('Salesforce does not show these fields to the sign-in; they are left out', { fields: unseen })
  const until = org.client.clock()
  if (place === null) {
    // Where nothing is known yet nothing can have vanished.
    const reconciledAt = known !== undefined && (await holdsAny(known)) ? 0 : until
    const start = { step: 'all', object: 0, job: null, locator: null, skip: 0, after: null, carry: null, from: null } as const
    return { ...start, until, reconciledAt, organization: organizationId, unseen }
  }
  const seen = { ...place, unseen }
  if (place.step !== 'rest') return seen
  const from = place.until - OVERLAP
  const isDue = until - place.reconciledAt > WEEK || from < earliestDeletion(org)
  return { ...startOf(seen, 'changes', 0), from, until: Math.max(until, place.until), reconciledAt: isDue ? 0 : place.reconciledAt }
}

/** What vanished without a word, once all that was said has been read. */
async function* reconciledPages(org: Org, kind: Kind, place: Place, known: Known | undefined): AsyncGenerator<Page> {
  const rest = startOf(place, 'rest', 0)
  if (known === undefined) {
    // Still due: the next reader may know.
    yield { records: [], next: cursorOf(rest) }
    return
  }
  for await (const records of vanished(org, kind, known, place.from === null)) yield { records, next: cursorOf(place) }
  yield { records: [], next: cursorOf({ ...rest, reconciledAt: place.until }) }
}

/** Inserts, updates, deletions and merges of a kind since the cursor. A deal's history comes with the deal. */
export async function* read(org: Org, kind: Kind, since: Cursor | null, known?: Known): AsyncGenerator<Page> {
  const parts = partsOf(kind)
  const begun = await begin(org, kind, since, known)
  const reconcile = startOf(begun, begun.reconciledAt === 0 ? 'reconcile' : 'rest', begun.reconciledAt === 0 ? parts.length : 0)
  const first = objectsOf(kind)[0]
  if (first !== undefined && (await org.describe(first.name)) === null) throw unreadable(first.name)
  if (parts.length === 0) yield { records: [], next: cursorOf(startOf(begun, 'rest', 0)) }
  for (let at = begun.object; at < parts.length; at += 1) {
    const part = parts[at]
    if (part === undefined) return
    const here = at === begun.object ? begun : startOf(begun, begun.from === null ? 'all' : 'changes', at)
    const then = at + 1 < parts.length ? startOf(begun, begun.from === null ? 'all' : 'changes', at + 1) : reconcile
    if (typeof part === 'string') yield* historyPages(org, part, here, then)
    else if ((await org.describe(part.name)) === null) {
      org.host.log.warn('Salesforce does not show this object to the sign-in; it is left out', { object: part.name })
      yield { records: [], next: cursorOf(then) }
    } else yield* objectPages(org, part, here, then)
  }
  if (parts.length > 0 && begun.reconciledAt === 0) yield* reconciledPages(org, kind, reconcile, known)
}

/** The named records as they are now; one that no object of the kind has is a tombstone, with its winner after a merge. */
export async function* readIds(org: Org, kind: Kind, ids: readonly string[]): AsyncGenerator<Page> {
  const begun = await begin(org, kind, null, undefined)
  const missing = new Set(ids)
  const records: CrmRecord[] = []
  const refused: NonNullable<Page['refused']>[number][] = []
  for (const object of objectsOf(kind)) {
    const wanted = [...missing].filter(isId)
    if (wanted.length === 0 || object.name === 'PricebookEntry' || (await org.describe(object.name)) === null) continue
    const asked = await org.asked(object)
    const custom = asked.custom.map(({ name }) => name)
    const rows = await rowsByIds(org.client, asked.fields, object.name, 'Id', wanted, { all: true, custom })
    for (const row of rows) for (const id of wanted) if (sameId(id, String(row['Id']))) missing.delete(id)
    const page = await understood(org, object, asked, rows, 'changed')
    records.push(...page.records)
    refused.push(...page.refused)
  }
  for (const id of missing) records.push(tombstone(kind, id, org.host.now(), null))
  yield { records, refused, next: cursorOf(startOf(begun, 'rest', 0)) }
}
