import { cursorTo, placeIn, type Cursor } from '@assay/shared'
import type { After } from './query.ts'

/**
 * Where reading stopped. One round goes through the modules of a kind one after the other and takes what was modified in its
 * window, deletions among it. A round's window is closed before it is opened: `until` was SuiteCRM's clock when the round began, so a
 * record that changes while the round lasts has a later stamp than `until` and belongs to the next one.
 */
export interface Place {
  readonly step: 'changes' | 'reconcile' | 'rest'
  /** Position in the list of modules of the kind. */
  readonly module: number
  /** The last stamp and id. */
  readonly after: After | null
  /** Start of this round's window (epoch ms); null in a first, full round. */
  readonly from: number | null
  readonly until: number
  /** When the ids were last compared with what was known (epoch ms); 0 when they are to be compared at the end of this round. */
  readonly reconciledAt: number
  /** A cursor of one instance means nothing in another. */
  readonly instance: string
  /** Fields that were not there when the first round began, `Accounts.website`. */
  readonly unseen: readonly string[]
  /**
   * Modules that a round passed over because they could not be read, by name: where their own window begins (null: they were never read).
   * The round's window is too late for them.
   */
  readonly behind: Readonly<Record<string, number | null>>
}

/** Where the window of a module begins (epoch ms); null when all of it is to be read. */
export const fromOf = (place: Place, module: string): number | null => {
  const own = place.behind[module]
  return own === undefined ? place.from : own
}
/** The module could not be read in this round: the next one begins where this one would have. */
export const heldBack = (place: Place, module: string): Place => ({
  ...place,
  behind: { ...place.behind, [module]: fromOf(place, module) },
})
/** The module has been read: from here on it goes with the others. */
export const caughtUp = (place: Place, module: string): Place => ({
  ...place,
  behind: Object.fromEntries(Object.entries(place.behind).filter(([name]) => name !== module)),
})

/** So far back (ms) every window reaches into the one before: a record is stamped before its transaction ends, and several servers have several clocks. */
export const OVERLAP = 10 * 60_000

export const cursorOf = (place: Place): Cursor => cursorTo(place)

/** The start of the step of a module. */
export const startOf = (place: Place, step: Place['step'], module: number): Place => ({ ...place, step, module, after: null })

/** A place that a cursor names. Rejects (`config`) when it is not one of ours. */
export const placeOf = (cursor: Cursor): Place => {
  const place = placeIn(cursor, 'SuiteCRM') as Place
  // Cursors of old have passed over nothing.
  return { ...place, behind: (place as Partial<Place>).behind ?? {} }
}
