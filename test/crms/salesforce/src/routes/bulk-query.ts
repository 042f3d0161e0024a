import type { Exchange } from '../exchange.ts'
import { canonicalId, idOf } from '../ids.ts'
import type { Org } from '../org.ts'
import { members, methodNotAllowed, noContent, ok, refuse, isRefusal, type Reply } from '../reply.ts'
import { planOf, type Plan } from '../soql/plan.ts'
import { csvLine, csvValue } from '../soql/present.ts'
import { instantText, plainText } from '../values.ts'
import type { Snapshot } from '../store.ts'
import { DELIMITERS, ENDINGS, invalidJob, type JobSettings } from './bulk.ts'
import { nextState, type JobState } from './job-state.ts'

interface QueryJob {
  readonly id: string
  readonly operation: 'query' | 'queryAll'
  readonly version: string
  readonly userId: string
  readonly createdAt: number
  readonly delimiter: string
  readonly lineEnding: string
  readonly plan: Plan
  readonly snapshot: Snapshot
  state: JobState
  polls: number
  isRunning: boolean
  message: string | null
  /** Known once the job is complete. */
  count: number
  /** The ids in their order where the query asks for one; null where they follow from reading on. */
  ids: readonly string[] | null
  /** position → the last id before it: where a page can start without reading what came before. */
  readonly places: Map<number, string | null>
}

