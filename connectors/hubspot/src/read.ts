import type { CrmRecord, Cursor, Kind, Page, RefusedRecord, Seen } from '@assay/shared'
import { cursorOf, placeOf, type Place } from './cursor.ts'
import {
  deletedRecord,
  historyOf,
  instant,
  isAssayTask,
  isAttribute,
  mergedIds,
  mergedRecords,
  modifiedOf,
  recordOf,
  userOf,
} from './map.ts'
import { objectsOf, type ObjectType } from './objects.ts'
import { listPage, readBatch, readLinks, readMerges, searchPage, type Raw } from './pages.ts'
import type { Portal } from './portal.ts'
import { listOf, nextOf, type WireOwner, type WireProperty, type WireRecord } from './wire.ts'

/** So many records are gathered before their associations are asked for: one call there takes a thousand. */
const GATHERED = 1000
/** So many gathered pages may be on their way at once. */
const AHEAD = 3

interface Understood {
  readonly records: readonly CrmRecord[]
  readonly refused: readonly RefusedRecord[]
}

const customOf = (properties: readonly WireProperty[]): WireProperty[] => properties.filter(isAttribute)

/** Wire records of one object in our words, with their associations, history and merged predecessors. */
const understood = async (
  portal: Portal,
  object: ObjectType,
  name: string,
  custom: readonly WireProperty[],
  all: readonly WireRecord[],
  seen: Seen,
): Promise<Understood> => {
  const dated = all.filter((record) => modifiedOf(object, record) !== null)
  const refused = all
    .filter((record) => modifiedOf(object, record) === null)
    .map(({ id }): RefusedRecord => ({ kind: object.kind, where: `${object.name} ${id}`, why: `no date in ${object.modified}` }))
  const records = object.name === 'tasks' ? dated.filter((record) => !isAssayTask(record)) : dated
  if (records.length === 0) return { records: [], refused }
  const ids = records.map(({ id }) => id)
  const winners = object.merges ? records.filter((record) => mergedIds(record).length > 0) : []
  const [links, account, stages, merges] = await Promise.all([
    Promise.all(object.links.map(async (link) => [link.to, await readLinks(portal, name, ids, link)] as const)),
    portal.account(),
    object.kind === 'deal' ? portal.stages() : new Map(),
    winners.length === 0 ? [] : readMerges(portal, object, name, winners),
  ])
  const byType = new Map<string, Map<string, string>>(links)
  const context = {
    seen,
    stages,
    custom,
    currency: account.companyCurrency ?? null,
    linked: (id: string, to: string) => byType.get(to)?.get(id) ?? null,
  }
  const made: CrmRecord[] = []
  for (const record of records) {
    made.push(recordOf(object, record, context))
    if (object.history.length > 0) for (const change of historyOf(record, stages)) made.push(change)
  }
  return { records: [...made, ...merges.flatMap((winner) => mergedRecords(object, winner))], refused }
}

interface Step {
  readonly page: Promise<Understood>
  readonly next: Place
}

/** The gathered pages of one step (all, changed, archived) of one object, from `start` on; the last one's `next` is `then`. */
async function* steps(
  start: Place,
  then: Place,
  fetch: (after: string | null) => Promise<Raw>,
  finish: (records: readonly WireRecord[]) => Promise<Understood>,
): AsyncGenerator<Step> {
  let after = start.after
  for (;;) {
    const gathered: WireRecord[] = []
    let ended = false
    while (!ended && gathered.length < GATHERED) {
      const page = await fetch(after)
      gathered.push(...page.records)
      if (page.after === null) ended = true
      else after = page.after
    }
    const page = finish(gathered)
    // Met where it is awaited, which may be much later: until then a failure must not count as unhandled.
    page.catch(() => undefined)
    yield { page, next: ended ? then : { ...start, after } }
    if (ended) return
  }
}

async function* objectSteps(portal: Portal, object: ObjectType, name: string, start: Place, end: Place): AsyncGenerator<Step> {
  const custom = customOf(await portal.properties(name))
  const properties = [...object.properties, ...custom.map((property) => property.name)]
  const { from } = start
  const archived: Place = { ...start, step: 'archived', after: null }
  if (start.step !== 'archived') {
    yield* steps(
      start,
      archived,
      (after) =>
        from === null
          ? listPage(portal, name, properties, object.history, false, after)
          : searchPage(portal, object, name, properties, from, after),
      (records) => understood(portal, object, name, custom, records, from === null ? 'first' : 'changed'),
    )
  }
  const marks = object.name === 'tasks' ? ['hs_task_subject', 'hs_task_body'] : ['hs_object_id']
  yield* steps(
    start.step === 'archived' ? start : archived,
    end,
    (after) => listPage(portal, name, marks, [], true, after),
    (records) => {
      const gone: CrmRecord[] = []
      for (const record of records) {
        const at = instant(record.archivedAt ?? record.updatedAt)
        if (at !== null && at >= (from ?? at) && !isAssayTask(record)) gone.push(deletedRecord(object.kind, record.id, at))
      }
      return Promise.resolve({ records: gone, refused: [] })
    },
  )
}

