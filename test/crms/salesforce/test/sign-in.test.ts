import { generateKeyPairSync } from 'node:crypto'
import { Connection, OAuth2 } from 'jsforce'
import { SignJWT } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { startSalesforce, type OAuthSettings, type SalesforceStandIn } from '../src/index.ts'
import { call, clientOf, VERSION } from './client.ts'

const NOW = Date.UTC(2026, 5, 1, 12)
let standIn: SalesforceStandIn
const start = async (oauth: OAuthSettings = {}): Promise<void> => {
  standIn = await startSalesforce({ now: () => NOW, oauth })
}
afterEach(() => standIn.close())

const JWT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const token = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
  const response = await fetch(`${standIn.url}/services/oauth2/token`, { method: 'POST', headers, body: new URLSearchParams(form) })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const assertion = (claims: { iss?: string; sub?: string; aud?: string; exp?: number }, key = keys.privateKey) =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(claims.iss ?? 'consumer-key')
    .setSubject(claims.sub ?? 'integration@acme.example')
    .setAudience(claims.aud ?? 'https://login.salesforce.com')
    .setExpirationTime(claims.exp ?? NOW / 1000 + 170)
    .sign(key)

describe('JWT bearer', () => {
  test('a signed assertion gives a session that works, and no refresh token', async () => {
    await start({ publicKey: keys.publicKey })
    const { status, body } = await token({ grant_type: JWT, assertion: await assertion({}) })
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', instance_url: standIn.url, issued_at: String(NOW) })
    expect(body).not.toHaveProperty('refresh_token')
    expect(body).not.toHaveProperty('expires_in')
    expect(body['id']).toBe(`${standIn.url}/id/${standIn.organizationId}/${standIn.userIds.integration}`)
    expect((await call(standIn, 'GET', '/limits', undefined, { token: String(body['access_token']) })).status).toBe(200)
  })

  test.each([
    ['another key', {}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'invalid_grant', 'invalid assertion'],
    ['another app', { iss: 'other' }, keys.privateKey, 'invalid_client_id', 'client identifier invalid'],
    ['another audience', { aud: 'https://example.com' }, keys.privateKey, 'invalid_grant', 'audience is invalid'],
    ['expired', { exp: NOW / 1000 - 10 }, keys.privateKey, 'invalid_grant', 'expired authorization code'],
    ['too long a life', { exp: NOW / 1000 + 3600 }, keys.privateKey, 'invalid_grant', 'invalid assertion'],
    ['an unknown user', { sub: 'nobody@acme.example' }, keys.privateKey, 'invalid_grant', "user hasn't approved this consumer"],
  ])('%s is refused', async (_what, claims, key, error, description) => {
    await start({ publicKey: keys.publicKey })
    const { status, body } = await token({ grant_type: JWT, assertion: await assertion(claims, key) })
    expect([status, body]).toEqual([400, { error, error_description: description }])
  })

  test('a user whom the app is not approved for, and one who was deactivated', async () => {
    await start({ publicKey: keys.publicKey, approved: ['admin@acme.example'] })
    const given = await assertion({})
    expect((await token({ grant_type: JWT, assertion: given })).body['error_description']).toBe("user hasn't approved this consumer")
    standIn.update('User', standIn.userIds.admin, { IsActive: false })
    const admin = await assertion({ sub: 'admin@acme.example' })
    expect((await token({ grant_type: JWT, assertion: admin })).body['error']).toBe('inactive_user')
  })
})

