import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import type { Dml, Outcome, Writer } from '../dml.ts'
import type { Exchange } from '../exchange.ts'
import { canonicalId, idOf } from '../ids.ts'
import type { ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'
import { members, methodNotAllowed, noContent, ok, refuse, type Problem, type Reply } from '../reply.ts'
import { LOCKED } from '../rules.ts'
import { plainText } from '../values.ts'
import { DELIMITERS, ENDINGS, invalidJob, type JobSettings } from './bulk.ts'
import { forcedProblem, heldBy } from './collections.ts'
import { nextState, type JobState } from './job-state.ts'

const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'] as const
type Operation = (typeof OPERATIONS)[number]

interface Result {
  readonly row: readonly string[]
  readonly id: string
  /** `true`, `false`, or the error. */
  readonly said: string
}

interface IngestJob {
  readonly id: string
  readonly object: ObjectName
  readonly operation: Operation
  readonly externalId: string | null
  readonly version: string
  readonly userId: string
  readonly createdAt: number
  readonly delimiter: string
  readonly lineEnding: string
  state: JobState
  handedOverAt: number
  polls: number
  isRunning: boolean
  csv: string | null
  message: string | null
  columns: readonly string[]
  readonly succeeded: Result[]
  readonly failed: Result[]
  unprocessed: (readonly string[])[]
}

const MOST_BYTES = 150_000_000
const ROWS_PER_TURN = 1_000

/** `/jobs/ingest`: CSV in, one answer for every row. */
export function bulkIngest(org: Org, dml: Dml, settings: () => JobSettings): (exchange: Exchange) => Promise<Reply> {
  const jobs = new Map<string, IngestJob>()
  let made = 500_000

  const create = (exchange: Exchange): Reply => {
    const body = members(exchange.json())
    const object = org.schema.object(plainText(body['object']))
    const operation = body['operation'] as Operation
    if (object === null) throw refuse(400, 'INVALIDJOB', `Unable to find object: ${plainText(body['object'])}`)
    if (!OPERATIONS.includes(operation)) throw refuse(400, 'INVALIDJOB', `Unknown operation: ${operation}`)
    if (operation === 'hardDelete' && !org.access.permissions(exchange.userId).has('BulkApiHardDelete'))
      throw refuse(400, 'FEATURENOTENABLED', 'hardDelete is not enabled for this user')
    const externalId = typeof body['externalIdFieldName'] === 'string' ? body['externalIdFieldName'] : null
    if (operation === 'upsert') {
      const field = externalId === null ? null : org.schema.field(object, externalId)
      if (field === null || (field.externalId !== true && field.type !== 'id') || !org.access.canRead(exchange.userId, object, field))
        throw refuse(400, 'INVALIDJOB', `InvalidJob : Field name not found or not an external id: ${String(externalId)}`)
    }
    made += 1
    const job: IngestJob = {
      id: idOf('750', made),
      object,
      operation,
      externalId,
      version: exchange.version,
      userId: exchange.userId,
      createdAt: org.now(),
      delimiter: plainText(body['columnDelimiter'], 'COMMA'),
      lineEnding: plainText(body['lineEnding'], 'LF'),
      state: 'Open',
      handedOverAt: 0,
      polls: 0,
      isRunning: false,
      csv: null,
      message: null,
      columns: [],
      succeeded: [],
      failed: [],
      unprocessed: [],
    }
    jobs.set(job.id, job)
    return ok(shownJob(job, false))
  }

  const shownJob = (job: IngestJob, isStatus: boolean): unknown => {
    const at = new Date(job.createdAt).toISOString().replace('Z', '+0000')
    return {
      id: job.id,
      operation: job.operation,
      object: job.object,
      createdById: job.userId,
      createdDate: at,
      systemModstamp: at,
      state: job.state,
      ...(job.externalId === null ? {} : { externalIdFieldName: job.externalId }),
      concurrencyMode: 'Parallel',
      contentType: 'CSV',
      apiVersion: Number(job.version),
      jobType: 'V2Ingest',
      contentUrl: `services/data/v${job.version}/jobs/ingest/${job.id}/batches`,
      lineEnding: job.lineEnding,
      columnDelimiter: job.delimiter,
      ...(isStatus
        ? {
            numberRecordsProcessed: job.succeeded.length + job.failed.length,
            numberRecordsFailed: job.failed.length,
            retries: 0,
            totalProcessingTime: 100,
            apiActiveProcessingTime: 90,
            apexProcessingTime: 0,
            ...(job.message === null ? {} : { errorMessage: job.message }),
          }
        : {}),
    }
  }

  const failJob = (job: IngestJob, message: string, from = 0): void => {
    job.state = 'Failed'
    job.message = message
    job.unprocessed = rowsOf(job).rows.slice(from)
  }

  const advance = async (job: IngestJob, exchange: Exchange): Promise<void> => {
    const { fault } = exchange
    if (job.isRunning) return
    if (fault?.kind === 'job' && job.state !== 'JobComplete') {
      failJob(job, fault.message ?? 'InternalServerError : the job could not be run', job.succeeded.length + job.failed.length)
      job.state = fault.state
      return
    }
    job.polls += 1
    const next = nextState(job.state, job.polls, org.now() - job.handedOverAt, settings())
    if (next !== 'JobComplete' || job.state === 'JobComplete') {
      job.state = next
      return
    }
    job.state = 'InProgress'
    job.isRunning = true
    await run(job, fault)
    job.isRunning = false
  }

  const run = async (job: IngestJob, fault: Exchange['fault']): Promise<void> => {
    const { columns, rows, problem } = rowsOf(job)
    job.columns = columns
    const wrong = problem ?? columnProblem(job, columns)
    if (wrong !== null) {
      failJob(job, wrong)
      return
    }
    const who: Writer = { userId: job.userId, by: 'bulk' }
    const { batchRows, contention } = settings()
    const idAt = columns.findIndex((column) => column.toLowerCase() === 'id')
    const parentsIn = (from: number): Set<string> =>
      new Set(rows.slice(Math.max(0, from), from + batchRows).flatMap((row) => heldBy(org, job.object, canonicalId(row[idAt] ?? ''))))
    let others: ReadonlySet<string> = new Set()
    const seen = new Set<string>()
    for (const [position, row] of rows.entries()) {
      if (contention && position % batchRows === 0 && position > 0) others = parentsIn(position - batchRows)
      const id = canonicalId(row[idAt] ?? '')
      const problems =
        forcedProblem(fault, id, position) ??
        (contention && heldBy(org, job.object, id).some((each) => others.has(each)) ? LOCKED : null) ??
        (id !== null && seen.has(id) ? duplicate(id) : null)
      if (id !== null) seen.add(id)
      const outcome: Outcome = problems === null ? writeRow(job, columns, row, who) : { ok: false, problems: [problems] }
      if (outcome.ok) job.succeeded.push({ row, id: outcome.id, said: String(outcome.created) })
      else job.failed.push({ row, id: id ?? '', said: outcome.problems.map(errorText).join(';') })
      if (position % ROWS_PER_TURN === ROWS_PER_TURN - 1) await new Promise((resolve) => setImmediate(resolve))
      if (job.state === 'Aborted') {
        job.unprocessed = rows.slice(position + 1)
        return
      }
    }
    job.state = 'JobComplete'
  }

  const writeRow = (job: IngestJob, columns: readonly string[], row: readonly string[], who: Writer): Outcome => {
    const values: Record<string, unknown> = {}
    for (const [position, column] of columns.entries()) {
      const text = row[position] ?? ''
      // An empty cell leaves the value as it is; #N/A empties it.
      if (text !== '') values[column] = text === '#N/A' ? null : text
    }
    const relations = followed(job.object, values)
    if (relations !== null) return { ok: false, problems: [relations] }
    const id = plainText(values['Id'] ?? values['id'])
    switch (job.operation) {
      case 'insert':
        return dml.create(job.object, values, who)
      case 'update':
        return id === ''
          ? { ok: false, problems: [{ code: 'MISSING_ARGUMENT', message: 'Id not specified in an update call' }] }
          : dml.update(job.object, id, values, who)
      case 'upsert': {
        const field = org.schema.field(job.object, job.externalId ?? '')
        if (field === null) return { ok: false, problems: [{ code: 'INVALID_FIELD', message: `no field ${String(job.externalId)}` }] }
        const { [field.name]: value, ...others } = values
        return dml.upsert(job.object, field, value ?? null, others, who)
      }
      default: {
        const outcome = dml.delete(job.object, id, who)
        if (outcome.ok && job.operation === 'hardDelete') org.store.erase(job.object, outcome.id)
        return outcome
      }
    }
  }

  /** `Account.Ext__c` names a parent by its external id. */
  const followed = (object: ObjectName, values: Record<string, unknown>): Problem | null => {
    for (const column of Object.keys(values)) {
      const [relationship = '', name] = column.split('.')
      if (name === undefined) continue
      const lookup = [...org.schema.fields(object).values()].find((field) => field.relationship === relationship)
      const target = org.schema.object(lookup?.referenceTo?.[0] ?? '')
      const field = target === null ? null : org.schema.field(target, name)
      const found = target === null || field === null ? [] : dml.matching(target, field, values[column])
      if (lookup === undefined || found[0] === undefined)
        return {
          code: 'INVALID_FIELD',
          message: `Foreign key external ID: ${String(values[column])} not found for field ${name} in entity ${String(target)}`,
        }
      values[lookup.name] = found[0]
      delete values[column]
    }
    return null
  }

  const columnProblem = (job: IngestJob, columns: readonly string[]): string | null => {
    const isDelete = job.operation === 'delete' || job.operation === 'hardDelete'
    if (isDelete && (columns.length !== 1 || columns[0]?.toLowerCase() !== 'id'))
      return 'InvalidBatch : Column name(s) invalid for delete: only Id is allowed'
    const unknown = columns.filter((column) => {
      const field = org.schema.field(job.object, column)
      return !column.includes('.') && (field === null || !org.access.canRead(job.userId, job.object, field))
    })
    return unknown.length === 0 ? null : `InvalidBatch : Field name not found : ${unknown.join(', ')}`
  }

  const rowsOf = (job: IngestJob): { columns: string[]; rows: string[][]; problem: string | null } => {
    try {
      const [columns = [], ...rows] = parse(job.csv ?? '', {
        delimiter: DELIMITERS[job.delimiter] ?? ',',
        record_delimiter: ENDINGS[job.lineEnding] ?? '\n',
        relax_column_count: false,
        bom: true,
      })
      return { columns, rows, problem: columns.length === 0 ? 'InvalidBatch : the file is empty' : null }
    } catch (error) {
      return { columns: [], rows: [], problem: `InvalidBatch : Failed to parse CSV: ${error instanceof Error ? error.message : ''}` }
    }
  }

  const csvOf = (job: IngestJob, head: readonly string[], rows: readonly (readonly string[])[]): Reply => {
    const columns = [...head, ...(job.columns.length > 0 ? job.columns : rowsOf(job).columns)]
    const text = stringify([columns, ...rows] as string[][], {
      quoted: true,
      delimiter: DELIMITERS[job.delimiter] ?? ',',
      record_delimiter: ENDINGS[job.lineEnding] ?? '\n',
    })
    return {
      status: 200,
      raw: { text, contentType: 'text/csv; charset=UTF-8' },
      headers: { 'Sforce-NumberOfRecords': String(rows.length) },
    }
  }

  const results = (job: IngestJob, which: string): Reply => {
    switch (which) {
      case 'successfulResults':
        return csvOf(
          job,
          ['sf__Id', 'sf__Created'],
          job.succeeded.map(({ id, said, row }) => [id, said, ...row]),
        )
      case 'failedResults':
        return csvOf(
          job,
          ['sf__Id', 'sf__Error'],
          job.failed.map(({ id, said, row }) => [id, said, ...row]),
        )
      default:
        return csvOf(job, [], job.unprocessed)
    }
  }

  const close = (job: IngestJob, exchange: Exchange): Reply => {
    const wanted = members(exchange.json())['state']
    if (wanted === 'UploadComplete') {
      if (job.state !== 'Open' || job.csv === null)
        throw refuse(400, 'INVALIDJOBSTATE', `The job is ${job.state}${job.csv === null ? ' and has no data' : ''}`)
      job.state = 'UploadComplete'
      job.handedOverAt = org.now()
    } else if (wanted === 'Aborted') {
      if (job.state === 'JobComplete' || job.state === 'Failed') throw refuse(400, 'INVALIDJOBSTATE', `The job is ${job.state}`)
      if (job.state !== 'InProgress') job.unprocessed = rowsOf(job).rows
      job.state = 'Aborted'
    } else throw refuse(400, 'INVALIDJOBSTATE', `Unknown state: ${plainText(wanted)}`)
    return ok(shownJob(job, false))
  }

  return async (exchange) => {
    const { method, rest } = exchange
    if (rest.length === 2) {
      if (method === 'POST') return create(exchange)
      if (method === 'GET') return ok({ done: true, nextRecordsUrl: null, records: [...jobs.values()].map((job) => shownJob(job, true)) })
      throw methodNotAllowed(method)
    }
    const job = jobs.get(canonicalId(rest[2] ?? '') ?? '')
    if (job === undefined || job.userId !== exchange.userId) throw invalidJob(rest[2] ?? '')
    if (job.version !== exchange.version) throw refuse(409, 'INVALID_VERSION', `The job was created with API version ${job.version}`)
    const what = rest[3]
    if (what === 'batches') {
      if (method !== 'PUT') throw methodNotAllowed(method)
      if (job.state !== 'Open' || job.csv !== null) throw refuse(400, 'INVALIDJOBSTATE', 'Data was already uploaded for this job')
      if (exchange.text.length > MOST_BYTES) throw refuse(400, 'INVALIDJOB', 'The upload is larger than 150 MB')
      job.csv = exchange.text
      return { status: 201 }
    }
    if (method === 'GET' && (what === 'successfulResults' || what === 'failedResults' || what === 'unprocessedrecords'))
      return results(job, what)
    switch (method) {
      case 'GET':
        await advance(job, exchange)
        return ok(shownJob(job, true))
      case 'PATCH':
        return close(job, exchange)
      case 'DELETE':
        if (job.state === 'UploadComplete' || job.state === 'InProgress') throw refuse(400, 'INVALIDJOBSTATE', 'The job is not finished')
        jobs.delete(job.id)
        return noContent
      default:
        throw methodNotAllowed(method)
    }
  }
}

/** `INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:Id --` */
const errorText = ({ code, message, fields }: Problem): string =>
  `${code}:${message}:${(fields ?? []).join(',')}${(fields ?? []).length > 0 ? ' ' : ''}--`
const duplicate = (id: string): Problem => ({ code: 'DUPLICATE_VALUE', message: `Duplicate id in list: ${id}`, fields: [] })
