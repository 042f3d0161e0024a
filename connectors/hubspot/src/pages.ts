import type { Pace } from './governor.ts'
import { MERGED, type Link, type ObjectType } from './objects.ts'
import type { Portal } from './portal.ts'
import { listOf, nextOf, type WireLinks, type WireList, type WireRecord } from './wire.ts'

/** Records as HubSpot gave them, and the token that the next ones follow; null at the end. */
export interface Raw {
  readonly records: readonly WireRecord[]
  readonly after: string | null
}

/** Most inputs of one batch read of records, with and without history, and of associations. */
const BATCH = { plain: 100, history: 50, links: 1000 } as const
/** Beyond this many characters of property names a list call's address may be refused (414): names go into a body instead. */
const LONGEST_QUERY = 4000

export const chunked = <T>(all: readonly T[], size: number): T[][] => {
  const chunks: T[][] = []
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size))
  return chunks
}

/** The named records as they are now; those that are gone are missing. Reads from the records themselves, not from an index. */
export const readBatch = async (
  { client }: Portal,
  name: string,
  ids: readonly string[],
  properties: readonly string[],
  history: readonly string[],
): Promise<WireRecord[]> => {
  const answers = await Promise.all(
    chunked(ids, history.length > 0 ? BATCH.history : BATCH.plain).map((chunk) =>
      client.call({
        method: 'POST',
        area: 'objects',
        tail: `/${name}/batch/read`,
        body: {
          properties,
          ...(history.length > 0 ? { propertiesWithHistory: history } : {}),
          inputs: chunk.map((id) => ({ id })),
        },
      }),
    ),
  )
  return answers.flatMap((answer) => listOf<WireRecord>(answer, `batch read of ${name}`).results)
}

/** One page of the list of all records, or of the archived ones. */
export const listPage = async (
  portal: Portal,
  name: string,
  properties: readonly string[],
  history: readonly string[],
  archived: boolean,
  after: string | null,
): Promise<Raw> => {
  const query = new URLSearchParams({ limit: String(history.length > 0 ? BATCH.history : BATCH.plain) })
  if (archived) query.set('archived', 'true')
  if (after !== null) query.set('after', after)
  const short = query.toString()
  for (const property of properties) query.append('properties', property)
  for (const property of history) query.append('propertiesWithHistory', property)
  const full = query.toString()
  const fits = full.length <= LONGEST_QUERY || archived
  const list: WireList<WireRecord> = listOf(
    await portal.client.call({ area: 'objects', tail: `/${name}?${fits ? full : short}` }),
    `list of ${name}`,
  )
  const records =
    fits || list.results.length === 0
      ? list.results
      : await readBatch(
          portal,
          name,
          list.results.map(({ id }) => id),
          properties,
          history,
        )
  return { records, after: nextOf(list) ?? null }
}

const SEARCH_PAGE = 200

/**
 * One page of what was modified at `from` or later, in the order of ids, after the id `after`. Going on by id and never by
 * offset keeps below the cap of 10,000 results, and no record is jumped over when another one leaves the result.
 * The last id is passed on as it came: some portals sort ids as texts.
 */
export const searchPage = async (
  portal: Portal,
  object: ObjectType,
  name: string,
  properties: readonly string[],
  from: number,
  after: string | null,
): Promise<Raw> => {
  const filters = [
    { propertyName: object.modified, operator: 'GTE', value: String(from) },
    ...(after === null ? [] : [{ propertyName: 'hs_object_id', operator: 'GT', value: after }]),
  ]
  const pace: Pace = 'search'
  let offset: string | undefined
  for (;;) {
    const answer = await portal.client.call({
      method: 'POST',
      area: 'objects',
      tail: `/${name}/search`,
      pace,
      body: {
        filterGroups: [{ filters }],
        sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
        properties,
        limit: SEARCH_PAGE,
        ...(offset === undefined ? {} : { after: offset }),
      },
    })
    const list: WireList<WireRecord> = listOf(answer, `search in ${name}`)
    const next = nextOf(list)
    const last = list.results.at(-1)
    if (last === undefined && next !== undefined && next !== offset) {
      // An empty page before the end.
      offset = next
      continue
    }
    // The index may be behind: what has a history is read again from the record itself.
    const records =
      object.history.length === 0 || last === undefined
        ? list.results
        : await readBatch(
            portal,
            name,
            list.results.map(({ id }) => id),
            properties,
            object.history,
          )
    return { records, after: next === undefined ? null : (last?.id ?? null) }
  }
}

/** The one record of another type that each record hangs on: the primary one, else the one with the smallest id. */
export const readLinks = async (portal: Portal, name: string, ids: readonly string[], link: Link): Promise<Map<string, string>> => {
  const found = new Map<string, string>()
  await Promise.all(
    chunked(ids, BATCH.links).map(async (chunk) => {
      const answer = await portal.client.call({
        method: 'POST',
        area: 'associations',
        tail: `/${name}/${link.to}/batch/read`,
        body: { inputs: chunk.map((id) => ({ id })) },
      })
      // Records without a link are missing, or named in `errors`; both mean none.
      for (const { from, to } of listOf<WireLinks>(answer, `links of ${name}`).results) {
        const primary = to.find(({ associationTypes }) =>
          associationTypes?.some(({ typeId, label }) => typeId === link.primary || label === 'Primary'),
        )
        const chosen = primary === undefined ? smallest(to.map(({ toObjectId }) => String(toObjectId))) : String(primary.toObjectId)
        if (chosen !== null) found.set(String(from.id), chosen)
      }
    }),
  )
  return found
}

const smallest = (ids: readonly string[]): string | null => {
  let least: string | null = null
  for (const id of ids) if (least === null || id.length < least.length || (id.length === least.length && id < least)) least = id
  return least
}

/** When each merge into these records took place, as far as HubSpot remembers. */
export const readMerges = (portal: Portal, object: ObjectType, name: string, winners: readonly WireRecord[]): Promise<WireRecord[]> =>
  readBatch(
    portal,
    name,
    winners.map(({ id }) => id),
    [MERGED, object.modified],
    [MERGED],
  )