async function* kindSteps(portal: Portal, kind: Kind, start: Place): AsyncGenerator<Step> {
  const objects = objectsOf(kind)
  for (let at = start.object; at < objects.length; at += 1) {
    const object = objects[at]
    if (object === undefined) return
    const here: Place = at === start.object ? start : { ...start, step: start.from === null ? 'list' : 'changes', object: at, after: null }
    const then: Place =
      at + 1 < objects.length
        ? { ...here, step: start.from === null ? 'list' : 'changes', object: at + 1, after: null }
        : { ...here, step: 'rest', object: 0, after: null }
    const name = await portal.nameOf(object)
    if (name === null) yield { page: Promise.resolve({ records: [], refused: [] }), next: then }
    else yield* objectSteps(portal, object, name, here, then)
  }
}

/** Lists ahead while the associations of earlier pages are still on their way; keeps the order. */
async function* ahead(source: AsyncGenerator<Step>, signal: AbortSignal): AsyncGenerator<Page> {
  const waiting: Step[] = []
  const pull = () => {
    const upcoming = source.next()
    upcoming.catch(() => undefined)
    return upcoming
  }
  let upcoming = pull()
  for (;;) {
    const step = await upcoming
    if (step.done !== true) {
      waiting.push(step.value)
      upcoming = pull()
    }
    while (waiting.length > 0 && (step.done === true || waiting.length >= AHEAD)) {
      signal.throwIfAborted()
      const first = waiting.shift()
      if (first !== undefined) yield { ...(await first.page), next: cursorOf(first.next) }
    }
    if (step.done === true) return
  }
}

/** Owners are few and cannot be searched: all are read each time, and those that did not change are left out. */
async function* readOwners(portal: Portal, start: Place): AsyncGenerator<Page> {
  const next = cursorOf({ ...start, step: 'rest', object: 0, after: null })
  for (const archived of [false, true]) {
    let after: string | undefined
    do {
      const tail = `?limit=100&archived=${archived}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`
      const list = listOf<WireOwner>(await portal.client.call({ area: 'owners', tail }), 'owners')
      after = nextOf(list)
      const changed = list.results.filter(({ updatedAt }) => start.from === null || (instant(updatedAt) ?? Infinity) >= start.from)
      const records = changed.map((owner) =>
        userOf({ ...owner, archived: owner.archived ?? archived }, start.from === null ? 'first' : 'changed'),
      )
      // Until the last page the old place stands: an interrupted read of owners begins again.
      yield { records, next: archived && after === undefined ? next : cursorOf(start) }
    } while (after !== undefined)
  }
}

/** Inserts, updates, deletions and merges of a kind since the cursor. A deal's history comes with the deal. */
export async function* read(portal: Portal, kind: Kind, since: Cursor | null): AsyncGenerator<Page> {
  const start = placeOf(since, portal.host.now())
  if (kind === 'user') yield* readOwners(portal, start)
  else if (objectsOf(kind).length === 0) yield { records: [], next: cursorOf({ ...start, step: 'rest', object: 0, after: null }) }
  else yield* ahead(kindSteps(portal, kind, start), portal.host.signal)
}

/** The named records as they are now; one that no object of the kind has is a tombstone, with its winner after a merge. */
export async function* readIds(portal: Portal, kind: Kind, ids: readonly string[]): AsyncGenerator<Page> {
  const now = portal.host.now()
  const next = cursorOf({ step: 'rest', object: 0, after: null, from: null, until: now })
  const missing = new Set(ids)
  const records: CrmRecord[] = []
  const refused: RefusedRecord[] = []
  const mergedInto = new Map<string, string>()
  for (const object of objectsOf(kind)) {
    const name = await portal.nameOf(object)
    if (name === null || missing.size === 0) continue
    const custom = customOf(await portal.properties(name))
    const answered = await readBatch(
      portal,
      name,
      [...missing],
      [...object.properties, ...custom.map((property) => property.name)],
      object.history,
    )
    // A record that was merged away answers with its winner, who may have been asked for as well.
    const found = [...new Map(answered.map((record) => [record.id, record])).values()]
    for (const record of found) {
      missing.delete(record.id)
      for (const loser of mergedIds(record)) mergedInto.set(loser, record.id)
    }
    const page = await understood(portal, object, name, custom, found, 'changed')
    records.push(...page.records)
    refused.push(...page.refused)
  }
  if (kind === 'user') {
    for await (const page of readOwners(portal, placeOf(null, now))) {
      for (const record of page.records) if (missing.delete(record.id)) records.push(record)
    }
  }
  const told = new Set(records.filter((record) => record.deleted).map(({ id }) => id))
  for (const id of missing) if (!told.has(id) && !mergedInto.has(id)) records.push(deletedRecord(kind, id, now))
  yield { records, refused, next }
}
