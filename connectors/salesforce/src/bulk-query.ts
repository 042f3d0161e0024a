import { parse } from 'csv-parse'
import { AssayError, type Host } from '@assay/shared'
import { codeOf, errorsOf } from './answer.ts'
import { refusedWith, type SalesforceClient } from './client.ts'
import type { WireJob, WireRecord } from './wire.ts'

/**
 * Query jobs of the Bulk API 2.0. jsforce has a client for them that ends the process when a result has more than one page
 * (every page is piped into one stream, which the first one ends), and deletes a job that takes long; so this one is ours.
 */

/** Rows of one page of a result; each page is one call. */
const PAGE_ROWS = 50_000
/** Rows that are handed on at once. */
const BATCH_ROWS = 2000
const FIRST_WAIT = 2000
const LONGEST_WAIT = 30_000
const TRIES = 5

/** Where the next row stands: in which page (null: the first), after how many of its rows. */
export interface Spot {
  readonly locator: string | null
  readonly skip: number
}
export interface Batch {
  readonly rows: readonly WireRecord[]
  /** Null behind the last row. */
  readonly next: Spot | null
}

/** Starts a job; with `all`, what lies in the recycle bin is among its rows. Null where Salesforce does not offer the object to bulk jobs. */
export const startJob = async (client: SalesforceClient, soql: string, all: boolean): Promise<string | null> => {
  const body = { operation: all ? 'queryAll' : 'query', query: soql, contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' }
  const call = { method: 'POST', path: '/jobs/query', body } as const
  const answer = await client.call({ ...call, accept: [400] })
  if (answer.status >= 400) {
    const [error] = errorsOf(answer.body)
    const notOffered = codeOf(error) === 'INVALIDENTITY' || /not support/i.test(error?.message ?? '')
    if (notOffered) return null
    // Asked again without understanding the refusal, so that it becomes the error that it is.
    return ((await client.call(call)).body as WireJob).id
  }
  return (answer.body as WireJob).id
}

/** Waits until a job is done. False when Salesforce has forgotten it (after seven days) or somebody aborted it. */
export const jobDone = async (client: SalesforceClient, host: Host, id: string): Promise<boolean> => {
  for (let wait = 0; ; wait = Math.min(LONGEST_WAIT, wait === 0 ? FIRST_WAIT : wait * 1.5)) {
    if (wait > 0) await host.sleep(wait)
    const answer = await client.call({ path: `/jobs/query/${id}`, accept: [404] })
    if (answer.status === 404) return false
    const { state, errorMessage } = answer.body as WireJob
    if (state === 'JobComplete') return true
    if (state === 'Aborted') return false
    if (state === 'Failed')
      throw new AssayError('offline', `Salesforce gave up on a bulk query job: ${errorMessage ?? 'no reason given'}`, {
        hint: 'It is tried again; Setup, Bulk Data Load Jobs shows more.',
      })
  }
}

/** Takes the rows of a CSV out of its bytes as they come; the first row names the columns. Memory does not grow with the length. */
const openRows = () => {
  let header: readonly string[] | null = null
  let rows: WireRecord[] = []
  const keep = (row: string[]): null => {
    if (header === null) header = row
    else {
      const record: Record<string, string> = {}
      for (let at = 0; at < header.length; at += 1) record[header[at] ?? ''] = row[at] ?? ''
      rows.push(record)
    }
    return null
  }
  const parser = parse({ bom: true, on_record: keep })
  // Rows are taken in `keep`, nothing comes out at the other end: it only has to be kept open. Errors reach us by the callbacks.
  parser.on('error', () => undefined).resume()
  return {
    write: (piece: Uint8Array): Promise<void> =>
      new Promise((resolve, reject) => {
        parser.write(piece, (error) => (error === null || error === undefined ? resolve() : reject(error)))
      }),
    end: (): Promise<void> =>
      new Promise((resolve, reject) => {
        parser.once('error', reject)
        parser.end(() => resolve())
      }),
    take: (): WireRecord[] => {
      const taken = rows
      rows = []
      return taken
    },
    waiting: () => rows.length,
    destroy: () => parser.destroy(),
  }
}

interface ResultPage {
  readonly body: AsyncIterable<Uint8Array>
  readonly next: string | null
  /** Rows that the page must have; null where Salesforce does not say. */
  readonly rows: number | null
}

const openPage = async (client: SalesforceClient, id: string, locator: string | null): Promise<ResultPage | null> => {
  const query = `maxRecords=${PAGE_ROWS}${locator === null ? '' : `&locator=${encodeURIComponent(locator)}`}`
  const answer = await client.stream({ path: `/jobs/query/${id}/results?${query}`, headers: { accept: 'text/csv' }, accept: [400, 404] })
  if (answer.status === 404 || (answer.status === 400 && refusedWith(answer, 'INVALID_QUERY_LOCATOR'))) return null
  if (answer.status >= 400 || answer.pieces === null) {
    // Asked again without understanding the refusal, so that it becomes the error that it is.
    await client.call({ path: `/jobs/query/${id}/results?${query}`, headers: { accept: 'text/csv' } })
    throw new AssayError('data', 'Salesforce gave no result of a bulk query job.')
  }
  const next = answer.headers.get('sforce-locator')
  // Without it nobody knows whether there is more; taken for the end, the rest would be lost in silence.
  if (next === null) throw new AssayError('data', 'A result of a bulk query job came without the header Sforce-Locator.')
  const rows = Number(answer.headers.get('sforce-numberofrecords') ?? Number.NaN)
  return { body: answer.pieces, next: next === 'null' ? null : next, rows: Number.isFinite(rows) ? rows : null }
}

/**
 * The rows of a finished job from a spot on, in batches, no faster than they are taken. A connection that breaks in the middle
 * of a page is opened anew, and the rows that were given are passed over. Ends with null when Salesforce has forgotten the job.
 */
export async function* jobRows(client: SalesforceClient, host: Host, id: string, start: Spot): AsyncGenerator<Batch | null> {
  let spot: Spot | null = start
  let broken = 0
  while (spot !== null) {
    const page: ResultPage | null = await openPage(client, id, spot.locator)
    if (page === null) {
      yield null
      return
    }
    const { locator, skip }: Spot = spot
    const rows = openRows()
    let seen = 0
    let given: number = skip
    /** Rows not yet given, once there are enough of them or the page has ended. */
    const pass = function* (ended: boolean): Generator<Batch> {
      if (!ended && rows.waiting() < BATCH_ROWS) return
      const taken = rows.take()
      const fresh = taken.slice(Math.max(0, given - seen))
      seen += taken.length
      for (let at = 0; at < fresh.length; at += BATCH_ROWS) {
        const some = fresh.slice(at, at + BATCH_ROWS)
        given += some.length
        const isLast = ended && at + BATCH_ROWS >= fresh.length
        yield { rows: some, next: !isLast ? { locator, skip: given } : page.next === null ? null : { locator: page.next, skip: 0 } }
      }
      if (ended && fresh.length === 0) yield { rows: [], next: page.next === null ? null : { locator: page.next, skip: 0 } }
    }
    try {
      for await (const piece of page.body) {
        await rows.write(piece)
        yield* pass(false)
        host.signal.throwIfAborted()
      }
      await rows.end()
      const total = seen + rows.waiting()
      if (page.rows !== null && page.rows !== total) throw new Error(`a page of ${page.rows} rows ended after ${total}`)
      yield* pass(true)
      spot = page.next === null ? null : { locator: page.next, skip: 0 }
      broken = 0
    } catch (thrown) {
      if (thrown instanceof AssayError || host.signal.aborted) throw thrown
      broken = given > skip ? 1 : broken + 1
      const why = thrown instanceof Error ? thrown.message : 'no reason given'
      if (broken >= TRIES) throw new AssayError('offline', `The result of a bulk query job broke off again and again: ${why}`)
      host.log.debug('Salesforce: a result broke off', { rows: given, why })
      await host.sleep(1000 * 2 ** (broken - 1))
      spot = { locator, skip: given }
    } finally {
      rows.destroy()
    }
  }
}