/** Rows made between two looks at what else is to do. */
const ROWS_PER_TURN = 2_000
const DAY = 86_400_000

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** `/jobs/query`: a query whose result is fetched as CSV, page by page. What is fetched is as it was when the job was made. */
export function bulkQuery(org: Org, settings: () => JobSettings, random: () => number): (exchange: Exchange) => Promise<Reply> {
  const jobs = new Map<string, QueryJob>()
  let made = 0

  const create = (exchange: Exchange): Reply => {
    const body = members(exchange.json())
    const operation = body['operation']
    if (operation !== 'query' && operation !== 'queryAll') throw refuse(400, 'INVALIDJOB', `Unknown operation: ${plainText(operation)}`)
    if (typeof body['query'] !== 'string') throw refuse(400, 'API_ERROR', 'query is required')
    const snapshot = org.store.snapshot()
    let plan: Plan
    try {
      plan = planOf(body['query'], { org, userId: exchange.userId, all: operation === 'queryAll', asOf: snapshot.revision })
    } catch (error) {
      snapshot.close()
      if (isRefusal(error)) throw refuse(400, 'API_ERROR', `${error.problem.code}: ${error.problem.message}`)
      throw error
    }
    const { query } = plan
    const unsupported =
      query.isCount || query.aggregates.length > 0 || query.groupBy.length > 0
        ? 'Aggregate Relationships not supported in Bulk Query'
        : query.offset > 0
          ? 'OFFSET not supported in Bulk Query'
          : null
    if (unsupported !== null) {
      snapshot.close()
      throw refuse(400, 'API_ERROR', unsupported)
    }
    // Results are kept for seven days.
    for (const [id, old] of jobs)
      if (org.now() - old.createdAt > 7 * DAY) {
        old.snapshot.close()
        jobs.delete(id)
      }
    made += 1
    const job: QueryJob = {
      id: idOf('750', made),
      operation,
      version: exchange.version,
      userId: exchange.userId,
      createdAt: org.now(),
      delimiter: plainText(body['columnDelimiter'], 'COMMA'),
      lineEnding: plainText(body['lineEnding'], 'LF'),
      plan,
      snapshot,
      state: 'UploadComplete',
      polls: 0,
      isRunning: false,
      message: null,
      count: 0,
      ids: null,
      places: new Map([[0, null]]),
    }
    jobs.set(job.id, job)
    return ok(shownJob(job, false))
  }

  const shownJob = (job: QueryJob, isStatus: boolean): unknown => ({
    id: job.id,
    operation: job.operation,
    object: job.plan.object,
    createdById: job.userId,
    createdDate: instantText(job.createdAt),
    systemModstamp: instantText(job.createdAt),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.version),
    ...(isStatus ? { jobType: 'V2Query' } : {}),
    lineEnding: job.lineEnding,
    columnDelimiter: job.delimiter,
    ...(isStatus
      ? {
          numberRecordsProcessed: job.state === 'JobComplete' ? job.count : 0,
          retries: 0,
          totalProcessingTime: job.state === 'JobComplete' ? 100 : 0,
          isPkChunkingSupported: true,
          ...(job.message === null ? {} : { errorMessage: job.message }),
        }
      : {}),
  })

  const advance = async (job: QueryJob, fault: Exchange['fault']): Promise<void> => {
    if (job.isRunning) return
    if (fault?.kind === 'job' && job.state !== 'JobComplete') {
      job.state = fault.state
      job.message = fault.state === 'Failed' ? (fault.message ?? 'InternalServerError : the query could not be run') : null
      return
    }
    job.polls += 1
    const next = nextState(job.state, job.polls, org.now() - job.createdAt, settings())
    if (next === 'JobComplete' && job.state !== 'JobComplete') {
      job.state = 'InProgress'
      job.isRunning = true
      job.ids = job.plan.sorted()
      job.count = job.ids === null ? await counted(job) : job.ids.length
      job.isRunning = false
    }
    // Counting takes a while: the job may have been aborted by then.
    if (job.state !== 'Aborted') job.state = next
  }

  /** Every so often the place is noted, so that a page can be made without reading what came before it. */
  const counted = async (job: QueryJob): Promise<number> => {
    let count = 0
    let last: string | null = null
    for (const row of job.plan.rows(null)) {
      last = String(row['Id'])
      count += 1
      if (count % ROWS_PER_TURN === 0) {
        job.places.set(count, last)
        await turn()
      }
    }
    return count
  }

  const results = async (job: QueryJob, exchange: Exchange): Promise<Reply> => {
    if (job.state === 'Failed' || job.state === 'Aborted') throw refuse(400, 'INVALIDJOBSTATE', `The job is ${job.state}`)
    if (job.state !== 'JobComplete') throw refuse(400, 'JOB_NOT_COMPLETE', 'The job is not complete yet')
    if (org.now() - job.createdAt > 7 * DAY) throw refuse(404, 'NOT_FOUND', 'The results of this job have been deleted')
    const { pageRows, shortPages } = settings()
    const asked = Number(exchange.query.get('maxRecords') ?? pageRows)
    const most = Math.max(1, Math.min(pageRows, Number.isInteger(asked) && asked > 0 ? asked : pageRows))
    const size = shortPages ? Math.max(1, Math.ceil(most * random())) : most
    const locator = exchange.query.get('locator')
    const from = locator === null ? 0 : Number(Buffer.from(locator, 'base64').toString())
    if (!Number.isInteger(from) || from < 0 || from > job.count || (locator !== null && from === 0))
      throw refuse(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
    const { text, rows } = await csvPage(job, from, size)
    const to = from + rows
    return {
      status: 200,
      raw: { text, contentType: 'text/csv; charset=UTF-8' },
      headers: {
        'Sforce-NumberOfRecords': String(rows),
        'Sforce-Locator': to >= job.count || rows === 0 ? 'null' : Buffer.from(String(to)).toString('base64').replace(/=+$/, ''),
      },
    }
  }

  const csvPage = async (job: QueryJob, from: number, size: number): Promise<{ text: string[]; rows: number }> => {
    const { plan } = job
    const delimiter = DELIMITERS[job.delimiter] ?? ','
    const ending = ENDINGS[job.lineEnding] ?? '\n'
    const text = [
      csvLine(
        plan.columns.map((column) => column.path),
        delimiter,
        ending,
      ),
    ]
    let rows = 0
    let position = from
    const source = job.ids === null ? rowsFrom(job, from) : job.ids.slice(from, from + size).map((id) => plan.row(id))
    let last: string | null = null
    for (const row of source) {
      if (rows >= size) break
      if (row !== null) {
        const values = plan.columns.map((column) => csvValue(column, column.read(row, job.snapshot.revision)))
        text.push(csvLine(values, delimiter, ending))
        last = String(row['Id'])
      }
      rows += 1
      position += 1
      if (rows % ROWS_PER_TURN === 0) await turn()
    }
    if (last !== null && job.ids === null) job.places.set(position, last)
    return { text, rows }
  }

  const rowsFrom = function* (job: QueryJob, from: number) {
    let nearest = 0
    for (const place of job.places.keys()) if (place <= from && place > nearest) nearest = place
    let position = nearest
    for (const row of job.plan.rows(job.places.get(nearest) ?? null)) {
      if (position >= from) yield row
      position += 1
    }
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
    if (rest[3] === 'results' && method === 'GET') return results(job, exchange)
    switch (method) {
      case 'GET':
        await advance(job, exchange.fault)
        return ok(shownJob(job, true))
      case 'PATCH': {
        if (members(exchange.json())['state'] !== 'Aborted') throw refuse(400, 'INVALIDJOBSTATE', 'Only Aborted is allowed')
        if (job.state === 'JobComplete' || job.state === 'Failed') throw refuse(400, 'INVALIDJOBSTATE', `The job is ${job.state}`)
        job.state = 'Aborted'
        return ok(shownJob(job, true))
      }
      case 'DELETE':
        if (job.state === 'UploadComplete' || job.state === 'InProgress') throw refuse(400, 'INVALIDJOBSTATE', 'The job is not finished')
        job.snapshot.close()
        jobs.delete(job.id)
        return noContent
      default:
        throw methodNotAllowed(method)
    }
  }
}
