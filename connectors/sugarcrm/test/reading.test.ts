import { readAll } from '@assay/conformance'
import type { CrmRecord, Session } from '@assay/shared'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sugarcrm } from '../src/index.ts'
import { startHarness } from './harness.ts'

const started = async (...given: Parameters<typeof startHarness>) => {
  const harness = await startHarness(...given)
  onTestFinished(() => harness.close())
  return { ...harness, open: (): Session => sugarcrm.open(harness.settings, harness.host) }
}
const knowing = (ids: readonly string[]) =>
  async function* () {
    yield await Promise.resolve(ids)
  }
const bodyOf = (records: readonly CrmRecord[], id: string) => {
  const found = records.find((record) => record.id === id)
  if (found === undefined || found.deleted) throw new Error(`${id} was not read`)
  return found.body
}
const DAY = 86_400_000

describe('reading Sugar', () => {
  it('loses none of several pages of records that share one second, and gives none twice', async () => {
    const { crm, open } = await started()
    const ids = await crm.create('account', 437)
    const { records } = await readAll(open(), 'account')
    expect(records.map(({ id }) => id).sort()).toEqual([...ids].sort())
  })

  it('reads pages that are cut shorter than was asked for', async () => {
    const { crm, open } = await started({ quirks: { maxListLimit: 7 } })
    const ids = await crm.create('account', 40)
    expect((await readAll(open(), 'account')).records.map(({ id }) => id).sort()).toEqual([...ids].sort())
    const named: CrmRecord[] = []
    for await (const page of open().readIds('account', ids)) named.push(...page.records)
    expect(named.filter((record) => !record.deleted)).toHaveLength(40)
  })

  it('takes instants in the zone of the server', async () => {
    const { crm, standIn, open } = await started({ quirks: { zone: -420 } })
    const [id = ''] = await crm.create('account', 1)
    expect(bodyOf((await readAll(open(), 'account')).records, id)).toMatchObject({ createdAt: standIn.clock.now() })
  })

  it.each(['ignored', 'refused'] as const)(
    'finds what was deleted by comparing ids, where Sugar has the option `deleted` %s',
    async (deleted) => {
      const { crm, standIn, open } = await started({ quirks: { deleted } })
      const ids = await crm.create('account', 150)
      crm.passTime(crm.settleMs)
      const first = await readAll(open(), 'account')
      await crm.archive('account', ids[3] ?? '')
      standIn.erase('Accounts', ids[9] ?? '')
      crm.passTime(crm.settleMs)
      const soon = await readAll(open(), 'account', first.next, knowing(ids))
      expect(soon.records.filter((record) => record.deleted)).toEqual([])
      crm.passTime(DAY)
      const later = await readAll(open(), 'account', soon.next, knowing(ids))
      const gone = later.records.map((record) => `${record.id} ${String(record.deleted)}`)
      expect(new Set(gone)).toEqual(new Set([`${ids[3]} true`, `${ids[9]} true`]))
      // Compared: not again before the next day.
      const calls = crm.calls()
      await readAll(open(), 'account', later.next, knowing(ids))
      expect(crm.calls() - calls).toBeLessThan(6)
    },
  )

  it('does not believe that a large part vanished: then a right was taken away', async () => {
    const { crm, standIn, open } = await started()
    const ids = await crm.create('account', 400)
    crm.passTime(crm.settleMs)
    const { next } = await readAll(open(), 'account')
    for (const id of ids.slice(0, 130)) standIn.erase('Accounts', id)
    crm.passTime(8 * DAY)
    await expect(readAll(open(), 'account', next, knowing(ids))).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('130 of 400'),
    })
  })

  it('will not go on when a field can no longer be seen, and leaves out what never could', async () => {
    const { crm, standIn, open, host } = await started()
    standIn.hideField('Accounts', 'industry')
    await crm.create('account', 2)
    const { next } = await readAll(open(), 'account')
    expect(host.lines.some(({ detail }) => JSON.stringify(detail).includes('Accounts.industry'))).toBe(true)
    await readAll(open(), 'account', next)
    standIn.hideField('Accounts', 'website')
    await expect(readAll(open(), 'account', next)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('Accounts.website'),
    })
  })

  it('reads a company without revenue line items, and says that it has none', async () => {
    const { crm, open } = await started({ edition: 'professional' })
    const [id = ''] = await crm.create('deal', 1)
    expect(bodyOf((await readAll(open(), 'deal')).records, id)).toMatchObject({ stage: 'Prospecting', isClosed: false })
    const lines = (await open().check()).kinds.find(({ kind }) => kind === 'lineItem')
    expect(lines).toMatchObject({ readable: false, why: expect.stringContaining('RevenueLineItems') })
  })

  it('brings the history of a deal with the deal, and its contact, and finds the accounts of activities', async () => {
    const { crm, standIn, open } = await started({ edition: 'professional' })
    const account = standIn.create('Accounts', { name: 'Acme' })
    const contact = standIn.create('Contacts', { last_name: 'Ada', account_id: account })
    const deal = standIn.create('Opportunities', {
      name: 'Order',
      account_id: account,
      contact_id: contact,
      amount: 10,
      sales_stage: 'Prospecting',
    })
    const call = standIn.create('Calls', {
      name: 'Call',
      parent_type: 'Opportunities',
      parent_id: deal,
      contact_id: contact,
      status: 'Held',
    })
    const note = standIn.create('Notes', { name: 'Note', contact_id: contact })
    crm.passTime(DAY)
    standIn.update('Opportunities', deal, { sales_stage: 'Closed Won', amount: 12 })
    const { records } = await readAll(open(), 'deal')
    expect(bodyOf(records, deal)).toMatchObject({ contactId: contact, isWon: true })
    const stages = records.flatMap((record) =>
      record.kind === 'dealHistory' && !record.deleted && record.body.field === 'stage' ? [[record.body.value, record.body.isWon]] : [],
    )
    expect(stages).toEqual([
      ['Prospecting', false],
      ['Closed Won', true],
    ])
    const activities = (await readAll(open(), 'activity')).records
    expect(bodyOf(activities, call)).toMatchObject({ accountId: account, contactId: contact, dealId: deal, type: 'call' })
    expect(bodyOf(activities, note)).toMatchObject({ accountId: account, contactId: contact, dealId: null, type: 'note' })
  })

  it('refuses a cursor of another instance', async () => {
    const [one, other] = [await started(), await started()]
    const { next } = await readAll(one.open(), 'account')
    await expect(readAll(other.open(), 'account', next)).rejects.toMatchObject({ kind: 'config' })
  })
})
