import { AssayError, type Cursor, type Host, type Page } from '@assay/shared'
import type { Client } from './client.ts'
import { accountOf, type WireAccount } from './map.ts'

/** So far back (ms) a window reaches into the one before. */
const OVERLAP = 10 * 60_000

/** Where reading stopped. `until` was the clock when the round began; the next round starts there, less the overlap. */
interface Place {
  readonly after: string | null
  readonly from: number | null
  readonly until: number
  readonly rests: boolean
}

const placeOf = (cursor: Cursor | null, now: number): Place => {
  if (cursor === null) return { after: null, from: null, until: now, rests: false }
  const place = JSON.parse(cursor) as Place
  return place.rests ? { after: null, from: place.until - OVERLAP, until: now, rests: false } : place
}

/** All accounts, or those that changed since the cursor. Deletions and merges belong here too. */
export async function* readAccounts(client: Client, host: Host, since: Cursor | null): AsyncGenerator<Page> {
  let place = placeOf(since, host.now())
  for (;;) {
    const query = new URLSearchParams({ after: place.after ?? '', since: String(place.from ?? '') })
    const body = (await client.get(`/accounts?${query.toString()}`)) as { items?: readonly WireAccount[]; next?: string }
    if (body.items === undefined) throw new AssayError('data', 'The answer has no accounts in it.')
    place = { ...place, after: body.next ?? null, rests: body.next === undefined }
    const first = place.from === null
    yield { records: body.items.map((item) => accountOf(item, first)), next: JSON.stringify(place) as Cursor }
    if (place.rests) return
  }
}
