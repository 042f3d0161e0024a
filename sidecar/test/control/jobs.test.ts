import { AssayError } from '@assay/shared'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openJobs } from '../../src/control/index.ts'
import type { Control, Handlers, Jobs, Step } from '../../src/control/index.ts'
import { joinedWishes } from '../../src/control/jobs.ts'
import { outcomeOf } from '../../src/control/outcome.ts'
import { startChild } from './children.ts'
import { ENGINES } from './planes.ts'
import type { Plane } from './planes.ts'

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 50 })

describe('what two waiting jobs become', () => {
  test('full if either is, all miners unless both want the same one, the longer way afterwards', () => {
    expect(joinedWishes({ full: false, afterwards: [] }, { full: true, afterwards: ['alert', 'mine'] })).toEqual({
      full: true,
      afterwards: ['mine', 'alert'],
    })
    expect(joinedWishes({ only: 'churn' }, { only: 'churn' })).toEqual({ only: 'churn' })
    expect(joinedWishes({ only: 'churn' }, { only: null })).toEqual({ only: null })
    expect(joinedWishes({ told: true }, { told: true })).toEqual({ told: true })
    expect(joinedWishes({ told: true, full: false }, { told: false, full: false })).toEqual({ told: false, full: false })
    expect(joinedWishes({}, {})).toEqual({})
  })
})

describe('what an error leads to', () => {
  test('its kind decides; what is no AssayError is a bug and is not tried again', () => {
    expect(outcomeOf(new AssayError('offline', 'x')).next).toBe('retry')
    expect(outcomeOf(new AssayError('limit', 'x', { retryAfterMs: 7 }))).toMatchObject({ next: 'wait', waitMs: 7 })
    expect(['config', 'auth', 'rejected', 'data'].map((kind) => outcomeOf(new AssayError(kind as 'config', 'x')).next)).toEqual(
      Array.from({ length: 4 }, () => 'stop'),
    )
    expect(outcomeOf(new TypeError('x is undefined'))).toEqual({ next: 'stop', why: 'TypeError: x is undefined' })
  })
})

