import { readAll, testHost } from '@assay/conformance'
import { startSalesforce, type SalesforceOptions } from '@assay/crm-salesforce'
import type { CrmRecord, Cursor, LiveRecord, Page } from '@assay/shared'
import { describe, expect, it, onTestFinished } from 'vitest'
import { OVERLAP } from '../src/cursor.ts'
import { openIdSet } from '../src/id-set.ts'
import { salesforce } from '../src/index.ts'
import { settings } from '../src/settings.ts'
import { startHarness } from './harness.ts'

const started = async (options: SalesforceOptions = {}) => {
  const harness = await startHarness(options)
  onTestFinished(() => harness.close())
  return {
    ...harness,
    open: () => salesforce.open(harness.settings, harness.host),
    session: salesforce.open(harness.settings, harness.host),
  }
}
const pagesOf = async (...given: Parameters<typeof readAll>): Promise<Page[]> => (await readAll(...given)).pages
const recordsOf = async (...given: Parameters<typeof readAll>): Promise<CrmRecord[]> => (await readAll(...given)).records
const idsOf = (records: readonly CrmRecord[]): string[] => records.map(({ id }) => id).sort()
const SETTLED = OVERLAP + 60_000
const NOTHING: LiveRecord<'account'>['body'] = {
  name: null,
  domain: null,
  industry: null,
  type: null,
  country: null,
  city: null,
  employees: null,
  annualRevenue: null,
  ownerId: null,
  parentId: null,
  createdAt: null,
}

describe('a bulk job', () => {
  it('gives every row of every page once, however short the pages are', async () => {
    const { standIn, session, crm } = await started({ jobs: { pageRows: 90, shortPages: true } })
    const ids = await crm.create('contact', 1200)
    const pages = await pagesOf(session, 'contact')
    expect(idsOf(pages.flatMap(({ records }) => records))).toEqual([...ids].sort())
    expect(standIn.requests.count('bulk.query.results')).toBeGreaterThan(13)
    expect(standIn.requests.count('bulk.query.create')).toBe(1)
  })

  it('survives that the token expires in the middle of its result', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('contact', 900)
    standIn.faults.after(1, 'bulk.query.results', { kind: 'expiredToken', forGood: true })
    expect(idsOf(await recordsOf(session, 'contact'))).toEqual([...ids].sort())
    expect(standIn.requests.count(undefined, 401)).toBe(1)
    expect(standIn.requests.count('oauth.token')).toBe(2)
    expect(standIn.requests.count('bulk.query.create')).toBe(1)
  })

  it('goes on where a page broke off, without giving a row twice', async () => {
    const { standIn, session, crm } = await started({ jobs: { pageRows: 50_000 } })
    const ids = await crm.create('contact', 5000)
    standIn.faults.next('bulk.query.results', { kind: 'drop', when: 'inBody' }, 2)
    const records = await recordsOf(session, 'contact')
    expect(records).toHaveLength(5000)
    expect(idsOf(records)).toEqual([...ids].sort())
  })

  it('that Salesforce has forgotten is made anew', async () => {
    const { standIn, open, crm } = await started()
    const ids = await crm.create('contact', 900)
    const [first] = await pagesOf(open(), 'contact')
    standIn.clock.advance(8 * 86_400_000)
    const rest = await recordsOf(open(), 'contact', first?.next ?? null)
    expect([...new Set([...idsOf(first?.records ?? []), ...idsOf(rest)])].sort()).toEqual([...ids].sort())
    expect(standIn.requests.count('bulk.query.create')).toBe(2)
  })

  it('that failed says why', async () => {
    const { standIn, session } = await started()
    standIn.faults.next('bulk.query.status', { kind: 'job', state: 'Failed', message: 'InternalServerError : out of luck' })
    standIn.faults.next(/GET [^?]*\/jobs\/query\/\w+$/, { kind: 'job', state: 'Failed', message: 'InternalServerError : out of luck' })
    await expect(recordsOf(session, 'contact')).rejects.toMatchObject({
      kind: 'offline',
      message: expect.stringContaining('out of luck') as string,
    })
  })

  it('goes on tomorrow inside the job when the calls of the day are used up', async () => {
    const { standIn, open, crm } = await started()
    const ids = await crm.create('contact', 1500)
    const read: CrmRecord[] = []
    let cursor: Cursor | null = null
    standIn.faults.after(2, 'bulk.query.results', { kind: 'quota' })
    const interrupted = async () => {
      for await (const page of open().read('contact', null)) {
        read.push(...page.records)
        cursor = page.next
      }
    }
    await expect(interrupted()).rejects.toMatchObject({ kind: 'limit' })
    expect(read.length).toBe(800)
    read.push(...(await recordsOf(open(), 'contact', cursor)))
    expect(idsOf(read)).toEqual([...ids].sort())
    expect(standIn.requests.count('bulk.query.create')).toBe(1)
  })
})

