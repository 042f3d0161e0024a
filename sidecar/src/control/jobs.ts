import { AssayError } from '@assay/shared'
import type { Log } from '@assay/shared'
import { PgBoss } from 'pg-boss'
import type { JobWithMetadata } from 'pg-boss'
import type { Control } from './control.ts'
import { outcomeOf } from './outcome.ts'
import { PAYLOADS, QUEUE, STEPS, queueName } from './queues.ts'
import type { JobName, Payload, PayloadInput, Step } from './queues.ts'

/** Does one step of one connection. Idempotent: after a kill it is called again. `signal` fires when the process is to stop. */
export type Handler<S extends Step> = (job: Payload<S> & { readonly signal: AbortSignal }) => Promise<void>
export type Handlers = { readonly [S in Step]: Handler<S> }
export type JobState = 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed'

export interface JobsOptions {
  readonly log: Log
  /** How often an idle worker looks for work; default 2, at least .5. */
  readonly pollSeconds?: number
  /** A job whose worker was silent for so long is given to another one; default 60, at least 10. */
  readonly heartbeatSeconds?: number
  /** How often silent workers are looked for; default 30. */
  readonly superviseSeconds?: number
  /** The first wait before a step is tried again, doubled each time; default 15. */
  readonly retrySeconds?: number
}

/** The queues of one organisation, on its control plane; any number of processes may work them on a server. */
export interface Jobs {
  /** Makes or migrates the queues' tables. On the embedded database, jobs of a killed process go back in line at once; there, start one of these per process. */
  start(): Promise<void>
  /** Lets running steps end for up to `timeoutMs` (default 30 s), then fires their signal; what did not end is retried at the next start. */
  stop(timeoutMs?: number): Promise<void>
  /** Puts a step in line. Returns its id, or null when that step of that connection was waiting already: the two become one. */
  enqueue<N extends JobName>(name: N, payload: PayloadInput<N>, options?: { readonly startAfter?: Date }): Promise<string | null>
  /** What became of a job; null when it is unknown or long over. */
  state(name: JobName, id: string): Promise<JobState | null>
  /** Starts working; call once, after `start`. */
  work(handlers: Handlers): Promise<void>
  /** Repeats a job by cron ("0 2 * * *"), in the time zone given (IANA name; UTC when left out). Replaces what was set for that connection. */
  schedule<N extends JobName>(name: N, payload: PayloadInput<N>, cron: string, timeZone?: string): Promise<void>
  unschedule(name: JobName, connection: string): Promise<void>
}

const SCHEMA = 'assay_jobs'
const NAMES = [...STEPS, 'run'] as const

