import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { b2bWorld, change } from '@assay/worlds'
import {
  between,
  type Company,
  fieldsInCrm,
  inside,
  type Kill,
  killing,
  lastScores,
  openCompany,
  plantRun,
  seeded,
  stored,
  tasksByKey,
  withoutInstants,
} from '../src/index.ts'

// SIGKILL inside every step of the real command, again and again, and then once to the end; beside it the same
// company, whose commands nobody kills. ASSAY_KILLS says how many kills a step gets.
const KILLS = Number(process.env['ASSAY_KILLS'] ?? 6)
const SEED = 20
const DAY = 86_400_000
const LONG = 20 * 60_000

let world = b2bWorld({ accounts: 150, seed: 3, plain: true, years: 2 })
const ids = Array.from({ length: world.size }, (_, index) => world.bundle(index).account.id)
let victim: Company
let control: Company
const random = seeded(SEED)
const kills: Kill[] = []

const both = async (work: (company: Company) => Promise<unknown>): Promise<void> => {
  await Promise.all([work(victim), work(control)])
}
/** One after the other: a process can have one embedded store open at a time. */
const plant = async (run: string, risks: ReadonlyMap<string, number>): Promise<void> => {
  for (const company of [victim, control]) await plantRun(company, run, ids, risks)
}
const later = (ms: number): void => {
  victim.clock.now += ms
  control.clock.now = victim.clock.now
}
const report = (step: string, made: readonly Kill[]): void => {
  kills.push(...made)
  expect(made.length, `kills inside ${step}`).toBe(KILLS)
}
beforeAll(async () => {
  victim = await openCompany('killed', world)
  control = await openCompany('control', world)
  await both((company) => company.answered(...company.connectWords))
}, LONG)

afterAll(async () => {
  await victim?.close()
  await control?.close()
})