describe('the allowance', () => {
  it('is reported after every call, and a used-up one says until when', async () => {
    const { standIn, session, host } = await started({ limits: { perDay: 1000, used: 990 } })
    await recordsOf(session, 'account')
    expect(host.ledger.reports.at(-1)).toMatchObject({ limit: 1000 })
    expect(host.ledger.reports.at(-1)?.remaining).toBeLessThan(10)
    standIn.setLimits({ perDay: 1000, used: 1000 })
    const error: unknown = await recordsOf(session, 'account').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'limit' })
    expect(host.ledger.reports.at(-1)).toMatchObject({ remaining: 0 })
    expect(host.ledger.reports.at(-1)?.resetsAt).toBeGreaterThan(host.now())
  })
})

describe('increments', () => {
  it('come in small pages, ordered, and go on from any of them although the locator is gone', async () => {
    const { standIn, open, crm } = await started({ pages: { most: 200, short: true } })
    const first = (await readAll(open(), 'account')).next
    standIn.clock.advance(SETTLED)
    const ids = await crm.create('account', 700)
    standIn.clock.advance(SETTLED)
    const pages = await pagesOf(open(), 'account', first)
    expect(pages.length).toBeGreaterThan(4)
    for (const [at, page] of pages.entries()) {
      standIn.expireLocators()
      const before = pages.slice(0, at + 1).flatMap(({ records }) => records)
      const after = await recordsOf(open(), 'account', page.next)
      expect([...new Set(idsOf([...before, ...after]))].sort()).toEqual([...ids].sort())
    }
  })

  it('tell a deletion once, though both the bin and getDeleted know of it, and give a restored record back', async () => {
    const { standIn, open, crm } = await started()
    const [binned = '', restored = '', kept = ''] = await crm.create('account', 3)
    standIn.clock.advance(SETTLED)
    const first = (await readAll(open(), 'account')).next
    standIn.clock.advance(SETTLED)
    for (const id of [binned, restored]) standIn.delete('Account', id)
    standIn.undelete('Account', restored)
    standIn.clock.advance(SETTLED)
    const records = await recordsOf(open(), 'account', first)
    expect(records.filter(({ deleted }) => deleted).map(({ id }) => id)).toEqual([binned])
    expect(records.filter(({ deleted }) => !deleted).map(({ id }) => id)).toEqual([restored])
    expect(records.map(({ id }) => id)).not.toContain(kept)
  })

  it('say so when the last sync is longer ago than Salesforce remembers deletions', async () => {
    const { standIn, open, crm, host } = await started()
    await crm.create('account', 1)
    const first = (await readAll(open(), 'account')).next
    standIn.clock.advance(40 * 86_400_000)
    await pagesOf(open(), 'account', first)
    expect(host.lines.some(({ level, message }) => level === 'warn' && message.includes('fifteen days'))).toBe(true)
  })

  it('make a product new when only its price changed', async () => {
    const { standIn, open } = await started()
    const book = standIn.all('Pricebook2')[0]?.['Id'] ?? standIn.create('Pricebook2', { Name: 'Standard', IsStandard: true })
    const product = standIn.create('Product2', { Name: 'Mug', IsActive: true })
    const entry = standIn.create('PricebookEntry', { Pricebook2Id: String(book), Product2Id: product, UnitPrice: 5, IsActive: true })
    standIn.clock.advance(SETTLED)
    const { pages, records, next } = await readAll(open(), 'product')
    expect(records).toMatchObject([{ id: product, body: { name: 'Mug', price: 5 } }])
    standIn.clock.advance(SETTLED)
    standIn.update('PricebookEntry', entry, { UnitPrice: 6 })
    standIn.clock.advance(SETTLED)
    const changed = await recordsOf(open(), 'product', next)
    expect(changed).toMatchObject([{ id: product, body: { price: 6 } }])
    expect(changed[0]?.version).toBeGreaterThan(pages[0]?.records[0]?.version ?? Infinity)
  })

  it('a deal that changes its owner says who had it before', async () => {
    const { standIn, open } = await started()
    const id = standIn.create('Opportunity', {
      Name: 'Order',
      StageName: 'Prospecting',
      CloseDate: '2026-06-01',
      OwnerId: standIn.userIds.admin,
    })
    const first = (await readAll(open(), 'deal')).next
    standIn.clock.advance(SETTLED)
    standIn.update('Opportunity', id, { OwnerId: standIn.userIds.viewer })
    standIn.clock.advance(SETTLED)
    const owners = (await recordsOf(open(), 'deal', first)).flatMap((record) =>
      record.kind === 'dealHistory' && !record.deleted && record.body.field === 'ownerId' ? [record.body.value] : [],
    )
    expect(owners).toEqual([standIn.userIds.admin, standIn.userIds.viewer])
  })
})

