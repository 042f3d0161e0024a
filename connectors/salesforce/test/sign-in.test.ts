import { testHost } from '@assay/conformance'
import { startSalesforce, type SalesforceOptions } from '@assay/crm-salesforce'
import type { Session } from '@assay/shared'
import { describe, expect, it, onTestFinished } from 'vitest'
import { salesforce } from '../src/index.ts'
import { settings, type Settings } from '../src/settings.ts'
import { audienceOf } from '../src/sign-in.ts'
import { CLIENT_ID, INTEGRATION, PRIVATE_KEY, PUBLIC_KEY } from './harness.ts'

const started = async (options: SalesforceOptions = {}) => {
  const standIn = await startSalesforce({ now: () => Date.UTC(2026, 4, 4, 8), ...options })
  onTestFinished(() => standIn.close())
  const host = testHost(standIn.clock)
  const kept: unknown[] = []
  const keep = (changed: unknown) => Promise.resolve(void kept.push(changed))
  const open = (given: Record<string, unknown>): Session =>
    salesforce.open(settings.parse({ loginUrl: standIn.url, ...given }), { ...host, keep })
  return { standIn, host, open, kept }
}
const jwt = { clientId: CLIENT_ID, username: INTEGRATION, privateKey: PRIVATE_KEY }
const oauth = { clientId: CLIENT_ID, clientSecret: 'consumer-secret', refreshToken: 'refresh-token-1' }
const read = async (session: Session): Promise<number> => {
  let records = 0
  for await (const page of session.read('account', null)) records += page.records.length
  return records
}
const failureOf = (session: Session): Promise<unknown> => read(session).catch((thrown: unknown) => thrown)

describe('the integration user signs in', () => {
  it('by certificate', async () => {
    const { open } = await started({ oauth: { clientId: CLIENT_ID, publicKey: PUBLIC_KEY } })
    expect((await open({ jwt }).check()).signedInAs).toContain(INTEGRATION)
  })
  it('by client credentials, and by a refresh token with and without a secret', async () => {
    const { open } = await started({ oauth: { clientId: CLIENT_ID } })
    expect(await read(open({ clientCredentials: { clientId: CLIENT_ID, clientSecret: 'consumer-secret' } }))).toBe(0)
    expect(await read(open({ oauth }))).toBe(0)
    expect(await read(open({ oauth: { clientId: CLIENT_ID, refreshToken: 'refresh-token-1' } }))).toBe(0)
  })
  it('with a refresh token that is used up by being used: the new one is handed over to be kept', async () => {
    const { standIn, open, kept } = await started({ oauth: { clientId: CLIENT_ID, rotateRefreshTokens: true } })
    const session = open({ oauth })
    expect(await read(session)).toBe(0)
    const [first] = kept as Settings[]
    expect(first?.oauth?.refreshToken).not.toBe(oauth.refreshToken)
    // The session itself goes on with the new one, too.
    standIn.clock.advance(3 * 3_600_000)
    expect(await read(session)).toBe(0)
    expect(kept).toHaveLength(2)
    expect(await failureOf(open({ oauth }))).toMatchObject({ kind: 'auth' })
    expect(await read(open({ oauth: (kept[1] as Settings).oauth }))).toBe(0)
  })
})

describe('what goes wrong teaches, and tells no secret', () => {
  const cases: readonly (readonly [string, SalesforceOptions, Record<string, unknown>, string, string])[] = [
    [
      'a user whom the app is not approved for',
      { oauth: { clientId: CLIENT_ID, publicKey: PUBLIC_KEY, approved: [] } },
      { jwt },
      'auth',
      'Pre-authorise',
    ],
    [
      'a wrong secret',
      { oauth: { clientId: CLIENT_ID } },
      { clientCredentials: { clientId: CLIENT_ID, clientSecret: 'top-secret-1' } },
      'auth',
      'consumer key',
    ],
    [
      'a consent that was revoked',
      { oauth: { clientId: CLIENT_ID } },
      { oauth: { ...oauth, refreshToken: 'revoked-token-9' } },
      'auth',
      'revoked',
    ],
    ['a key that is none', { oauth: { clientId: CLIENT_ID } }, { jwt: { ...jwt, privateKey: 'BEGIN top-secret-key' } }, 'config', 'PKCS'],
    [
      'a sandbox that is addressed as production',
      { oauth: { clientId: CLIENT_ID, publicKey: PUBLIC_KEY } },
      { jwt: { ...jwt, audience: 'https://elsewhere.example' } },
      'auth',
      'test.salesforce.com',
    ],
  ]
  it.each(cases)('%s', async (_name, options, given, kind, words) => {
    const { open, host } = await started(options)
    const error = await failureOf(open(given))
    expect(error).toMatchObject({ kind })
    const said = error instanceof Error ? `${error.message} ${'hint' in error ? String(error.hint) : ''} ${error.stack ?? ''}` : ''
    expect(said).toContain(words)
    for (const secret of ['top-secret-1', 'revoked-token-9', 'top-secret-key'])
      expect(said + JSON.stringify(host.lines)).not.toContain(secret)
  })

  it('an open login that ended', async () => {
    const { standIn, open } = await started()
    const session = open({ session: { accessToken: standIn.tokens.admin, instanceUrl: standIn.url } })
    expect((await session.check()).surplus).toContain('Modify All Data')
    standIn.oauth.revoke(standIn.tokens.admin)
    await expect(session.check()).rejects.toMatchObject({ kind: 'auth', hint: expect.stringContaining('sf org login') as string })
  })
})

