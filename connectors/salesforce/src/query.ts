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

/** The rows whose `column` is one of the ids; as many calls as the length of an address asks for. */
export async function rowsByIds(
  client: SalesforceClient,
  fields: readonly string[],
  object: string,
  column: string,
  ids: readonly string[],
  more: { readonly where?: string; readonly orderBy?: string } & QueryManner = {},
): Promise<WireRecord[]> {
  const rows: WireRecord[] = []
  for (const some of chunked(ids, IDS_PER_QUERY)) {
    const where = `${column} IN ${listed(some)}${more.where === undefined ? '' : ` AND ${more.where}`}`
    const soql = `SELECT ${fields.join(', ')} FROM ${object} WHERE ${where}${more.orderBy === undefined ? '' : ` ORDER BY ${more.orderBy}`}`
    for await (const page of rowsOf(client, soql, more)) rows.push(...page)
  }
  return rows
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

/** Beyond this many characters a query's address may be refused (414): what is custom is then asked for in a body. */
const LONGEST_QUERY = 12_000
const RETRIEVED = 2000

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
  const whole = `SELECT ${[...fields, ...custom].join(', ')} FROM ${object}`
  const fits = encodeURIComponent(whole).length <= LONGEST_QUERY
  const head = fits ? whole : `SELECT ${fields.join(', ')} FROM ${object}`
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