describe('what vanished without a word', () => {
  const WEEK = 7 * 86_400_000
  const synced = async (accounts: number) => {
    const given = await started({ jobs: { pageRows: 5000 }, pages: { most: 2000 } })
    const ids = await given.crm.create('account', accounts)
    given.standIn.clock.advance(SETTLED)
    const told = new Set<string>()
    const held = async function* (): AsyncGenerator<readonly string[]> {
      for (let at = 0; at < ids.length; at += 300) yield await Promise.resolve(ids.slice(at, at + 300).filter((id) => !told.has(id)))
    }
    const round = async (since: Cursor | null) => {
      const gone: string[] = []
      let next = since
      for await (const page of given.open().read('account', since, held)) {
        gone.push(...page.records.filter(({ deleted }) => deleted).map(({ id }) => id))
        for (const id of gone) told.add(id)
        next = page.next
      }
      return { next, gone: gone.sort() }
    }
    return { ...given, ids, round }
  }
  const jobs = (standIn: { requests: { count(family: string): number } }) => standIn.requests.count('bulk.query.create')

  it('is found by comparing the ids, once a week', async () => {
    const { standIn, ids, round } = await synced(800)
    const first = await round(null)
    standIn.clock.advance(SETTLED)
    const [erased = '', binned = ''] = ids
    standIn.delete('Account', erased)
    standIn.erase('Account', erased)
    standIn.clock.advance(SETTLED)
    const before = jobs(standIn)
    const second = await round(first.next)
    expect(second.gone).toEqual([])
    expect(jobs(standIn)).toBe(before)
    standIn.delete('Account', binned)
    standIn.clock.advance(WEEK)
    const third = await round(second.next)
    expect(third.gone).toEqual([erased, binned].sort())
    // The next one is a week away.
    standIn.clock.advance(SETTLED)
    const used = jobs(standIn)
    await round(third.next)
    expect(jobs(standIn)).toBe(used)
  })

  it('is found after a pause that is longer than Salesforce remembers', async () => {
    const { standIn, ids, round } = await synced(10)
    const first = await round(null)
    standIn.clock.advance(SETTLED)
    standIn.delete('Account', ids[3] ?? '')
    standIn.clock.advance(40 * 86_400_000)
    expect((await round(first.next)).gone).toEqual([ids[3]])
  })

  it('is not believed when it is a large part at once: a right was taken away', async () => {
    const { standIn, ids, round } = await synced(600)
    const first = await round(null)
    for (const id of ids.slice(0, 200)) {
      standIn.delete('Account', id)
      standIn.erase('Account', id)
    }
    standIn.clock.advance(WEEK + SETTLED)
    await expect(round(first.next)).rejects.toMatchObject({ kind: 'config', hint: expect.stringContaining('View All Records') as string })
    // Somebody who reads everything anew means it.
    expect((await round(null)).gone).toHaveLength(200)
  })
})

