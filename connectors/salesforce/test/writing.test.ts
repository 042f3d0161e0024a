import { writeAll } from '@assay/conformance'
import type { SalesforceOptions } from '@assay/crm-salesforce'
import { CHURN_FIELDS, type ScoreRow, type Session, type WriteResult } from '@assay/shared'
import { describe, expect, it, onTestFinished } from 'vitest'
import { JOB_CALLS } from '../src/bulk-ingest.ts'
import { salesforce } from '../src/index.ts'
import { wayFor } from '../src/write.ts'
import { startHarness } from './harness.ts'

const started = async (options: SalesforceOptions = {}, customer: 'account' | 'contact' = 'account') => {
  const harness = await startHarness(options)
  onTestFinished(() => harness.close())
  const session = salesforce.open({ ...harness.settings, customer }, harness.host)
  await session.ensureFields(CHURN_FIELDS)
  return { ...harness, session }
}
const rowsFor = (object: ScoreRow['object'], ids: readonly string[], risk = 42): ScoreRow[] =>
  ids.map((id) => ({ object, id, values: { churn_risk: risk, churn_band: 'High' } }))
/** Enough for a bulk job to take fewer calls. */
const large = 3300
const outcomesOf = (results: readonly WriteResult[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

it('the way that takes fewer calls is taken', () => {
  expect(wayFor('account', 200)).toEqual({ way: 'collections', calls: 1 })
  expect(wayFor('account', 3200)).toEqual({ way: 'collections', calls: 16 })
  expect(wayFor('account', 3201)).toEqual({ way: 'bulk', calls: JOB_CALLS })
  expect(wayFor('account', 1_000_000)).toEqual({ way: 'bulk', calls: 40 * JOB_CALLS })
})

describe('a refused row', () => {
  it('is named with the words of the validation rule, and the rest is written', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', 5)
    standIn.addRule({ object: 'Account', rejects: (row) => row['Id'] === ids[2], message: 'Strategic accounts are scored by hand.' })
    const results = await writeAll(session, rowsFor('account', ids), { account: 5 })
    expect(outcomesOf(results)).toEqual({ written: 4, rejected: 1 })
    expect(results.find(({ outcome }) => outcome === 'rejected')).toMatchObject({
      id: ids[2],
      why: 'a validation rule refused it: Strategic accounts are scored by hand.',
    })
  })

  it('that is locked by somebody else is tried again alone, and given up for now after a few tries', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', 4)
    standIn.lock([ids[1] ?? ''], 2)
    standIn.lock([ids[3] ?? ''], 50)
    const results = await writeAll(session, rowsFor('account', ids), { account: 4 })
    expect(results.map(({ outcome }) => outcome)).toEqual(['written', 'written', 'written', 'failed'])
    expect(results[3]).toMatchObject({ why: expect.stringContaining('UNABLE_TO_LOCK_ROW') as string })
    // One call for all four, two more for the second, three more for the fourth.
    expect(standIn.requests.count('collections.update')).toBe(6)
  })
})

it('rows below one parent are sent side by side, whatever order they come in', async () => {
  const { standIn, session } = await started({}, 'contact')
  const accounts = ['A', 'B', 'C'].map((Name) => standIn.create('Account', { Name }))
  const ids = Array.from({ length: 9 }, (_, at) => standIn.create('Contact', { LastName: `P${at}`, AccountId: accounts[at % 3] ?? '' }))
  const results = await writeAll(session, rowsFor('contact', ids), { contact: 9 })
  expect(outcomesOf(results)).toEqual({ written: 9 })
  const parents = results.map(({ id }) => String(standIn.get('Contact', id)?.['AccountId']))
  expect(parents).toEqual([...parents].sort())
})

it('the bill names the flows and triggers that would run, where Setup may be looked into', async () => {
  const { session, settings, host } = await started()
  expect((await session.estimate({ account: 10 })).automations).toBeNull()
  // The stand-in knows neither flows nor triggers.
  const told = (row: object): Response => Response.json({ totalSize: 1, done: true, records: [row] })
  const fetch: typeof globalThis.fetch = (input, init) => {
    const address = decodeURIComponent(typeof input === 'string' ? input : '')
    if (address.includes('FROM FlowDefinitionView') && address.includes("'Account'"))
      return Promise.resolve(told({ Label: 'Set the region' }))
    if (address.includes('/tooling/query') && address.includes('FROM ApexTrigger')) return Promise.resolve(told({ Name: 'AccountAudit' }))
    return host.fetch(input, init)
  }
  const bill = await salesforce.open(settings, { ...host, fetch }).estimate({ account: 10 })
  expect(bill).toMatchObject({ calls: 1, automations: ['flow Set the region', 'trigger AccountAudit'] })
})