describe.each(ENGINES)('jobs on $name', ({ make }) => {
  let plane: Plane
  let control: Control
  let jobs: Jobs
  let warnings: string[]
  const open = (): Jobs =>
    openJobs(control, {
      log: {
        debug: () => undefined,
        info: () => undefined,
        warn: (message, detail) => void warnings.push(`${message} ${JSON.stringify(detail)}`),
      },
      pollSeconds: 0.5,
      heartbeatSeconds: 10,
      superviseSeconds: 1,
      retrySeconds: 1,
    })
  /** Handlers that only note what they were asked, but for those given. */
  const noted: string[] = []
  const handlers = (more: Partial<Handlers> = {}): Handlers => {
    const note = (step: Step) => async (job: { connection: string }) => void noted.push(`${step} ${job.connection}`)
    return { sync: note('sync'), mine: note('mine'), publish: note('publish'), alert: note('alert'), ...more }
  }
  beforeAll(async () => {
    plane = await make()
    control = await plane.open('acme')
  })
  afterAll(() => plane.remove())
  beforeEach(async () => {
    warnings = []
    noted.length = 0
    jobs = open()
    await jobs.start()
  })
  afterEach(() => jobs.stop(1000))

  test('a run goes through all steps in order; the same step waiting twice is one, with what both asked', async () => {
    const first = await jobs.enqueue('sync', { connection: 'a' })
    expect(await jobs.state('sync', first!)).toBe('created')
    expect(await jobs.enqueue('sync', { connection: 'a', full: true, afterwards: ['alert'] })).toBeNull()
    const full: boolean[] = []
    await jobs.work(
      handlers({
        sync: async (job) => {
          noted.push(`sync ${job.connection}`)
          full.push(job.full)
        },
      }),
    )
    await until(() => expect(noted).toEqual(['sync a', 'alert a']))
    expect(full).toEqual([true])
    await until(async () => expect(await jobs.state('sync', first!)).toBe('completed'))
    await jobs.enqueue('run', { connection: 'b' })
    await until(() => expect(noted.slice(2)).toEqual(['sync b', 'mine b', 'publish b', 'alert b']))
    expect(warnings).toEqual([])
  })

  test('the same step of one connection never runs twice at once, whoever works', async () => {
    let inside = 0
    let most = 0
    let done = 0
    const sync = async (): Promise<void> => {
      inside += 1
      most = Math.max(most, inside)
      await sleep(700)
      inside -= 1
      done += 1
    }
    const second = open()
    await second.start()
    await jobs.work(handlers({ sync }))
    await second.work(handlers({ sync }))
    await jobs.enqueue('sync', { connection: 'a' })
    await until(() => expect(inside).toBe(1))
    expect(await jobs.enqueue('sync', { connection: 'a' })).not.toBeNull()
    expect(await second.enqueue('sync', { connection: 'a' })).toBeNull()
    await until(() => expect(done).toBe(2))
    expect(most).toBe(1)
    await second.stop(1000)
  })

  test('offline is tried again, a limit waits as asked, a bug and a refused sign-in stop, the latter with its connection', async () => {
    const { id } = await control.connections.add({ connector: 'hubspot', title: 't', settings: {} })
    const calls = { sync: 0, mine: 0, publish: 0, alert: 0 }
    const failing = (step: Step, error: Error) => async () => {
      calls[step] += 1
      if (calls[step] === 1) throw error
    }
    await jobs.work({
      sync: failing('sync', new AssayError('offline', 'no answer')),
      mine: failing('mine', new AssayError('limit', 'slow down', { retryAfterMs: 300 })),
      publish: failing('publish', new TypeError('x is undefined')),
      alert: failing('alert', new AssayError('auth', 'the token expired')),
    })
    const ids = {
      sync: await jobs.enqueue('sync', { connection: id }),
      publish: await jobs.enqueue('publish', { connection: id, afterwards: ['mine'] }),
      alert: await jobs.enqueue('alert', { connection: id }),
      mine: await jobs.enqueue('mine', { connection: id }),
    }
    await until(async () => expect(await jobs.state('sync', ids.sync!)).toBe('completed'))
    await until(() => expect(calls).toEqual({ sync: 2, mine: 2, publish: 1, alert: 1 }))
    expect(await jobs.state('publish', ids.publish!)).toBe('failed')
    expect(await jobs.state('alert', ids.alert!)).toBe('failed')
    expect((await control.connections.list())[0]).toMatchObject({ state: 'paused', why: 'the token expired' })
    expect(warnings.join('\n')).toContain('x is undefined')
  })

  test('a payload that is none is refused before it is queued', async () => {
    await expect(jobs.enqueue('sync', { connection: '' })).rejects.toThrow('connection')
    await expect(jobs.enqueue('sync', { connection: 'a', token: 'x' } as { connection: string })).rejects.toThrow('token')
  })

  test('a schedule is kept, replaced and taken back; what is no cron is refused', async () => {
    const kept = () => control.database.query<{ cron: string; key: string }>('select cron, key from assay_jobs.schedule')
    await jobs.schedule('run', { connection: 'a' }, '0 2 * * *', 'Europe/Berlin')
    await jobs.schedule('run', { connection: 'a' }, '0 3 * * *')
    expect(await kept()).toEqual([{ cron: '0 3 * * *', key: 'a' }])
    await expect(jobs.schedule('run', { connection: 'a' }, 'at noon')).rejects.toThrow()
    await jobs.unschedule('run', 'a')
    expect(await kept()).toEqual([])
  })

  test('a step whose worker was killed is done again and the run goes on', async () => {
    await jobs.stop(1000)
    await control.close()
    const worker = startChild('./job-worker.ts', [plane.home, plane.databaseUrl ?? ''])
    try {
      expect(await worker.next()).toBe('c')
    } finally {
      await worker.kill()
    }
    control = await plane.open('acme')
    jobs = open()
    await jobs.start()
    await jobs.work(handlers())
    await until(() => expect(noted).toEqual(['sync c', 'mine c', 'publish c', 'alert c']))
  })
})