it('a set of ids holds each once, told by its first fifteen characters', () => {
  const set = openIdSet()
  const id = (at: number) => `001000${at.toString(36).toUpperCase().padStart(9, '0')}`
  for (let at = 0; at < 200_000; at += 1) set.add(id(at))
  for (let at = 0; at < 200_000; at += 1) set.add(`${id(at)}AAA`)
  expect(set.size).toBe(200_000)
  let missing = 0
  let strangers = 0
  for (let at = 0; at < 200_000; at += 1) {
    if (!set.has(id(at))) missing += 1
    if (set.has(id(at + 200_000))) strangers += 1
  }
  expect([missing, strangers]).toEqual([0, 0])
})

describe('a field that the sign-in cannot see', () => {
  it('is not asked for, and named in check and in a warning', async () => {
    const { standIn, session, crm, host } = await started()
    await crm.create('account', 1)
    standIn.hideField('Account', 'Website')
    const [record] = await recordsOf(session, 'account')
    expect(record).toMatchObject({ body: { name: 'Acme', domain: null } })
    expect(JSON.stringify(host.lines)).toContain('Account.Website')
    const { missing } = await session.check()
    expect(missing.map(({ what }) => what)).toContain('Read on Account.Website')
  })

  it('and could see before is an error that teaches, never a NULL in every changed record', async () => {
    const { standIn, open, crm } = await started()
    const [id = ''] = await crm.create('account', 1)
    const first = (await readAll(open(), 'account')).next
    standIn.clock.advance(SETTLED)
    await crm.change('account', id, 'Acme 2')
    standIn.hideField('Account', 'Website')
    standIn.clock.advance(SETTLED)
    await expect(recordsOf(open(), 'account', first)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('Account.Website') as string,
      hint: expect.stringContaining('--full') as string,
    })
    expect(await recordsOf(open(), 'account')).toHaveLength(1)
  })
})

it("a guest's copy of a meeting is no second meeting", async () => {
  const { standIn, session } = await started()
  const meeting = { Subject: 'Review', StartDateTime: '2026-05-01T09:00:00.000Z', DurationInMinutes: 30 }
  const [id, copy] = [standIn.create('Event', meeting), standIn.create('Event', meeting)]
  standIn.backdate('Event', copy, { IsChild: true })
  expect(await recordsOf(session, 'activity')).toMatchObject([{ id, body: { type: 'meeting', durationSeconds: 1800 } }])
})

it('person accounts: the account is the customer, with the address of the person', async () => {
  const { standIn, session } = await started({ personAccounts: true })
  standIn.create('Account', {
    Name: 'Ada Lovelace',
    FirstName: 'Ada',
    LastName: 'Lovelace',
    PersonMailingCountry: 'France',
    IsPersonAccount: true,
  })
  standIn.create('Account', { Name: 'Acme', BillingCountry: 'Germany', IsPersonAccount: false })
  const records = await recordsOf(session, 'account')
  expect(records).toMatchObject([{ body: { name: 'Ada Lovelace', country: 'France' } }, { body: { name: 'Acme', country: 'Germany' } }])
  const account = (await session.check()).kinds.find(({ source }) => source === 'Account')
  expect(account?.fields.find(({ name }) => name === 'IsPersonAccount')?.readable).toBe(true)
})

