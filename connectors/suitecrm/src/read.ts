import { AssayError, holdsAny } from '@assay/shared'
import type { CrmRecord, Cursor, Kind, Page } from '@assay/shared'
import { wrongInstance } from '@assay/sugar-family'
import { isBreakdown } from './answer.ts'
import { caughtUp, cursorOf, fromOf, heldBack, OVERLAP, placeOf, startOf, type Place } from './cursor.ts'
import { unreadable, type Instance } from './instance.ts'
import { modifiedOf, tombstone } from './map.ts'
import { modulesOf, NEEDED, type ModuleType } from './modules.ts'
import { page, rowsByIds, since } from './query.ts'
import { RECONCILE_AFTER, vanished } from './reconcile.ts'
import { understood } from './understand.ts'

type Known = () => AsyncIterable<readonly string[]>

/** What a module of a kind has in the window, page by page; each page's place is that of its last record. */
async function* changedPages(instance: Instance, module: ModuleType, start: Place, then: (place: Place) => Place): AsyncGenerator<Page> {
  const asked = await instance.asked(module)
  const from = fromOf(start, module.name)
  let here = start
  for (;;) {
    instance.host.signal.throwIfAborted()
    const found = await page(instance.client, {
      module,
      fields: [...asked.fields, 'deleted', ...asked.custom.map(({ name }) => name)],
      where: since(module, from, here.after),
      most: instance.settings.pageSize,
      // A first round has nothing yet that could be deleted.
      deleted: from !== null && module.tellsDeletions,
      links: module.links,
    })
    if (found === null) throw unreadable(module.name)
    const isBeyond = (at: number | null): boolean => at !== null && at >= here.until
    const within = found.records.filter((row) => !isBeyond(modifiedOf(row)))
    const made = await understood(instance, module, asked, within, from === null ? 'first' : 'changed')
    const last = within.findLast((row) => modifiedOf(row) !== null)
    const at = last === undefined ? null : modifiedOf(last)
    const after = last === undefined || at === null ? null : { at, id: last.id }
    // Rows come by their stamp: the first one beyond the window ends it.
    const isLast = found.isLast || within.length < found.records.length
    // Otherwise the same page would be asked for without end.
    if (!isLast && (after === null || (after.at === here.after?.at && after.id === here.after.id)))
      throw new AssayError('data', `SuiteCRM promises more ${module.name}, but the last page brought none that could be gone on from.`)
    here = { ...here, after: after ?? here.after }
    yield { ...made, next: cursorOf(isLast ? then(here) : here) }
    if (isLast) return
  }
}

/** Whether a kind can be read without the module that stands at this place of its list; its first one and the needed ones must be there. */
const isSecondary = ({ name }: ModuleType, at: number): boolean => at > 0 && !NEEDED.has(name)

/** Whether a module is shown to this sign-in; where it is one to do without, and is in trouble of its own, the trouble in words. */
const shownOf = async (instance: Instance, module: ModuleType, at: number): Promise<true | string> => {
  try {
    if ((await instance.fields(module.name)) !== null) return true
    if (!isSecondary(module, at)) throw unreadable(module.name)
    return unreadable(module.name).message
  } catch (error) {
    if (!isSecondary(module, at) || !isBreakdown(error)) throw error
    return error.message
  }
}

/** Fields of a kind that are not there. */
const unseenOf = async (instance: Instance, kind: Kind): Promise<string[]> => {
  const unseen: string[] = []
  for (const [at, module] of modulesOf(kind).entries())
    if ((await shownOf(instance, module, at)) === true) unseen.push(...(await instance.asked(module)).unseen)
  return unseen
}

