import assert from 'node:assert/strict'
import { AssayError } from '@assay/shared'
import type {
  Capabilities,
  Connector,
  CrmRecord,
  Cursor,
  ErrorKind,
  Kind,
  Page,
  ScoreObject,
  ScoreRow,
  Session,
  WriteResult,
  WriteTotals,
} from '@assay/shared'
import type { ConnectorHarness, CrmLevers } from './levers.ts'

/** What the suite asks of a connector; the settings' schema is the control plane's business. */
export type ConnectorUnderTest<S> = Omit<Connector<S>, 'settings'>

/** What one check works on: a stand-in of its own and the connector under test. */
export interface Subject<S = unknown> extends ConnectorHarness<S> {
  readonly connector: ConnectorUnderTest<S>
  /** A new session with the harness's settings and host, as after a restart. */
  open(): Session
}

/** One promise of a connector. `run` rejects when it is broken. */
export interface ConnectorCheck {
  readonly name: string
  /** Why this check cannot be run against that connector and that stand-in; null when it can. */
  leftOut(can: Capabilities, crm: CrmLevers): string | null
  run(subject: Subject): Promise<void>
}

export const always = (): null => null

/** Everything of a kind from a cursor on. */
export const readAll = async (
  session: Session,
  kind: Kind,
  since: Cursor | null = null,
  known?: Parameters<Session['read']>[2],
): Promise<{ pages: Page[]; records: CrmRecord[]; next: Cursor }> => {
  const pages: Page[] = []
  for await (const page of session.read(kind, since, known)) pages.push(page)
  const next = pages.at(-1)?.next ?? since
  assert.ok(next !== null, `read(${kind}) gave no page at all, so there is no cursor to go on from`)
  return { pages, records: pages.flatMap((page) => page.records), next }
}

/** Rows as a writer gets them. */
export async function* stream(rows: readonly ScoreRow[]): AsyncGenerator<ScoreRow> {
  for (const row of rows) yield await Promise.resolve(row)
}

const totalsOf = (rows: readonly ScoreRow[]): WriteTotals => {
  const total: Partial<Record<ScoreObject, number>> = {}
  for (const row of rows) total[row.object] = (total[row.object] ?? 0) + 1
  return total
}

/** Writes all rows, and gathers the answers in the order in which they come. */
export const writeAll = async (session: Session, rows: readonly ScoreRow[], total = totalsOf(rows)): Promise<WriteResult[]> => {
  const results: WriteResult[] = []
  for await (const result of session.write(stream(rows), total)) results.push(result)
  return results
}

export type Live = Extract<CrmRecord, { readonly deleted: false }>
export type Gone = Extract<CrmRecord, { readonly deleted: true }>
export const isLive = (record: CrmRecord): record is Live => !record.deleted
export const isGone = (record: CrmRecord): record is Gone => record.deleted

/** Ids of the live records of that kind, sorted, each once. */
export const liveIds = (records: readonly CrmRecord[], kind: Kind): string[] =>
  [...new Set(records.filter((record) => record.kind === kind && isLive(record)).map((record) => record.id))].sort()

export const sorted = (ids: readonly string[]): string[] => [...ids].sort()

/** The kinds that both sides know, less those that come with another one. */
export const kindsOf = ({ connector, crm }: Subject): Kind[] =>
  connector.capabilities.kinds.filter((kind) => crm.kinds.includes(kind) && kind !== 'dealHistory')

/** The kind that the more costly checks are made with. */
export const mainKind = (subject: Subject): Kind => {
  const kind = kindsOf(subject)[0]
  assert.ok(kind !== undefined, 'the stand-in can make no record of a kind that the connector reads')
  return kind
}

/** Rejects with an AssayError of one of these kinds, and answers it. */
export const rejectsWith = async (kinds: readonly ErrorKind[], work: () => Promise<unknown>): Promise<AssayError> => {
  let seen: unknown
  try {
    await work()
  } catch (error) {
    seen = error
  }
  assert.ok(seen !== undefined, `expected an error of kind ${kinds.join(' or ')}, but all went through`)
  assert.ok(seen instanceof AssayError, `expected an AssayError, got ${seen instanceof Error ? seen.stack : JSON.stringify(seen)}`)
  assert.ok(kinds.includes(seen.kind), `expected kind ${kinds.join(' or ')}, got ${seen.kind}: ${seen.message}`)
  return seen
}

/** Fails instead of hanging when `work` never ends. */
export const endsSoon = async <T>(work: Promise<T>, what: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const guard = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end`)), 3000)
  })
  try {
    return await Promise.race([work, guard])
  } finally {
    clearTimeout(timer)
  }
}

export const needsFault =
  (type: Parameters<CrmLevers['inject']>[0]['type']) =>
  (_: Capabilities, crm: CrmLevers): string | null =>
    crm.faults.includes(type) ? null : `the stand-in has no fault "${type}"`