it('several currencies: amounts in the company’s own by the rate of the close date', async () => {
  const { standIn, session } = await started({ multiCurrency: true })
  const deal = (CurrencyIsoCode: string, CloseDate: string) =>
    standIn.create('Opportunity', { Name: 'Order', StageName: 'Prospecting', Amount: 100, CurrencyIsoCode, CloseDate })
  const home = standIn.all('CurrencyType').find((row) => row['IsCorporate'] === true)?.['IsoCode']
  const own = deal(String(home), '2026-06-01')
  const foreign = deal('CHF', '2026-06-01')
  const records = await recordsOf(session, 'deal')
  expect(records.find(({ id }) => id === own)).toMatchObject({ body: { currency: home, homeAmount: 100 } })
  // A currency without a rate stays unconverted.
  expect(records.find(({ id }) => id === foreign)).toMatchObject({ body: { currency: 'CHF', homeAmount: null } })
  expect((await session.check()).currency).toBe(home)
})

describe('another org', () => {
  it('behind the same cursor is refused, and so is one that is not meant', async () => {
    const one = await started()
    await one.crm.create('account', 1)
    const cursor = (await readAll(one.session, 'account')).next
    const foreign = cursor.replace(one.standIn.organizationId.slice(0, 15), '00D000000000999')
    await expect(recordsOf(one.open(), 'account', foreign as Cursor)).rejects.toMatchObject({
      kind: 'auth',
      hint: expect.stringContaining('sandbox') as string,
    })
    const meant = salesforce.open({ ...one.settings, organization: '00D000000000999' }, one.host)
    await expect(meant.check()).rejects.toMatchObject({ kind: 'auth' })
  })
})

it('reads orgs with more custom fields than an address can name, by a job, by increments and by id', async () => {
  const attributes = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`a_rather_long_custom_field_${at}`, `value ${at}`]))
  const account: LiveRecord<'account'> = {
    kind: 'account',
    id: '10000000001',
    version: Date.UTC(2026, 0, 1),
    knownAt: Date.UTC(2026, 0, 1),
    deleted: false,
    body: { ...NOTHING, name: 'Acme', createdAt: Date.UTC(2026, 0, 1) },
    attributes,
  }
  const { standIn, open } = await started({ world: [account] })
  const { records, next } = await readAll(open(), 'account')
  const [first] = records
  expect(Object.keys(first?.deleted === false ? first.attributes : {})).toHaveLength(500)
  standIn.clock.advance(SETTLED)
  standIn.update('Account', first?.id ?? '', { Name: 'Acme 2' })
  standIn.clock.advance(SETTLED)
  const [changed] = await recordsOf(open(), 'account', next)
  expect(changed).toMatchObject({ body: { name: 'Acme 2' }, attributes: first?.deleted === false ? first.attributes : {} })
  const byId: CrmRecord[] = []
  for await (const page of open().readIds('account', [first?.id ?? ''])) byId.push(...page.records)
  expect(byId).toEqual([changed])
})

it('objects that an edition lacks are left out by name', async () => {
  const { standIn, session, crm, host } = await started()
  standIn.hideObject('PricebookEntry')
  await crm.create('product', 2)
  expect(await recordsOf(session, 'product')).toMatchObject([{ body: { price: null } }, { body: { price: null } }])
  expect(JSON.stringify(host.lines)).toContain('PricebookEntry')
  expect((await session.check()).kinds.find(({ source }) => source === 'PricebookEntry')).toMatchObject({ readable: false })
})

it('never asks for long texts', () => {
  const session = salesforce.open(
    settings.parse({ session: { accessToken: 'x', instanceUrl: 'https://acme.my.salesforce.com' } }),
    testHost({ now: () => 0, advance: () => undefined }),
  )
  expect(Object.values(session.reads()).flat()).not.toContain('Description')
})

it('an org that offers only older versions is spoken to in its newest', async () => {
  const standIn = await startSalesforce({ now: () => Date.UTC(2026, 4, 4) })
  onTestFinished(() => standIn.close())
  const given = settings.parse({
    loginUrl: standIn.url,
    apiVersion: '99.0',
    clientCredentials: { clientId: 'consumer-key', clientSecret: 'consumer-secret' },
  })
  const { account } = await salesforce.open(given, testHost(standIn.clock)).check()
  expect(account).toMatch(/API 6\d\.0/)
})
