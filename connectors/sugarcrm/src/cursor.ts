import { cursorTo, placeIn, type Cursor } from '@assay/shared'
import type { After } from './query.ts'

/**
 * Where reading stopped. One round goes through the modules of a kind one after the other and takes what was modified in its
 * window, deletions among it. A round's window is closed before it is opened: `until` was Sugar's clock when the round began, so a
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
  /** Whether Sugar has ever told of a deletion: not every version does. */
  readonly tellsDeletions: boolean
  /** A cursor of one instance means nothing in another. */
  readonly instance: string
  /** Fields that this sign-in could not see when the first round began, `Accounts.website`. */
  readonly unseen: readonly string[]
}

/** So far back (ms) every window reaches into the one before: a record is stamped before its transaction ends, and several servers have several clocks. */
export const OVERLAP = 10 * 60_000

export const cursorOf = (place: Place): Cursor => cursorTo(place)

/** The start of the step of a module. */
export const startOf = (place: Place, step: Place['step'], module: number): Place => ({ ...place, step, module, after: null })

/** A place that a cursor names. Rejects (`config`) when it is not one of ours. */
export const placeOf = (cursor: Cursor): Place => placeIn(cursor, 'SugarCRM') as Place