/** The place to read on from, after making sure that it is the same instance, with the same fields. */
const begin = async (instance: Instance, kind: Kind, cursor: Cursor | null, known: Known | undefined): Promise<Place> => {
  const place = cursor === null ? null : placeOf(cursor)
  const { client, host } = instance
  if (place !== null && place.instance !== client.instance) throw wrongInstance(place.instance, client.instance)
  const unseen = await unseenOf(instance, kind)
  // A module that was never read has lost nothing.
  const wasRead = (field: string): boolean => place?.behind[field.split('.')[0] ?? ''] !== null
  const lost = unseen.filter((field) => place !== null && !place.unseen.includes(field) && wasRead(field))
  if (lost.length > 0) {
    throw new AssayError(
      'config',
      `SuiteCRM no longer has ${lost.join(', ')}: read on, every changed record would seem to have lost what stood there.`,
      { hint: 'Bring the field back; or read everything without it: assay sync --full.' },
    )
  }
  if (unseen.length > 0) host.log.warn('SuiteCRM does not have these fields; they are left out', { fields: unseen })
  // Stamps have whole seconds. What gets this second's stamp after it was read is found in the overlap of the next window.
  const until = (Math.floor(client.clock() / 1000) + 1) * 1000
  if (place === null) {
    // Where nothing is known yet nothing can have vanished.
    const reconciledAt = known !== undefined && (await holdsAny(known)) ? 0 : until
    return { step: 'changes', module: 0, after: null, from: null, until, reconciledAt, instance: client.instance, unseen, behind: {} }
  }
  const seen = { ...place, unseen }
  if (place.step !== 'rest') return seen
  const isDue = until - place.reconciledAt > RECONCILE_AFTER
  return {
    ...startOf(seen, 'changes', 0),
    from: place.until - OVERLAP,
    until: Math.max(until, place.until),
    reconciledAt: isDue ? 0 : place.reconciledAt,
  }
}

/** What vanished without a word, once all that was said has been read. */
const reconciled = async (instance: Instance, kind: Kind, place: Place, known: Known | undefined): Promise<Page> => {
  const rest = startOf(place, 'rest', 0)
  // Still due: the next reader may know.
  if (known === undefined) return { records: [], next: cursorOf(rest) }
  const records = (await vanished(instance, kind, known, place.from === null)) ?? []
  return { records, next: cursorOf({ ...rest, reconciledAt: place.until }) }
}

/** Inserts, updates and deletions of a kind since the cursor. */
export async function* read(instance: Instance, kind: Kind, cursor: Cursor | null, known?: Known): AsyncGenerator<Page> {
  const modules = modulesOf(kind)
  const begun = await begin(instance, kind, cursor, known)
  const rest = (place: Place): Place =>
    startOf(place, place.reconciledAt === 0 ? 'reconcile' : 'rest', place.reconciledAt === 0 ? modules.length : 0)
  if (modules.length === 0) yield { records: [], next: cursorOf(startOf(begun, 'rest', 0)) }
  let here = begun
  for (let at = begun.module; at < modules.length; at += 1) {
    const module = modules[at]
    if (module === undefined) return
    const then = (place: Place): Place => (at + 1 < modules.length ? startOf(place, 'changes', at + 1) : rest(place))
    const passOver = (why: string): Page => {
      instance.host.log.warn('SuiteCRM could not be asked for this module; it is left out until it can', { module: module.name, why })
      here = then(heldBack(here, module.name))
      return { records: [], skipped: [{ kind, why: `${module.name}: ${why}` }], next: cursorOf(here) }
    }
    const shown = await shownOf(instance, module, at)
    if (shown !== true) {
      yield passOver(shown)
      continue
    }
    try {
      for await (const made of changedPages(instance, module, here, (place) => then(caughtUp(place, module.name)))) {
        yield made
        here = placeOf(made.next)
      }
    } catch (error) {
      // One module that breaks down over its own list shall not keep the others from being read.
      if (!isSecondary(module, at) || !isBreakdown(error)) throw error
      yield passOver(error.message)
    }
  }
  if (modules.length > 0 && here.reconciledAt === 0)
    yield await reconciled(instance, kind, startOf(here, 'reconcile', modules.length), known)
}

/** The named records as they are now; one that no module of the kind has is a tombstone, where all of them are shown. */
export async function* readIds(instance: Instance, kind: Kind, ids: readonly string[]): AsyncGenerator<Page> {
  const begun = await begin(instance, kind, null, undefined)
  const missing = new Set(ids)
  let isWhole = true
  const records: CrmRecord[] = []
  const refused: NonNullable<Page['refused']>[number][] = []
  for (const module of modulesOf(kind)) {
    if (missing.size === 0) break
    if ((await instance.fields(module.name)) === null) {
      isWhole = false
      continue
    }
    const asked = await instance.asked(module)
    const fields = [...asked.fields, 'deleted', ...asked.custom.map(({ name }) => name)]
    const rows = await rowsByIds(instance.client, { module, fields, deleted: module.tellsDeletions, links: module.links }, missing)
    for (const row of rows) missing.delete(row.id)
    const made = await understood(instance, module, asked, rows, 'changed')
    records.push(...made.records)
    refused.push(...made.refused)
  }
  // What may stand in a module that is not shown is not gone.
  if (isWhole) for (const id of missing) records.push(tombstone(kind, id, instance.host.now()))
  yield { records, refused, next: cursorOf(startOf(begun, 'rest', 0)) }
}
