import type { Cursor } from './connector.ts'
import { AssayError } from './error.ts'

/** How a cursor that leads nowhere is done without. */
export const READ_ALL = 'Read everything once: assay sync --full.'

/** A cursor that leads to this place, which is plain JSON. */
export const cursorTo = (place: object): Cursor => JSON.stringify({ v: 1, ...place }) as Cursor

/** The place that a cursor of this connector leads to. Throws (`config`) when the cursor is not one of its own. */
export const placeIn = (cursor: Cursor, connector: string): object => {
  let said: { readonly v?: number } | null = null
  try {
    said = JSON.parse(cursor) as { readonly v?: number } | null
  } catch {
    // Said below, with what to do about it.
  }
  if (said?.v !== 1) throw new AssayError('config', `This cursor was not made by the ${connector} connector.`, { hint: READ_ALL })
  const { v: _version, ...place } = said
  return place
}
