import { AssayError, type Answer } from '@assay/shared'
import type { SugarClient } from './client.ts'
import { CONTACTS, STAMP } from './modules.ts'
import type { WirePage, WireRecord } from './wire.ts'

/** A condition, or several of which each must hold. */
export type Filter = readonly Readonly<Record<string, unknown>>[]

/** Sugar's clocks and filters have whole seconds. */
export const instantText = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}+00:00`

export const chunked = <T>(all: readonly T[], size: number): T[][] => {
  const chunks: T[][] = []
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size))
  return chunks
}

/** The contacts of a record come along as a list of ids, the oldest first. */
const WITH_CONTACTS = { name: CONTACTS, fields: ['id'], order_by: 'date_entered:ASC' } as const

export interface Question {
  readonly module: string
  readonly fields: readonly string[]
  readonly filter: Filter
  readonly orderBy: string
  readonly most: number
  /** True: what is deleted is among the records, where this version of Sugar gives it. */
  readonly deleted?: boolean
  readonly contacts?: boolean
}

export interface FoundPage {
  readonly records: readonly WireRecord[]
  readonly isLast: boolean
}

const bodyOf = ({ filter, fields, orderBy, most, contacts = false }: Question): object => ({
  filter,
  // Names and a question about a link can stand together only in a list.
  fields: contacts ? [...fields, WITH_CONTACTS] : fields.join(','),
  order_by: orderBy,
  max_num: most,
  offset: 0,
})

/** One page of records; null when the module is not shown to this sign-in. */
export const page = async (client: SugarClient, question: Question): Promise<FoundPage | null> => {
  const { module, deleted = false } = question
  const path = `/${module}/filter`
  let answer: Answer | null = null
  if (deleted && !client.refused.deleted) {
    answer = await client.call({ method: 'POST', path, body: { ...bodyOf(question), deleted: true }, accept: [400, 403, 404, 422] })
    if (answer.status === 400 || answer.status === 422) {
      // Either the option is not known here, or the question is wrong without it as well: asked again without, it says which.
      answer = null
      client.refused.deleted = true
    }
  }
  answer ??= await client.call({ method: 'POST', path, body: bodyOf(question), accept: [403, 404] })
  if (answer.status >= 400) return null
  const said = answer.body as Partial<WirePage> | null
  const next = Number(said?.next_offset ?? Number.NaN)
  if (said === null || !Array.isArray(said.records) || !Number.isFinite(next))
    throw new AssayError('data', `Sugar's answer to a filter on ${module} has no records, or does not say whether there are more.`)
  return { records: said.records, isLast: next < 0 }
}

/** Every record that a filter lets through, in the order of ids, page by page. Ends at once where the module is not shown. */
export async function* pagesById(
  client: SugarClient,
  question: Omit<Question, 'orderBy'>,
): AsyncGenerator<readonly WireRecord[], 'whole' | 'not shown'> {
  for (let after = ''; ;) {
    const beyond = after === '' ? [] : [{ id: { $gt: after } }]
    const found = await page(client, { ...question, filter: [...question.filter, ...beyond], orderBy: 'id:ASC' })
    if (found === null) return 'not shown'
    yield found.records
    const last = found.records.at(-1)
    if (found.isLast || last === undefined) return 'whole'
    after = String(last['id'])
  }
}

/** Ids of one call that asks for records by name. */
const IDS = 200

/** The records with these ids, those that are deleted among them where `deleted`. None where the module is not shown. */
export const rowsByIds = async (
  client: SugarClient,
  question: Pick<Question, 'module' | 'fields' | 'deleted' | 'contacts'>,
  ids: readonly string[],
): Promise<WireRecord[]> => {
  const rows: WireRecord[] = []
  for (const some of chunked([...new Set(ids)], IDS))
    for await (const found of pagesById(client, { ...question, filter: [{ id: { $in: some } }], most: IDS })) rows.push(...found)
  return rows
}

export interface After {
  readonly at: number
  readonly id: string
}

/**
 * What was modified in a window, in the order of stamp and id, after a record (null: from the start). A place, and not a number of rows to
 * skip: rows that move out of the window while it is read would shift all others, and one of them would be skipped.
 */
export const inWindow = (from: number | null, until: number, after: After | null): Filter => [
  ...(from === null ? [] : [{ [STAMP]: { $gte: instantText(from) } }]),
  { [STAMP]: { $lt: instantText(until) } },
  ...(after === null
    ? []
    : [
        {
          $or: [
            { [STAMP]: { $gt: instantText(after.at) } },
            { $and: [{ [STAMP]: { $equals: instantText(after.at) } }, { id: { $gt: after.id } }] },
          ],
        },
      ]),
]
export const IN_ORDER = `${STAMP}:ASC,id:ASC`
