import { AssayError } from '@assay/shared'
import type { SuiteClient } from './client.ts'
import { unreadable } from './instance.ts'
import { STAMP, type ModuleType } from './modules.ts'
import { instantText } from './text.ts'
import { recordsIn, type WireList, type WireRecord } from './wire.ts'

export const chunked = <T>(all: readonly T[], size: number): T[][] => {
  const chunks: T[][] = []
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size))
  return chunks
}

export interface Question {
  readonly module: ModuleType
  readonly fields: readonly string[]
  /** A condition in SQL, every column with its table; blank for all. */
  readonly where: string
  readonly most: number
  /** True: what is deleted is among the records. */
  readonly deleted?: boolean
  readonly links?: readonly string[]
}

export interface FoundPage {
  readonly records: readonly WireRecord[]
  readonly isLast: boolean
  /** How many there are in all; null where counting is switched off. */
  readonly total: number | null
}

/** By stamp, then id. Without the table's name: with it SuiteCRM passes over the order in silence. */
const IN_ORDER = `${STAMP}, id`

/** Ids are letters, digits and dashes; whatever else somebody gave as one is in no row, and must not get into SQL. */
const isId = (id: string): boolean => /^[A-Za-z0-9_-]{1,36}$/.test(id)

/** One page of records in the order of stamp and id; null when the module is not shown to this sign-in. */
export const page = async (client: SuiteClient, question: Question): Promise<FoundPage | null> => {
  const { module, fields, where, most, deleted = false, links = [] } = question
  // Names and order as the method has them: PHP 8 goes by the name of an argument, other versions by its place.
  const said = await client.service('get_entry_list', {
    module_name: module.name,
    query: where,
    order_by: IN_ORDER,
    offset: 0,
    select_fields: fields,
    link_name_to_fields_array: links.map((name) => ({ name, value: ['id'] })),
    max_results: most,
    deleted: deleted ? 1 : 0,
    favorites: false,
  })
  if (said === null) return null
  const list = said as Partial<WireList>
  if (!Array.isArray(list.entry_list))
    throw new AssayError('data', `SuiteCRM's answer to a question for ${module.name} has no records in it.`)
  const records = recordsIn({ ...list, entry_list: list.entry_list })
  const counted = Number(list.total_count ?? Number.NaN)
  const total = Number.isFinite(counted) && counted >= 0 ? counted : null
  return {
    records,
    total,
    isLast: records.length === 0 || records.length >= (total ?? Infinity) || (total === null && records.length < most),
  }
}

/** Ids of one call that asks for records by name. */
const IDS = 100

/** The records with these ids, those that are deleted among them where `deleted`. Rejects (`config`) where the module is not shown. */
export const rowsByIds = async (
  client: SuiteClient,
  question: Pick<Question, 'module' | 'fields' | 'deleted' | 'links'>,
  ids: Iterable<string>,
): Promise<WireRecord[]> => {
  const rows: WireRecord[] = []
  for (const some of chunked([...new Set(ids)].filter(isId), IDS)) {
    const where = `${question.module.table}.id IN (${some.map((id) => `'${id}'`).join(', ')})`
    const found = await page(client, { ...question, where, most: IDS })
    // Nothing said is not nothing there: taken for it, every record would be gone.
    if (found === null) throw unreadable(question.module.name)
    rows.push(...found.records)
  }
  return rows
}

export interface After {
  readonly at: number
  readonly id: string
}

/**
 * What was modified since an instant (null: ever), after a record in the order of stamp and id (null: from the start). A place, and not a
 * number of rows to skip: rows that move while they are read would shift all others, and one of them would be skipped. Where it ends is
 * for the reader to see, for a sign of "less" may be taken for the beginning of a tag on its way.
 */
export const since = ({ table }: ModuleType, from: number | null, after: After | null): string => {
  const stamp = `${table}.${STAMP}`
  const parts = from === null ? [] : [`${stamp} >= '${instantText(from)}'`]
  if (after !== null && isId(after.id)) {
    const at = instantText(after.at)
    parts.push(`(${stamp} > '${at}' OR (${stamp} = '${at}' AND ${table}.id > '${after.id}'))`)
  }
  return parts.join(' AND ')
}
