import { z } from 'zod'

/** The steps that are queued one by one, in the order in which a whole run goes through them. */
export const STEPS = ['sync', 'mine', 'publish', 'alert'] as const
export type Step = (typeof STEPS)[number]
export type JobName = Step | 'run'

const connection = z.string().min(1)
/** What follows when this step is done. */
const afterwards = z.array(z.enum(STEPS)).default([])

/**
 * What travels in each queue; nobody else writes or reads a payload. A name or a key of a record never stands in one:
 * `erase` need not look here.
 */
export const PAYLOADS = {
  /** `full` forgets the cursors first; `told` reads only what the CRM told about. */
  sync: z.strictObject({ connection, full: z.boolean().default(false), told: z.boolean().default(false), afterwards }),
  /** `only` names one miner; null is all of them. */
  mine: z.strictObject({ connection, only: z.string().nullable().default(null), afterwards }),
  publish: z.strictObject({ connection, afterwards }),
  alert: z.strictObject({ connection, afterwards }),
  /** All steps in order. It does no work of its own: it puts the first step in line, and each step the next. */
  run: z.strictObject({ connection, full: z.boolean().default(false) }),
} as const

export type Payload<N extends JobName> = z.output<(typeof PAYLOADS)[N]>
export type PayloadInput<N extends JobName> = z.input<(typeof PAYLOADS)[N]>

/** One queue for each organisation and name: a worker sees its own organisation only. */
export const queueName = (organisation: string, name: JobName): string => `${organisation}/${name}`

const HOUR = 60 * 60

/** Promises of every queue (pg-boss's words; seconds). */
export const QUEUE = {
  // At most one waiting and one running job for a singleton key, which is the connection: the same step never runs twice at once.
  policy: 'stately',
  // A worker that was killed stops its heartbeats; then, and not after `expireInSeconds`, its job goes back in line.
  heartbeatSeconds: 60,
  expireInSeconds: 24 * HOUR,
  retryLimit: 5,
  retryDelay: 15,
  retryBackoff: true,
  retryDelayMax: HOUR / 4,
  deleteAfterSeconds: 7 * 24 * HOUR,
} as const
