import { readAll, testHost, writeAll } from '@assay/conformance'
import { startHubSpot, type HubSpotOptions } from '@assay/crm-hubspot'
import { CHURN_FIELDS, type CrmRecord, type Kind, type Session } from '@assay/shared'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hubspot } from '../src/index.ts'
import { settings } from '../src/settings.ts'
import { startHarness } from './harness.ts'

const started = async (options: HubSpotOptions = {}) => {
  const harness = await startHarness(options)
  onTestFinished(() => harness.close())
  return { ...harness, session: hubspot.open(harness.settings, harness.host) }
}
const records = async (session: Session, kind: Kind): Promise<CrmRecord[]> => (await readAll(session, kind)).records

describe('limits', () => {
  it('are never run into: no call is refused although HubSpot allows few', async () => {
    const { standIn, crm, session, host } = await started({ limits: { perTenSeconds: 8, searchPerSecond: 5 } })
    await crm.create('contact', 900)
    expect(await records(session, 'contact')).toHaveLength(900)
    expect(standIn.requests.count(undefined, 429)).toBe(0)
    expect(host.ledger.reports.at(-1)).toMatchObject({ limit: 625_000 })
    expect(host.ledger.reports.at(-1)?.resetsAt).toBeGreaterThan(host.now())
  })

  it('are told to the ledger by the check where no header tells of the day', async () => {
    const { session, host } = await started({ limits: 'off' })
    await session.check()
    expect(host.ledger.reports).toEqual([{ limit: 625_000 }])
  })

  it('an account that is being moved for a day is a limit, not a wait', async () => {
    const { standIn, session, host } = await started()
    standIn.faults.next('*', { kind: 'migrating', retryAfterSeconds: 40_000 })
    await expect(records(session, 'account')).rejects.toMatchObject({ kind: 'limit', retryAfterMs: 40_000_000 })
    expect(host.waits).toEqual([])
  })

  it('a locked record is waited for', async () => {
    const { standIn, session, crm, host } = await started()
    await crm.create('account', 1)
    standIn.faults.next('*', { kind: 'locked' })
    expect(await records(session, 'account')).toHaveLength(1)
    expect(Math.max(...host.waits)).toBeGreaterThanOrEqual(2000)
  })
})

describe('sign-in by OAuth', () => {
  const oauth = { clientId: 'client-1', clientSecret: 'secret-9f3a', refreshToken: 'refresh-77b1' }
  const signedIn = async () => {
    const standIn = await startHubSpot({ oauth })
    onTestFinished(() => standIn.close())
    const host = testHost(standIn.clock)
    return { standIn, host, session: hubspot.open(settings.parse({ oauth, baseUrl: standIn.url }), host) }
  }

  it('fetches a token, and a new one before it runs out', async () => {
    const { standIn, session } = await signedIn()
    standIn.create('companies', { name: 'Acme' })
    expect(await records(session, 'account')).toHaveLength(1)
    standIn.clock.advance(1_750_000)
    expect(await records(session, 'account')).toHaveLength(1)
    expect(standIn.requests.count('oauth')).toBe(2)
    expect(standIn.requests.count(undefined, 401)).toBe(0)
  })

  it('a token that ended early is renewed once', async () => {
    const { standIn, session } = await signedIn()
    standIn.faults.next('objects.list', { kind: 'expiredToken' })
    standIn.create('companies', { name: 'Acme' })
    expect(await records(session, 'account')).toHaveLength(1)
  })

  it('a revoked refresh token is an auth error without a secret in it', async () => {
    const { standIn, session, host } = await signedIn()
    standIn.oauth.revoke()
    const error: unknown = await records(session, 'account').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'auth' })
    const said = JSON.stringify([error instanceof Error ? [error.message, error.stack] : null, host.lines])
    for (const secret of [oauth.clientSecret, oauth.refreshToken]) expect(said).not.toContain(secret)
  })
})

it('speaks the dated paths as well', async () => {
  const { standIn, host, crm } = await started()
  await crm.create('deal', 3)
  const session = hubspot.open(settings.parse({ token: standIn.token, baseUrl: standIn.url, api: '2026-03' }), host)
  const read = await records(session, 'deal')
  expect(read.filter(({ kind }) => kind === 'deal')).toHaveLength(3)
  expect((await session.check()).account).toBe('portal 123456')
})

it('reads portals with more custom properties than an address can name', async () => {
  const { standIn, session } = await started()
  const properties = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`a_rather_long_custom_property_${at}`, String(at)]))
  standIn.create('companies', { name: 'Acme', ...properties })
  const [record] = await records(session, 'account')
  expect(record).toMatchObject({ body: { name: 'Acme' }, attributes: { a_rather_long_custom_property_299: 299 } })
})