describe('other grants', () => {
  test('client credentials, in the form or in the header', async () => {
    await start()
    const form = await token({ grant_type: 'client_credentials', client_id: 'consumer-key', client_secret: 'consumer-secret' })
    const basic = await token(
      { grant_type: 'client_credentials' },
      { authorization: `Basic ${Buffer.from('consumer-key:consumer-secret').toString('base64')}` },
    )
    expect([form.status, basic.status]).toEqual([200, 200])
    const wrong = await token({ grant_type: 'client_credentials', client_id: 'consumer-key', client_secret: 'guessed' })
    expect(wrong).toEqual({ status: 400, body: { error: 'invalid_client', error_description: 'invalid client credentials' } })
    expect((await token({ grant_type: 'password' })).body['error']).toBe('unsupported_grant_type')
  })

  test('jsforce refreshes in the middle of its work and goes on', async () => {
    await start({ sessionMs: 60_000 })
    const oauth2 = new OAuth2({ clientId: 'consumer-key', clientSecret: 'consumer-secret', loginUrl: standIn.url })
    const connection = new Connection({
      version: VERSION,
      instanceUrl: standIn.url,
      accessToken: 'long dead',
      refreshToken: 'refresh-token-1',
      oauth2,
    })
    expect((await connection.identity()).username).toBe('integration@acme.example')
    standIn.clock.advance(60_000)
    expect((await connection.query('SELECT Id FROM Organization')).totalSize).toBe(1)
    expect(standIn.requests.count('oauth.token', 200)).toBe(2)
  })

  test('a rotated refresh token: the old one is dead, the new one works', async () => {
    await start({ rotateRefreshTokens: true })
    const form = { grant_type: 'refresh_token', client_id: 'consumer-key', client_secret: 'consumer-secret' }
    const first = await token({ ...form, refresh_token: 'refresh-token-1' })
    const next = String(first.body['refresh_token'])
    expect(next).not.toBe('refresh-token-1')
    expect((await token({ ...form, refresh_token: 'refresh-token-1' })).body).toEqual({
      error: 'invalid_grant',
      error_description: 'expired access/refresh token',
    })
    expect((await token({ ...form, refresh_token: next })).status).toBe(200)
  })

  test('web server flow: consent, then a code that is good only with its verifier', async () => {
    await start()
    const oauth2 = new OAuth2({
      clientId: 'consumer-key',
      clientSecret: 'consumer-secret',
      loginUrl: standIn.url,
      redirectUri: 'http://127.0.0.1:1/back',
      useVerifier: true,
    })
    const consent = await fetch(oauth2.getAuthorizationUrl({ state: 'mine' }), { redirect: 'manual' })
    const back = new URL(consent.headers.get('location') ?? '')
    expect([consent.status, back.searchParams.get('state')]).toEqual([302, 'mine'])
    const code = back.searchParams.get('code') ?? ''
    const form = { grant_type: 'authorization_code', client_id: 'consumer-key', client_secret: 'consumer-secret', code }
    expect((await token({ ...form, code_verifier: 'guessed' })).body['error_description']).toBe('invalid code verifier')
    const tokens = await oauth2.requestToken(code)
    expect(tokens.refresh_token).toMatch(/^refresh-token-/)
    expect((await call(standIn, 'GET', '/limits', undefined, { token: tokens.access_token })).status).toBe(200)
  })

  test('what was revoked is worth nothing', async () => {
    await start()
    await clientOf(standIn)
      .oauth2.revokeToken('x')
      .catch(() => null)
    const revoke = (given: string) =>
      fetch(`${standIn.url}/services/oauth2/revoke`, { method: 'POST', body: new URLSearchParams({ token: given }) })
    expect((await revoke(standIn.token)).status).toBe(200)
    const { status, body } = await call(standIn, 'GET', '/limits')
    expect([status, body]).toEqual([401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]])
    expect((await revoke(standIn.token)).status).toBe(400)
    standIn.oauth.revoke()
    const refreshed = await token({ grant_type: 'refresh_token', client_id: 'consumer-key', refresh_token: 'refresh-token-1' })
    expect(refreshed.body['error']).toBe('invalid_grant')
  })
})

test('versions without a sign-in, resources with one, and a retired version', async () => {
  await start()
  const versions = (await (await fetch(`${standIn.url}/services/data`)).json()) as { version: string; label: string }[]
  expect(versions[0]?.version).toBe('31.0')
  expect(versions.at(-1)).toMatchObject({ version: '67.0', label: "Summer '26" })
  expect(versions.find(({ version }) => version === '60.0')?.label).toBe("Spring '24")
  expect(versions.find(({ version }) => version === '65.0')?.label).toBe("Winter '26")
  expect((await call(standIn, 'GET', '/services/data/v20.0/sobjects')).body[0]?.['errorCode']).toBe('UNSUPPORTED_API_VERSION')
  expect((await call(standIn, 'GET', '/services/data/v99.0/sobjects')).status).toBe(404)
})
