import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '@assay/crm-hubspot'
import { b2bWorld } from '@assay/worlds'
import { between, type Company, fieldsInCrm, inside, openCompany, plantRun, seeded, stored, withoutInstants } from '../src/index.ts'

// A CRM that is slow, refuses, breaks off and talks nonsense: the real commands finish, with the same result.
const LONG = 15 * 60_000
const world = b2bWorld({ accounts: 60, seed: 11, plain: true, years: 2 })
const ids = Array.from({ length: world.size }, (_, index) => world.bundle(index).account.id)
const STORM: readonly Fault[] = [
  { kind: 'limit', policy: 'SECONDLY' },
  { kind: 'limit', policy: 'SECONDLY', body: 'recorded' },
  { kind: 'html', status: 502 },
  { kind: 'status', status: 503 },
  { kind: 'drop', when: 'before' },
  { kind: 'drop', when: 'after' },
  { kind: 'drop', when: 'inBody' },
  { kind: 'slow', ms: 500 },
  { kind: 'locked' },
  { kind: 'limit', policy: 'SECONDLY' },
]
let calm: Company
let stormy: Company

/** Plants the storm among the next requests, so many apart. */
function storm(apart: number, first = 0): void {
  for (const [i, fault] of STORM.entries()) stormy.crm.faults.after(first + i * apart, '*', fault)
}

beforeAll(async () => {
  calm = await openCompany('calm', world)
  stormy = await openCompany('stormy', world)
  for (const company of [calm, stormy]) await company.answered(...company.connectWords)
}, LONG)
afterAll(async () => {
  await calm?.close()
  await stormy?.close()
})

describe('in a storm', () => {
  test('sync brings the same records', { timeout: LONG }, async () => {
    await calm.answered('sync')
    storm(2)
    await stormy.answered('sync')
    expect(stormy.crm.faults.pending(), 'faults not met').toBe(0)
    const [ours, theirs] = [await inside(stormy, stored), await inside(calm, stored)]
    expect(ours.counts).toEqual(theirs.counts)
    expect(ours.newest).toEqual(theirs.newest)
  })

  test('fields and publish write the same', { timeout: LONG }, async () => {
    const random = seeded(4)
    const risks = new Map(ids.map((id) => [id, between(random, 1, 99)]))
    for (const company of [calm, stormy]) {
      await plantRun(company, 'planted', ids, risks)
      await company.answered('define', 'churn', '--accept', 'proposed')
    }
    await calm.answered('fields', 'install')
    storm(1)
    await stormy.answered('fields', 'install')
    stormy.crm.faults.clear()
    await calm.answered('publish', '--continue')
    stormy.crm.faults.next('batch.update', { kind: 'drop', when: 'after' })
    stormy.crm.faults.next('batch.update', { kind: 'limit', policy: 'SECONDLY' }, 2)
    stormy.crm.faults.next('batch.update', { kind: 'html', status: 504 })
    stormy.crm.faults.next('batch.update', { kind: 'slow', ms: 300 })
    const published = await stormy.answered<{ written: number; waiting: number; stopped: string | null }>('publish', '--continue')
    expect(stormy.crm.faults.pending(), 'faults not met').toBe(0)
    expect(published).toMatchObject({ written: ids.length, waiting: 0, stopped: null })
    expect(withoutInstants(fieldsInCrm(stormy, ids))).toEqual(withoutInstants(fieldsInCrm(calm, ids)))
  })
})

describe('a CRM that stays down', () => {
  test('sync gives up with a message and exit code 1; the next one goes on', { timeout: LONG }, async () => {
    stormy.crm.faults.next('*', { kind: 'status', status: 503 }, 100)
    const ended = await stormy.run('sync')
    stormy.crm.faults.clear()
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(/HubSpot answered 503/)
    expect(ended.stderr).not.toMatch(/bug in Assay/)
    await stormy.answered('sync')
  })

  test('an answer that is no JSON is not taken for one', { timeout: LONG }, async () => {
    stormy.crm.faults.next('*', { kind: 'notJson' }, 100)
    const ended = await stormy.run('sync')
    stormy.crm.faults.clear()
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(/JSON/)
    expect(ended.stderr).not.toMatch(/bug in Assay/)
    for (const company of [calm, stormy]) await company.answered('sync')
    expect((await inside(stormy, stored)).newest).toEqual((await inside(calm, stored)).newest)
  })

  test('publish leaves waiting what it could not write, says so, and the next one writes it', { timeout: LONG }, async () => {
    const before = (id: string): number => Number(fieldsInCrm(stormy, [id])[id]!['assay_churn_risk'])
    // Far enough from what stands there: a small step is no change.
    const risks = new Map(ids.map((id) => [id, before(id) >= 50 ? before(id) - 40 : before(id) + 40]))
    stormy.clock.now += 86_400_000
    await plantRun(stormy, 'second', ids, risks)
    stormy.crm.faults.next('batch.update', { kind: 'status', status: 503 }, 100)
    const stopped = await stormy.answered<{ waiting: number; stopped: string | null }>('publish')
    stormy.crm.faults.clear()
    expect(stopped.waiting).toBeGreaterThan(50)
    expect(stopped.stopped).toMatch(/503/)
    expect(await stormy.answered('publish')).toMatchObject({ waiting: 0, stopped: null })
    expect(ids.map(before)).toEqual(ids.map((id) => risks.get(id)))
  })
})
