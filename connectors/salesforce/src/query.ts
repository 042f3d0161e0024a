import { AssayError } from '@assay/shared'
import { refusedWith, type SalesforceClient } from './client.ts'
import { chunked, IDS_PER_QUERY, instantText, listed } from './soql.ts'
import { flat, type WireQuery, type WireRecord } from './wire.ts'

export interface QueryManner {
  /** True: what lies in the recycle bin, losers of merges and archived activities are among the rows. */
  readonly all?: boolean
  readonly tooling?: boolean
}

const queryOf = (body: unknown, soql: string): WireQuery => {
  const answer = body as Partial<WireQuery> | null
  if (answer === null || typeof answer !== 'object' || !Array.isArray(answer.records))
    throw new AssayError('data', `Salesforce's answer to a query has no records: ${/FROM \w+/.exec(soql)?.[0] ?? ''}`)
  return answer as WireQuery
}

/** The rows of a query, page by page, as Salesforce cuts them. Only the absence of a next page ends it. */
export async function* rowsOf(
  client: SalesforceClient,
  soql: string,
  { all = false, tooling = false }: QueryManner = {},
): AsyncGenerator<WireRecord[]> {
  let path: string | undefined = `${tooling ? '/tooling' : ''}/${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`
  while (path !== undefined) {
    const page = queryOf((await client.call({ path })).body, soql)
    yield page.records.map(flat)
    path = page.nextRecordsUrl
  }
}

/** Beyond this many characters of names a query's address may be refused (414): what is custom is then asked for in a body. */
const LONGEST_NAMES = 6000
/** All that an address may hold, with room for the host and the path. */
const LONGEST_QUERY = 15_000
const RETRIEVED = 2000

const lengthOf = (names: readonly string[]): number => encodeURIComponent(names.join(', ')).length
/** What an id takes there, with its quotes and comma. */
const ID_LENGTH = encodeURIComponent("'001000000000000AAA',").length

interface ByIds extends QueryManner {
  /** Asked for too, and in another way where there are too many of them. */
  readonly custom?: readonly string[]
  readonly where?: string
  readonly orderBy?: string
}

/** The rows whose `column` is one of the ids; as many calls as the length of an address asks for. */
export async function rowsByIds(
  client: SalesforceClient,
  fields: readonly string[],
  object: string,
  column: string,
  ids: readonly string[],
  more: ByIds = {},
): Promise<WireRecord[]> {
  const { custom = [], where, orderBy } = more
  const fits = lengthOf([...fields, ...custom]) <= LONGEST_NAMES
  const head = `SELECT ${[...fields, ...(fits ? custom : [])].join(', ')} FROM ${object} WHERE ${column} IN `
  const tail = `${where === undefined ? '' : ` AND ${where}`}${orderBy === undefined ? '' : ` ORDER BY ${orderBy}`}`
  const room = Math.floor((LONGEST_QUERY - encodeURIComponent(head + tail).length) / ID_LENGTH)
  const rows: WireRecord[] = []
  for (const some of chunked(ids, Math.max(1, Math.min(IDS_PER_QUERY, room))))
    for await (const page of rowsOf(client, `${head}${listed(some)}${tail}`, more)) rows.push(...page)
  return fits ? rows : withCustom(client, object, custom, rows)
}

export interface Window {
  /** Null: from the beginning of time. */
  readonly from: number | null
  readonly until: number
}
export interface After {
  readonly at: number
  readonly id: string
}

/**
 * What was modified in the window, deleted records among it, in the order of stamp and id. Goes on after `after`; a locator
 * that Salesforce has forgotten meanwhile is replaced by a new query from there.
 */
export async function* changedRows(
  client: SalesforceClient,
  object: string,
  fields: readonly string[],
  custom: readonly string[],
  window: Window,
  start: After | null,
  stampOf: (row: WireRecord) => number | null,
): AsyncGenerator<WireRecord[]> {
  let after = start
  const fits = lengthOf([...fields, ...custom]) <= LONGEST_NAMES
  const head = `SELECT ${[...fields, ...(fits ? custom : [])].join(', ')} FROM ${object}`
  const condition = (): string =>
    [
      after !== null
        ? `(SystemModstamp > ${instantText(after.at)} OR (SystemModstamp = ${instantText(after.at)} AND Id > '${after.id}'))`
        : window.from === null
          ? null
          : `SystemModstamp >= ${instantText(window.from)}`,
      `SystemModstamp < ${instantText(window.until)}`,
    ]
      .filter((part) => part !== null)
      .join(' AND ')
  let path: string | undefined = `/queryAll?q=${encodeURIComponent(`${head} WHERE ${condition()} ORDER BY SystemModstamp, Id`)}`
  while (path !== undefined) {
    const answer = await client.call({ path, accept: [400] })
    if (answer.status >= 400) {
      if (!path.includes('?q=') && ['INVALID_QUERY_LOCATOR', 'QUERY_LOCATOR_EXPIRED'].some((code) => refusedWith(answer, code))) {
        path = `/queryAll?q=${encodeURIComponent(`${head} WHERE ${condition()} ORDER BY SystemModstamp, Id`)}`
        continue
      }
      // Asked again without understanding the refusal, so that it becomes the error that it is.
      await client.call({ path })
    }
    const page = queryOf(answer.body, head)
    const rows = page.records.map(flat)
    yield fits ? rows : await withCustom(client, object, custom, rows)
    const last = rows.at(-1)
    const at = last === undefined ? null : stampOf(last)
    if (last !== undefined && at !== null) after = { at, id: String(last['Id']) }
    path = page.nextRecordsUrl
  }
}

/** The same rows with the fields that did not fit into an address; what is deleted has none. */
const withCustom = async (
  client: SalesforceClient,
  object: string,
  custom: readonly string[],
  rows: readonly WireRecord[],
): Promise<WireRecord[]> => {
  const found = new Map<string, WireRecord>()
  for (const ids of chunked(
    rows.map((row) => String(row['Id'])),
    RETRIEVED,
  )) {
    const answer = await client.call({ method: 'POST', path: `/composite/sobjects/${object}`, body: { ids, fields: ['Id', ...custom] } })
    for (const record of (answer.body as (Readonly<Record<string, unknown>> | null)[] | null) ?? [])
      if (record !== null) found.set(String(record['Id']), flat(record))
  }
  return rows.map((row) => ({ ...found.get(String(row['Id'])), ...row }))
}