describe('a bulk job', () => {
  it('writes what is many, answers every row, and costs what the bill says', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', large)
    const [bad = '', gone = '', locked = ''] = ids
    standIn.delete('Account', gone)
    standIn.lock([locked], 1)
    standIn.addRule({ object: 'Account', rejects: (row) => row['Id'] === bad, message: 'Not this one, "really".' })
    const bill = await session.estimate({ account: large })
    const before = crm.calls()
    const results = await writeAll(session, rowsFor('account', ids, 7), { account: large })
    const calls = crm.calls() - before
    expect(results).toHaveLength(large)
    expect(outcomesOf(results)).toEqual({ written: large - 2, rejected: 1, gone: 1 })
    expect(results.find(({ id }) => id === bad)).toMatchObject({
      outcome: 'rejected',
      why: 'a validation rule refused it: Not this one, "really".',
    })
    expect(results.find(({ id }) => id === gone)).toMatchObject({ outcome: 'gone' })
    expect(Number(standIn.get('Account', ids[99] ?? '')?.['Assay_churn_risk__c'])).toBe(7)
    expect(Number(standIn.get('Account', locked)?.['Assay_churn_risk__c'])).toBe(7)
    expect(standIn.requests.count('collections.update')).toBe(1)
    expect(calls).toBeLessThanOrEqual(bill.calls)
  })

  it('clears a field, and leaves one alone that a row says nothing of', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', large)
    await writeAll(session, rowsFor('account', ids), { account: large })
    const rows = ids.map((id, at): ScoreRow => ({ object: 'account', id, values: at === 0 ? { churn_risk: null } : { churn_band: 'Low' } }))
    expect(outcomesOf(await writeAll(session, rows, { account: large }))).toEqual({ written: large })
    expect(standIn.get('Account', ids[0] ?? '')).toMatchObject({ Assay_churn_risk__c: null, Assay_churn_band__c: 'High' })
    expect(standIn.get('Account', ids[1] ?? '')).toMatchObject({ Assay_churn_risk__c: 42, Assay_churn_band__c: 'Low' })
  })

  it('takes its file once: when the answer is lost another job is made, and no row is lost', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', large)
    standIn.faults.next(/^PUT .*\/batches$/, { kind: 'drop', when: 'after' })
    standIn.faults.next(/^PATCH [^?]*\/jobs\/ingest\/\w+$/, { kind: 'drop', when: 'after' })
    expect(outcomesOf(await writeAll(session, rowsFor('account', ids), { account: large }))).toEqual({ written: large })
    expect(Number(standIn.get('Account', ids[large - 1] ?? '')?.['Assay_churn_risk__c'])).toBe(42)
  })

  it('that Salesforce gives up on fails the rows that it did not reach', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', large)
    standIn.faults.next(/GET [^?]*\/jobs\/ingest\/\w+$/, { kind: 'job', state: 'Failed', message: 'InternalServerError : full' })
    const results = await writeAll(session, rowsFor('account', ids), { account: large })
    expect(outcomesOf(results)).toEqual({ failed: large })
    expect(results[0]).toMatchObject({ why: expect.stringContaining('full') as string })
  })
})

it('a write-back is no change for the next sync, though it moved every stamp', async () => {
  const { standIn, session, crm } = await started()
  const ids = await crm.create('account', large)
  standIn.clock.advance(crm.settleMs)
  const bodies = async (since: Parameters<Session['read']>[1]) => {
    const found = new Map<string, string>()
    let next = since
    for await (const page of session.read('account', since)) {
      next = page.next
      for (const record of page.records) found.set(record.id, JSON.stringify(record.deleted ? null : [record.body, record.attributes]))
    }
    return { found, next }
  }
  const first = await bodies(null)
  standIn.clock.advance(crm.settleMs)
  await writeAll(session, rowsFor('account', ids), { account: ids.length })
  standIn.clock.advance(crm.settleMs)
  const second = await bodies(first.next)
  expect(second.found.size).toBe(ids.length)
  for (const [id, said] of second.found) expect(said).toBe(first.found.get(id))
})

it('a login that is only good for installing neither syncs nor publishes, and says what does', async () => {
  const { standIn, host, settings } = await started()
  const session = salesforce.open(
    { ...settings, jwt: undefined, session: { accessToken: standIn.tokens.admin, instanceUrl: standIn.url } },
    host,
  )
  expect((await session.check()).signedInAs).toContain('admin')
  expect((await session.plan(CHURN_FIELDS)).keep).toHaveLength(CHURN_FIELDS.length)
  await expect(writeAll(session, rowsFor('account', ['001000000000001']), { account: 1 })).rejects.toMatchObject({
    kind: 'config',
    hint: expect.stringContaining('External Client App') as string,
  })
  const read = session.read('account', null)[Symbol.asyncIterator]()
  await expect(read.next()).rejects.toMatchObject({ kind: 'config' })
})