export function openJobs(control: Control, options: JobsOptions): Jobs {
  const { database, organisation } = control
  const heartbeatSeconds = options.heartbeatSeconds ?? QUEUE.heartbeatSeconds
  const retryDelay = options.retrySeconds ?? QUEUE.retryDelay
  const superviseSeconds = options.superviseSeconds ?? 30
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => database.execute(text, values) },
    backend: database.kind === 'embedded' ? 'pglite' : 'postgres',
    schema: SCHEMA,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
  })
  boss.on('error', (error) => options.log.warn('the job queue had a problem', { why: error.message }))
  const queue = (name: JobName): string => queueName(organisation, name)
  const key = (payload: { readonly connection: string }): string => payload.connection

  const enqueue: Jobs['enqueue'] = async (name, input, more = {}) => {
    const payload = PAYLOADS[name].parse(input)
    const { startAfter } = more
    const id = await boss.send(queue(name), payload, { singletonKey: key(payload), ...(startAfter === undefined ? {} : { startAfter }) })
    if (id === null) await join(name, payload as Payload<typeof name>)
    return id
  }

  /** One is waiting already: what this one asks beyond it must not be lost. */
  const join = async <N extends JobName>(name: N, payload: Payload<N>): Promise<void> => {
    const waiting = await boss.findJobs<object>(queue(name), { key: key(payload), queued: true })
    const other = waiting.find((job) => job.state === 'created')
    if (other === undefined) return
    const joined = { ...payload, ...joinedWishes(PAYLOADS[name].parse(other.data), payload) }
    await boss.update(queue(name), joined, { id: other.id })
  }

  const perform = async <N extends JobName>(name: N, job: JobWithMetadata, handle: (payload: Payload<N>) => Promise<void>) => {
    const about = { job: name, id: job.id, attempt: job.retryCount + 1 }
    try {
      const payload = PAYLOADS[name].parse(job.data) as Payload<N>
      await handle(payload)
      // Put in line before this one is acknowledged: a kill in between repeats a step, it never drops the rest.
      if ('afterwards' in payload) await enqueueNext(payload)
      return { id: job.id, status: 'completed' as const }
    } catch (error) {
      const outcome = outcomeOf(error)
      options.log.warn(`${name} did not succeed`, { ...about, why: outcome.why, next: outcome.next })
      if (outcome.next === 'wait') {
        const input = job.data as PayloadInput<N>
        await enqueue(name, input, { startAfter: new Date(Date.now() + outcome.waitMs) })
        return { id: job.id, status: 'completed' as const, output: { why: outcome.why } }
      }
      if (error instanceof AssayError && error.kind === 'auth') {
        await control.connections.pause(PAYLOADS[name].parse(job.data).connection, error.message)
      }
      // "deadletter" is pg-boss's word for: failed for good, no matter how many retries are left.
      return { id: job.id, status: outcome.next === 'retry' ? ('failed' as const) : ('deadletter' as const), output: { why: outcome.why } }
    }
  }

  const enqueueNext = async ({ connection, afterwards }: { connection: string; afterwards: readonly Step[] }): Promise<void> => {
    const [next, ...rest] = afterwards
    if (next !== undefined) await enqueue(next, { connection, afterwards: rest })
  }

  const workOn = async <N extends JobName>(name: N, handle: (payload: Payload<N>, signal: AbortSignal) => Promise<void>): Promise<void> => {
    await boss.work(
      queue(name),
      { pollingIntervalSeconds: options.pollSeconds ?? 2, includeMetadata: true, perJobResults: true },
      async (jobs: JobWithMetadata[]) => Promise.all(jobs.map((job) => perform(name, job, (payload) => handle(payload, job.signal)))),
    )
  }

  /** Nobody else can work on an embedded database: what counts as running belongs to a process that is gone. */
  const takeBackAbandoned = async (): Promise<void> => {
    const names = NAMES.map(queue)
    const { rows } = await database.execute(`select id, name from ${SCHEMA}.job where state = 'active' and name = any($1)`, [names])
    for (const { id, name } of rows as { id: string; name: string }[]) {
      await boss.fail(name, id, { why: 'the process ended while this ran' })
      await boss.update(name, undefined, { id, startAfter: new Date() })
    }
  }

  return {
    async start() {
      await boss.start()
      for (const name of NAMES) {
        await boss.createQueue(queue(name), { ...QUEUE, heartbeatSeconds, retryDelay })
        const { policy: _fixed, ...changeable } = QUEUE
        await boss.updateQueue(queue(name), { ...changeable, heartbeatSeconds, retryDelay })
      }
      if (database.kind === 'embedded') await takeBackAbandoned()
    },
    stop: (timeoutMs = 30_000) => boss.stop({ graceful: true, timeout: timeoutMs }),
    enqueue,
    async state(name, id) {
      const found = await boss.findJobs(queue(name), { id })
      return found[0]?.state ?? null
    },
    async work(handlers) {
      await workOn('run', async ({ connection, full }) => {
        const [first, ...rest] = STEPS
        await enqueue(first, { connection, full, afterwards: rest })
      })
      await workOn('sync', (payload, signal) => handlers.sync({ ...payload, signal }))
      await workOn('mine', (payload, signal) => handlers.mine({ ...payload, signal }))
      await workOn('publish', (payload, signal) => handlers.publish({ ...payload, signal }))
      await workOn('alert', (payload, signal) => handlers.alert({ ...payload, signal }))
    },
    async schedule(name, input, cron, timeZone = 'UTC') {
      const payload = PAYLOADS[name].parse(input)
      await boss.schedule(queue(name), cron, payload, { tz: timeZone, key: key(payload), singletonKey: key(payload) })
    },
    unschedule: (name, connection) => boss.unschedule(queue(name), connection),
  }
}

interface Wishes {
  readonly full?: boolean
  readonly told?: boolean
  readonly only?: string | null
  readonly afterwards?: readonly Step[]
}

/** Two waiting jobs as one: full if either is, only what was told if both are, all miners unless both want the same one, the longer way to go afterwards. */
export function joinedWishes(one: Wishes, other: Wishes): Wishes {
  return {
    ...('full' in one || 'full' in other ? { full: one.full === true || other.full === true } : {}),
    ...('told' in one || 'told' in other ? { told: one.told === true && other.told === true } : {}),
    ...('only' in one || 'only' in other ? { only: one.only === other.only ? (one.only ?? null) : null } : {}),
    ...('afterwards' in one || 'afterwards' in other
      ? { afterwards: STEPS.filter((step) => one.afterwards?.includes(step) === true || other.afterwards?.includes(step) === true) }
      : {}),
  }
}
