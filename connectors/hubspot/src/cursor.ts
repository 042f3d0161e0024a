import { AssayError, cursorTo, type Cursor } from '@assay/shared'

/**
 * Where reading stopped. One round goes through the object types of a kind one after the other, each in two steps: its
 * records (all of them, or those changed since `from`), then its archived ones. The next round's window is closed before
 * this one is opened: `until` was the clock when the round began, so a record that changes while the round lasts has a later
 * modification date than `until` and belongs to the next one.
 */
export interface Place {
  readonly step: 'list' | 'changes' | 'archived' | 'rest'
  /** Position in the list of the kind's object types. */
  readonly object: number
  /** HubSpot's paging token, or for `changes` the last id. Null at the start of a step. */
  readonly after: string | null
  /** Start of this round's window (epoch ms); null in a first, full round. */
  readonly from: number | null
  /** When this round began (epoch ms). */
  readonly until: number
}

/**
 * So far back (ms) every window reaches into the one before: HubSpot's search index lags behind its writes by seconds,
 * sometimes minutes, and the two clocks may differ a little.
 */
export const OVERLAP = 10 * 60_000

export const cursorOf = (place: Place): Cursor => cursorTo(place)

/** The place a cursor names; the start of a new round when it rests, of a full one when there is none. */
export const placeOf = (cursor: Cursor | null, now: number): Place => {
  if (cursor === null) return { step: 'list', object: 0, after: null, from: null, until: now }
  let said: (Place & { v?: number }) | null = null
  try {
    said = JSON.parse(cursor) as Place & { v?: number }
  } catch {
    // Said below, with what to do about it.
  }
  if (said?.v !== 1)
    throw new AssayError('config', 'This cursor was not made by the HubSpot connector.', { hint: 'Read everything once: sync --full.' })
  const { step, object, after, from, until } = said
  return step === 'rest'
    ? { step: 'changes', object: 0, after: null, from: until - OVERLAP, until: now }
    : { step, object, after, from, until }
}
