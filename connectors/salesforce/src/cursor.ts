import { cursorTo, placeIn, type Cursor } from '@assay/shared'

/**
 * Where reading stopped. One round goes through the objects of a kind one after the other. A first, full round takes each of
 * them by one bulk job; a later one takes what was modified in its window, then what was deleted in it. A round's window is
 * closed before it is opened: `until` was Salesforce's clock when the round began, so a record that changes while the round
 * lasts has a later stamp than `until` and belongs to the next one.
 */
export interface Place {
  readonly step: 'all' | 'changes' | 'deleted' | 'reconcile' | 'rest'
  /** Position in the list of what is read for the kind. */
  readonly object: number
  /** Of `all`: the job, the page of its result (null: the first), and how many rows of that page have been given. */
  readonly job: string | null
  readonly locator: string | null
  readonly skip: number
  /** Of `changes`: the last stamp and id. */
  readonly after: { readonly at: number; readonly id: string } | null
  /** What the reader of an object carries over from one page to the next. */
  readonly carry: string | null
  /** Start of this round's window (epoch ms); null in a first, full round. */
  readonly from: number | null
  readonly until: number
  /** When the ids were last compared with what was known (epoch ms); 0 when they are to be compared at the end of this round. */
  readonly reconciledAt: number
  /** The org: a cursor of one means nothing in another. */
  readonly organization: string
  /** Fields that this sign-in could not see when the first round began, `Account.Website`. */
  readonly unseen: readonly string[]
}

/**
 * So far back (ms) every window reaches into the one before: a record is stamped when its transaction begins to save and is
 * seen when it ends, which Salesforce allows to be ten minutes later; and the two clocks may differ a little.
 */
export const OVERLAP = 12 * 60_000

export const cursorOf = (place: Place): Cursor => cursorTo(place)

/** The start of the step of an object. */
export const startOf = (place: Place, step: Place['step'], object: number): Place => ({
  ...place,
  step,
  object,
  job: null,
  locator: null,
  skip: 0,
  after: null,
  carry: null,
})

/** A place that a cursor names. Rejects (`config`) when it is not one of ours. */
export const placeOf = (cursor: Cursor): Place => placeIn(cursor, 'Salesforce') as Place
