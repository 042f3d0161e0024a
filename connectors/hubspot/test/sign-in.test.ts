import { readFile } from 'node:fs/promises'
import { testHost } from '@assay/conformance'
import { startHubSpot, type OAuthSettings } from '@assay/crm-hubspot'
import type { Session } from '@assay/shared'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hubspot } from '../src/index.ts'
import { ASKED, ASKED_IF_GIVEN } from '../src/scopes.ts'
import { settings, type Settings } from '../src/settings.ts'

const app = { clientId: 'client-1', clientSecret: 'secret-9f3a' }
const PORTAL = 123_456
const consent = hubspot.consent!

const started = async (more: OAuthSettings = {}) => {
  const standIn = await startHubSpot({ oauth: { ...app, ...more } })
  onTestFinished(() => standIn.close())
  const host = testHost(standIn.clock)
  const kept: Settings[] = []
  const keep = (changed: unknown) => Promise.resolve(void kept.push(changed as Settings))
  const given = { oauth: app, baseUrl: standIn.url, consentPage: `${standIn.url}/oauth/authorize` }
  /** What the browser brings back from the page of consent. */
  const back = async (page: string): Promise<URL> => {
    const answer = await fetch(page, { redirect: 'manual' })
    return new URL(answer.headers.get('location') ?? `${standIn.url}/refused-${answer.status}`)
  }
  const open = (parsed: unknown): Session => hubspot.open(settings.parse(parsed), { ...host, keep })
  return { standIn, host, kept, given, back, open }
}
const read = async (session: Session): Promise<number> => {
  let records = 0
  for await (const page of session.read('account', null)) records += page.records.length
  return records
}
const thrownBy = (work: Promise<unknown>): Promise<unknown> => work.catch((thrown: unknown) => thrown)

describe('consent in a browser', () => {
  it('brings a refresh token and the portal, and that is what is connected', async () => {
    const { standIn, host, given, back, open } = await started()
    const address = await back(consent.page(given, 'state with & and blanks'))
    expect(address.origin + address.pathname).toBe(consent.redirect)
    expect(address.searchParams.get('state')).toBe('state with & and blanks')
    const brought = await consent.settings(given, address.searchParams.get('code') ?? '', host)
    expect(brought).toMatchObject({ portal: PORTAL, oauth: { ...app, refreshToken: expect.stringMatching(/.+/) as string } })
    standIn.create('companies', { name: 'Acme' })
    expect(await read(open(brought))).toBe(1)
  })

  it('asks for what the project file of the app asks for: HubSpot refuses the page otherwise', async () => {
    const file = new URL('../../../extension-ui/hubspot/src/app/app-hsmeta.json', import.meta.url)
    const { config } = JSON.parse(await readFile(file, 'utf8')) as {
      config: { auth: { redirectUrls: string[]; requiredScopes: string[]; optionalScopes: string[] } }
    }
    expect([...config.auth.requiredScopes].sort()).toEqual([...ASKED].sort())
    expect([...config.auth.optionalScopes].sort()).toEqual([...ASKED_IF_GIVEN].sort())
    expect(config.auth.redirectUrls).toEqual([consent.redirect])
    const page = new URL(consent.page({ oauth: app }, 's'))
    expect(page.origin).toBe('https://app.hubspot.com')
    expect(page.searchParams.get('scope')).toBe(ASKED.join(' '))
    expect(page.search).not.toContain('+')
  })

  it('a code works once, and for a minute', async () => {
    const { standIn, host, given, back } = await started()
    const code = (await back(consent.page(given, 's'))).searchParams.get('code') ?? ''
    await consent.settings(given, code, host)
    expect(await thrownBy(consent.settings(given, code, host))).toMatchObject({
      kind: 'auth',
      hint: expect.stringContaining('--browser') as string,
    })
    const late = (await back(consent.page(given, 's'))).searchParams.get('code') ?? ''
    standIn.clock.advance(61_000)
    expect(await thrownBy(consent.settings(given, late, host))).toMatchObject({ kind: 'auth' })
  })

  it('a wrong secret is named, and never shown', async () => {
    const { host, given, back } = await started()
    const code = (await back(consent.page(given, 's'))).searchParams.get('code') ?? ''
    const wrong = { ...given, oauth: { ...app, clientSecret: 'not-the-secret-77' } }
    const error = await thrownBy(consent.settings(wrong, code, host))
    expect(error).toMatchObject({ kind: 'auth', hint: expect.stringContaining('client secret') as string })
    expect(JSON.stringify([error, (error as Error).message, host.lines])).not.toContain('not-the-secret-77')
  })

  it('in another portal than the one that is meant is refused', async () => {
    const { host, given, back } = await started()
    const code = (await back(consent.page(given, 's'))).searchParams.get('code') ?? ''
    expect(await thrownBy(consent.settings({ ...given, portal: 999 }, code, host))).toMatchObject({ kind: 'auth' })
  })

  it('without an app says what to give', () => {
    expect(() => consent.page({ token: 'abc' }, 's')).toThrow(/client id and client secret/)
  })
})

describe('the sign-in that was brought', () => {
  it('a refresh token that is used up by being used: the new one is handed over to be kept', async () => {
    const { standIn, kept, given, open } = await started({ rotateRefreshTokens: true })
    const oauth = { ...app, refreshToken: 'refresh-token-1' }
    const session = open({ oauth, baseUrl: given.baseUrl, portal: PORTAL })
    expect(await read(session)).toBe(0)
    expect(kept[0]?.oauth?.refreshToken).not.toBe('refresh-token-1')
    expect(kept[0]).toMatchObject({ portal: PORTAL, baseUrl: given.baseUrl })
    // The session itself goes on with the new one, too.
    standIn.clock.advance(1_750_000)
    expect(await read(session)).toBe(0)
    expect(kept).toHaveLength(2)
    expect(await thrownBy(read(open({ oauth, baseUrl: given.baseUrl })))).toMatchObject({ kind: 'auth' })
    expect(await read(open(kept[1]))).toBe(0)
  })

  it('of another portal than the one that is meant makes no further call', async () => {
    const { standIn, given, open } = await started()
    const session = open({ oauth: { ...app, refreshToken: 'refresh-token-1' }, baseUrl: given.baseUrl, portal: 999 })
    standIn.create('companies', { name: 'Acme' })
    expect(await thrownBy(session.check())).toMatchObject({ kind: 'config', message: expect.stringContaining('123456') as string })
    expect(await thrownBy(read(session))).toMatchObject({ kind: 'config' })
  })
})

it('a secret for webhooks goes with a token and a portal', () => {
  expect(settings.safeParse({ token: 'a', appSecret: 's', portal: 1 }).success).toBe(true)
  expect(settings.safeParse({ token: 'a', appSecret: 's' }).error?.message).toContain('portal')
})
