import { AssayError, holdsAny } from '@assay/shared'
import type { CrmRecord, Cursor, Kind, Page } from '@assay/shared'
import { wrongInstance } from '@assay/sugar-family'
import { cursorOf, OVERLAP, placeOf, startOf, type Place } from './cursor.ts'
import { unreadable, type Instance } from './instance.ts'
import { idOf, isDeleted, modifiedOf, tombstone } from './map.ts'
import { modulesOf, NEEDED, type ModuleType } from './modules.ts'
import { IN_ORDER, inWindow, page, rowsByIds } from './query.ts'
import { dueAfter, vanished } from './reconcile.ts'
import { understood } from './understand.ts'

type Known = () => AsyncIterable<readonly string[]>

/** What a module of a kind has in the window, page by page; each page's place is that of its last record. */
async function* changedPages(instance: Instance, module: ModuleType, start: Place, then: (place: Place) => Place): AsyncGenerator<Page> {
  const asked = await instance.asked(module)
  let here = start
  for (;;) {
    instance.host.signal.throwIfAborted()
    const found = await page(instance.client, {
      module: module.name,
      fields: [...asked.fields, 'deleted', ...asked.custom.map(({ name }) => name)],
      filter: inWindow(here.from, here.until, here.after),
      orderBy: IN_ORDER,
      most: instance.settings.pageSize,
      deleted: true,
      contacts: module.contacts,
    })
    if (found === null) throw unreadable(module.name)
    const made = await understood(instance, module, asked, found.records, here.from === null ? 'first' : 'changed')
    const last = found.records.findLast((row) => modifiedOf(row) !== null)
    const at = last === undefined ? null : modifiedOf(last)
    const after = last === undefined || at === null ? null : { at, id: idOf(last) }
    const { isLast } = found
    // Otherwise the same page would be asked for without end.
    if (!isLast && (after === null || (after.at === here.after?.at && after.id === here.after.id)))
      throw new AssayError('data', `Sugar promises more ${module.name}, but the last page brought none that could be gone on from.`)
    here = { ...here, after: after ?? here.after, tellsDeletions: here.tellsDeletions || found.records.some(isDeleted) }
    yield { ...made, next: cursorOf(isLast ? then(here) : here) }
    if (isLast) return
  }
}

/** Fields of a kind that this sign-in cannot see. */
const unseenOf = async (instance: Instance, kind: Kind): Promise<string[]> => {
  const unseen: string[] = []
  for (const module of modulesOf(kind))
    if ((await instance.fields(module.name)) !== null) unseen.push(...(await instance.asked(module)).unseen)
  return unseen
}

/** The place to read on from, after making sure that it is the same instance, seen with the same eyes. */
const begin = async (instance: Instance, kind: Kind, since: Cursor | null, known: Known | undefined): Promise<Place> => {
  const place = since === null ? null : placeOf(since)
  const { client, host } = instance
  if (place !== null && place.instance !== client.instance) throw wrongInstance(place.instance, client.instance)
  const unseen = await unseenOf(instance, kind)
  const hidden = unseen.filter((field) => place !== null && !place.unseen.includes(field))
  if (hidden.length > 0) {
    throw new AssayError(
      'config',
      `Sugar no longer shows ${hidden.join(', ')} to this sign-in: read on, every changed record would seem to have lost it.`,
      {
        hint: 'Give the integration user the field again (Admin > Role Management, Field Permissions); or read everything without it: assay sync --full.',
      },
    )
  }
  if (unseen.length > 0) host.log.warn('Sugar does not show these fields to the sign-in; they are left out', { fields: unseen })
  // Stamps have whole seconds. What gets this second's stamp after it was read is found in the overlap of the next window.
  const until = (Math.floor(client.clock() / 1000) + 1) * 1000
  if (place === null) {
    // Where nothing is known yet nothing can have vanished.
    const reconciledAt = known !== undefined && (await holdsAny(known)) ? 0 : until
    const start = { step: 'changes', module: 0, after: null, from: null, tellsDeletions: false } as const
    return { ...start, until, reconciledAt, instance: client.instance, unseen }
  }
  const seen = { ...place, unseen }
  if (place.step !== 'rest') return seen
  const isDue = until - place.reconciledAt > dueAfter(place.tellsDeletions)
  return {
    ...startOf(seen, 'changes', 0),
    from: place.until - OVERLAP,
    until: Math.max(until, place.until),
    reconciledAt: isDue ? 0 : place.reconciledAt,
  }
}

/** What vanished without a word, once all that was said has been read. */
async function* reconciledPages(instance: Instance, kind: Kind, place: Place, known: Known | undefined): AsyncGenerator<Page> {
  const rest = startOf(place, 'rest', 0)
  if (known === undefined) {
    // Still due: the next reader may know.
    yield { records: [], next: cursorOf(rest) }
    return
  }
  for await (const records of vanished(instance, kind, known, place.from === null)) yield { records, next: cursorOf(place) }
  yield { records: [], next: cursorOf({ ...rest, reconciledAt: place.until }) }
}

/** Inserts, updates and deletions of a kind since the cursor. A deal's history comes with the deal. */
export async function* read(instance: Instance, kind: Kind, since: Cursor | null, known?: Known): AsyncGenerator<Page> {
  const modules = modulesOf(kind)
  const begun = await begin(instance, kind, since, known)
  const rest = (place: Place): Place =>
    startOf(place, place.reconciledAt === 0 ? 'reconcile' : 'rest', place.reconciledAt === 0 ? modules.length : 0)
  if (modules.length === 0) yield { records: [], next: cursorOf(startOf(begun, 'rest', 0)) }
  let here = begun
  for (let at = begun.module; at < modules.length; at += 1) {
    const module = modules[at]
    if (module === undefined) return
    const then = (place: Place): Place => (at + 1 < modules.length ? startOf(place, 'changes', at + 1) : rest(place))
    if ((await instance.fields(module.name)) === null) {
      // The other modules of a kind may be missing from an edition; its first may not.
      if (at === 0 || NEEDED.has(module.name)) throw unreadable(module.name)
      instance.host.log.warn('Sugar does not show this module to the sign-in; it is left out', { module: module.name })
      here = then(here)
      yield { records: [], next: cursorOf(here) }
      continue
    }
    for await (const made of changedPages(instance, module, here, then)) {
      yield made
      here = placeOf(made.next)
    }
  }
  if (modules.length > 0 && here.reconciledAt === 0)
    yield* reconciledPages(instance, kind, startOf(here, 'reconcile', modules.length), known)
}

/** The named records as they are now; one that no module of the kind has is a tombstone. */
export async function* readIds(instance: Instance, kind: Kind, ids: readonly string[]): AsyncGenerator<Page> {
  const begun = await begin(instance, kind, null, undefined)
  const missing = new Set(ids)
  const records: CrmRecord[] = []
  const refused: NonNullable<Page['refused']>[number][] = []
  for (const module of modulesOf(kind)) {
    if (missing.size === 0) break
    if ((await instance.fields(module.name)) === null) continue
    const asked = await instance.asked(module)
    const fields = [...asked.fields, 'deleted', ...asked.custom.map(({ name }) => name)]
    const question = { module: module.name, fields, deleted: true, contacts: module.contacts }
    const rows = await rowsByIds(instance.client, question, [...missing])
    for (const row of rows) missing.delete(idOf(row))
    const made = await understood(instance, module, asked, rows, 'changed')
    records.push(...made.records)
    refused.push(...made.refused)
  }
  for (const id of missing) records.push(tombstone(kind, id, instance.host.now()))
  yield { records, refused, next: cursorOf(startOf(begun, 'rest', 0)) }
}