it('never asks for message bodies', () => {
  const names = Object.values(
    hubspot.open(settings.parse({ token: 'x' }), testHost({ now: () => 0, advance: () => undefined })).reads(),
  ).flat()
  for (const body of ['hs_email_text', 'hs_email_html', 'hs_call_body', 'hs_note_body', 'hs_meeting_body', 'content'])
    expect(names).not.toContain(body)
})

it('takes the primary company, else the one with the smallest id', async () => {
  const { standIn, session } = await started({ toObjectId: 'mixed' })
  const [a, b, c] = ['A', 'B', 'C'].map((name) => standIn.create('companies', { name }))
  const contact = standIn.create('contacts', { firstname: 'Ada' }, [
    { to: 'companies', id: c ?? '', primary: false },
    { to: 'companies', id: b ?? '', primary: true },
    { to: 'companies', id: a ?? '', primary: false },
  ])
  const other = standIn.create('contacts', { firstname: 'Bo' }, [
    { to: 'companies', id: c ?? '', primary: false },
    { to: 'companies', id: a ?? '', primary: false },
  ])
  const read = await records(session, 'contact')
  expect(read.find(({ id }) => id === contact)).toMatchObject({ body: { accountId: b } })
  expect(read.find(({ id }) => id === other)).toMatchObject({ body: { accountId: a } })
})

it('asked for both sides of a merge, gives the winner once and the loser as merged into it', async () => {
  const { standIn, session, crm } = await started()
  const [winner = '', loser = '', other = ''] = await crm.create('contact', 3)
  standIn.merge('contacts', winner, loser)
  const read: CrmRecord[] = []
  for await (const page of session.readIds('contact', [loser, winner, other])) read.push(...page.records)
  expect(read).toHaveLength(3)
  expect(new Map(read.map(({ id, deleted }) => [id, deleted]))).toEqual(
    new Map([
      [winner, false],
      [loser, true],
      [other, false],
    ]),
  )
  expect(read.find(({ id }) => id === loser)).toMatchObject({ mergedInto: winner })
})

it('a call that fails ahead of a slow reader is met by the reader', async () => {
  const { standIn, session, crm } = await started()
  await crm.create('contact', 4200)
  standIn.faults.after(2, 'associations.read', { kind: 'status', status: 400 })
  const slowly = async () => {
    for await (const page of session.read('contact', null)) {
      expect(page.records.length).toBeGreaterThan(0)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  await expect(slowly()).rejects.toMatchObject({ kind: 'rejected' })
})

it('a 207 answers row by row', async () => {
  const { standIn, session, crm } = await started()
  await session.ensureFields(CHURN_FIELDS)
  const ids = await crm.create('account', 3)
  standIn.faults.next('batch.update', { kind: 'partial', ids: [ids[1] ?? ''] })
  const results = await writeAll(
    session,
    ids.map((id) => ({ object: 'account', id, values: { churn_risk: 5 } })),
  )
  expect(results.map(({ outcome }) => outcome)).toEqual(['written', 'gone', 'written'])
})

it('names scopes that are missing for writing and those that are too many', async () => {
  const { standIn, session } = await started()
  standIn.setScopes(['oauth', 'crm.objects.companies.read', 'crm.objects.deals.read', 'crm.objects.owners.read', 'crm.lists.read'])
  const { missing, surplus, kinds } = await session.check()
  expect(missing.map(({ what }) => what)).toContain('scope crm.objects.companies.write')
  expect(missing.map(({ what }) => what)).toContain('scope crm.objects.contacts.read')
  expect(surplus).toEqual(['crm.lists.read'])
  expect(kinds.find(({ kind }) => kind === 'account')?.readable).toBe(true)
  expect(kinds.find(({ kind }) => kind === 'contact')?.readable).toBe(false)
})

it('settings want exactly one way to sign in, and never repeat a secret', () => {
  expect(settings.safeParse({ token: 'a' }).success).toBe(true)
  const both = settings.safeParse({ token: 'top-secret-token', oauth: { clientId: 'a', clientSecret: 'b', refreshToken: 'c' } })
  expect(both.success).toBe(false)
  expect(both.error?.message).not.toContain('top-secret-token')
  expect(settings.safeParse({}).success).toBe(false)
  // Two lines, or a file in UTF-16: told before it is tried, and not as a broken network.
  for (const token of ['top-secret-token\nsecond', 't\u0000o\u0000p\u0000', 'top secret']) {
    const { error } = settings.safeParse({ token })
    expect(error?.issues[0]).toMatchObject({ path: ['token'], message: expect.stringContaining('one word') as string })
    expect(error?.message).not.toContain('secret-token')
  }
  expect(settings.safeParse({ token: 'a', tokn: 'b' }).error?.message).toContain('tokn')
})