describe('a token goes nowhere but to the host that it was given for', () => {
  /** A session whose network answers as told, and the addresses that were called. */
  const scripted = (answer: (url: string) => Response) => {
    const called: string[] = []
    const host = testHost({ now: () => 0, advance: () => undefined })
    const network = (url: string | URL | Request): Promise<Response> => {
      called.push(String(url instanceof Request ? url.url : url))
      return Promise.resolve(answer(called.at(-1) ?? ''))
    }
    const open = salesforce.open(settings.parse({ oauth }), { ...host, fetch: network })
    return { open, called }
  }
  const token = (instance: string) =>
    Response.json({ access_token: 'secret-9', instance_url: instance, id: 'https://x/id/00D000000000001/005x' })

  it('not to an instance that is called without a lock', async () => {
    const { open, called } = scripted(() => token('http://acme.my.salesforce.com'))
    const error = await failureOf(open)
    expect(error).toMatchObject({ kind: 'auth', message: expect.stringContaining('no https address') as string })
    expect(called).toEqual(['https://login.salesforce.com/services/oauth2/token'])
  })
  it.each(['text/html', 'application/json'])('not to where a call is sent on (%s)', async (type) => {
    const location = 'https://evil.example/services/data/'
    const { open, called } = scripted((url) =>
      url.endsWith('/token')
        ? token('https://acme.my.salesforce.com')
        : new Response('', { status: 302, headers: { location, 'content-type': type } }),
    )
    const error = await failureOf(open)
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('on to evil.example') as string })
    expect(called.filter((url) => url.includes('evil'))).toEqual([])
    // Installing goes through jsforce, by the same road.
    await expect(open.plan([])).rejects.toMatchObject({ kind: 'config' })
    expect(called.filter((url) => url.includes('evil'))).toEqual([])
  })
})

describe('settings', () => {
  it('want exactly one way to sign in, and never repeat a secret', () => {
    expect(settings.safeParse({ jwt }).success).toBe(true)
    const both = settings.safeParse({ jwt, oauth })
    expect(both.success).toBe(false)
    expect(both.error?.message).not.toContain(oauth.refreshToken)
    expect(settings.safeParse({}).success).toBe(false)
    expect(settings.safeParse({ jwt, orgnization: 'x' }).error?.message).toContain('orgnization')
  })
  it('say where client credentials are answered', () => {
    const given = { clientCredentials: { clientId: 'a', clientSecret: 'b' } }
    expect(settings.safeParse(given).error?.message).toContain('My Domain')
    expect(settings.safeParse({ ...given, loginUrl: 'https://acme.my.salesforce.com' }).success).toBe(true)
  })
  it('want addresses at which nobody on the way can read along', () => {
    for (const loginUrl of ['http://login.salesforce.com', 'ftp://login.salesforce.com', 'http://127.0.0.1.evil.example', 'nonsense'])
      expect(settings.safeParse({ jwt, loginUrl }).success, loginUrl).toBe(false)
    expect(settings.safeParse({ session: { accessToken: 'x', instanceUrl: 'http://acme.my.salesforce.com' } }).success).toBe(false)
    expect(settings.safeParse({ jwt, loginUrl: 'http://localhost:8080' }).success).toBe(true)
  })
  it('of an open login are not to be kept', () => {
    const open = settings.parse({ session: { accessToken: 'x', instanceUrl: 'https://acme.my.salesforce.com' } })
    expect(salesforce.notToKeep?.(open)).toContain('open login')
    expect(salesforce.notToKeep?.(settings.parse({ jwt }))).toBeNull()
  })
})

it('an assertion is addressed to one of the two shared hosts, never to the My Domain', () => {
  expect(audienceOf('https://login.salesforce.com')).toBe('https://login.salesforce.com')
  expect(audienceOf('https://acme.my.salesforce.com')).toBe('https://login.salesforce.com')
  expect(audienceOf('https://acme--dev.sandbox.my.salesforce.com/')).toBe('https://test.salesforce.com')
})

it('check names the identity, the org, what is too much and what is left of the day', async () => {
  const { standIn, open } = await started({ oauth: { clientId: CLIENT_ID }, limits: { perDay: 5000, used: 10 } })
  const session = open({ clientCredentials: { clientId: CLIENT_ID, clientSecret: 'consumer-secret' } })
  const first = await session.check()
  expect(first.signedInAs).toContain('integration@acme.example')
  expect(first.signedInAs).toContain('API Only')
  expect(first.account).toContain(standIn.organizationId)
  expect(first.surplus).toEqual([])
  expect(first.missing).toEqual([])
  expect(first.quota.limit).toBe(5000)
  expect(first.quota.remaining).toBeLessThan(4990)
  standIn.permit(['ModifyAllData', 'AuthorApex'])
  standIn.hideObject('Opportunity')
  const second = await open({ clientCredentials: { clientId: CLIENT_ID, clientSecret: 'consumer-secret' } }).check()
  expect(second.surplus).toEqual(['Modify All Data', 'Author Apex'])
  expect(second.missing.map(({ what }) => what)).toContain('Read on Opportunity')
})