describe(`killed ${KILLS} times in each step, then started again`, () => {
  test('sync: the store holds the same records and versions, and every cursor', { timeout: LONG }, async () => {
    const made = await killing(victim, control, {
      words: ['sync'],
      kills: KILLS,
      random,
      after: 'requests',
      resumes: true,
      ms: 60,
      perRound: Math.min(KILLS, 6),
      async prepare(round) {
        if (round === 0) return
        later(DAY)
        world = change(world, { share: 0.5, at: victim.clock.now, seed: round })
        for (const company of [victim, control]) company.crm.grow(world)
      },
    })
    report('sync', made)
    const [ours, theirs] = [await inside(victim, stored), await inside(control, stored)]
    expect(ours.counts).toEqual(theirs.counts)
    expect(ours.newest).toEqual(theirs.newest)
    expect(ours.newest['account']!.length).toBeGreaterThanOrEqual(ids.length)
    const cursors = (company: Company): Promise<readonly boolean[]> =>
      inside(company, (app, connection) =>
        Promise.all(
          (['account', 'contact', 'deal', 'lineItem', 'activity'] as const).map(
            async (kind) => (await app.control.cursors.get(connection, kind)) !== null,
          ),
        ),
      )
    expect(await cursors(victim)).toEqual([true, true, true, true, true])
  })

  test('mine: the same models say the same about everybody', { timeout: LONG }, async () => {
    await both((company) => company.answered('define', 'churn', '--accept', 'proposed'))
    const made = await killing(victim, control, {
      words: ['mine', '--refit'],
      kills: KILLS,
      random,
      after: 'lines',
      resumes: false,
      ms: 1500,
      perRound: KILLS,
      prepare: async () => {},
    })
    report('mine', made)
    const [ours, theirs] = [await inside(victim, lastScores), await inside(control, lastScores)]
    expect(ours.length).toBeGreaterThanOrEqual(ids.length * 2)
    expect(ours).toEqual(theirs)
  })

  test('publish: the CRM holds the same, nothing waits, and no value was written in two ways', { timeout: LONG }, async () => {
    await both((company) => company.answered('fields', 'install'))
    const slow = (company: Company): void => company.crm.faults.next('batch.update', { kind: 'slow', ms: 400 }, 1000)
    slow(victim)
    const from: number[] = []
    const made = await killing(victim, control, {
      words: ['publish', '--continue'],
      kills: KILLS,
      random,
      after: 'requests',
      resumes: true,
      ms: 600,
      perRound: 3,
      async prepare(round) {
        from.push(victim.crm.writes.length)
        if (round === 0) return
        later(DAY)
        const risks = new Map(ids.map((id) => [id, between(random, 1, 99)]))
        await plant(`publish-${round}`, risks)
        // From now on there is a churn model, and its fields are needed.
        if (round === 1) await both((company) => company.answered('fields', 'install'))
      },
    })
    victim.crm.faults.clear()
    report('publish', made)
    expect(withoutInstants(fieldsInCrm(victim, ids))).toEqual(withoutInstants(fieldsInCrm(control, ids)))
    const filled = Object.values(fieldsInCrm(victim, ids)).filter((fields) => (fields['assay_score_note'] ?? '') !== '')
    expect(filled.length, 'every record is written').toBe(ids.length)
    for (const company of [victim, control]) {
      expect(await inside(company, (app, connection) => app.control.outbox.count(connection)), 'waiting rows').toBe(0)
    }
    // Written again where the answer was lost in the kill: with the same values.
    for (const [round, start] of from.entries()) {
      const said = new Map<string, Set<string | null>>()
      for (const write of victim.crm.writes.slice(start, from[round + 1] ?? victim.crm.writes.length)) {
        if (write.object !== 'companies') continue
        for (const [name, value] of Object.entries(write.properties)) {
          const place = `${write.id} ${name}`
          said.set(place, (said.get(place) ?? new Set()).add(value))
        }
      }
      expect([...said].filter(([, values]) => values.size > 1).map(([place, values]) => `${place}: ${[...values].join(' | ')}`)).toEqual([])
    }
  })

  test('alert: every warning stands once, closed when it is over', { timeout: LONG }, async () => {
    const slow = (): void => victim.crm.faults.next('*', { kind: 'slow', ms: 40 }, 100_000)
    let standing: ReadonlyMap<string, number> = new Map()
    later(DAY)
    await plant('calm', standing)
    await both((company) => company.answered('alerts'))
    slow()
    const made = await killing(victim, control, {
      words: ['alerts'],
      kills: KILLS,
      random,
      after: 'requests',
      resumes: true,
      ms: 60,
      perRound: 3,
      // Rounds in turn: a tenth of all customers turn and stay so; the same ones recover.
      async prepare(round) {
        const first = Math.floor(round / 2) * 15
        const turning = ids.slice(first, first + 15)
        standing = new Map(round % 2 === 0 ? turning.map((id) => [id, 85] as const) : [])
        later(8 * DAY)
        await plant(`seen-${round}`, standing)
        await both((company) => company.answered('alerts'))
        later(4 * DAY)
        await plant(`lasted-${round}`, standing)
      },
    })
    victim.crm.faults.clear()
    report('alert', made)
    const [ours, theirs] = [tasksByKey(victim), tasksByKey(control)]
    const summary = (tasks: typeof ours): unknown =>
      Object.fromEntries([...tasks].map(([key, found]) => [key, found.map(({ subject, status }) => `${status} ${subject}`)]))
    expect(theirs.size).toBeGreaterThan(5)
    expect([...ours.keys()].toSorted()).toEqual([...theirs.keys()].toSorted())
    for (const [key, found] of ours) expect(found.length, `tasks with the key ${key}`).toBe(1)
    expect(summary(ours)).toEqual(summary(theirs))
  })

  test('nobody is left owning the directory, and no step is left running', { timeout: LONG }, async () => {
    const status = await victim.answered<{ runs: { state: string }[] }>('status')
    expect(status.runs.filter((run) => run.state === 'running')).toEqual([])
    expect(kills.length).toBe(4 * KILLS)
  })
})
