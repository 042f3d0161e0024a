import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { AssayError, type ScoreRow, type WriteResult } from '@assay/shared'
import { retryLocked } from './collections.ts'
import { apiName } from './metadata/index.ts'
import { SCORED } from './objects.ts'
import type { Org } from './org.ts'
import { answerFor, LOCKED, outcomeOf, whyOf } from './outcome.ts'
import type { WireJob } from './wire.ts'

/** Rows of one job: their ids, and the text that is sent, are held until it is done. */
export const JOB_ROWS = 25_000
/** Calls that one job takes: made, filled, closed, asked after while it works, asked for what it refused. */
export const JOB_CALLS = 16
const FIRST_WAIT = 2000
const LONGEST_WAIT = 60_000
/** A job that has not ended after this long (ms) is given up. */
const PATIENCE = 4 * 3_600_000

/** In a job's file an empty cell leaves a field as it is. */
const CLEARED = '#N/A'

const cell = (value: ScoreRow['values'][string] | undefined) => (value === undefined || value === null || value === '' ? CLEARED : value)

const fileOf = (rows: readonly ScoreRow[]): string => {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))]
  const lines = rows.map(({ id, values }) => [id, ...names.map((name) => (name in values ? cell(values[name]) : ''))])
  return stringify([['Id', ...names.map(apiName)], ...lines], { record_delimiter: '\n' })
}

const done = async ({ client, host }: Org, id: string): Promise<WireJob> => {
  const begun = host.now()
  for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, wait * 1.6)) {
    await host.sleep(wait)
    const job = (await client.call({ path: `/jobs/ingest/${id}` })).body as WireJob
    if (job.state === 'Open') throw new AssayError('offline', 'Salesforce did not take the rows of a bulk job.')
    if (job.state === 'JobComplete' || job.state === 'Failed' || job.state === 'Aborted') return job
    if (host.now() - begun > PATIENCE)
      throw new AssayError('offline', `A bulk job has not ended after ${PATIENCE / 3_600_000} hours.`, {
        hint: 'Setup, Bulk Data Load Jobs shows what it waits for; publish goes on where it stopped.',
      })
  }
}

const resultRows = async (
  { client }: Org,
  id: string,
  which: 'failedResults' | 'unprocessedrecords',
): Promise<Readonly<Record<string, string>>[]> => {
  const answer = await client.call({ path: `/jobs/ingest/${id}/${which}`, headers: { accept: 'text/csv' } })
  return typeof answer.body === 'string' ? parse(answer.body, { columns: true, bom: true, relax_column_count: true }) : []
}

/** `CODE:what is wrong:Field__c --`, as a job says why it refused a row. */
const errorIn = (text: string): { code: string; message: string; fields: string[] } => {
  const [, code = '', rest = text] = /^([A-Z_]+):(.*)$/s.exec(text) ?? []
  const [, message = rest, fields = ''] = /^(.*):([\w, ]*)--\s*$/s.exec(rest) ?? []
  return {
    code,
    message,
    fields: fields
      .split(',')
      .map((field) => field.trim())
      .filter((field) => field !== '' && field !== 'Id'),
  }
}

const FILLINGS = 3

/**
 * A job with its rows, handed over. A job takes its file once: when nobody knows whether it came, that job is dropped and
 * another one made.
 */
const filled = async ({ client, host }: Org, { object }: ScoreRow, content: string): Promise<string> => {
  const body = { object: SCORED[object], operation: 'update', contentType: 'CSV', lineEnding: 'LF', columnDelimiter: 'COMMA' }
  for (let tries = 1; ; tries += 1) {
    const { id } = (await client.call({ method: 'POST', path: '/jobs/ingest', body })).body as WireJob
    const path = `/jobs/ingest/${id}`
    try {
      await client.call({ method: 'PUT', path: `${path}/batches`, raw: { type: 'text/csv', content }, repeatable: false })
    } catch (error) {
      if (!(error instanceof AssayError) || error.kind !== 'offline' || tries >= FILLINGS) throw error
      await client.call({ method: 'PATCH', path, body: { state: 'Aborted' }, accept: [400, 404] })
      await host.sleep(1000 * 2 ** tries)
      continue
    }
    // Said twice, because the first answer was lost, it is refused: whether it was heard shows when the job is asked after.
    await client.call({ method: 'PATCH', path, body: { state: 'UploadComplete' }, accept: [400, 409] })
    return id
  }
}

/** Updates rows of one object by a job; no id twice among them. One answer per row, once all of it is done. */
export const updateInBulk = async (org: Org, rows: readonly ScoreRow[]): Promise<WriteResult[]> => {
  const [first] = rows
  if (first === undefined) return []
  const id = await filled(org, first, fileOf(rows))
  const job = await done(org, id)
  const failed = new Map<string, string>()
  if (job.state !== 'JobComplete' || (job.numberRecordsFailed ?? 0) > 0)
    for (const row of await resultRows(org, id, 'failedResults')) failed.set(row['Id'] ?? row['sf__Id'] ?? '', row['sf__Error'] ?? '')
  const untouched = new Set<string>()
  if (job.state !== 'JobComplete' || (job.numberRecordsProcessed ?? rows.length) < rows.length)
    for (const row of await resultRows(org, id, 'unprocessedrecords')) untouched.add(row['Id'] ?? '')
  const results: WriteResult[] = []
  for (const row of rows) {
    const error = failed.get(row.id)
    if (error !== undefined) {
      const { code, message, fields } = errorIn(error)
      results.push(code === LOCKED ? await retryLocked(org, row) : answerFor(row, outcomeOf(code), whyOf(code, message, fields)))
    } else if (untouched.has(row.id))
      results.push(answerFor(row, 'failed', `the bulk job ended before this row: ${job.errorMessage ?? job.state}`))
    else results.push({ object: row.object, id: row.id, outcome: 'written' })
  }
  return results
}
